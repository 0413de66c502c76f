"""What is left of a job after an error of ours, and what is said of other extensions' changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelwise.webui.choices import read_choices
from modelwise.webui.engine import Engine
from modelwise.webui.generation import Generation
from modelwise.webui.host import Texts
from tests.support.hosts import ANIMAGINE_3, FakeHost, FakeJob, guarded, panel

STAGES = {
    "checkpoint": 2,
    "hires_checkpoint": 1,
    "fields_of_others": 1,
    "values": 2,
    "set_values": 1,
    "lines": 1,
    "final_size": 1,
    "texts": 2,
    "set_texts": 1,
    "image_index": 1,
    "comment": 1,
}
"""Each method of a job that our hooks call, and how often at the least."""

EVERY_CALL = [(method, call) for method, calls in STAGES.items() for call in range(1, calls + 1)]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(FakeHost(tmp_path))


def full_job() -> FakeJob:
    """A job in which every hook has something to do."""
    job = FakeJob(["smile, 1girl", "hat, 1boy"], ["blurry", "ugly"])
    job.has_hires, job.second = True, ANIMAGINE_3
    job.now.hires, job.now.hires_negatives = ["hat, 1girl", "hat, 1boy"], ["", "ugly"]
    return job


@pytest.mark.parametrize(("method", "call"), EVERY_CALL)
def test_error_at_any_stage_puts_everything_back(engine: Engine, method: str, call: int) -> None:
    job = full_job()
    before = job.state()
    job.fail(method, call)
    assert guarded(engine, job, *panel()), f"{method} was not called {call} times"
    assert job.state() == before


def test_error_while_writing_the_infotext_puts_everything_back(engine: Engine) -> None:
    """The first call clears what an earlier run has left."""
    job = full_job()
    before = job.state()
    job.fail("set_infotext", 2)
    assert guarded(engine, job, *panel())
    assert job.state() == before


def test_no_error_puts_nothing_back(engine: Engine) -> None:
    job = full_job()
    before = job.state()
    assert not guarded(engine, job, *panel())
    assert job.state() != before


def test_nothing_happens_after_an_error(engine: Engine) -> None:
    job = full_job()
    before = job.state()
    generation = Generation(engine, job, read_choices(panel()))
    generation.set_settings()
    generation.restore()
    assert not generation.active
    assert job.state() == before


def lengths(texts: Texts) -> list[int]:
    return [len(listed) for listed in (texts.prompts, texts.negatives, texts.hires, texts.hires_negatives)]


@pytest.mark.parametrize("hires", [False, True])
def test_negative_list_of_another_length_does_no_harm(engine: Engine, hires: bool) -> None:
    job = full_job()
    if hires:
        job.now.hires_negatives = ["ugly"]
    else:
        job.now.negatives = ["blurry"]
    before = job.state()
    generation = Generation(engine, job, read_choices(panel()))
    generation.set_settings()
    try:
        generation.set_prompts()
    except ValueError:
        generation.restore()
        assert job.state() == before
    else:
        assert lengths(job.now) == lengths(before[2]), "a prompt was lost"


def test_restoring_twice_is_restoring_once(engine: Engine) -> None:
    job = full_job()
    before = job.state()
    generation = Generation(engine, job, read_choices(panel()))
    generation.set_settings()
    generation.set_prompts()
    generation.restore()
    generation.restore()
    assert job.state() == before


def warned(engine: Engine, change: Callable[[FakeJob], None], prompt: str = "smile, 1girl") -> int:
    """How many comments a change by another extension brings, looked at twice."""
    job = FakeJob(prompt)
    generation = Generation(engine, job, read_choices(panel()))
    generation.set_settings()
    generation.set_prompts()
    change(job)
    texts, values = job.texts(), job.values()
    generation.look()
    generation.look()
    assert (job.texts(), job.values()) == (texts, values), "looking changes nothing"
    return sum("another extension" in comment for comment in job.comments)


def replaced(before: str, after: str) -> Callable[[FakeJob], None]:
    def change(job: FakeJob) -> None:
        assert before in job.now.prompts[0]
        job.now.prompts[0] = job.now.prompts[0].replace(before, after)

    return change


@pytest.mark.parametrize(
    ("prompt", "before", "after"),
    [
        ("smile, 1girl", "smile", "frown"),
        ("smile, 1girl", ", smile", ""),
        ("smile, 1girl", "smile", "(smile:1.2)"),
        ("smile, 1girl", "smile", "smile, extra"),
        ("hat, sky BREAK sea", "sky BREAK sea", "sky, sea"),
        ("hat, sky BREAK sea", "hat, sky BREAK sea", "hat BREAK sky, sea"),
        ("hat AND sky :0.5", ":0.5", ":0.9"),
    ],
)
def test_another_extensions_change_of_the_prompt_is_told_once(
    engine: Engine, prompt: str, before: str, after: str
) -> None:
    assert warned(engine, replaced(before, after), prompt) == 1


@pytest.mark.parametrize(
    ("prompt", "before", "after"),
    [
        ("smile, 1girl", "smile", "smile"),
        ("smile # a note\n, 1girl", " # a note\n", ""),
        ("smile, 1girl", ", ", ",  "),
    ],
    ids=["nothing", "comment", "white space"],
)
def test_what_the_host_does_itself_is_not_told(engine: Engine, prompt: str, before: str, after: str) -> None:
    assert warned(engine, replaced(before, after), prompt) == 0


@pytest.mark.parametrize(("name", "value"), [("width", 1024), ("height", 64), ("sampler", "DDIM")])
def test_another_extensions_change_of_a_setting_is_told_once(
    engine: Engine, name: str, value: object
) -> None:
    def change(job: FakeJob) -> None:
        job.settings[name] = value

    assert warned(engine, change) == 1


def test_another_extensions_change_of_the_negative_is_told(engine: Engine) -> None:
    def change(job: FakeJob) -> None:
        job.now.negatives[0] = "something else"

    assert warned(engine, change) == 1


def test_another_number_of_prompts_is_told(engine: Engine) -> None:
    def change(job: FakeJob) -> None:
        job.now.prompts.append("smile")
        job.now.negatives.append("")

    assert warned(engine, change) == 1
