"""What the page's buttons do: requests from boxes, boxes from infotexts."""

from __future__ import annotations

from typing import Any

import pytest

from modelwise.workbench.handlers import PASTED, Handlers, filled, request_from, with_styles
from modelwise.workbench.styles import STYLES
from tests.support.hosts import panel
from tests.workbench.conftest import HIRES, VALUES


def test_a_request_takes_every_box() -> None:
    request = request_from("txt2img", {**VALUES, **HIRES, "styles": [STYLES[0].name], "seed": 3.0})
    assert (request.tab, request.prompt, request.seed) == ("txt2img", VALUES["prompt"], 3)
    assert request.styles == (STYLES[0],)
    assert request.hires and request.hires.upscaler == "Latent"


def test_an_emptied_seed_box_is_a_random_seed() -> None:
    assert request_from("txt2img", {**VALUES, "seed": None}).seed == -1


def test_no_hires_unless_it_is_on() -> None:
    assert request_from("txt2img", {**VALUES, **HIRES, "hires": False}).hires is None
    assert request_from("img2img", {**VALUES, "denoising": 0.3}).denoising_strength == 0.3


PARAMS = {"Prompt": "1girl", "Size-1": "832", "CFG scale": "5", "Sampler": "Euler a", "Seed": "x"}


@pytest.mark.parametrize(
    ("name", "current", "value"),
    [
        ("prompt", "old", "1girl"),
        ("width", 512, 832),
        ("width", 512.0, 832.0),
        ("cfg_scale", 7.0, 5.0),
        ("sampler", "DPM++ 2M", "Euler a"),
        ("scheduler", "Karras", None),
        ("seed", -1, None),
        ("hires", False, False),
    ],
)
def test_a_paste_fills_a_box_in_its_own_type(name: str, current: Any, value: Any) -> None:
    found = filled(name, current, PARAMS)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("key", ["Hires upscale", "Hires resize-1"])
def test_a_paste_turns_hires_on(key: str) -> None:
    assert filled("hires", False, {key: "2"}) is True


def test_every_box_that_a_paste_fills_is_read_back_from_an_infotext(handlers: Handlers) -> None:
    boxes = {**VALUES, **HIRES, "hires_steps": 9, "hires_prompt": "a", "hires_negative": "b"}
    boxes["hires_checkpoint"] = handlers.host.checkpoint_names()[2]
    handlers.generate("txt2img", boxes, panel("off"))
    params = handlers.pasted("")
    for name in set(PASTED) & set(boxes) - {"hires_width", "hires_height", "negative"}:
        assert filled(name, boxes[name], params) == boxes[name], name


def test_an_empty_box_pastes_the_last_infotext(handlers: Handlers) -> None:
    assert not any(handlers.pasted("").values())
    outcome = handlers.generate("txt2img", VALUES, panel())
    assert handlers.pasted(" ")["Prompt"] == outcome.images[0].prompt
    assert handlers.pasted("1boy")["Prompt"] == "1boy"


def test_styles_are_written_into_both_prompts() -> None:
    prompt, negative = with_styles("1girl", "x", [STYLES[0].name])
    assert "1girl" in prompt and prompt != "1girl"
    assert negative == f"x, {STYLES[0].negative}"
