"""What a user sees: the page of a real WebUI in a real browser."""

from __future__ import annotations

import pytest

from tests.real.desk import Desk
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_3, ORDERED_4, QUALITY_4
from tests.real.generating import KEY

FOREIGN = (
    "smile, 1girl, outdoors\nNegative prompt: fog\n"
    "Steps: 2, Sampler: Euler, Schedule type: Automatic, CFG scale: 6.5, Seed: 5, Size: 64x64"
)

pytestmark = pytest.mark.browser


def test_type_and_generate(desk: Desk) -> None:
    desk.write("prompt", MESSY)
    desk.number("steps", 4)
    found = desk.generate()
    assert (found.prompt, found.negative) == (ORDERED_4, NEGATIVE_4)
    assert found.settings == "832x1216, Euler a, Automatic, 5, 4"
    assert found.params["Model"] == "animagine-xl-4.0-opt"
    assert found.record == {
        "profile": "animagine-xl-4.0-opt",
        "version": 1,
        "prompt": MESSY,
        "negative": "",
    }
    assert desk.value("prompt") == MESSY


def test_touched_fields_stay(desk: Desk) -> None:
    desk.small()
    desk.number("cfg_scale", 6)
    desk.pick("#txt2img_sampling", "DDIM")
    desk.write("prompt", "smile, 1girl")
    found = desk.generate()
    assert found.prompt == f"1girl, smile, {QUALITY_4}"
    assert found.settings == "64x64, DDIM, Automatic, 6, 2"


def test_one_touched_field_leaves_the_others_to_the_card(desk: Desk) -> None:
    desk.small()
    desk.write("prompt", "smile, 1girl")
    assert desk.generate().settings == "64x64, Euler a, Automatic, 5, 2"


def test_the_line_follows_the_checkpoint(desk: Desk) -> None:
    desk.open_panel()
    assert "Animagine XL 4.0 Opt" in desk.line()
    desk.choose_checkpoint("animagine-xl-3.1")
    desk.page.wait_for_timeout(1000)
    assert "Animagine XL 3.1" in desk.line()
    desk.small()
    desk.write("prompt", MESSY)
    found = desk.generate()
    assert found.prompt == ORDERED_3
    assert found.settings == "64x64, Euler a, Automatic, 7, 2"


def test_an_unknown_checkpoint_is_left_alone(desk: Desk) -> None:
    desk.choose_checkpoint("someUnknownMix_v3")
    sampler = desk.fields()["sampling"]
    desk.small()
    desk.write("prompt", MESSY)
    found = desk.generate()
    assert (found.prompt, found.negative) == (MESSY, "")
    apart = desk.page.locator("#txt2img_scheduler").count() > 0
    schedule = "Karras" if apart and sampler == "DPM++ 2M" else "Automatic"  # its Automatic is Karras
    assert found.settings == f"64x64, {sampler}, {schedule}, 7, 2"


def test_off_is_off(desk: Desk) -> None:
    desk.open_panel()
    desk.set_mode("off")
    desk.small()
    desk.write("prompt", MESSY)
    found = desk.generate()
    assert found.prompt == MESSY
    assert KEY not in found.params


def test_our_own_infotext_makes_the_image_again(desk: Desk) -> None:
    desk.small()
    desk.open_panel()
    desk.pick("#modelwise_txt2img_rating", "general")
    desk.pick("#modelwise_txt2img_year", "2007")
    desk.write("prompt", MESSY)
    first, image = desk.generate(), desk.newest_image()
    assert "safe, year 2007" in first.prompt
    desk.open()
    desk.paste()
    assert desk.value("prompt") == first.prompt
    assert desk.value("neg_prompt") == first.negative
    desk.open_panel()
    assert desk.panel() == {
        "mode": "auto",
        "profile": "Auto",
        "quality": "standard",
        "rating": "general",
        "year": "2007",
    }
    again = desk.generate()
    assert (again.prompt, again.negative, again.settings) == (first.prompt, first.negative, first.settings)
    assert again.params["Seed"] == first.params["Seed"]
    assert desk.newest_image() == image
    assert again.record["rating"] == "general"


def test_a_foreign_infotext_is_left_alone_until_the_box_is_emptied(desk: Desk) -> None:
    desk.write("prompt", FOREIGN)
    desk.paste()
    assert desk.value("prompt") == "smile, 1girl, outdoors"
    found = desk.generate()
    assert (found.prompt, found.negative) == ("smile, 1girl, outdoors", "fog")
    assert found.settings == "64x64, Euler, Automatic, 6.5, 2"
    assert KEY not in found.params
    desk.write("prompt", "smile, 1girl, outdoors, rain")
    assert desk.generate().prompt == "smile, 1girl, outdoors, rain"
    desk.write("prompt", "")
    desk.write("prompt", "smile, 1girl")
    assert desk.generate().prompt == f"1girl, smile, {QUALITY_4}"


def test_a_foreign_infotext_with_mode_on(desk: Desk) -> None:
    desk.write("prompt", FOREIGN)
    desk.paste()
    desk.open_panel()
    desk.set_mode("on")
    found = desk.generate()
    assert found.prompt == f"1girl, smile, outdoors, {QUALITY_4}"
    assert found.negative == f"{NEGATIVE_4}, fog"
    assert found.settings == "64x64, Euler, Automatic, 6.5, 2"


def test_a_year_that_is_none_is_explained(desk: Desk) -> None:
    desk.small()
    desk.open_panel()
    desk.pick("#modelwise_txt2img_year", "long ago")
    desk.write("prompt", MESSY)
    assert desk.generate().prompt == MESSY
    assert "allowed: a number such as 2007, or nothing" in desk.said()


def test_reload_ui(desk: Desk) -> None:
    options, known = desk.webui.get("/sdapi/v1/options"), desk.webui.log()
    desk.reload_ui()
    assert desk.page.locator("#modelwise_txt2img").count() == 1
    desk.small()
    desk.write("prompt", MESSY)
    found = desk.generate()
    assert (found.prompt, found.negative) == (ORDERED_4, NEGATIVE_4)
    assert found.settings == "64x64, Euler a, Automatic, 5, 2"
    assert desk.webui.get("/sdapi/v1/options").keys() == options.keys()
    names = [script["name"] for script in desk.webui.get("/sdapi/v1/script-info")]
    assert names.count("modelwise") == 2
    assert "Traceback" not in desk.webui.log().removeprefix(known)
