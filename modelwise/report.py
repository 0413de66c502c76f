"""What was added, moved, respelled, left out, kept or warned of, and why: data, and lines to read."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["added", "moved", "respelled", "translated", "left_out", "kept", "warning"]
Where = Literal["prompt", "negative", "settings"]

SIGNS: dict[str, tuple[str, str]] = {
    "added": ("+", "32"),
    "moved": ("↕", "36"),
    "respelled": ("~", "33"),
    "translated": ("→", "33"),
    "left_out": ("-", "35"),
    "kept": ("=", "34"),
    "warning": ("!", "31"),
}


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One line of a report. `to`: the new text or value; `slot`: where in the trained order."""

    kind: Kind
    item: str
    to: str | None
    slot: str | None
    where: Where
    reason: str


def warning(where: Where, item: str, reason: str) -> Entry:
    """A warning about an item, or about the whole text where `item` is empty."""
    return Entry("warning", item, None, None, where, reason)


def line(entry: Entry, colour: bool = False) -> str:
    """An entry as a line of text, in ANSI colours where wanted."""
    sign, code = SIGNS[entry.kind]
    arrow = f" → {entry.to}" if entry.to is not None else ""
    slot = f" [{entry.slot}]" if entry.slot else ""
    head = f"{sign} {entry.item}{arrow}" if entry.item else sign
    head = f"\x1b[{code}m{head}\x1b[0m" if colour else head
    return f"{head}{slot} ({entry.where}): {entry.reason}"


def summary(entries: tuple[Entry, ...], settings: dict[str, object]) -> str:
    """What happened in one line: `+4 tags · 2 moved · negative +18 · 832x1216, CFG 5`."""
    count: dict[tuple[str, str], int] = {}
    for entry in entries:
        if entry.item != ",":
            count[entry.kind, entry.where] = count.get((entry.kind, entry.where), 0) + 1
    parts = []
    if added := count.get(("added", "prompt")):
        parts.append(f"+{added} tag{'s' * (added != 1)}")
    for kind, word in (("moved", "moved"), ("respelled", "respelled"), ("left_out", "left out")):
        if total := sum(count.get((kind, where), 0) for where in ("prompt", "negative")):
            parts.append(f"{total} {word}")
    if added := count.get(("added", "negative")):
        parts.append(f"negative +{added}")
    if values := settings_text(settings):
        parts.append(values)
    return " · ".join(parts) or "nothing to change"


def settings_text(settings: dict[str, object]) -> str:
    """Settings in a few words: `832x1216, CFG 5, 28 steps, Euler a`."""
    parts = []
    if "width" in settings:
        parts.append(f"{settings['width']}x{settings['height']}")
    if "cfg_scale" in settings:
        parts.append(f"CFG {settings['cfg_scale']:g}")
    if "steps" in settings:
        parts.append(f"{settings['steps']} steps")
    if "sampler" in settings:
        parts.append(str(settings["sampler"]))
    if "clip_skip" in settings:
        parts.append(f"clip skip {settings['clip_skip']}")
    return ", ".join(parts)
