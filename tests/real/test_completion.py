"""Suggestions in the prompt boxes of a real WebUI: taken by key, undone, sent, and its own keys left alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.real.desk import Desk

pytestmark = pytest.mark.browser

LIST = "#modelwise_suggestions"
PROMPT = "#txt2img_prompt textarea"


@pytest.fixture
def box(desk: Desk) -> Iterator[Any]:
    """The prompt box, when there is something to suggest."""
    found = desk.page.locator(PROMPT)
    found.click()
    desk.page.wait_for_function("modelwise.sources.known && modelwise.sources.index", timeout=60_000)
    yield found
    assert desk.own_errors() == []


def first(desk: Desk) -> str:
    """The name in the first row."""
    expect(desk.page.locator(LIST)).to_be_visible()
    return desk.page.locator(f"{LIST} .modelwise-suggested").first.text_content() or ""


def test_a_suggestion_is_taken_and_generate_sends_it(desk: Desk, box: Any) -> None:
    desk.small()
    box.click()
    box.press_sequentially("1girl, school unif")
    assert first(desk) == "school uniform"
    box.press("Tab")
    expect(box).to_have_value("1girl, school uniform, ")
    expect(box).to_be_focused()
    assert desk.generate().prompt.startswith("1girl, school uniform, masterpiece")


def test_undo_and_escape(desk: Desk, box: Any) -> None:
    box.press_sequentially("hatsune mi")
    assert first(desk) == "hatsune miku"
    box.press("Enter")
    box.press("Control+z")
    expect(box).to_have_value("hatsune mi")
    box.press_sequentially("k")
    assert first(desk) == "hatsune miku"
    box.press("Escape")
    expect(desk.page.locator(LIST)).to_be_hidden()


def test_the_hosts_keys_stay_its_own(desk: Desk, box: Any) -> None:
    box.press_sequentially("smile, long hai")
    assert first(desk) == "long hair"
    box.press("Control+ArrowUp")
    expect(box).to_have_value("smile, long (hai:1.1)")
    box.fill("")
    box.press_sequentially("smile, long hair")
    box.press("Alt+ArrowLeft")
    expect(box).to_have_value(" long hair,smile")


def test_the_models_own_words_are_there_without_typing(desk: Desk, box: Any) -> None:
    box.press("Control+Space")
    assert first(desk) == "masterpiece"


def test_the_negative_has_its_own(desk: Desk, box: Any) -> None:
    negative = desk.page.locator("#txt2img_neg_prompt textarea")
    negative.click()
    negative.press_sequentially("worst")
    assert first(desk) == "worst quality"
    negative.press("Enter")
    expect(negative).to_have_value("worst quality, ")
