"""What the page shows while someone types: the texts that Generate would make, piece by piece, with reasons.

The texts are those of `page_job.outlook`, so the preview promises what will happen and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    """The answer. `line`: the panel's line as HTML; `profile`: whose words they are, by id and name."""

    line: str
    profile: str
    name: str
    active: bool
    warnings: tuple[Warned, ...]
    texts: tuple[PreviewText, ...]
    settings: tuple[PreviewSetting, ...]


def preview(engine: Engine, request: PreviewRequest) -> Preview:
    """What Generate would do with the page as it is."""
    seen = outlook(engine, request.tab, request.page, request.arguments)
    token_counter.remember(engine, request.page, seen)
    return Preview(
        panel_line(engine, seen, request.page, request.arguments),
        seen.detection.profile,
        engine.profiles[seen.detection.profile].name,
        seen.active,
        tuple(_warned(seen)),
        tuple(_texts(engine, seen)),
        tuple(_settings(seen)),
    )


def _warned(seen: Outlook) -> Iterator[Warned]:
    for comment in seen.comments:
        text = comment.removeprefix("Modelwise: ")
        yield Warned(text, GROUPING if text.startswith(f"{GROUPING}: ") else None)
    for entry in seen.report:
        if entry.kind == "kept":
            yield Warned(f"{entry.item}: {entry.reason}")


def _texts(engine: Engine, seen: Outlook) -> Iterator[PreviewText]:
    titles = ("Prompt", "Negative prompt"), ("Hires prompt", "Hires negative prompt")
    for found, both in zip(seen.explain(), titles):
        yield from _pair(engine, found, *both)


def _pair(engine: Engine, found: Explanation, title: str, negative_title: str) -> Iterator[PreviewText]:
    left_out = [entry for entry in found.result.report if entry.kind == "left_out"]
    for where, name, text, pieces in (
        ("prompt", title, found.result.prompt, found.prompt),
        ("negative", negative_title, found.result.negative, found.negative),
    ):
        without = tuple(entry for entry in left_out if entry.where == where)
        if text.strip() or without:
            yield PreviewText(name, text, pieces, without, engine.host.count_tokens(text))


def _settings(seen: Outlook) -> Iterator[PreviewSetting]:
    reasons = {entry.item: entry.reason for entry in seen.report if entry.where == "settings"}
    for field, title in FIELD_TITLES.items():
        values = [seen.settings[box] for box in _BOXES.get(field, (field,)) if box in seen.settings]
        if values:
            yield PreviewSetting(title, _shown(field, values), reasons.get(field, "the preset"))


def _shown(field: str, values: Sequence[object]) -> str:
    texts = [f"{value:g}" if isinstance(value, float) else str(value) for value in values]
    return ("x" if field == "size" else ", ").join(texts)
