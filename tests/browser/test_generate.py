"""Type, press Generate, and read what the sampler would get."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_3, ORDERED_4, QUALITY_4


@pytest.mark.smoke
def test_tags_typed_in_any_order_come_out_as_the_card_says(desk: Desk) -> None:
    desk.write(MESSY)
    found = desk.generate()
    assert (desk.shown("prompt"), desk.shown("negative")) == (ORDERED_4, NEGATIVE_4)
    assert desk.settings() == "832x1216 · CFG 5 · 28 steps · Euler a · schedule Automatic"
    assert (found.prompt, found.negative) == (ORDERED_4, NEGATIVE_4)
    assert found.settings == "832x1216, Euler a, Automatic, 5, 28"
    assert desk.value("prompt") == MESSY
    assert desk.comments() == []


@pytest.mark.smoke
def test_another_checkpoint_gets_its_own_order_and_settings(desk: Desk) -> None:
    desk.expect_line("Animagine XL 4.0 Opt")
    desk.choose_checkpoint("animagine-xl-3.1")
    desk.expect_line("Animagine XL 3.1")
    desk.write(MESSY)
    assert desk.generate().prompt == ORDERED_3
    assert desk.settings() == "832x1216 · CFG 7 · 28 steps · Euler a · schedule Automatic"


def test_an_unknown_checkpoint_only_gets_a_size(desk: Desk) -> None:
    desk.choose_checkpoint("somebodys_merge_v7")
    desk.write(MESSY)
    desk.generate()
    assert (desk.shown("prompt"), desk.shown("negative")) == (MESSY, "(empty)")
    assert desk.settings() == "1024x1024 · CFG 7 · 20 steps · DPM++ 2M · schedule Automatic"


def test_a_broken_checkpoint_leaves_the_prompt_and_says_why(desk: Desk) -> None:
    desk.choose_checkpoint("half_a_download")
    desk.open_panel()
    expect(desk.panel_part("notes")).to_contain_text("the file is truncated or no safetensors file")
    desk.write(MESSY)
    desk.generate()
    assert (desk.shown("prompt"), desk.shown("negative")) == (MESSY, "(empty)")
    assert desk.settings() == "512x512 · CFG 7 · 20 steps · DPM++ 2M · schedule Automatic"


def test_off_leaves_everything(desk: Desk) -> None:
    desk.open_panel()
    desk.set_mode("off")
    desk.expect_line("Off: prompts and settings are left as they are.")
    desk.write(MESSY)
    found = desk.generate()
    assert (found.prompt, found.negative, found.record) == (MESSY, "", None)
    assert found.settings == "512x512, DPM++ 2M, Automatic, 7, 20"
    expect(desk.sampler_input()).to_contain_text("Modelwise was off for this one.")


def test_rating_and_year_come_into_the_prompt(desk: Desk) -> None:
    desk.open_panel()
    desk.set_panel(rating="general", year="2007")
    desk.write("smile, 1girl")
    assert desk.generate().prompt == f"1girl, safe, year 2007, smile, {QUALITY_4}"


def test_a_profile_can_be_chosen(desk: Desk) -> None:
    desk.open_panel()
    desk.set_panel(profile="Animagine XL 3.1")
    desk.expect_line("Animagine XL 3.1")
    desk.write(MESSY)
    assert desk.generate().prompt == ORDERED_3


def test_a_year_that_is_none_is_explained(desk: Desk) -> None:
    desk.open_panel()
    desk.set_panel(year="long ago")
    desk.write(MESSY)
    assert desk.generate().prompt == MESSY
    assert len(desk.comments()) == 1
    assert "found 'long ago'; allowed: a number such as 2007, or nothing" in desk.comments()[0]


@pytest.mark.smoke
def test_each_picture_of_a_batch_tells_of_itself(desk: Desk) -> None:
    desk.number("batch_size", 2)
    desk.number("seed", 41)
    desk.write(MESSY)
    assert desk.generate().params["Seed"] == "41"
    desk.element("gallery").locator(".thumbnails button").nth(1).click()
    expect(desk.sampler_input()).to_contain_text("image 2 of 2")
    found = desk.infotext()
    assert (found.params["Seed"], found.prompt) == ("42", ORDERED_4)


def test_another_picture_is_told_of_without_the_server(desk: Desk) -> None:
    """gradio passes over a click while it waits for the answer to one before, the gallery's own first one too."""
    desk.number("batch_size", 2)
    desk.write(MESSY)
    calls: list[str] = []
    desk.generate()
    desk.page.on("request", lambda request: calls.append(request.url) if request.method == "POST" else None)
    desk.element("gallery").locator(".thumbnails button").nth(1).click()
    expect(desk.sampler_input()).to_contain_text("image 2 of 2")
    assert calls == []


def test_control_and_enter_generate(desk: Desk) -> None:
    desk.write("smile, 1girl")
    assert (
        desk.generate(lambda: desk.field("prompt").press("Control+Enter")).prompt
        == f"1girl, smile, {QUALITY_4}"
    )
    assert desk.value("prompt") == "smile, 1girl"
