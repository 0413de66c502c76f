"""The infotext tells the truth: what it says, given by hand with us off, makes the same pixels."""

from __future__ import annotations

from typing import Any

import pytest

from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4
from tests.real.generating import ANYTHING, OLDER, ON, OPT, UNKNOWN, generate
from tests.real.running import RunningWebUI


@pytest.mark.parametrize("checkpoint", [OPT, OLDER, ANYTHING, UNKNOWN])
@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"untouched": ["cfg_scale", "sampler"]},
        {"intent": {"rating": "sensitive", "year": 2015}, "policy": {"cfg_scale": "force"}},
    ],
)
def test_by_hand_it_is_the_same_picture(
    server: RunningWebUI, checkpoint: str, choices: dict[str, Any]
) -> None:
    made = generate(server, [choices], checkpoint, prompt=MESSY, negative_prompt="fog")
    said = made.first
    by_hand = generate(
        server,
        ["off"],
        checkpoint,
        prompt=said.prompt,
        negative_prompt=said.negative,
        cfg_scale=float(said.params["CFG scale"]),
        sampler_name=said.params["Sampler"],
        scheduler=said.schedule,
        steps=int(said.params["Steps"]),
    )
    assert made.pixels == by_hand.pixels


def test_a_compiled_prompt_stays_as_it_is(server: RunningWebUI) -> None:
    compiled = {"prompt": ORDERED_4, "negative_prompt": NEGATIVE_4}
    on, off = (generate(server, arguments, **compiled) for arguments in (ON, ["off"]))
    assert on.pixels == off.pixels
    assert (on.first.prompt, on.first.negative) == (ORDERED_4, NEGATIVE_4)


def test_another_prompt_is_another_picture(server: RunningWebUI) -> None:
    """The comparisons above would mean nothing if these tiny models ignored their prompts."""
    on, off = (generate(server, arguments, prompt=MESSY) for arguments in (ON, ["off"]))
    assert on.pixels != off.pixels


def test_the_same_request_twice(server: RunningWebUI) -> None:
    first, second = (generate(server, ON, prompt=MESSY) for _ in range(2))
    assert first.files == second.files
