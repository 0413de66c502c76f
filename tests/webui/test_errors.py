"""An error of ours within a job: image and infotext are as without us, and one line under it says so."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from typing import Any

import pytest

from modelwise.webui.generation import Generation
from modelwise.webui.prompts import PromptCompiler
from tests.support.hosts import panel
from tests.webui.asking import SECOND_PASS, looping
from tests.webui.imitation import Imitation
from tests.webui.options import CLIP_SKIP
from tests.webui.with_us import SCRIPT, TITLE, UNTOUCHED, generate, request

SAID = "Modelwise left your prompt and settings as they were: "
CLIP_SKIPPED = {"clip_skip": 2}
WAYS: tuple[dict[str, Any], ...] = (
    {},
    {"n_iter": 2, "batch_size": 2},
    SECOND_PASS,
    {"tab": "img2img", "init_images": ["a picture"]},
    {"styles": ["night"]},
)


class Broken(Exception):
    """What is raised where a test wants it."""


def breaking(method: Callable[..., Any], call: int = 1) -> Callable[..., Any]:
    """A method that fails at one of its calls."""
    left = [call]

    def replaced(*arguments: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise Broken("made to fail")
        return method(*arguments, **more)

    return replaced


@pytest.fixture(autouse=True)
def silent(caplog: pytest.LogCaptureFixture) -> None:
    """Errors that are wanted need no place in the report."""
    caplog.set_level(logging.CRITICAL)


def all_filled() -> list[Any]:
    return [{"untouched": UNTOUCHED}]


@pytest.mark.parametrize("ways", WAYS, ids=lambda ways: " ".join(ways) or "plain")
@pytest.mark.parametrize("stage", ["set_settings", "set_prompts", "look", "record_image"])
def test_an_error_at_any_stage(
    started: Imitation, monkeypatch: pytest.MonkeyPatch, stage: str, ways: dict[str, Any]
) -> None:
    plain = generate(started, *panel("off"), **ways)
    monkeypatch.setattr(Generation, stage, breaking(getattr(Generation, stage)))
    broken = generate(started, **ways)
    said = [line for line in broken.comments.splitlines() if line.startswith(SAID)]
    assert said == [f"{SAID}made to fail"]
    if stage in {"set_settings", "set_prompts"}:
        assert broken.infotexts == plain.infotexts
        assert broken.parameters_file == plain.parameters_file
        assert broken.images == plain.images


@pytest.mark.parametrize(
    ("method", "call"),
    [
        *[("checkpoint", 1), ("checkpoint", 2), ("values", 1), ("fields_of_others", 1), ("lines", 1)],
        *[("set_values", 1), ("texts", 1), ("set_texts", 1), ("set_infotext", 1), ("final_size", 1)],
        *[("raw_prompt", 1), ("hires_checkpoint", 1)],
    ],
)
def test_an_error_of_the_program_itself(
    started: Imitation, monkeypatch: pytest.MonkeyPatch, method: str, call: int
) -> None:
    """The program may not be as we know it."""
    plain = generate(started, *panel("off"), **SECOND_PASS)
    job = importlib.import_module("modelwise.webui.adapter").WebUIJob
    monkeypatch.setattr(job, method, breaking(getattr(job, method), call))
    broken = generate(started, **SECOND_PASS)
    assert broken.infotexts == plain.infotexts
    assert broken.comments.count(SAID) == 1


def test_an_error_in_the_middle_of_a_batch(started: Imitation, monkeypatch: pytest.MonkeyPatch) -> None:
    fields: dict[str, Any] = {"prompt": ["smile, 1girl", "hat, 1girl"], "n_iter": 2}
    plain = generate(started, *panel("off"), **fields)
    monkeypatch.setattr(PromptCompiler, "compile", breaking(PromptCompiler.compile, 3))
    assert generate(started, **fields).infotexts == plain.infotexts


def test_after_an_error_all_is_well(started: Imitation, monkeypatch: pytest.MonkeyPatch) -> None:
    good = generate(started)
    with monkeypatch.context() as patch:
        patch.setattr(Generation, "set_prompts", breaking(Generation.set_prompts))
        assert generate(started).infotexts != good.infotexts
    assert generate(started).infotexts == good.infotexts


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"profile": "gone"}, "profile: found 'gone'; allowed: auto, "),
        ({"preset": "gone"}, "preset: found 'gone'; allowed for Animagine XL 4.0 Opt: "),
        ({"mode": "sideways"}, "mode: found 'sideways'; allowed: auto, off, on"),
        ({"moode": "on"}, "moode: found an unknown key; allowed: mode, profile, intent, "),
        ("sideways", "mode: found 'sideways'; allowed: auto, off, on"),
    ],
)
def test_a_wrong_choice_of_an_api_client(started: Imitation, choices: Any, message: str) -> None:
    plain = request(started)
    wrong = request(started, choices)
    assert wrong.infotexts == plain.infotexts
    assert wrong.comments.count(SAID) == 1
    assert message in wrong.comments


def test_clip_skip_is_the_users_again(started: Imitation, monkeypatch: pytest.MonkeyPatch) -> None:
    """By `process` the program has set the option."""
    monkeypatch.setattr(
        "modelwise.webui.generation.decide", lambda *_arguments, **_more: (dict(CLIP_SKIPPED), [])
    )
    assert "Clip skip: 2" in request(started, *all_filled()).infotexts[0]
    monkeypatch.setattr(Generation, "set_prompts", breaking(Generation.set_prompts))
    assert "Clip skip" not in request(started, *all_filled()).infotexts[0]
    assert started.options.data[CLIP_SKIP] == 1
    assert "Clip skip" not in request(started).infotexts[0]


@pytest.mark.parametrize("round_", [1, 2, 3])
def test_an_error_in_a_later_round_of_the_same_job(
    executing: Imitation, monkeypatch: pytest.MonkeyPatch, round_: int
) -> None:
    """What an earlier round has set is ours too, and goes with the rest."""
    executing.add_extension(looping(3))
    executing.execute(SCRIPT)
    executing.build()
    rounds: dict[str, list[Any]] = {"Again and again": []}
    monkeypatch.setattr(
        "modelwise.webui.generation.decide",
        lambda *_arguments, **_more: ({**CLIP_SKIPPED, "width": 832, "height": 1216}, []),
    )
    plain = generate(executing, *panel("off"), scripts=rounds)
    monkeypatch.setattr(Generation, "set_prompts", breaking(Generation.set_prompts, round_))
    broken = generate(executing, scripts=rounds)
    assert broken.infotexts[round_ - 1] == plain.infotexts[round_ - 1]
    assert TITLE in broken.infotexts[round_ % 3]
