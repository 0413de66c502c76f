"""What a user may type that is no plain list of tags: markup, other scripts, very much of it, styles."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk, option
from tests.real.expected import NEGATIVE_4, QUALITY_4

MARKUP = '<img src="missing.png" id="injected" onerror="window.injected = 1"><b id="injected">1girl</b>'
INJECTED = "() => Boolean(window.injected) || document.querySelector('#injected') !== null"


def test_markup_is_shown_as_text(desk: Desk) -> None:
    desk.write(f"smile, {MARKUP}")
    desk.write(MARKUP, "neg_prompt")
    found = desk.generate()
    assert MARKUP in desk.shown("prompt")
    assert MARKUP in desk.shown("negative")
    assert MARKUP in found.prompt
    assert desk.page.evaluate(INJECTED) is False


def test_markup_in_a_comment_is_shown_as_text(desk: Desk) -> None:
    desk.open_panel()
    desk.set_panel(year=MARKUP)
    desk.write("smile")
    desk.generate()
    assert MARKUP in desk.comments()[0]
    assert desk.page.evaluate(INJECTED) is False


def test_markup_in_a_pasted_infotext_is_shown_as_text(desk: Desk) -> None:
    desk.paste(f"{MARKUP}, smile\nSteps: 2, Sampler: {MARKUP}, CFG scale: 7, Seed: 1, Size: 64x64")
    desk.expect_line("Off for the pasted prompt")
    desk.generate()
    assert desk.page.evaluate(INJECTED) is False


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("笑顔, 1girl, 夜の街 🌃", f"1girl, 笑顔, 夜の街 🌃, {QUALITY_4}"),
        ("👩‍🚀, smile, 1girl, 🇯🇵", f"1girl, 👩‍🚀, smile, 🇯🇵, {QUALITY_4}"),
        ("مرحبا, 1girl, \u202esmile", f"1girl, مرحبا, \u202esmile, {QUALITY_4}"),
    ],
)
def test_other_scripts_and_emoji_survive(desk: Desk, text: str, made: str) -> None:
    desk.write(text)
    found = desk.generate()
    assert (found.prompt, desk.shown("prompt"), found.record["prompt"]) == (made, made, text)


def test_ten_thousand_characters(desk: Desk) -> None:
    tags = [f"thing number {number:05}" for number in range(501)]
    text = ", ".join(tags)
    assert len(text) > 10_000
    desk.write(text)
    assert desk.generate().prompt == f"{text}, {QUALITY_4}"


def test_an_empty_prompt(desk: Desk) -> None:
    found = desk.generate()
    assert (found.prompt, found.negative) == (QUALITY_4, NEGATIVE_4)


def choose_style(desk: Desk, name: str) -> None:
    desk.element("styles").locator("input").first.click()
    option(desk.element("styles"), name).click()
    desk.page.keyboard.press("Escape")
    desk.element("styles").locator("input").first.blur()


def test_a_style_is_merged_before_the_prompt_is_compiled(desk: Desk) -> None:
    choose_style(desk, "Plain background")
    desk.write("smile, 1girl")
    found = desk.generate()
    assert found.prompt == f"1girl, smile, simple background, white background, {QUALITY_4}"
    assert found.negative == f"{NEGATIVE_4}, scenery"
    assert (desk.value("prompt"), desk.value("neg_prompt")) == ("smile, 1girl", "")


def test_a_style_can_be_written_into_the_prompt(desk: Desk) -> None:
    desk.write("smile, 1girl")
    choose_style(desk, "Night")
    desk.press("style_apply")
    expect(desk.field("prompt")).to_have_value("smile, 1girl, night, starry sky, moonlight")
    assert desk.generate().prompt == f"1girl, smile, night, starry sky, moonlight, {QUALITY_4}"
