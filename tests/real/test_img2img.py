"""img2img and inpainting: prompts as in txt2img, the picture's size kept."""

from __future__ import annotations

from typing import Any

from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4
from tests.real.generating import ON, Images, generate, picture
from tests.real.running import RunningWebUI

EVERYTHING = ["size", "cfg_scale", "steps", "sampler"]


def redraw(server: RunningWebUI, arguments: Any, **more: Any) -> Images:
    request = {"prompt": MESSY, "init_images": [picture(64, 96)], "width": 64, "height": 96, **more}
    return generate(server, arguments, path="img2img", denoising_strength=0.5, **request)


def settled(server: RunningWebUI, arguments: Any, **more: Any) -> Images:
    """The second of two: the first img2img job after one of another kind differs, with us or without."""
    redraw(server, arguments, **more)
    return redraw(server, arguments, **more)


def test_prompts(server: RunningWebUI) -> None:
    images = settled(server, ON)
    assert (images.first.prompt, images.first.negative) == (ORDERED_4, NEGATIVE_4)
    assert images.first.record["prompt"] == MESSY
    explicit = settled(server, ["off"], prompt=ORDERED_4, negative_prompt=NEGATIVE_4)
    assert images.pixels == explicit.pixels


def test_the_size_stays_though_untouched(server: RunningWebUI) -> None:
    found = redraw(server, [{"untouched": EVERYTHING}]).first
    assert found.settings == "64x96, Euler a, Automatic, 5, 28"


def test_the_size_stays_with_a_preset(server: RunningWebUI) -> None:
    found = redraw(server, [{"preset": "Card defaults", "untouched": EVERYTHING}]).first
    assert found.params["Size"] == "64x96"


def test_inpainting(server: RunningWebUI) -> None:
    found = redraw(server, [{"untouched": EVERYTHING}], mask=picture(64, 96, 255), inpainting_fill=1).first
    assert found.prompt == ORDERED_4
    assert found.settings == "64x96, Euler a, Automatic, 5, 28"
    assert "Mask blur" in found.params


def test_loopback_compiles_each_round_alike(server: RunningWebUI) -> None:
    script = {"script_name": "Loopback", "script_args": [3, 0.4, "Linear", "None"]}
    images = settled(server, [{"untouched": ["cfg_scale"]}], **script)
    assert [found.prompt for found in images.infotexts] == [ORDERED_4] * len(images.infotexts)
    assert len(images.pixels) >= 3  # not every host has an infotext for each
    assert {found.record["prompt"] for found in images.infotexts} == {MESSY}
    assert {found.settings for found in images.infotexts} == {"64x96, Euler, Automatic, 5, 2"}
    explicit = settled(server, ["off"], prompt=ORDERED_4, negative_prompt=NEGATIVE_4, cfg_scale=5, **script)
    assert images.pixels == explicit.pixels
