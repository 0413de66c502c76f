"""When something of ours fails the image comes as the user asked, and the log says so once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.real.expected import MESSY, ORDERED_4
from tests.real.generating import ON, generate
from tests.real.running import RunningWebUI

BROKEN = "smile, breakmodelwise, 1girl"
FAILED = "left the prompt and the settings as they were"


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"batch_size": 2, "n_iter": 2},
        {"enable_hr": True, "hr_scale": 1.5, "hr_upscaler": "Latent", "denoising_strength": 0.5},
    ],
)
def test_an_error_in_our_hook(server: RunningWebUI, more: dict[str, Any]) -> None:
    known = server.log()
    choices = [{"untouched": ["cfg_scale", "sampler", "steps"], "policy": {"size": "keep"}}]
    ours = generate(server, choices, prompt=BROKEN, **more)
    said = server.log().removeprefix(known)
    theirs = generate(server, None, prompt=BROKEN, **more)
    assert said.count(FAILED) == 1
    assert said.count("RuntimeError: made to fail") == 1
    assert ours.files == theirs.files
    assert ours.raw == theirs.raw


def test_after_an_error_all_is_well(server: RunningWebUI) -> None:
    generate(server, ON, prompt=BROKEN)
    assert generate(server, ON, prompt=MESSY).first.prompt == ORDERED_4
