"""Our line in the infotext survives the WebUI's own writing, reading and reading back."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4
from tests.real.generating import KEY, ON, OPT, generate
from tests.real.running import RunningWebUI

HARD = 'smile, "quoted, text", a: b, naïve, 天使, 1girl, \\(x\\)\nsecond line, {"key": "value"}'


def parsed(server: RunningWebUI, file: bytes) -> dict[str, Any]:
    """The image as the WebUI's own reader sees it."""
    answer = server.post("/sdapi/v1/png-info", {"image": base64.b64encode(file).decode()})
    assert isinstance(answer["parameters"], dict)
    return dict(answer["parameters"])


@pytest.mark.parametrize("prompt", [MESSY, HARD, "1girl, Steps: 20, Sampler: x, CFG scale: 3, a"])
def test_the_webui_reads_it_back(server: RunningWebUI, prompt: str) -> None:
    images = generate(server, ON, prompt=prompt, negative_prompt='fog, "no, words"')
    params = parsed(server, images.files[0])
    record = json.loads(params[KEY])
    assert record["prompt"] == prompt
    assert record["negative"] == 'fog, "no, words"'
    assert params["Negative prompt"].startswith(NEGATIVE_4)
    assert params["CFG scale"] == "7.0" and params["Seed"] == "1"


def test_the_prompt_as_made_is_the_prompt_of_the_infotext(server: RunningWebUI) -> None:
    params = parsed(server, generate(server, ON, prompt=MESSY).files[0])
    assert (params["Prompt"], params["Negative prompt"]) == (ORDERED_4, NEGATIVE_4)


def test_only_changed_words_are_stored(server: RunningWebUI) -> None:
    choices = [{"switches": {"negative": False}}]
    record = generate(server, choices, prompt=MESSY, negative_prompt="fog").first.record
    assert record["prompt"] == MESSY
    assert "negative" not in record


def test_a_compiled_image_is_still_ours(server: RunningWebUI) -> None:
    compiled = {"prompt": ORDERED_4, "negative_prompt": NEGATIVE_4}
    record = generate(server, ON, **compiled).first.record
    assert record["profile"] == "animagine-xl-4.0-opt"
    assert "prompt" not in record and "negative" not in record


def test_the_intent_is_stored(server: RunningWebUI) -> None:
    choices: dict[str, Any] = {
        "intent": {"rating": "general", "year": 2023, "aesthetic": "high"},
        "policy": {"steps": "keep"},
    }
    record = generate(server, [{**choices, "profile": "animagine-xl-3.1"}], prompt=MESSY).first.record
    found = {name: record.get(name) for name in ("rating", "year", "aesthetic", "policy", "choice")}
    assert found == {**choices["intent"], "policy": {"steps": "keep"}, "choice": "animagine-xl-3.1"}


def test_the_request_s_infotext_field(server: RunningWebUI) -> None:
    """An API client may send an infotext instead of fields; ours makes the same picture again."""
    images = generate(server, ON, prompt=MESSY)
    # Forge fails on any infotext without styles in the request, and takes no checkpoint from it.
    more = {"styles": [], "override_settings": {"sd_model_checkpoint": OPT}}
    answer = server.post("/sdapi/v1/txt2img", {"infotext": images.raw[0], **more})
    info = json.loads(answer["info"])
    assert info["infotexts"] == images.raw
    assert KEY not in str(info.get("comments") or "")
