"""Both themes and all widths: what is said can be read, and nothing sticks out or lies on something else."""

from __future__ import annotations

import pytest

from tests.browser import measuring
from tests.browser.conftest import OPT, NewDesk
from tests.browser.desk import Desk
from tests.real.expected import MESSY

READABLE = 4.5
WIDTHS = [360, 768, 1280, 1920, 2560]
PANEL = ("summary", "mode", "profile", "quality", "rating", "year")
TOOLS = (
    "prompt",
    "neg_prompt",
    "generate",
    "tools",
    "sampling",
    "scheduler",
    "steps",
    "width",
    "height",
    "cfg_scale",
)


def with_a_result(new_desk: NewDesk, query: str, width: int = 1400) -> Desk:
    desk = new_desk(query, viewport={"width": width, "height": 900})
    desk.choose_checkpoint(OPT)
    desk.open_panel()
    desk.number("width", 640)
    desk.write(MESSY)
    desk.generate()
    return desk


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_said_can_be_read(new_desk: NewDesk, theme: str) -> None:
    desk = with_a_result(new_desk, f"?__theme={theme}")
    places = {
        "line": desk.panel_part("summary"),
        "text": desk.sampler_input().locator("dd").first,
        "label": desk.sampler_input().locator("dt").first,
        "settings": desk.sampler_input().locator(".workbench-settings"),
        "warning": desk.sampler_input().locator(".workbench-warning").first,
        "comment": desk.page.locator("#html_log_txt2img p.comments").first,
        "footer": desk.page.locator("#footer p").first,
    }
    contrasts = {name: measuring.contrast(place) for name, place in places.items()}
    assert {name: contrast for name, contrast in contrasts.items() if contrast < READABLE} == {}


@pytest.mark.smoke
def test_the_browsers_own_theme_is_followed(new_desk: NewDesk) -> None:
    light, dark = new_desk(color_scheme="light"), new_desk(color_scheme="dark")
    for desk in (light, dark):
        desk.open_panel()
    for place in ("gradio-app", "#modelwise_txt2img"):
        bright, dim = (measuring.background(desk.page.locator(place).first) for desk in (light, dark))
        assert min(bright) > 200
        assert max(dim) < 80
    for desk in (light, dark):
        assert measuring.contrast(desk.panel_part("summary")) >= READABLE


@pytest.mark.parametrize(
    "width", [pytest.param(width, marks=pytest.mark.smoke if width == 360 else ()) for width in WIDTHS]
)
def test_every_width(new_desk: NewDesk, width: int) -> None:
    desk = with_a_result(new_desk, "", width)
    assert measuring.sideways(desk.page) == 0
    panel = [measuring.box(name, desk.panel_part(name)) for name in PANEL]
    tools = [measuring.box(name, desk.element(name)) for name in TOOLS]
    assert measuring.outside([*panel, *tools, measuring.box("shown", desk.sampler_input())], width) == []
    assert measuring.overlapping([*panel, *tools]) == []
    desk.press("send_to_img2img")
    desk.is_open("img2img")
    desk.open_panel()
    assert measuring.sideways(desk.page) == 0
    assert measuring.overlapping([measuring.box(name, desk.panel_part(name)) for name in PANEL]) == []
    for title in ("PNG Info", "Settings"):
        desk.open_tab(title)
        assert measuring.sideways(desk.page) == 0
