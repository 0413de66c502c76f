"""The workbench's sample styles, and how the WebUI merges a style into a prompt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """A named piece of prompt; `{prompt}` in it stands for the user's."""

    name: str
    prompt: str
    negative: str = ""


STYLES = (
    Style("Watercolor", "traditional media, watercolor (medium), {prompt}, paper texture", "3d"),
    Style("Night", "night, starry sky, moonlight"),
    Style("Plain background", "simple background, white background", "scenery"),
)


def named(names: Iterable[str]) -> tuple[Style, ...]:
    """The styles of these names, in this order."""
    known = {style.name: style for style in STYLES}
    return tuple(known[name] for name in names if name in known)


def merged(text: str, pieces: Iterable[str]) -> str:
    """A prompt with the styles' pieces: put in where a piece says `{prompt}`, else behind."""
    for piece in pieces:
        if "{prompt}" in piece:
            text = piece.replace("{prompt}", text)
        elif piece.strip():
            text = ", ".join(part for part in (text.strip(), piece.strip()) if part)
    return text
