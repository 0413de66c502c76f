"""Scores of generated images: written to each image's infotext where the user wants them, and never in the way."""

from __future__ import annotations

import copy
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import pytest

from modelwise.scores.known import KNOWN, KnownScorer
from modelwise.scores.problems import ScorerError
from modelwise.webui.image_scores import KEY
from modelwise.webui.settings_page import SCORES_OPTION
from tests.support.hosts import panel
from tests.support.scorers import write_shadow, write_waifu
from tests.webui.generating import Processed, process_images
from tests.webui.imitation import Imitation
from tests.webui.options import CHECKPOINT
from tests.webui.processing import Txt2Img
from tests.webui.runner import AlwaysVisible, Script
from tests.webui.with_us import OLDER, UNKNOWN, generate, read, request

SHADOW, WAIFU = KNOWN


class Judge:
    """Gives the scores of a list, one image after the other. `made`: all that there were, open or closed."""

    scores: Sequence[float | str | Exception] = ()
    made: list[Judge] = []

    def __init__(self, models: Any, say: Any) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.closed = False
        self._left = {known.id: iter(type(self).scores) for known in KNOWN}
        type(self).made.append(self)
        assert models.name == "scores" and models.parent.name == "modelwise"
        self._say = say

    def outcomes(self, known: KnownScorer, sources: Sequence[Any]) -> list[float | str]:
        self.asked += [(known.id, source.size) for source in sources]
        found = next(self._left[known.id])
        if isinstance(found, Exception):
            raise found
        return [found]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def judged(started: Imitation, monkeypatch: pytest.MonkeyPatch) -> Imitation:
    """A program that scores with one scorer."""
    module = ModuleType("modelwise.scores.judge")
    monkeypatch.setattr(Judge, "made", [])
    monkeypatch.setattr(Judge, "scores", (0.8, 0.71, 0.2, 0.5))
    vars(module)["Judge"] = Judge
    monkeypatch.setitem(sys.modules, "modelwise.scores.judge", module)
    write_shadow(started.data_path / "modelwise" / "scores")
    started.options.data[SCORES_OPTION] = True
    started.options.set(CHECKPOINT, OLDER)
    return started


def scores(found: Any) -> list[str | None]:
    return [each.get(KEY) for each in read(found)]


def test_it_is_off_at_first(judged: Imitation) -> None:
    del judged.options.data[SCORES_OPTION]
    assert scores(generate(judged)) == [None]
    assert Judge.made == []


def test_each_image_has_its_own(judged: Imitation) -> None:
    found = generate(judged, n_iter=2, batch_size=2, do_not_save_grid=True)
    assert scores(found) == [
        "aesthetic-shadow-v2 0.8000 very aesthetic",
        "aesthetic-shadow-v2 0.7100 very aesthetic",
        "aesthetic-shadow-v2 0.2000 very displeasing",
        "aesthetic-shadow-v2 0.5000 aesthetic",
    ]
    (judge,) = Judge.made
    assert judge.closed and judge.asked == [(SHADOW.id, (832, 1216))] * 4


def test_a_card_without_a_mapping_has_no_tag(judged: Imitation) -> None:
    judged.options.set(CHECKPOINT, UNKNOWN)
    write_waifu(judged.data_path / "modelwise" / "scores")
    assert scores(generate(judged)) == ["aesthetic-shadow-v2 0.8000, aes-B32-v0 0.8000"]


def test_an_image_is_scored_where_we_are_off_too(judged: Imitation) -> None:
    """Else a plot could not compare both."""
    assert scores(generate(judged, *panel("off"))) == ["aesthetic-shadow-v2 0.8000 very aesthetic"]


def test_requests_without_us_are_left_alone(judged: Imitation) -> None:
    assert scores(request(judged)) == [None]
    assert Judge.made == []
    assert scores(request(judged, "on")) == ["aesthetic-shadow-v2 0.8000 very aesthetic"]


def test_every_job_loads_and_closes(judged: Imitation) -> None:
    generate(judged)
    generate(judged)
    assert [judge.closed for judge in Judge.made] == [True, True]


def test_without_a_scorer_it_is_said_once(judged: Imitation) -> None:
    (judged.data_path / "modelwise" / "scores" / SHADOW.id / "config.json").unlink()
    found = generate(judged, n_iter=3, do_not_save_grid=True)
    assert scores(found) == [None] * 3
    assert found.comments.count("images are not scored: no image scorer is there; fetch one: ") == 1
    assert "1girl, smile" in read(found)[0]["Prompt"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ScorerError("model.safetensors: found NaN"), "not scored: model.safetensors: found NaN"),
        (ZeroDivisionError(), "not scored: ZeroDivisionError"),
        ("found 9 x 9 pixels; allowed: less", "not scored: found 9 x 9 pixels; allowed: less"),
        (ModuleNotFoundError("x", name="torch"), "not scored: scores need torch, which is not installed"),
    ],
)
def test_an_error_is_said_once_and_not_repeated(
    judged: Imitation, monkeypatch: pytest.MonkeyPatch, error: Any, said: str
) -> None:
    monkeypatch.setattr(Judge, "scores", (0.8, error, 0.8))
    found = generate(judged, n_iter=3, do_not_save_grid=True)
    assert scores(found) == ["aesthetic-shadow-v2 0.8000 very aesthetic", None, None]
    assert found.comments.count(said) == 1
    assert len(Judge.made[0].asked) == 2 and Judge.made[0].closed
    monkeypatch.setattr(Judge, "scores", (0.8,))
    assert scores(generate(judged)) == ["aesthetic-shadow-v2 0.8000 very aesthetic"]


@pytest.fixture
def later_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    """As AUTOMATIC1111 since 1.8."""
    monkeypatch.setattr(Script, "postprocess_image_after_composite", lambda *_arguments: None, raising=False)


def test_the_finished_image_is_scored_once(later_hook: None, judged: Imitation) -> None:
    assert len(scores(generate(judged, n_iter=2, do_not_save_grid=True))) == 2
    assert len(Judge.made[0].asked) == 2


class Detailer(Script):
    """Paints each image again: says so to all scripts with a copy of the job, and works in a job of its own."""

    def title(self) -> str:
        return "Detailer"

    def show(self, is_img2img: bool) -> Any:
        return False if is_img2img else AlwaysVisible

    def postprocess_image(self, p: Any, _image: Any, *_arguments: Any) -> None:
        if p.batch_index == 0:
            p.scripts.call("postprocess", copy.copy(p), Processed())
        inner, arguments = p.program.page_job("img2img", prompt="face")
        inner.begin(p.program.runners["img2img"], arguments, is_api=False)
        process_images(inner)


@pytest.fixture
def detailed(judged: Imitation) -> Imitation:
    judged.add_extension(Detailer)
    judged.build()
    return judged


def test_a_job_inside_another_does_not_end_the_scorers(
    detailed: Imitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Judge, "scores", (0.8,) * 8)
    assert None not in scores(generate(detailed, n_iter=2, batch_size=2, do_not_save_grid=True))
    (judge,) = Judge.made
    assert judge.closed and len(judge.asked) == 8
    generate(detailed)
    assert [judge.closed for judge in Judge.made] == [True, True]


def test_nor_does_it_say_an_error_again(detailed: Imitation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Judge, "scores", (ScorerError("found NaN"), 0.8, 0.8, 0.8))
    assert scores(generate(detailed, n_iter=2, do_not_save_grid=True)) == [None, None]
    (judge,) = Judge.made
    assert judge.closed and len(judge.asked) == 1


def test_a_job_that_failed_is_not_waited_for(judged: Imitation, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as failing:
        failing.setattr(Txt2Img, "sample", fail)
        with pytest.raises(MemoryError):
            generate(judged)
    assert scores(generate(judged)) == ["aesthetic-shadow-v2 0.8000 very aesthetic"]
    assert [judge.closed for judge in Judge.made] == [True]
