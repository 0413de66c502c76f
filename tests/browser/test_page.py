"""The page itself: it loads, works offline and for several users, and remembers what it should."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import OPT, NewDesk
from tests.browser.desk import Desk
from tests.browser.serving import ADDRESS
from tests.real.expected import MESSY, ORDERED_3, ORDERED_4, QUALITY_4

LINES = "modelwise_lines_are_regions"
TWO_LINES = "smile, 1girl\noutdoors, 1boy"


def test_the_panel_says_which_profile_it_uses_and_why(desk: Desk) -> None:
    said = "Animagine XL 4.0 Opt (by file name) · quality standard · +4 tags · negative +18 · "
    expect(desk.panel_part("summary")).to_have_text(f"{said}832x1216, CFG 5, 28 steps, Euler a")
    desk.open_panel()
    expect(desk.panel_part("notes")).to_contain_text("Its file name is that of Animagine XL 4.0 Opt.")
    assert desk.panel() == {
        "mode": "auto",
        "profile": "Auto",
        "quality": "standard",
        "rating": "not set",
        "year": "",
    }
    desk.open_tab("img2img")
    desk.expect_line(said)


def test_the_line_of_both_tabs_follows_the_checkpoint(desk: Desk) -> None:
    desk.choose_checkpoint("anything-v3-2")
    desk.expect_line("Anything")
    desk.open_tab("img2img")
    desk.expect_line("Anything")


def test_everything_works_offline(new_desk: NewDesk) -> None:
    abroad: list[str] = []

    def answer(route: Route) -> None:
        if urlsplit(route.request.url).hostname == ADDRESS:
            route.continue_()
        else:
            abroad.append(route.request.url)
            route.abort()

    desk = new_desk(route=answer)
    desk.choose_checkpoint(OPT)
    desk.write(MESSY)
    assert desk.generate().prompt == ORDERED_4
    assert abroad == []


def test_two_users_do_not_disturb_each_other(desk: Desk, new_desk: NewDesk) -> None:
    other = new_desk()
    desk.number("steps", 31)
    desk.number("batch_size", 2)
    desk.write("smile, 1girl")
    other.write("outdoors, 1boy")
    assert desk.generate().prompt == f"1girl, smile, {QUALITY_4}"
    assert other.generate().prompt == f"1boy, outdoors, {QUALITY_4}"
    assert "28 steps" in other.settings()
    assert desk.shown() == f"1girl, smile, {QUALITY_4}"
    desk.element("gallery").locator(".thumbnails button").nth(1).click()
    expect(desk.sampler_input()).to_contain_text("image 2 of 2")
    assert (desk.infotext().prompt, desk.shown()) == (f"1girl, smile, {QUALITY_4}",) * 2
    assert "31 steps" in desk.settings()


def test_a_reload_while_something_is_made(desk: Desk) -> None:
    desk.number("batch_count", 8)
    desk.write(MESSY)
    desk.press("generate")
    desk.open()
    expect(desk.field("batch_count")).to_have_value("1")
    desk.write(MESSY)
    assert desk.generate().prompt == ORDERED_4
    assert desk.settings() == "832x1216 · CFG 5 · 28 steps · Euler a · schedule Automatic"


def test_a_checkpoint_survives_a_reload(desk: Desk) -> None:
    desk.choose_checkpoint("animagine-xl-3.1")
    desk.open()
    expect(desk.page.locator("#setting_sd_model_checkpoint input").first).to_have_value(
        "animagine-xl-3.1.safetensors"
    )
    desk.expect_line("Animagine XL 3.1")
    desk.write(MESSY)
    assert desk.generate().prompt == ORDERED_3


@pytest.fixture
def settings_put_back(desk: Desk) -> Iterator[None]:
    """The settings are the server's: what a test has turned on is turned off again."""
    yield
    for name in (LINES, "hires_fix_show_prompts"):
        desk.apply_setting(name, on=False)


def test_a_setting_works_at_once_and_survives_a_reload(desk: Desk, settings_put_back: None) -> None:
    desk.write(TWO_LINES)
    across = desk.generate().prompt
    desk.apply_setting(LINES, on=True)
    apart = desk.generate().prompt
    assert apart != across
    assert [line.split(", ")[0] for line in apart.split("\n")] == ["1girl", "1boy"]
    desk.open()
    desk.open_tab("Settings")
    expect(desk.page.locator(f"#setting_{LINES} input")).to_be_checked()
    desk.open_tab("txt2img")
    desk.write(TWO_LINES)
    assert desk.generate().prompt == apart
    desk.apply_setting(LINES, on=False)
    assert desk.generate().prompt == across


def test_what_a_setting_shows_is_still_there_after_a_reload(desk: Desk, settings_put_back: None) -> None:
    desk.page.locator("#txt2img_hr > .label-wrap").click()
    expect(desk.page.locator("#hires_prompt")).not_to_be_visible()
    desk.apply_setting("hires_fix_show_prompts", on=True)
    expect(desk.page.locator("#hires_prompt")).to_be_visible()
    desk.open()
    desk.page.locator("#txt2img_hr > .label-wrap").click()
    expect(desk.page.locator("#hires_prompt")).to_be_visible()


def test_the_clear_button_empties_both_prompts(desk: Desk) -> None:
    desk.write("smile")
    desk.write("fog", "neg_prompt")
    desk.press("clear_prompt")
    expect(desk.field("prompt")).to_have_value("")
    expect(desk.field("neg_prompt")).to_have_value("")


def test_the_title_names_the_page(desk: Desk) -> None:
    expect(desk.page).to_have_title("Modelwise workbench")
