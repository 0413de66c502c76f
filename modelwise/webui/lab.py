"""What Generate would do with one text under several profiles, side by side, whatever the panel says.

Every field counts as untouched, so all that a card says of settings is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from modelwise.compile import LONGEST_PROMPT, Request, Switches
from modelwise.explain import Explanation
from modelwise.intent import Intent
from modelwise.profiles import Profile
from modelwise.webui.engine import Engine
from modelwise.webui.line_ends import line_ends
from modelwise.webui.preview import PreviewSetting, PreviewText, Warned, said_settings, said_texts

MOST_PROFILES = 12
LabText = Annotated[str, Meta(max_length=LONGEST_PROMPT)]


class LabRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text and the profiles by their ids; without any, that of the chosen checkpoint."""

    prompt: LabText
    negative: LabText = ""
    profiles: Annotated[tuple[str, ...], Meta(max_length=MOST_PROFILES)] = ()
    intent: Intent = Intent()
    switches: Switches = Switches()


class LabResult(msgspec.Struct, frozen=True):
    """What one profile makes of it."""

    profile: str
    name: str
    texts: tuple[PreviewText, ...]
    settings: tuple[PreviewSetting, ...]
    warnings: tuple[Warned, ...]


def result(engine: Engine, profile: Profile, asked: LabRequest, *, distilled: bool) -> LabResult:
    """What Generate would do under a profile. `distilled`: the checkpoint wants settings of its own."""
    request = Request(
        asked.prompt,
        asked.negative,
        intent=asked.intent,
        switches=asked.switches,
        lines=line_ends(engine.host.option),
        distilled=distilled,
    )
    found = engine.explainer(profile.id).explain(request)
    return LabResult(
        profile.id,
        profile.name,
        tuple(said_texts(engine, found, "Prompt", "Negative prompt")),
        tuple(said_settings(found.result.settings, found.result.report)),
        tuple(_warned(found)),
    )


def _warned(found: Explanation) -> Iterator[Warned]:
    for entry in found.result.report:
        if entry.kind in ("warning", "kept"):
            yield Warned(f"{entry.item}: {entry.reason}" if entry.item else entry.reason)
