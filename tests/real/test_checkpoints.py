"""The profile follows the checkpoint of the request."""

from __future__ import annotations

import pytest

from tests.real import expected
from tests.real.generating import ANYTHING, KEY, OLDER, ON, OPT, UNKNOWN, generate
from tests.real.running import RunningWebUI

KNOWN = [
    (OPT, "animagine-xl-4.0-opt", expected.ORDERED_4, expected.NEGATIVE_4),
    (OLDER, "animagine-xl-3.1", expected.ORDERED_3, expected.NEGATIVE_3),
    (ANYTHING, "anything-v3.1", expected.ORDERED_ANYTHING, expected.NEGATIVE_ANYTHING),
]
MODELS = [(OPT, "Euler a"), (OLDER, "Euler a"), (ANYTHING, "Euler")]


@pytest.mark.parametrize(("checkpoint", "profile", "prompt", "negative"), KNOWN)
def test_each_checkpoint_has_its_profile(
    server: RunningWebUI, checkpoint: str, profile: str, prompt: str, negative: str
) -> None:
    found = generate(server, ON, checkpoint, prompt=expected.MESSY).first
    assert found.record["profile"] == profile
    assert (found.prompt, found.negative) == (prompt, negative)
    assert found.params["Model"] == checkpoint.removesuffix(".safetensors")


@pytest.mark.parametrize("name", ["animagine-xl-3.1", "animagine-xl-3.1.safetensors"])
def test_a_checkpoint_by_any_of_its_names(server: RunningWebUI, name: str) -> None:
    assert generate(server, ON, name, prompt=expected.MESSY).first.prompt == expected.ORDERED_3


def test_settings_follow_the_checkpoint_of_the_request(server: RunningWebUI) -> None:
    choices = [{"policy": {"cfg_scale": "force", "sampler": "force"}}]
    for checkpoint, scale, sampler in [
        (OPT, "5", "Euler a"),
        (OLDER, "7", "Euler a"),
        (ANYTHING, "7.0", "Euler"),
    ]:
        found = generate(server, choices, checkpoint, prompt=expected.MESSY).first
        assert found.settings == f"64x64, {sampler}, Automatic, {scale}, 2", checkpoint


def test_an_unknown_checkpoint_leaves_the_prompt(server: RunningWebUI) -> None:
    ours, theirs = (generate(server, arguments, UNKNOWN, prompt=expected.MESSY) for arguments in (ON, None))
    assert ours.first.prompt == expected.MESSY
    assert ours.first.negative == ""
    assert ours.pixels == theirs.pixels


def test_an_unknown_checkpoint_gets_only_a_size(server: RunningWebUI) -> None:
    untouched = ["size", "cfg_scale", "steps", "sampler"]
    found = generate(server, [{"untouched": untouched}], UNKNOWN, steps=1, prompt=expected.MESSY).first
    assert found.settings == "1024x1024, Euler, Automatic, 7.0, 1"
    assert found.prompt == expected.MESSY


def test_a_chosen_profile_beats_the_detected_one(server: RunningWebUI) -> None:
    found = generate(server, [{"profile": "animagine-xl-3.1"}], UNKNOWN, prompt=expected.MESSY).first
    assert (found.prompt, found.negative) == (expected.ORDERED_3, expected.NEGATIVE_3)
    assert found.record["choice"] == "animagine-xl-3.1"


def test_a_name_that_the_webui_does_not_know(server: RunningWebUI) -> None:
    """The WebUI drops such an override and uses the chosen checkpoint; so do we."""
    found = generate(server, ON, "no-such-model", prompt=expected.MESSY).first
    chosen = server.get("/sdapi/v1/options")["sd_model_checkpoint"]
    assert chosen.startswith(found.params["Model"])
    assert found.record["profile"] == "animagine-xl-3.1"


def test_off_and_on_in_turn(server: RunningWebUI) -> None:
    for arguments, has_key in ((ON, True), (None, False), (ON, True), (["off"], False)):
        assert (KEY in generate(server, arguments, prompt=expected.MESSY).first.params) is has_key
