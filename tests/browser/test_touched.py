"""Fields that the user has set stay; the others are filled from the card."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk, option

PROMPT = "smile, 1girl"
SCRIPT_WRITES = """([selector, value]) => {
    const box = document.querySelector(selector);
    box.value = value;
    for (const type of ["input", "change"]) box.dispatchEvent(new Event(type, { bubbles: true }));
}"""

KEEPS = """for (const [part, value] of Object.entries({ width: 640, steps: 33, scheduler: "Karras" }))
    localStorage.setItem(`state-txt2img_${part}`, value)"""
SCRIPT_CHOOSES = """async ([selector, value]) => {
    const mouse = (element, type) => element.dispatchEvent(new MouseEvent(type, { bubbles: true }));
    mouse(document.querySelector(`${selector} input`), "focus");
    await new Promise((later) => setTimeout(later, 200));
    const options = [...document.querySelectorAll(`${selector} ul li`)];
    mouse(options.find((option) => option.lastChild.wholeText.trim() === value), "mousedown");
}"""


def settings(desk: Desk) -> str:
    desk.write(PROMPT)
    desk.generate()
    return desk.settings()


@pytest.mark.smoke
def test_what_the_user_sets_stays_and_the_rest_is_filled(desk: Desk) -> None:
    desk.number("width", 640)
    desk.choose("sampling", "DDIM")
    assert settings(desk) == "640x512 · CFG 5 · 28 steps · DDIM · schedule Automatic"


@pytest.mark.parametrize(
    ("part", "value", "kept"),
    [
        ("height", 768, "512x768 · CFG 5 · 28 steps · Euler a · schedule Automatic"),
        ("cfg_scale", 6.5, "832x1216 · CFG 6.5 · 28 steps · Euler a · schedule Automatic"),
        ("steps", 31, "832x1216 · CFG 5 · 31 steps · Euler a · schedule Automatic"),
    ],
)
def test_a_number_that_is_typed(desk: Desk, part: str, value: float, kept: str) -> None:
    desk.number(part, value)
    assert settings(desk) == kept


def test_the_same_number_typed_again_is_the_users(desk: Desk) -> None:
    desk.number("steps", 20)
    assert settings(desk) == "832x1216 · CFG 5 · 20 steps · Euler a · schedule Automatic"


def test_a_slider_that_is_moved_by_keys(desk: Desk) -> None:
    desk.element("steps").locator("input[type=range]").press("ArrowRight")
    assert settings(desk) == "832x1216 · CFG 5 · 21 steps · Euler a · schedule Automatic"


def test_a_slider_that_is_dragged(desk: Desk) -> None:
    slider = desk.element("cfg_scale").locator("input[type=range]")
    box = slider.bounding_box()
    assert box is not None
    desk.page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    desk.page.mouse.down()
    desk.page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=4)
    desk.page.mouse.up()
    assert float(desk.value("cfg_scale")) == 30
    assert settings(desk) == "832x1216 · CFG 30 · 28 steps · Euler a · schedule Automatic"


def test_a_choice_by_keys(desk: Desk) -> None:
    field = desk.element("sampling").locator("input").first
    field.click()
    field.fill("Heun")
    option(desk.element("sampling"), "Heun").wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    chosen = field.input_value()
    assert "Heun" in chosen
    assert settings(desk) == f"832x1216 · CFG 5 · 28 steps · {chosen} · schedule Automatic"


def test_a_schedule_that_is_chosen_keeps_the_sampler_too(desk: Desk) -> None:
    desk.choose("scheduler", "Karras")
    assert settings(desk) == "832x1216 · CFG 5 · 28 steps · DPM++ 2M · schedule Karras"


def test_width_and_height_exchanged(desk: Desk) -> None:
    desk.press("res_switch_btn")
    assert settings(desk) == "512x512 · CFG 5 · 28 steps · Euler a · schedule Automatic"


def test_a_look_at_a_field_is_no_touch(desk: Desk) -> None:
    desk.field("steps").click()
    desk.field("steps").press("Tab")
    desk.element("sampling").locator("input").first.click()
    desk.page.keyboard.press("Escape")
    assert settings(desk) == "832x1216 · CFG 5 · 28 steps · Euler a · schedule Automatic"


def test_what_a_script_writes_is_no_touch(desk: Desk) -> None:
    for selector, value in (
        ("#txt2img_width input[type=number]", "640"),
        ("#txt2img_steps input[type=number]", "33"),
    ):
        desk.page.evaluate(SCRIPT_WRITES, [selector, value])
        expect(desk.page.locator(selector)).to_have_value(value)
    assert settings(desk) == "832x1216 · CFG 5 · 28 steps · Euler a · schedule Automatic"


def test_what_another_extension_remembered_and_writes_is_the_users(desk: Desk) -> None:
    desk.page.evaluate(KEEPS)
    desk.open()
    assert desk.page.evaluate("[...modelwise.touchedFields('txt2img')]") == []  # nothing is written yet
    for part, value in (("width", "640"), ("cfg_scale", "9"), ("steps", "33")):
        desk.page.evaluate(SCRIPT_WRITES, [f"#txt2img_{part} input[type=number]", value])
    desk.page.evaluate(SCRIPT_CHOOSES, ["#txt2img_scheduler", "Karras"])
    expect(desk.element("scheduler").locator("input").first).to_have_value("Karras")
    assert settings(desk) == "640x512 · CFG 5 · 33 steps · DPM++ 2M · schedule Karras"


def test_a_touch_in_one_tab_is_none_in_the_other(desk: Desk) -> None:
    desk.number("steps", 31)
    desk.open_tab("img2img")
    assert settings(desk) == "512x512 · CFG 5 · 28 steps · Euler a · schedule Automatic"


def test_a_reload_forgets_what_was_touched(desk: Desk) -> None:
    desk.number("steps", 31)
    desk.open()
    assert settings(desk) == "832x1216 · CFG 5 · 28 steps · Euler a · schedule Automatic"


def test_a_size_that_was_not_trained_is_warned_of(desk: Desk) -> None:
    desk.number("width", 640)
    settings(desk)
    expect(desk.sampler_input().locator(".workbench-warning")).to_contain_text(
        "640x512 is not among the trained sizes"
    )
    assert any("640x512 is not among the trained sizes" in comment for comment in desk.comments())
