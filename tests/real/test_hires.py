"""The second pass: its prompts are compiled too, under its own checkpoint's profile."""

from __future__ import annotations

from typing import Any

import pytest

from tests.real.expected import (
    MESSY,
    NEGATIVE_3,
    NEGATIVE_4,
    NEGATIVE_ANYTHING,
    ORDERED_3,
    ORDERED_4,
    ORDERED_ANYTHING,
    QUALITY_4,
)
from tests.real.generating import ANYTHING, OLDER, ON, OPT, UNKNOWN, Images, generate
from tests.real.running import RunningWebUI


def second(server: RunningWebUI, arguments: Any = ON, checkpoint: str = OPT, **more: Any) -> Images:
    request = {"prompt": MESSY, "enable_hr": True, "hr_scale": 2, "hr_upscaler": "Latent", **more}
    return generate(server, arguments, checkpoint, denoising_strength=0.5, **request)


def test_the_first_pass_s_prompt_is_inherited(server: RunningWebUI) -> None:
    images = second(server)
    assert (images.first.prompt, images.first.negative) == (ORDERED_4, NEGATIVE_4)
    assert "Hires prompt" not in images.first.params
    explicit = second(server, ["off"], prompt=ORDERED_4, negative_prompt=NEGATIVE_4)
    assert images.pixels == explicit.pixels


def test_its_own_prompts(server: RunningWebUI) -> None:
    found = second(server, hr_prompt="night, 1girl", hr_negative_prompt="fog").first
    assert (found.prompt, found.negative) == (ORDERED_4, NEGATIVE_4)
    assert found.params["Hires prompt"] == f"1girl, night, {QUALITY_4}"
    assert found.params["Hires negative prompt"] == f"{NEGATIVE_4}, fog"


def test_a_checkpoint_of_another_family(server: RunningWebUI) -> None:
    images = second(server, hr_checkpoint_name=OLDER)
    found = images.first
    assert (found.prompt, found.negative) == (ORDERED_4, NEGATIVE_4)
    assert found.params["Hires prompt"] == ORDERED_3
    assert found.params["Hires negative prompt"] == NEGATIVE_3
    explicit = second(
        server,
        ["off"],
        hr_checkpoint_name=OLDER,
        prompt=ORDERED_4,
        negative_prompt=NEGATIVE_4,
        hr_prompt=ORDERED_3,
        hr_negative_prompt=NEGATIVE_3,
    )
    assert images.pixels == explicit.pixels


def test_from_one_architecture_to_another(server: RunningWebUI) -> None:
    found = second(server, checkpoint=OLDER, hr_checkpoint_name=ANYTHING).first
    assert (found.prompt, found.negative) == (ORDERED_3, NEGATIVE_3)
    assert found.params["Hires prompt"] == ORDERED_ANYTHING
    assert found.params["Hires negative prompt"] == NEGATIVE_ANYTHING


def test_an_unknown_checkpoint_gets_the_user_s_words(server: RunningWebUI) -> None:
    found = second(server, hr_checkpoint_name=UNKNOWN).first
    assert found.prompt == ORDERED_4
    assert found.params["Hires prompt"] == MESSY


def test_size_is_that_of_the_first_pass(server: RunningWebUI) -> None:
    images = second(server, [{"untouched": ["cfg_scale", "sampler", "steps"]}], hr_second_pass_steps=1)
    assert images.first.settings == "64x64, Euler a, Automatic, 5, 28"
    assert images.first.params["Hires upscale"].startswith("2")


@pytest.mark.parametrize(("own", "used"), [(7, "5"), (3, "3.0")])
def test_its_own_cfg_scale_follows_the_first_s_where_both_were_the_same(
    server: RunningWebUI, own: float, used: str
) -> None:
    schemas = server.get("/openapi.json")["components"]["schemas"]
    if "hr_cfg" not in schemas["StableDiffusionProcessingTxt2Img"]["properties"]:
        pytest.skip("this host has no CFG scale for the second pass")
    found = second(server, [{"untouched": ["cfg_scale"]}], cfg_scale=7, hr_cfg=own).first
    assert (found.params["CFG scale"], found.params["Hires CFG Scale"]) == ("5", used)
