"""The panel in a real WebUI: the line, presets, own presets, the values beside the fields, what is remembered."""

from __future__ import annotations

import json

import pytest
import tomlkit

from tests.real.desk import Desk
from tests.real.expected import MESSY, at_first

pytestmark = pytest.mark.browser

CARD = {"width": "832", "height": "1216", "steps": "28", "cfg_scale": "5", "sampling": "Euler a"}


def hints(desk: Desk) -> dict[str, str]:
    """The values beside the fields of txt2img, by the field's element."""
    found = desk.page.evaluate(
        "[...document.querySelectorAll('#tab_txt2img .modelwise-hint')]"
        ".map(hint => [hint.closest('[id^=txt2img_]').id, hint.textContent])"
    )
    return {element.removeprefix("txt2img_"): text for element, text in found}


def test_the_line_says_what_will_happen(desk: Desk) -> None:
    desk.write("prompt", "smile, long_hair, 1girl")
    line = desk.waits_for_line("1 respelled")
    for part in (
        "Animagine XL 4.0 Opt",
        "(by file name)",
        "quality standard",
        "+4 tags",
        "negative +18",
        "832x1216, CFG 5",
    ):
        assert part in line


def test_the_values_that_will_be_set_stand_beside_their_fields_until_they_are_touched(desk: Desk) -> None:
    desk.waits_for_line("832x1216")
    shown = desk.fields()
    expected = {part: f"\u2192 {value}" for part, value in CARD.items() if shown[part] != value}
    assert hints(desk) == expected
    assert len(expected) >= 4  # Forge's own sampler is the card's
    desk.number("steps", 22)
    desk.page.wait_for_timeout(1500)
    assert "steps" not in hints(desk) and "width" in hints(desk)


def test_a_preset_fills_and_can_be_taken_back(desk: Desk) -> None:
    before = desk.fields()
    desk.open_panel()
    desk.press("button[data-name='2007 retro']")
    desk.press("button[data-name='Card defaults']")
    assert desk.fields() == CARD
    assert desk.panel()["year"] == "2007"
    assert desk.touched() == {"size", "cfg_scale", "steps", "sampler"}
    desk.press("button[data-modelwise=restore]")
    assert (desk.fields(), desk.panel()["year"], desk.touched()) == (before, "", set())


def test_a_preset_is_in_the_infotext_and_comes_back_with_it(desk: Desk) -> None:
    desk.open_panel()
    desk.press("button[data-name='2007 retro']")
    desk.small()
    desk.write("prompt", MESSY)
    found = desk.generate()
    assert found.record["preset"] == "2007 retro"
    assert "year 2007" in found.prompt
    desk.write("prompt", "")  # a paste into an empty box takes the last image
    desk.paste()
    desk.page.wait_for_timeout(1000)
    pressed = desk.page.locator("#modelwise_txt2img button[aria-pressed=true]").first.inner_text()
    assert pressed == "2007 retro"
    desk.press("button[data-modelwise=words]")
    assert desk.value("prompt") == MESSY


def test_own_presets_are_kept_in_a_file(desk: Desk) -> None:
    desk.open_panel()
    desk.page.click("#modelwise_txt2img_presets > .label-wrap")
    for name in ("Mine/<b>", "Second"):
        desk.page.fill("#modelwise_txt2img_preset_name :is(textarea, input)", name)
        desk.page.wait_for_timeout(300)
        desk.press("#modelwise_txt2img_preset_save")
        assert desk.message().startswith(f"Saved: {name}")
    file = desk.webui.data / "modelwise" / "presets" / "animagine-xl-4.0-opt.toml"
    kept = tomlkit.parse(file.read_text(encoding="utf-8")).unwrap()["presets"]
    assert [preset["name"] for preset in kept] == ["Mine/<b>", "Second"]
    assert desk.page.locator("#modelwise_txt2img button.modelwise-own").first.inner_text() == "Mine/<b>"
    desk.pick("#modelwise_txt2img_preset_chosen", "Second")
    desk.press("#modelwise_txt2img_preset_delete")
    assert desk.message().startswith("Deleted: Second")
    desk.press("button[data-modelwise=undo]")
    assert desk.message().startswith("Back again: Second")
    desk.open()
    assert desk.fields() == at_first(desk.webui), "no preset is applied on loading the page"


def test_what_was_chosen_is_remembered_and_the_api_is_left_alone(desk: Desk) -> None:
    desk.open_panel()
    desk.set_mode("on")
    desk.page.wait_for_timeout(1000)
    kept = (desk.webui.data / "config.json").read_text(encoding="utf-8")
    assert json.loads(kept)["modelwise_mode"] == "on"  # Forge's API lists no option of an extension
    desk.open()
    desk.waits_for_line("Animagine")
    assert desk.panel()["mode"] == "on"
    answer = desk.webui.post(
        "/sdapi/v1/txt2img", {"prompt": "smile, 1girl", "width": 64, "height": 64, "steps": 1}
    )
    assert '"smile, 1girl' in str(answer["info"]).replace("\\", "")


def test_an_unknown_checkpoint_takes_a_family_and_forgets_it(desk: Desk) -> None:
    desk.choose_checkpoint("someUnknownMix_v3")
    desk.open_panel()
    desk.pick("#modelwise_txt2img_profile", "Animagine XL 3.1")
    desk.waits_for_line("Animagine XL 3.1")
    desk.press("button[data-modelwise=family]")
    assert desk.panel()["profile"] == "Auto"
    assert "Animagine XL 3.1 (by your choice)" in desk.waits_for_line("by your choice")
    desk.press("button[data-modelwise=forget]")
    desk.waits_for_line("by architecture")


def test_the_first_run_shows_itself_once(desk: Desk) -> None:
    desk.waits_for_line("Animagine")
    desk.press("button[data-modelwise=see]")
    assert desk.page.locator("#modelwise_txt2img_mode").is_visible()
    desk.open()
    desk.waits_for_line("Animagine")
    assert desk.page.locator("#modelwise_txt2img button[data-modelwise=see]").count() == 0


def test_the_used_values_are_written_back_where_wanted(desk: Desk) -> None:
    desk.webui.post("/sdapi/v1/options", {"modelwise_write_back": True})
    desk.open()
    desk.waits_for_line("832x1216")
    desk.small()
    desk.write("prompt", MESSY)
    desk.generate()
    desk.page.wait_for_timeout(1500)
    assert (desk.fields()["cfg_scale"], desk.fields()["sampling"], desk.fields()["width"]) == (
        "5",
        "Euler a",
        "64",
    )
    assert desk.touched() == {"size", "steps"}
