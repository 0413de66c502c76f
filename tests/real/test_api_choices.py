"""What an API client can ask for, and what happens to a request that makes no sense."""

from __future__ import annotations

from typing import Any

import pytest

from tests.real.expected import AS_ASKED, MESSY, NEGATIVE_4, ORDERED_4, QUALITY_4
from tests.real.generating import ANYTHING, KEY, ON, OPT, generate, in_names_of
from tests.real.running import RunningWebUI

IDENTITY = r"1girl, firefly \(honkai: star rail\), honkai: star rail"


def test_on_compiles_and_keeps_the_settings(server: RunningWebUI) -> None:
    found = generate(server, ON, prompt=MESSY).first
    assert (found.prompt, found.negative) == (ORDERED_4, NEGATIVE_4)
    assert found.settings == AS_ASKED
    assert found.record == {
        "profile": "animagine-xl-4.0-opt",
        "version": 1,
        "mode": "on",
        "prompt": MESSY,
        "negative": "",
    }


def test_the_panel_s_arguments_in_their_order(server: RunningWebUI) -> None:
    arguments = ["on", "Animagine XL 4.0", "standard", "general", "2007", '["size","steps"]', ""]
    found = generate(server, arguments, prompt=MESSY).first
    assert found.prompt == f"{IDENTITY}, safe, year 2007, smile, outdoors, {QUALITY_4}"
    assert found.settings == "64x64, Euler a, Automatic, 5, 2"
    assert found.record["profile"] == "animagine-xl-4.0"
    assert (found.record["rating"], found.record["year"]) == ("general", 2007)


@pytest.mark.parametrize(
    ("choices", "prompt"),
    [
        ({}, ORDERED_4),
        ({"mode": "auto"}, ORDERED_4),
        ({"mode": "off"}, MESSY),
        (
            {"intent": {"rating": "general", "year": 2023}},
            f"{IDENTITY}, safe, year 2023, smile, outdoors, {QUALITY_4}",
        ),
        ({"preset": "2007 retro"}, f"{IDENTITY}, year 2007, smile, outdoors, {QUALITY_4}"),
        ({"switches": {"quality": False}}, f"{IDENTITY}, smile, outdoors"),
        (
            {"switches": {"order": False, "quality": False}},
            r"smile, outdoors, honkai: star rail, 1girl, firefly \(honkai: star rail\)",
        ),
        (
            {"switches": {"spelling": False, "quality": False}},
            "1girl, firefly (honkai: star rail), honkai: star rail, smile, outdoors",
        ),
        ({"profile": "generic"}, MESSY),
    ],
)
def test_an_object_changes_the_prompt(server: RunningWebUI, choices: dict[str, Any], prompt: str) -> None:
    assert generate(server, [choices], prompt=MESSY).first.prompt == prompt


def test_the_negative_has_its_own_switch(server: RunningWebUI) -> None:
    request = {"prompt": MESSY, "negative_prompt": "fog, lowres"}
    found = generate(server, [{"switches": {"negative": False}}], **request).first
    assert (found.prompt, found.negative) == (ORDERED_4, "fog, lowres")
    whole = generate(server, ON, **request).first
    assert whole.negative == NEGATIVE_4.removeprefix("lowres, ") + ", fog, lowres"
    assert whole.record["negative"] == "fog, lowres"


@pytest.mark.parametrize(
    ("choices", "settings"),
    [
        ({"policy": "fill"}, AS_ASKED),
        ({"policy": "keep", "untouched": ["cfg_scale", "sampler"]}, AS_ASKED),
        ({"untouched": ["cfg_scale", "sampler"]}, "64x64, Euler a, Automatic, 5, 2"),
        (
            {"untouched": ["cfg_scale", "sampler"], "policy": {"cfg_scale": "keep"}},
            "64x64, Euler a, Automatic, 7.0, 2",
        ),
        ({"policy": {"cfg_scale": "force", "steps": "keep"}}, "64x64, Euler, Automatic, 5, 2"),
        ({"untouched": ["cfg_scale"], "switches": {"settings": False}}, AS_ASKED),
        ({"policy": {"steps": "force"}}, "64x64, Euler, Automatic, 7.0, 28"),
        ({"preset": "Card defaults", "switches": {"settings": False}}, AS_ASKED),
        ({"profile": "my-own-model", "policy": {"cfg_scale": "force"}}, "64x64, Euler, Automatic, 6, 2"),
    ],
)
def test_an_object_changes_settings(server: RunningWebUI, choices: dict[str, Any], settings: str) -> None:
    assert generate(server, [choices], prompt=MESSY).first.settings == settings


def test_force_sets_the_card_s_size(server: RunningWebUI) -> None:
    found = generate(server, [{"policy": {"size": "force"}}], steps=1, prompt=MESSY).first
    assert found.settings == "832x1216, Euler, Automatic, 7.0, 1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([{"intent": {"rating": "bogus"}}], "intent.rating: found 'bogus'; allowed: explicit, general, "),
        ([{"intents": {}}], "intents: found an unknown key; allowed: mode, profile, intent, "),
        ([{"profile": "nobody"}], "allowed: auto, "),
        ([{"preset": "nothing"}], "allowed for Animagine XL 4.0 Opt: Card defaults, Portrait"),
        ([{"policy": {"colour": "force"}}], "policy.colour: found an unknown key; allowed: cfg_scale, "),
        (["maybe"], "mode: found 'maybe'; allowed: auto, off, on"),
        ([7], "a mode (auto, on, off)"),
        ([["on"]], "a mode (auto, on, off)"),
        (["on", "Nobody's model"], "allowed: auto, "),
        (["on", "Auto", "standard", "not set", "last year"], "allowed: a number such as 2007, or nothing"),
    ],
)
def test_a_bad_request_is_explained_and_goes_on(
    server: RunningWebUI, arguments: list[Any], message: str
) -> None:
    known = server.log()
    images = generate(server, arguments, prompt=MESSY)
    said = server.log().removeprefix(known)
    assert message in said
    assert said.count("left the prompt and the settings as they were") == 1
    assert images.files == generate(server, None, prompt=MESSY).files
    assert KEY not in images.first.params


def test_a_good_request_after_a_bad_one(server: RunningWebUI) -> None:
    generate(server, [{"intents": {}}], OPT, prompt=MESSY)
    assert generate(server, ON, prompt=MESSY).first.prompt == ORDERED_4


@pytest.mark.parametrize(
    ("choices", "used"),
    [({"mode": "on"}, ("DPM++ 2M", "Karras")), ({"untouched": ["sampler"]}, ("Euler a", "Automatic"))],
)
def test_a_sampler_and_its_schedule_in_one_name(
    server: RunningWebUI, choices: dict[str, Any], used: tuple[str, str]
) -> None:
    found = generate(server, [choices], prompt=MESSY, sampler_name="DPM++ 2M Karras").first
    assert (found.params["Sampler"], found.schedule) == in_names_of(server, *used)
    assert found.prompt == ORDERED_4


def test_a_card_s_sampler_comes_with_its_schedule(server: RunningWebUI) -> None:
    choices = {"profile": "aom2", "untouched": ["sampler"]}
    found = generate(server, [choices], ANYTHING, prompt=MESSY, sampler_name="Euler").first
    assert (found.params["Sampler"], found.schedule) == in_names_of(server, "DPM++ SDE", "Karras")
