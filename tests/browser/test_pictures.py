"""Pictures carry their infotext: from PNG Info and from the gallery into the tabs."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4, QUALITY_4

SETTINGS = "832x1216 · CFG 5 · 28 steps · Euler a · schedule Automatic"


@pytest.mark.smoke
def test_a_picture_tells_how_it_was_made_and_fills_both_tabs(desk: Desk, tmp_path: Path) -> None:
    desk.write(MESSY)
    made, source = desk.generate(), desk.infotext_source()
    file = desk.picture_file(tmp_path)
    desk.open()
    for tab in ("txt2img", "img2img"):
        if tab == "txt2img":
            desk.upload(file)
        else:
            desk.open_tab("PNG Info")
        expect(desk.page.locator("#pnginfo_html_info").first).to_contain_text(ORDERED_4)
        texts = desk.page.locator("#pnginfo_html_info").first.locator("p").all_text_contents()
        assert "\n".join(texts) == source
        desk.page.locator(f"#tab_pnginfo #{tab}_tab").click()
        desk.is_open(tab)
        expect(desk.field("prompt")).to_have_value(ORDERED_4)
        expect(desk.field("neg_prompt")).to_have_value(NEGATIVE_4)
        expect(desk.field("seed")).to_have_value(made.params["Seed"])
        again = desk.generate()
        assert (again.prompt, again.negative, desk.settings()) == (ORDERED_4, NEGATIVE_4, SETTINGS)
        assert again.record["prompt"] == MESSY


def test_a_picture_without_an_infotext(desk: Desk, tmp_path: Path) -> None:
    desk.page.screenshot(path=tmp_path / "plain.png")
    desk.upload(tmp_path / "plain.png")
    expect(desk.page.locator("#pnginfo_html_info").first).to_contain_text("This picture holds no infotext.")


@pytest.mark.smoke
def test_a_picture_is_sent_to_img2img_with_its_settings(desk: Desk) -> None:
    desk.write(MESSY)
    desk.number("width", 1024)
    desk.number("height", 1024)
    made = desk.generate()
    desk.press("send_to_img2img")
    desk.is_open("img2img")
    expect(desk.field("prompt")).to_have_value(ORDERED_4)
    expect(desk.element("image").locator("img")).to_be_visible()
    expect(desk.field("seed")).to_have_value(made.params["Seed"])
    again = desk.generate()
    assert (again.prompt, again.negative) == (ORDERED_4, NEGATIVE_4)
    assert desk.settings() == "1024x1024 · CFG 5 · 28 steps · Euler a · schedule Automatic"


def test_img2img_keeps_its_size_and_is_filled_otherwise(desk: Desk) -> None:
    desk.open_tab("img2img")
    desk.expect_line("Animagine XL 4.0 Opt")
    desk.write("smile, 1girl")
    found = desk.generate()
    assert found.prompt == f"1girl, smile, {QUALITY_4}"
    assert desk.settings() == "512x512 · CFG 5 · 28 steps · Euler a · schedule Automatic"
    assert found.params["Denoising strength"] == "0.75"
