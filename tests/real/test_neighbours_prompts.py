"""Neighbours that write prompts or read them as regions: they expand before us, and their lines hold."""

from __future__ import annotations

import json

import pytest

from tests.real.expected import NEGATIVE_4, QUALITY_4
from tests.real.generating import ON, Infotext, body, generate, read_infotext
from tests.real.neighbouring import DYNAMIC_PROMPTS, FORGE_COUPLE, POSTPROCESSOR, REGIONAL_PROMPTER, beside
from tests.real.running import RunningWebUI


def with_script(webui: RunningWebUI, title: str, prompt: str) -> Infotext:
    """What comes of a request in which ours and another always-visible script are on."""
    request = body(ON, prompt=prompt)
    request["alwayson_scripts"][title] = {"args": [True]}
    answer = webui.post("/sdapi/v1/txt2img", request)
    return read_infotext(json.loads(answer["info"])["infotexts"][0])


@beside(DYNAMIC_PROMPTS)
def test_variants_and_wildcards_are_expanded_before_us(neighboured: RunningWebUI) -> None:
    found = generate(neighboured, ON, prompt="{smile|smile}, __place__, 1girl").first
    assert found.prompt == f"1girl, smile, outdoors, {QUALITY_4}"
    assert found.negative == NEGATIVE_4
    assert found.record["prompt"] == "smile, outdoors, 1girl"


@beside(DYNAMIC_PROMPTS)
def test_each_image_has_its_own_variant(neighboured: RunningWebUI) -> None:
    images = generate(neighboured, ON, prompt="{smile|frown|crying|laughing}, 1girl", n_iter=3, batch_size=2)
    for found in images.infotexts:
        word = found.record["prompt"].removesuffix(", 1girl")
        assert found.prompt == f"1girl, {word}, {QUALITY_4}"
    assert len({found.prompt for found in images.infotexts}) > 1


@beside(POSTPROCESSOR)
def test_what_is_sent_to_the_negative_gets_there(neighboured: RunningWebUI) -> None:
    found = generate(
        neighboured, ON, prompt="smile, <ppp:stn>fog<ppp:/stn>, {outdoors|outdoors}, 1girl"
    ).first
    assert found.prompt == f"1girl, smile, outdoors, {QUALITY_4}"
    assert found.negative == f"{NEGATIVE_4}, fog"


@beside(REGIONAL_PROMPTER)
@pytest.mark.parametrize("words", [" ADDCOL ", " ADDROW\n", " BREAK "])
def test_regions_keep_their_tags(neighboured: RunningWebUI, words: str) -> None:
    found = with_script(neighboured, "Regional Prompter", f"smile, 1girl{words}frown, 1boy")
    first, second = found.prompt.split(words.strip())
    assert sorted(first.strip().split(", ")) == sorted(f"1girl, smile, {QUALITY_4}".split(", "))
    assert second.strip() == "1boy, frown"
    assert found.params["RP Active"] == "True"


@beside(FORGE_COUPLE)
def test_lines_of_couples_keep_their_tags(neighboured: RunningWebUI) -> None:
    found = with_script(neighboured, "Forge Couple", "smile, 1girl\nfrown, 1boy\noutdoors, 2girls")
    assert found.prompt.split("\n") == [f"1girl, smile, {QUALITY_4}", "1boy, frown", "2girls, outdoors"]
    assert found.params["forge_couple"] == "True"
