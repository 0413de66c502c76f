"""Generate: our hooks in the WebUI's recorded order, and the outcome of whole jobs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from modelwise.webui import hooks
from modelwise.workbench.generate import Outcome
from modelwise.workbench.handlers import Handlers
from modelwise.workbench.infotext import read
from modelwise.workbench.picture import infotext_of
from tests.support.hosts import panel
from tests.workbench.conftest import HIRES, VALUES

OURS = {
    "before_process": "before_process",
    "process": "process",
    "process_before_every_sampling": "before_every_sampling",
    "postprocess_image": "postprocess_image",
}
"""The WebUI's hooks that we use, and what ours are called."""


def made(handlers: Handlers, *arguments: Any, tab: str = "txt2img", **values: Any) -> Outcome:
    return handlers.generate(tab, {**VALUES, **values}, arguments or panel())


def test_a_messy_prompt_comes_out_as_the_model_was_trained(handlers: Handlers) -> None:
    outcome = made(handlers, prompt="smile, long_hair, 1girl")
    image = outcome.images[0]
    assert image.prompt == "1girl, smile, long hair, masterpiece, high score, great score, absurdres"
    assert image.negative.startswith("lowres, bad anatomy")
    assert (outcome.settings["width"], outcome.settings["height"]) == (832, 1216)
    assert outcome.settings["cfg_scale"] == 5 and outcome.settings["sampler"] == "Euler a"
    assert outcome.profile == "Animagine XL 4.0 Opt"
    assert {entry.where for entry in outcome.report} == {"prompt", "negative", "settings"}


def test_the_picture_has_the_size_and_carries_the_infotext(handlers: Handlers) -> None:
    outcome = made(handlers)
    with Image.open(outcome.images[0].file) as image:
        assert image.size == (832, 1216)
        assert infotext_of(image) == outcome.images[0].infotext
    assert read(outcome.images[0].infotext)["Prompt"] == outcome.images[0].prompt


def test_off_leaves_all_as_it_came(handlers: Handlers) -> None:
    outcome = made(handlers, *panel("off"), prompt="smile, 1girl", negative="x")
    assert (outcome.images[0].prompt, outcome.images[0].negative) == ("smile, 1girl", "x")
    assert outcome.settings["width"] == 512
    assert (outcome.profile, outcome.report, outcome.comments) == (None, (), ())


def test_an_unknown_model_gets_a_size_and_nothing_else(chosen: Callable[[str], Handlers]) -> None:
    outcome = made(chosen("somebodys_merge"), prompt="smile, 1girl", negative="x")
    assert (outcome.images[0].prompt, outcome.images[0].negative) == ("smile, 1girl", "x")
    assert (outcome.settings["width"], outcome.settings["steps"]) == (1024, 20)


def test_each_image_of_a_batch_is_its_own_file(handlers: Handlers) -> None:
    outcome = made(handlers, batch_count=2, batch_size=2)
    assert len({image.file for image in outcome.images}) == 4
    assert [read(image.infotext)["Seed"] for image in outcome.images] == ["7", "8", "9", "10"]
    assert len({image.file for image in (*outcome.images, *made(handlers).images)}) == 5


def test_hires_names_the_final_size_and_compiles_its_own_prompt(handlers: Handlers) -> None:
    outcome = made(handlers, **{**HIRES, "hires_prompt": "close-up, 1girl"})
    assert outcome.size == (1664, 2432)
    assert "1664x2432" in outcome.comments[0]
    hires = outcome.images[0].hires
    assert hires and hires.startswith("1girl, close-up, masterpiece")


def test_the_second_pass_is_compiled_for_its_own_checkpoint(handlers: Handlers) -> None:
    other = next(name for name in handlers.host.checkpoint_names() if name.startswith("animagine-xl-3.1"))
    outcome = made(handlers, **{**HIRES, "hires_checkpoint": other})
    assert outcome.images[0].prompt.endswith("absurdres")
    hires = outcome.images[0].hires
    assert hires and hires.startswith("masterpiece")


def test_img2img_keeps_its_size(handlers: Handlers) -> None:
    outcome = made(handlers, tab="img2img", denoising=0.5)
    assert (outcome.settings["width"], outcome.settings["cfg_scale"]) == (512, 5)
    assert read(outcome.images[0].infotext)["Denoising strength"] == "0.5"


def test_a_wrong_choice_leaves_all_as_it_came_and_says_so(handlers: Handlers) -> None:
    outcome = made(handlers, *panel(year="soon"), prompt="smile, 1girl")
    assert outcome.images[0].prompt == "smile, 1girl"
    assert "year: found 'soon'" in outcome.comments[0]


def test_an_error_of_ours_leaves_all_as_it_came(
    handlers: Handlers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(handlers.engine, "compiler", lambda profile: 1 / 0)
    outcome = made(handlers, prompt="smile, 1girl")
    assert outcome.images[0].prompt == "smile, 1girl"
    assert outcome.settings["width"] == 512
    assert len(outcome.comments) == 1 and outcome.profile is None
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("case", "values"),
    [
        ("basic", {}),
        ("batch 2 x 2", {"batch_count": 2, "batch_size": 2}),
        ("hires, own prompt", HIRES),
    ],
)
def test_hooks_come_in_the_recorded_order(
    case: str,
    values: dict[str, Any],
    handlers: Handlers,
    monkeypatch: pytest.MonkeyPatch,
    shared_file: Callable[[str], Path],
) -> None:
    lines = shared_file("host/hook-recordings.jsonl").read_text(encoding="utf-8").splitlines()
    recorded = [line.get("hook") for line in map(json.loads, lines) if line["case"] == case]
    called: list[str] = []

    def noted(name: str, hook: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            called.append(name)
            return hook(*arguments)

        return call

    for theirs, ours in OURS.items():
        monkeypatch.setattr(hooks, ours, noted(theirs, getattr(hooks, ours)))
    made(handlers, **values)
    assert called == [hook for hook in recorded if hook in OURS]
