"""Our axes in the real X/Y/Z plot: over the API, in the page, and after "Reload UI"."""

from __future__ import annotations

import json
import urllib.error
from typing import Any

import pytest

from tests.real.desk import Desk
from tests.real.expected import MESSY, NEGATIVE_3, NEGATIVE_4, ORDERED_3, ORDERED_4, QUALITY_4
from tests.real.generating import KEY, Images, axis_labels, generate, picture, plot_arguments, read_infotext
from tests.real.running import JOB_LIMIT, RunningWebUI

LABELS = [f"[Modelwise] {title}" for title in ("Profile", "Preset", "Quality", "Order", "Mode")]
UNORDERED = f"smile, outdoors, honkai: star rail, 1girl, firefly \\(honkai: star rail\\), {QUALITY_4}"


def plot(server: RunningWebUI, arguments: Any, *axes: tuple[str, str], **more: Any) -> Images:
    """A plot over axes of ours or the WebUI's; one infotext a cell, the grid's left out."""
    ticked = ["Draw legend", "Include Sub Images"]
    chosen = plot_arguments(server, axes, ticked, is_img2img=more.get("path") == "img2img")
    request = {"script_name": "X/Y/Z plot", "script_args": chosen, "prompt": MESSY, **more}
    images = generate(server, arguments, **request)
    return images._replace(infotexts=images.infotexts[1:])


@pytest.mark.parametrize("is_img2img", [False, True])
def test_the_boxes_list_our_axes_once(server: RunningWebUI, is_img2img: bool) -> None:
    labels = axis_labels(server, is_img2img=is_img2img)
    assert [label for label in labels if "Modelwise" in label] == LABELS


def test_profile_by_order(server: RunningWebUI) -> None:
    profiles = "Animagine XL 4.0 Opt, Animagine XL 3.1"
    found = plot(server, None, ("[Modelwise] Profile", profiles), ("[Modelwise] Order", "on, off"))
    first, second, third, fourth = found.infotexts
    assert (first.prompt, first.negative) == (ORDERED_4, NEGATIVE_4)
    assert (second.prompt, second.negative) == (ORDERED_3, NEGATIVE_3)
    assert third.prompt == UNORDERED
    assert fourth.prompt not in {ORDERED_3, UNORDERED}
    ids = ["animagine-xl-4.0-opt", "animagine-xl-3.1"] * 2
    assert [cell.record["profile"] for cell in found.infotexts] == ids
    assert [cell.record.get("off", []) for cell in found.infotexts] == [[], [], ["order"], ["order"]]
    assert len(set(found.pixels[1:])) == 4, "four prompts, four pictures"
    grid = read_infotext(found.raw[0])
    assert (grid.params["X Type"], grid.params["X Values"]) == ("[Modelwise] Profile", profiles)


def test_mode_over_an_object_that_says_off(server: RunningWebUI) -> None:
    found = plot(server, [{"mode": "off"}], ("[Modelwise] Mode", "on, off, on"))
    assert [cell.prompt for cell in found.infotexts] == [ORDERED_4, MESSY, ORDERED_4]
    assert [KEY in cell.params for cell in found.infotexts] == [True, False, True]
    assert found.pixels[1] == found.pixels[3] != found.pixels[2]


def test_presets_by_steps(server: RunningWebUI) -> None:
    if "Size" not in axis_labels(server):
        pytest.skip("this WebUI's plot has no axis that keeps the preset's pictures small")
    axes = [("[Modelwise] Preset", "none, 2007 retro, Card defaults"), ("Steps", "1, 2"), ("Size", "64x64")]
    found = plot(server, ["on"], *axes).infotexts
    assert [cell.params["Steps"] for cell in found] == ["1", "1", "1", "2", "2", "2"]
    assert [cell.params["CFG scale"] for cell in found] == ["7.0", "7.0", "5.0"] * 2
    assert ["year 2007" in cell.prompt for cell in found] == [False, True, False] * 2
    assert {cell.params["Size"] for cell in found} == {"64x64"}


def test_quality_of_each_checkpoint(server: RunningWebUI) -> None:
    names = "animagine-xl-4.0-opt.safetensors, animagine-xl-3.1.safetensors"
    found = plot(
        server, ["on"], ("Checkpoint name", names), ("[Modelwise] Quality", "standard, off")
    ).infotexts
    assert [cell.prompt for cell in found[:2]] == [ORDERED_4, ORDERED_3]
    assert not any("masterpiece" in cell.prompt for cell in found[2:])


def test_img2img(server: RunningWebUI) -> None:
    more = {"path": "img2img", "init_images": [picture(64, 64)], "denoising_strength": 0.5}
    found = plot(server, None, ("[Modelwise] Order", "on, off"), **more).infotexts
    assert [cell.prompt for cell in found] == [ORDERED_4, UNORDERED]


def test_a_wrong_value_is_told_before_the_first_image(server: RunningWebUI) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        plot(server, ["on"], ("[Modelwise] Quality", "standard, best"))
    answer = json.load(refused.value)
    said = answer.get("errors") or answer["message"]  # A1111 and Forge
    assert said == "[Modelwise] Quality: found 'best'; allowed: standard, light, heavy, off"


def choose_axis(desk: Desk, label: str) -> None:
    """The plot in the script box, with one of our axes; its button writes all values."""
    desk.pick("#script_list", "X/Y/Z plot")
    desk.pick("#script_txt2img_xyz_plot_x_type", label)
    desk.page.wait_for_timeout(1000)
    desk.page.click("#xyz_grid_fill_x_tool_button")
    desk.page.wait_for_timeout(1000)


def cells_of(desk: Desk) -> list[Any]:
    """Generate, and read the infotexts that the page then holds, without the grid's."""
    desk.page.check("#script_txt2img_xyz_plot_include_lone_images input")
    box = desk.page.locator("#generation_info_txt2img textarea")
    before = box.input_value()
    desk.page.click("#txt2img_generate")
    desk.page.wait_for_function(
        "before => { const now = document.querySelector('#generation_info_txt2img textarea').value;"
        " return now && now !== before; }",
        arg=before,
        timeout=JOB_LIMIT * 1000,
    )
    return [read_infotext(text) for text in json.loads(box.input_value())["infotexts"][1:]]


@pytest.mark.browser
def test_in_the_page_over_a_panel_that_is_off(desk: Desk) -> None:
    desk.write("prompt", MESSY)
    desk.small()
    desk.open_panel()
    desk.set_mode("off")
    choose_axis(desk, "[Modelwise] Order")
    assert [cell.prompt for cell in cells_of(desk)] == [ORDERED_4, UNORDERED]


@pytest.mark.browser
def test_after_reload_ui(desk: Desk) -> None:
    desk.reload_ui()
    labels = axis_labels(desk.webui)
    assert [label for label in labels if "Modelwise" in label] == LABELS
    desk.write("prompt", MESSY)
    desk.small()
    choose_axis(desk, "[Modelwise] Mode")
    assert [cell.prompt for cell in cells_of(desk)] == [ORDERED_4, ORDERED_4, MESSY]
