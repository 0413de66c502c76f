"""The second pass: its size, and its own prompts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4, QUALITY_4


def turn_on(desk: Desk) -> None:
    desk.page.locator("#txt2img_hr > .label-wrap").click()
    expect(desk.page.locator("#txt2img_hr-visible-checkbox")).to_be_checked()
    expect(desk.element("hr_scale")).to_be_visible()


@pytest.mark.smoke
def test_the_final_size_is_named(desk: Desk) -> None:
    turn_on(desk)
    desk.write(MESSY)
    found = desk.generate()
    assert desk.settings().startswith("832x1216 · 1664x2432 after the hires pass · CFG 5")
    assert desk.comments() == ["Modelwise: 832x1216, and 1664x2432 after the hires pass"]
    assert (found.prompt, float(found.params["Hires upscale"])) == (ORDERED_4, 2)


def test_the_checkbox_turns_it_on_and_off(desk: Desk) -> None:
    box = desk.page.locator("#txt2img_hr-visible-checkbox")
    box.check()
    expect(desk.element("hr_scale")).to_be_visible()
    desk.write(MESSY)
    assert "Hires upscale" in desk.generate().params
    box.uncheck()
    expect(desk.element("hr_scale")).not_to_be_visible()
    assert "Hires upscale" not in desk.generate().params


def test_a_paste_opens_it(desk: Desk) -> None:
    turn_on(desk)
    desk.number("hr_scale", 1.5)
    desk.write(MESSY)
    desk.generate()
    source = desk.infotext_source()
    desk.open()
    expect(desk.element("hr_scale")).not_to_be_visible()
    desk.paste(source)
    expect(desk.element("hr_scale")).to_be_visible()
    expect(desk.field("hr_scale")).to_have_value("1.5")
    desk.generate()
    assert "1248x1824 after the hires pass" in desk.settings()


@pytest.fixture
def own_prompts(desk: Desk) -> Iterator[Desk]:
    """The second pass's own prompts are shown, and hidden again at the end."""
    desk.apply_setting("hires_fix_show_prompts", on=True)
    yield desk
    desk.apply_setting("hires_fix_show_prompts", on=False)


def test_its_own_prompts_are_compiled_too(own_prompts: Desk) -> None:
    desk = own_prompts
    turn_on(desk)
    desk.write("smile, 1girl")
    desk.page.locator("#hires_prompt textarea").fill("sunset, 1girl")
    desk.page.locator("#hires_neg_prompt textarea").fill("fog")
    found = desk.generate()
    assert desk.shown("prompt") == f"1girl, smile, {QUALITY_4}"
    assert desk.shown("hires prompt") == f"1girl, sunset, {QUALITY_4}"
    assert desk.shown("hires negative") == f"{NEGATIVE_4}, fog"
    assert found.params["Hires prompt"] == desk.shown("hires prompt")
    assert (found.record["prompt"], found.record["hires"]) == ("smile, 1girl", "sunset, 1girl")
