"""The Modelwise tab in the page of a real WebUI: its checkpoints, one chosen for by hand, tags, About."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.scoring import drop, paste, picture, row
from tests.real.desk import Desk
from tests.support.scorers import write_shadow

PREFIX = "/modelwise/v1"
MIX = "someUnknownMix_v3.safetensors"
OPT_NAME = "Animagine XL 4.0 Opt"

pytestmark = pytest.mark.browser


@pytest.fixture
def tab(desk: Desk) -> Iterator[Desk]:
    """The desk, its first checkpoint chosen again at the end."""
    yield desk
    desk.choose_checkpoint("animagine-xl-4.0-opt")


def section(desk: Desk, name: str) -> Any:
    """Open a section of our tab; gives its place."""
    desk.page.locator("#tabs > .tab-nav > button").get_by_text("Modelwise", exact=True).click()
    desk.page.locator("#modelwise_sections > .tab-nav > button").get_by_text(name, exact=True).click()
    place = desk.page.locator(f".modelwise-section[data-section='{name.lower()}']")
    place.locator("table").first.wait_for(state="visible")
    return place


def test_a_checkpoint_is_chosen_for_and_the_panel_follows(tab: Desk) -> None:
    listed = {each["model_name"] for each in tab.webui.get("/sdapi/v1/sd-models")}
    place = section(tab, "Checkpoints")
    row = place.locator(f"tr[data-checkpoint='{MIX}']")
    row.wait_for()
    shown = {name.rpartition(".")[0] for name in place.locator("tbody td:first-child").all_inner_texts()}
    assert shown == listed
    assert "No profile is known for it" in row.inner_text()
    row.get_by_role("button", name="Choose a profile").click()
    row.get_by_role("combobox").select_option(label=OPT_NAME)
    row.get_by_role("button", name="Save").click()
    place.get_by_text(f"{MIX}: {OPT_NAME} was chosen for this checkpoint.").wait_for()
    tab.choose_checkpoint("someUnknownMix_v3")
    assert OPT_NAME in tab.waits_for_line(OPT_NAME)
    tab.page.locator("#modelwise_sections").wait_for()
    row.get_by_role("button", name="Choose a profile").click()
    row.get_by_role("combobox").select_option("")
    row.get_by_role("button", name="Save").click()
    tab.waits_for_line("SDXL")


def test_tags_and_about(tab: Desk) -> None:
    place = section(tab, "Tags")
    place.get_by_label("What is this tag?").fill("Hatsune_Miku")
    place.get_by_label("What is this tag?").press("Enter")
    place.locator("dd").get_by_text("vocaloid").wait_for()
    place = section(tab, "About")
    features = place.get_by_role("region", name="What the host has").inner_text()
    options = tab.webui.get("/sdapi/v1/options")
    there = {
        "schedulers": tab.page.locator("#txt2img_scheduler").count() > 0,
        "paste fields": True,
        "token counter": True,
        "X/Y/Z plot": True,
        "noise schedule": "sd_noise_schedule" in options,
        "clip skip of SDXL": "sdxl_clip_l_skip" in options,
    }
    for name, found in there.items():
        assert f"{name}\t{'found' if found else 'missing'}" in features
    report = tab.webui.get(f"{PREFIX}/about")["report"]
    version = re.search(r"version: (\S+)", tab.page.locator("#footer .versions").inner_text())
    assert version
    assert f"webui: {version[1]}\n" in report
    assert str(tab.webui.data) not in report


def test_scores(tab: Desk) -> None:
    """The WebUI has scripts of its own for what is dropped and pasted: ours come first, and only here."""
    write_shadow(tab.webui.data / "modelwise" / "scores")
    place = section(tab, "Scores")
    drop(place, ("one.png", picture(1)), ("notes.png", b"no image"))
    place.get_by_text("1 image has its scores, 1 can't be scored.").wait_for()
    assert "found no image" in row(place, "notes.png").inner_text()
    paste(tab.page, ("image.png", picture(2)))
    row(place, "image.png").get_by_text("aesthetic-shadow-v2").wait_for()
    place.get_by_role("region", name="SoteDiffusion V2").get_by_text(": 2 images").wait_for()
