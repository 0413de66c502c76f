"""What a page looks like, in numbers: colours and their contrast, boxes and whether they overlap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from playwright.sync_api import FloatRect, Locator, Page

Colour = tuple[float, float, float]

_COLOURS = """element => {
    const behind = [];
    for (let each = element; each; each = each.parentElement) {
        behind.push(getComputedStyle(each).backgroundColor);
    }
    return [getComputedStyle(element).color, ...behind];
}"""
_FURTHEST_RIGHT = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
_HIDDEN_EDGE = 0.5


class Box(NamedTuple):
    """A visible element on the page, in pixels."""

    name: str
    place: FloatRect


def background(element: Locator) -> Colour:
    """The colour behind an element."""
    return _behind(element.evaluate(_COLOURS)[1:])


def contrast(element: Locator) -> float:
    """The contrast of an element's text as WCAG has it: 4.5 is enough for small letters."""
    text, *behind = element.evaluate(_COLOURS)
    ground = _behind(behind)
    lighter, darker = sorted((_luminance(_over(_parts(text), ground)), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _behind(colours: Sequence[str]) -> Colour:
    """Backgrounds on top of each other, the nearest first, on white."""
    ground: Colour = (255, 255, 255)
    for colour in reversed(colours):
        ground = _over(_parts(colour), ground)
    return ground


def _parts(colour: str) -> tuple[float, float, float, float]:
    """Red, green, blue and alpha of `rgb(...)` or `rgba(...)`."""
    if not colour.startswith("rgb"):
        raise ValueError(f"found {colour!r}; allowed: a computed colour as rgb(...)")
    red, green, blue, *alpha = (float(number) for number in re.findall(r"[\d.]+", colour))
    return red, green, blue, alpha[0] if alpha else 1.0


def _over(colour: tuple[float, float, float, float], ground: Colour) -> Colour:
    *shades, alpha = colour
    red, green, blue = (shade * alpha + below * (1 - alpha) for shade, below in zip(shades, ground))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    shades = [shade / 255 for shade in colour]
    red, green, blue = (
        shade / 12.92 if shade <= 0.04045 else ((shade + 0.055) / 1.055) ** 2.4 for shade in shades
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def sideways(page: Page) -> float:
    """By how many pixels the document is wider than the window."""
    whole, seen = page.evaluate(_FURTHEST_RIGHT)
    return float(whole - seen)


def box(name: str, element: Locator) -> Box:
    """Where an element is. It must be visible."""
    place = element.bounding_box()
    assert place is not None, f"{name} is not visible"
    return Box(name, place)


def outside(boxes: Sequence[Box], width: float) -> list[str]:
    """The boxes that stick out of a window's left or right edge, or have no area."""
    return [
        name
        for name, place in boxes
        if place["x"] < -_HIDDEN_EDGE
        or place["x"] + place["width"] > width + _HIDDEN_EDGE
        or min(place["width"], place["height"]) < 1
    ]


def overlapping(boxes: Sequence[Box]) -> list[tuple[str, str]]:
    """The pairs of boxes that cover each other."""
    return [
        (one.name, other.name) for one, other in combinations(boxes, 2) if _overlap(one.place, other.place)
    ]


def _overlap(one: FloatRect, other: FloatRect) -> bool:
    right = min(one["x"] + one["width"], other["x"] + other["width"])
    bottom = min(one["y"] + one["height"], other["y"] + other["height"])
    return min(right - max(one["x"], other["x"]), bottom - max(one["y"], other["y"])) > _HIDDEN_EDGE
