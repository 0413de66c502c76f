"""The preview's tools: Format, Translate and Copy, in the boxes as a user has them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import OPT, NewDesk
from tests.browser.desk import Desk
from tests.browser.previewing import chips, expect_chips, expect_said, texts, tool
from tests.real.expected import QUALITY_4

ADDED = tuple(f"+{tag}" for tag in QUALITY_4.split(", "))
LINES = "smile, long_hair, 1girl  # who\n\noutdoors, 1boy"
FORMATTED = "1girl, smile, long hair  # who\n\n1boy, outdoors"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With the panel open."""
    desk.open_panel()
    expect(texts(desk)).to_have_text(["Prompt", "Negative prompt"])
    return desk


@pytest.mark.smoke
def test_format_and_one_step_back(desk: Desk) -> None:
    desk.write(LINES)
    tool(desk, "Format").click()
    expect(desk.field("prompt")).to_have_value(FORMATTED)
    expect_said(desk, "Formatted")
    expect(chips(desk)).to_contain_text("1boy")
    desk.page.keyboard.press("Control+z")
    expect(desk.field("prompt")).to_have_value(LINES)
    tool(desk, "Format").press("Enter")
    expect(desk.field("prompt")).to_have_value(FORMATTED)
    tool(desk, "Format").click()
    expect_said(desk, "In order already.")


def test_gradio_knows_of_a_formatted_and_of_a_restored_text(desk: Desk) -> None:
    desk.set_mode("off")
    desk.write("smile, 1girl")
    tool(desk, "Format").click()
    expect(desk.field("prompt")).to_have_value("1girl, smile")
    assert desk.generate().prompt == "1girl, smile"
    desk.field("prompt").press("Control+z")
    assert desk.generate().prompt == "smile, 1girl"


def test_format_leaves_a_box_alone_that_was_typed_into_meanwhile(new_desk: NewDesk) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.url.endswith("/v1/format"):
            held.append(route)
        else:
            route.continue_()

    desk = new_desk(route=hold)
    desk.choose_checkpoint(OPT)
    desk.open_panel()
    desk.write("smile, 1girl")
    with desk.page.expect_request("**/v1/format"):
        tool(desk, "Format").click()
    desk.write("smile, 1girl, hat")
    held[0].continue_()
    expect_said(desk, "You have typed on: nothing was changed.")
    assert desk.value("prompt") == "smile, 1girl, hat"


FOR_PONY = "score_9, score_8_up, score_7_up, 1girl, rating_explicit"


def test_translate_shows_the_mapping_first(desk: Desk) -> None:
    desk.write(FOR_PONY)
    tool(desk, "Translate").click()
    expect_said(desk, "to animagine-xl-4.0-opt:")
    expect_said(desk, "rating_explicit → explicit")
    assert desk.value("prompt") == FOR_PONY
    tool(desk, "Cancel").click()
    expect(tool(desk, "Apply")).to_have_count(0)
    assert desk.value("prompt") == FOR_PONY
    tool(desk, "Translate").click()
    tool(desk, "Apply").click()
    expect(desk.field("prompt")).to_have_value(re.compile("masterpiece, .*1girl, explicit"))
    desk.page.keyboard.press("Control+z")
    expect(desk.field("prompt")).to_have_value(FOR_PONY)


def test_a_translation_of_another_text_is_not_applied(desk: Desk) -> None:
    desk.write(FOR_PONY)
    tool(desk, "Translate").click()
    expect(tool(desk, "Apply")).to_be_visible()
    desk.write("fog", "neg_prompt")
    tool(desk, "Apply").click()
    expect_said(desk, "You have typed on: nothing was changed.")
    assert (desk.value("prompt"), desk.value("neg_prompt")) == (FOR_PONY, "fog")


def test_nothing_to_translate(desk: Desk) -> None:
    desk.write("1girl, smile")
    tool(desk, "Translate").click()
    expect_said(desk, "Nothing to translate.")


def test_a_copy_makes_the_same_when_it_is_pasted(new_desk: NewDesk) -> None:
    desk = new_desk(permissions=["clipboard-read", "clipboard-write"])
    desk.choose_checkpoint(OPT)
    desk.open_panel()
    desk.number("seed", 7)
    desk.write("smile, 1girl")
    expect_chips(desk, "↕1girl", "smile", *ADDED)
    tool(desk, "Copy").click()
    expect_said(desk, "Copied.")
    copied = desk.page.evaluate("navigator.clipboard.readText()")
    first, settings = desk.generate(), desk.settings()
    desk.paste(copied)
    expect(desk.field("prompt")).to_have_value(first.prompt)
    desk.number("seed", 7)
    again = desk.generate()
    assert (again.prompt, again.negative, desk.settings()) == (first.prompt, first.negative, settings)
