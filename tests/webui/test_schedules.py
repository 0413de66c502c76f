"""A card's sampler and schedule on each imitated program: in a box of its own, or in the sampler's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.hosts import panel
from tests.webui.checkpoints import CheckpointInfo
from tests.webui.imitation import Imitation
from tests.webui.test_paste_back import PASTED, generated_again, restored
from tests.webui.variants import Variant
from tests.webui.with_us import SCRIPT, TITLE, generate, read, request

KARRAS = "AbyssOrangeMix2_sfw.ckpt"
"""Its card: DPM++ SDE, Karras."""


@pytest.fixture
def executing(variant: Variant, tmp_path: Path, gradio: Any) -> Iterator[Imitation]:
    """A program with a model whose card names a schedule."""
    models = [CheckpointInfo(f"/models/{KARRAS}", is_sdxl=False)]
    program = Imitation(variant, models, data_path=tmp_path, seed=7, gradio=gradio)
    with program.installed():
        program.execute(SCRIPT)
        yield program
    assert program.errors == [], "an error has escaped from a hook"


@pytest.fixture
def started(executing: Imitation) -> Imitation:
    executing.build()
    return executing


def sampling(found: dict[str, Any]) -> tuple[str, str | None]:
    return found["Sampler"], found.get("Schedule type")


def of_the_card(program: Imitation) -> tuple[str, str | None]:
    return ("DPM++ SDE", "Karras") if program.variant.samplers.schedulers else ("DPM++ SDE Karras", None)


def test_the_page_and_the_api_get_the_cards(started: Imitation) -> None:
    assert [sampling(found) for found in read(generate(started))] == [of_the_card(started)]
    asked = request(started, {"untouched": ["sampler"]}, sampler_name="Euler")
    assert [sampling(found) for found in read(asked)] == [of_the_card(started)]
    (kept,) = read(request(started, {"mode": "on"}, sampler_name="Euler"))
    assert kept["Sampler"] == "Euler"


def test_its_infotext_pasted_makes_the_same_again(started: Imitation) -> None:
    (found,) = read(generate(started))
    arguments = restored(started, found, panel(touched=PASTED))
    again = generated_again(started, arguments, found)
    assert sampling(again) == sampling(found) == of_the_card(started)
    assert (again["Prompt"], again[TITLE]) == (found["Prompt"], found[TITLE])


def test_a_job_without_us_after_one_with_us_has_its_own(started: Imitation) -> None:
    generate(started)
    (found,) = read(generate(started, *panel("off")))
    assert found["Sampler"] == "DPM++ 2M"
