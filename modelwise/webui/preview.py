"""What the page shows while someone types: the texts that Generate would make, piece by piece, with reasons.

The texts are those of `page_job.outlook`, so the preview promises what will happen and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from modelwise.compile import GROUPING
from modelwise.explain import Explanation, Piece
from modelwise.report import Entry
from modelwise.webui import token_counter
from modelwise.webui.engine import Engine
from modelwise.webui.host import TokenCount
from modelwise.webui.page_job import Outlook, Page, outlook
from modelwise.webui.panel_line import panel_line
from modelwise.webui.settings_page import FIELD_TITLES

_BOXES = {"size": ("width", "height"), "sampler": ("sampler", "scheduler")}
"""The values that make up a field, where there are two."""

USUAL_STEPS = 20
"""Where the page does not say how many there are."""


class PreviewRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a tab's boxes hold, and the panel's arguments in their order, as a job gets them."""

    tab: str
    page: Page
    arguments: tuple[Any, ...] = ()


class Warned(msgspec.Struct, frozen=True):
    """Something that the user should know. `action`: the panel's action that answers it."""

    text: str
    action: str | None = None


class PreviewText(msgspec.Struct, frozen=True):
    """One text as the sampler would get it; `tokens`: None where the host can't count them."""

    title: str
    text: str
    pieces: tuple[Piece, ...]
    left_out: tuple[Entry, ...]
    tokens: TokenCount | None = None


class PreviewSetting(msgspec.Struct, frozen=True):
    """A setting that would be set, and who says so."""

    name: str
    value: str
    reason: str


class Preview(msgspec.Struct, frozen=True):
    """The answer. `line`: the panel's line as HTML; `profile`: whose words they are, by id and name.

    `values`: the picture's settings by Modelwise's names, whoever sets them.
    """

    line: str
    profile: str
    name: str
    active: bool
    warnings: tuple[Warned, ...]
    texts: tuple[PreviewText, ...]
    settings: tuple[PreviewSetting, ...]
    values: dict[str, Any]


def preview(engine: Engine, request: PreviewRequest) -> Preview:
    """What Generate would do with the page as it is."""
    seen = outlook(engine, request.tab, request.page, request.arguments)
    values = _values(request.page, seen)
    token_counter.remember(engine, request.page, seen)
    return Preview(
        panel_line(engine, seen, request.page, request.arguments),
        seen.detection.profile,
        engine.profiles[seen.detection.profile].name,
        seen.active,
        tuple(_warned(seen)),
        tuple(_texts(engine, seen, _steps(values))),
        tuple(said_settings(seen.settings, seen.report)),
        values,
    )


def _values(page: Page, seen: Outlook) -> dict[str, Any]:
    values = {**page.values, **seen.settings}
    return {name: value for name, value in values.items() if value is not None}


def _steps(values: Mapping[str, Any]) -> int:
    """Those that schedules in a prompt go by."""
    steps = values.get("steps")
    return int(steps) if isinstance(steps, (int, float)) and steps >= 1 else USUAL_STEPS


def _warned(seen: Outlook) -> Iterator[Warned]:
    if seen.wrong:
        yield Warned(seen.wrong)
    for comment in seen.comments:
        text = comment.removeprefix("Modelwise: ")
        yield Warned(text, GROUPING if text.startswith(f"{GROUPING}: ") else None)
    for entry in seen.report:
        if entry.kind == "kept":
            yield Warned(f"{entry.item}: {entry.reason}")


def _texts(engine: Engine, seen: Outlook, steps: int) -> Iterator[PreviewText]:
    titles = ("Prompt", "Negative prompt"), ("Hires prompt", "Hires negative prompt")
    for found, both in zip(seen.explain(), titles):
        yield from said_texts(engine, found, *both, steps=steps)


def said_texts(
    engine: Engine, found: Explanation, title: str, negative_title: str, *, steps: int = USUAL_STEPS
) -> Iterator[PreviewText]:
    """Both texts of an explanation; an empty one of which nothing is to be said is left out.

    `steps`: those that schedules in a text go by, for its tokens.
    """
    left_out = [entry for entry in found.result.report if entry.kind == "left_out"]
    for where, name, text, pieces in (
        ("prompt", title, found.result.prompt, found.prompt),
        ("negative", negative_title, found.result.negative, found.negative),
    ):
        without = tuple(entry for entry in left_out if entry.where == where)
        if text.strip() or without:
            tokens = engine.host.count_tokens(text, steps, positive=where == "prompt")
            yield PreviewText(name, text, pieces, without, tokens)


def said_settings(settings: Mapping[str, Any], report: Sequence[Entry]) -> Iterator[PreviewSetting]:
    """Settings field by field, with the reasons of a report."""
    reasons = {entry.item: entry.reason for entry in report if entry.where == "settings"}
    for field, title in (*FIELD_TITLES.items(), ("noise_schedule", "noise schedule")):
        values = [settings[box] for box in _BOXES.get(field, (field,)) if box in settings]
        if values:
            yield PreviewSetting(title, _shown(field, values), reasons.get(field, "the preset"))


def _shown(field: str, values: Sequence[object]) -> str:
    texts = [f"{value:g}" if isinstance(value, float) else str(value) for value in values]
    return ("x" if field == "size" else ", ").join(texts)
