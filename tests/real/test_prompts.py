"""Prompts as people write them: styles, comments, extra networks, BREAK, AND, weights, schedules, batches."""

from __future__ import annotations

import pytest

from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4, QUALITY_4
from tests.real.generating import ON, generate
from tests.real.running import RunningWebUI

PROMPTS = {
    "smile, <lora:none:1>, 1girl": f"1girl, smile, <lora:none:1>, {QUALITY_4}",
    "smile, 1girl BREAK outdoors, 1boy": f"1girl, smile BREAK 1boy, outdoors, {QUALITY_4}",
    "smile, 1girl AND outdoors, 1boy :1.2": f"1girl, smile, {QUALITY_4} AND 1boy, outdoors :1.2",
    "[smile:frown:0.5], (1girl:1.2), [cat|dog] ear": f"(1girl:1.2), [smile:frown:0.5], [cat|dog] ear, {QUALITY_4}",
    "smile, (masterpiece:1.3), 1girl": f"1girl, smile, (masterpiece:1.3), {QUALITY_4.removeprefix('masterpiece, ')}",
    "smile, my_own_tag_v1, 1girl": f"1girl, smile, my_own_tag_v1, {QUALITY_4}",
    "smile, score_9, 1girl": f"1girl, smile, score_9, {QUALITY_4}",
    "smile, nsfw, 1girl": f"1girl, nsfw, smile, {QUALITY_4}",
    "": QUALITY_4,
}
BROKEN = ["smile, ((1girl", "smile, 1girl)", "[a:b", ",,,", "(a:1.2.3", "\\", "<lora:", "smile\n\n, 1girl\n"]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_what_is_written_is_kept_in_order(server: RunningWebUI, prompt: str) -> None:
    found = generate(server, ON, prompt=prompt).first
    assert found.prompt == PROMPTS[prompt]
    assert found.negative == NEGATIVE_4
    assert found.record["prompt"] == prompt


@pytest.mark.parametrize("prompt", BROKEN)
def test_an_odd_prompt_still_makes_an_image(server: RunningWebUI, prompt: str) -> None:
    images = generate(server, ON, prompt=prompt)
    assert len(images.files) == 1
    again = generate(server, ON, prompt=images.first.prompt, negative_prompt=images.first.negative)
    assert again.first.prompt == images.first.prompt
    assert again.pixels == images.pixels


def test_comments_are_hidden_and_kept_for_the_user(server: RunningWebUI) -> None:
    prompt = "smile, 1girl # my note, masterpiece\n# a whole line\nlong_hair"
    found = generate(server, ON, prompt=prompt).first
    tags = [tag.strip() for tag in found.prompt.replace("\n", ",").split(",") if tag.strip()]
    assert tags == ["1girl", "smile", "long hair", *QUALITY_4.split(", ")]
    assert found.record["prompt"] == prompt


def test_styles_are_merged_before_the_order_is_made(server: RunningWebUI) -> None:
    found = generate(server, ON, prompt="smile, 1girl", styles=["Night", "Rain"]).first
    assert found.prompt == f"1girl, smile, night, rain, {QUALITY_4}"
    assert found.negative == NEGATIVE_4
    assert found.record["prompt"] == "smile, 1girl, night, masterpiece, rain"
    assert found.record["negative"] == "blurry"


def test_all_images_of_all_batches(server: RunningWebUI) -> None:
    images = generate(server, ON, prompt=MESSY, batch_size=2, n_iter=2)
    assert len(images.files) == 4
    assert [found.prompt for found in images.infotexts] == [ORDERED_4] * 4
    assert [found.record["prompt"] for found in images.infotexts] == [MESSY] * 4
    assert [found.params["Seed"] for found in images.infotexts] == ["1", "2", "3", "4"]
    assert len(set(images.pixels)) == 4


def test_each_image_of_a_batch_is_the_one_made_alone(server: RunningWebUI) -> None:
    batch = generate(server, ON, prompt=MESSY, n_iter=2)
    alone = generate(server, ON, prompt=MESSY, seed=2)
    assert batch.pixels[1] == alone.pixels[0]


def test_settings_reach_all_images(server: RunningWebUI) -> None:
    choices = [{"untouched": ["cfg_scale", "sampler"]}]
    images = generate(server, choices, prompt=MESSY, batch_size=2, n_iter=2)
    assert {found.settings for found in images.infotexts} == {"64x64, Euler a, Automatic, 5, 2"}
