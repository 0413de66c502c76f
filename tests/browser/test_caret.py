"""Where a place of a box's text is in the window, held against what the browser finds at that point."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.desk import Desk

PARAGRAPH = "long hair, standing in the rain, (blue eyes:1.2), saber \\(fate\\), looking at viewer, "
LINES = "1girl, solo\n\nstanding,\tsmile\n  a longer line that has to go on in the next one because the box is narrow, "
WIDE = "初音ミク, 青い目, 長い髪、雨の中に立つ, "

_LOOK = """([selector, offset]) => {
    const box = document.querySelector(selector);
    let place = null;
    for (let calls = 0; !place && calls < 1000; calls += 1) place = modelwise.placeOf(box, offset);
    const outer = box.getBoundingClientRect();
    const middle = place.top + place.height / 2;
    const seen = middle > outer.top + 4 && middle < outer.bottom - 4;
    const found = document.caretPositionFromPoint(place.left + 0.5, middle);
    return { seen, found: found?.offsetNode === box ? found.offset : null };
}"""
BOX = "#txt2img_prompt textarea"


def look(page: Page, offset: int) -> Any:
    """Whether a place is in sight, and which place the browser has at the point that we say it is at."""
    return page.evaluate(_LOOK, [BOX, offset])


def check(desk: Desk, text: str) -> None:
    """Hold some places of a text against the browser; after each the box scrolls there, as it does for a caret."""
    box = desk.page.locator(BOX)
    box.click()
    box.fill(text)
    looked = 0
    for offset in range(0, len(text), max(1, len(text) // 67)):
        # Where a line is cut at a space, the same place has two points; the start of a word has one.
        if text[offset].isspace() or (offset and text[offset - 1].isspace() and text[offset - 1] != "\n"):
            continue
        box.evaluate("(box, at) => { box.blur(); box.setSelectionRange(at, at); box.focus() }", offset)
        seen = look(desk.page, offset)
        if seen["seen"]:
            looked += 1
            assert seen["found"] == offset, (seen, offset, text[offset - 10 : offset + 10])
    assert looked > 5


@pytest.mark.parametrize(
    "text", [PARAGRAPH, PARAGRAPH * 30, LINES * 6, WIDE * 12], ids=["short", "long", "lines", "wide"]
)
def test_with_wrapping_and_scrolling(desk: Desk, text: str) -> None:
    check(desk, text)


def test_in_a_narrow_window(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 360, "height": 700})
    check(desk, PARAGRAPH * 10)


def test_after_a_resize(desk: Desk) -> None:
    check(desk, PARAGRAPH * 4)
    desk.page.set_viewport_size({"width": 700, "height": 900})
    check(desk, PARAGRAPH * 4)
    desk.page.locator(BOX).evaluate("box => { box.style.width = '300px' }")
    check(desk, PARAGRAPH * 4)


@pytest.mark.parametrize("zoom", ["scale(1.5)", "scale(0.75)"])
def test_zoomed(desk: Desk, zoom: str) -> None:
    look_of = "position: relative; z-index: 50; width: 50%; height: 60px; min-height: 0; transform-origin: 0 0; transform: "
    desk.page.locator(BOX).evaluate("(box, look) => { box.style.cssText = look }", look_of + zoom)
    check(desk, PARAGRAPH * 6)


def test_a_text_of_fifty_thousand_characters(desk: Desk) -> None:
    check(desk, PARAGRAPH * 600)


def test_what_is_known_of_a_text_is_not_believed_of_another(desk: Desk) -> None:
    check(desk, PARAGRAPH * 100)
    check(desk, f"{LINES}{PARAGRAPH * 100}")
    check(desk, PARAGRAPH * 50)
