"""The ids of our elements in the page; javascript/ and style.css use the same."""

from __future__ import annotations


def panel(tab: str) -> str:
    """The accordion of a tab (`txt2img` or `img2img`)."""
    return f"modelwise_{tab}"


def part(tab: str, name: str) -> str:
    """A part of the panel."""
    return f"modelwise_{tab}_{name}"
