"""An infotext that is read back: our own makes the same again, another program's is left alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4, QUALITY_4

FOREIGN = (
    "smile, 1girl, outdoors\nNegative prompt: fog\n"
    "Steps: 12, Sampler: Euler, Schedule type: Automatic, CFG scale: 6.5, Seed: 5, Size: 640x960"
)
FOREIGN_SETTINGS = "640x960 · CFG 6.5 · 12 steps · Euler · schedule Automatic"
OFF = "Off for the pasted prompt, which Modelwise has not made"
DETECTED = "Animagine XL 4.0 Opt (by file name)"


@pytest.mark.smoke
def test_our_own_infotext_restores_everything_and_makes_the_same_again(desk: Desk) -> None:
    desk.open_panel()
    desk.set_panel(profile="Animagine XL 3.1", quality="light", rating="general", year="2007")
    desk.number("seed", 77)
    desk.write(MESSY)
    desk.write("fog", "neg_prompt")
    first, source, panel, settings = desk.generate(), desk.infotext_source(), desk.panel(), desk.settings()
    desk.open()
    desk.paste(source)
    expect(desk.field("prompt")).to_have_value(first.prompt)
    expect(desk.field("neg_prompt")).to_have_value(first.negative)
    for part, value in (("width", "832"), ("height", "1216"), ("steps", "28"), ("seed", "77")):
        expect(desk.field(part)).to_have_value(value)
    desk.open_panel()
    assert desk.panel() == panel
    desk.expect_line("Animagine XL 3.1")
    again = desk.generate()
    assert (again.prompt, again.negative, desk.settings()) == (first.prompt, first.negative, settings)
    assert again.record == first.record


def test_with_an_empty_prompt_the_last_infotext_is_read(desk: Desk) -> None:
    desk.write(MESSY)
    first = desk.generate()
    desk.write("")
    desk.paste()
    expect(desk.field("prompt")).to_have_value(ORDERED_4)
    expect(desk.field("seed")).to_have_value(first.params["Seed"])
    assert desk.generate().params == first.params


def test_a_pasted_prompt_that_is_edited_is_compiled_again(desk: Desk) -> None:
    desk.write("smile, 1girl")
    desk.generate()
    desk.write("")
    desk.paste()
    desk.write(f"outdoors, {desk.value('prompt')}")
    assert desk.generate().prompt == f"1girl, outdoors, smile, {QUALITY_4}"


def test_the_seed_can_be_taken_from_the_last_picture(desk: Desk) -> None:
    desk.write("smile, 1girl")
    seed = desk.generate().params["Seed"]
    desk.press("reuse_seed")
    expect(desk.field("seed")).to_have_value(seed)
    desk.press("random_seed")
    expect(desk.field("seed")).to_have_value("-1")


def test_another_programs_prompt_is_left_alone_until_the_box_is_emptied(desk: Desk) -> None:
    desk.paste(FOREIGN)
    expect(desk.field("prompt")).to_have_value("smile, 1girl, outdoors")
    desk.expect_line(OFF)
    found = desk.generate()
    assert (found.prompt, found.negative, found.record) == ("smile, 1girl, outdoors", "fog", None)
    assert desk.settings() == FOREIGN_SETTINGS
    desk.write("smile, 1girl, outdoors, rain")
    desk.expect_line(OFF)
    assert desk.generate().prompt == "smile, 1girl, outdoors, rain"
    desk.write("")
    desk.expect_line(DETECTED)
    desk.write("smile, 1girl")
    assert desk.generate().prompt == f"1girl, smile, {QUALITY_4}"


def test_one_click_turns_modelwise_on_for_it(desk: Desk) -> None:
    desk.paste(FOREIGN)
    desk.expect_line(OFF)
    desk.action("use").click()
    desk.expect_line(DETECTED)
    found = desk.generate()
    assert (found.prompt, found.negative) == (f"1girl, smile, outdoors, {QUALITY_4}", f"{NEGATIVE_4}, fog")
    assert desk.settings() == FOREIGN_SETTINGS


def test_the_clear_button_ends_it_too(desk: Desk) -> None:
    desk.paste(FOREIGN)
    desk.expect_line(OFF)
    desk.press("clear_prompt")
    expect(desk.field("prompt")).to_have_value("")
    desk.expect_line(DETECTED)


def test_a_mere_prompt_is_no_infotext(desk: Desk) -> None:
    desk.write(MESSY)
    desk.press("tools #paste")
    assert desk.generate().prompt == ORDERED_4
    desk.expect_line(DETECTED)
