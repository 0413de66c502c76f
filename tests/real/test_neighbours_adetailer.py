"""ADetailer paints parts of an image again, with the prompt as we have made it: nothing is compiled twice.

Its detector is replaced by one that finds a face in the middle of every image; all else is its own.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from modelwise.webui.image_scores import KEY as SCORES
from modelwise.webui.settings_page import SCORES_OPTION
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4
from tests.real.generating import KEY, Images, body, pixels, read_infotext
from tests.real.neighbouring import ADETAILER, beside
from tests.real.running import RunningWebUI
from tests.support.scorers import write_shadow

UNTOUCHED = {"untouched": ["cfg_scale", "sampler"]}
FILLED = "64x64, Euler a, Automatic, 5, 2"


def detailed(webui: RunningWebUI, choice: Any, detail: dict[str, Any] | None = None, **more: Any) -> Images:
    """Images with ADetailer on, or off where it is told nothing."""
    request = body([choice], **{"prompt": MESSY, **more})
    if detail is not None:
        request["alwayson_scripts"]["ADetailer"] = {
            "args": [True, False, {"ad_model": "middle.pt", **detail}]
        }
    answer = webui.post("/sdapi/v1/txt2img", request)
    texts = json.loads(answer["info"])["infotexts"]
    files = [base64.b64decode(image) for image in answer["images"]]
    return Images([read_infotext(text) for text in texts], texts, [pixels(file) for file in files], files, "")


@beside(ADETAILER)
def test_the_part_is_painted_with_the_compiled_prompt(neighboured: RunningWebUI) -> None:
    plain = detailed(neighboured, "on")
    ours = detailed(neighboured, "on", {})
    by_hand = detailed(neighboured, "off", {}, prompt=ORDERED_4, negative_prompt=NEGATIVE_4)
    assert ours.first.params["ADetailer model"] == "middle.pt"
    assert ours.pixels == by_hand.pixels != plain.pixels
    assert (ours.first.prompt, ours.first.negative) == (ORDERED_4, NEGATIVE_4)
    assert ours.first.record["prompt"] == MESSY


@beside(ADETAILER)
def test_a_prompt_of_its_own_is_left_as_it_is(neighboured: RunningWebUI) -> None:
    detail = {"ad_prompt": "smile, 1girl, (detailed face:1.2)", "ad_negative_prompt": "fog"}
    ours = detailed(neighboured, "on", detail)
    by_hand = detailed(neighboured, "off", detail, prompt=ORDERED_4, negative_prompt=NEGATIVE_4)
    assert ours.pixels == by_hand.pixels
    assert ours.first.params["ADetailer prompt"] == detail["ad_prompt"]


@beside(ADETAILER)
def test_all_images_say_what_was_set(neighboured: RunningWebUI) -> None:
    found = detailed(neighboured, UNTOUCHED, {}, n_iter=2, batch_size=2).infotexts
    assert [one.settings for one in found] == [FILLED] * 4
    assert [one.prompt for one in found] == [ORDERED_4] * 4
    assert [one.record["prompt"] for one in found] == [MESSY] * 4
    assert KEY in found[-1].params


@beside(ADETAILER)
def test_its_word_that_a_job_has_ended_does_not_end_the_scores(neighboured: RunningWebUI) -> None:
    """It says so to every script after each batch's first image."""
    folder = write_shadow(neighboured.data / "modelwise" / "scores")
    more = {"n_iter": 2, "batch_size": 2, "override_settings": {SCORES_OPTION: True}}
    scored = detailed(neighboured, UNTOUCHED, {}, **more).infotexts
    assert all(SCORES in found.params for found in scored) and len(scored) == 4
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1_000])
    known = neighboured.log()
    unscored = detailed(neighboured, UNTOUCHED, {}, **more).infotexts
    assert not any(SCORES in found.params for found in unscored)
    assert neighboured.log().removeprefix(known).count("images are not scored") == 1  # once a job


@beside(ADETAILER)
def test_where_the_user_lets_it_run_all_scripts(neighboured: RunningWebUI) -> None:
    neighboured.post("/sdapi/v1/options", {"ad_only_selected_scripts": False})
    try:
        ours = detailed(neighboured, "on", {})
        by_hand = detailed(neighboured, "off", {}, prompt=ORDERED_4, negative_prompt=NEGATIVE_4)
    finally:
        neighboured.post("/sdapi/v1/options", {"ad_only_selected_scripts": True})
    assert ours.first.prompt == ORDERED_4
    assert ours.pixels == by_hand.pixels
