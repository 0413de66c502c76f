"""Scores of images that somebody gives: one at a time, beside no generation, and out of the memory afterwards."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event, Thread
from types import ModuleType
from typing import Any

import pytest

from modelwise.scores.known import KNOWN, KnownScorer
from modelwise.scores.problems import ScorerError
from modelwise.scores.verdicts import scales
from modelwise.webui import given_images, hooks
from modelwise.webui.engine import Engine
from modelwise.webui.given_images import GivenImages, NotNowError, missing_packages
from tests.support import checking
from tests.support.hosts import FakeHost, FakeJob
from tests.support.scorers import write_shadow

np = pytest.importorskip("numpy", reason="needs numpy, which every WebUI brings")
Image = pytest.importorskip("PIL.Image", reason="needs Pillow, which every WebUI brings")

LIMIT = 10.0
SHADOW, WAIFU = KNOWN
CARDS = scales(checking.bundled().values())


class Judge:
    """Gives 0.8. `made`: all that there were; `wait`: what each score waits for; `says`: in passing."""

    made: list[Judge] = []
    wait: Callable[[], object] = staticmethod(lambda: None)
    outcome: Any = 0.8
    says = ""

    def __init__(self, models: Path, say: Callable[[str], None]) -> None:
        self.models, self.closed, self.sizes = models, False, []
        self._say = say
        type(self).made.append(self)

    sizes: list[tuple[int, int]]

    def outcomes(self, _known: KnownScorer, sources: Sequence[Any]) -> list[Any]:
        type(self).wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        if self.says:
            self._say(self.says)
        self.sizes += [source.size for source in sources]
        return [self.outcome]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> type[Judge]:
    """A judge in the place of the one that needs torch."""
    module = ModuleType("modelwise.scores.judge")
    vars(module)["Judge"] = Judge
    monkeypatch.setitem(sys.modules, "modelwise.scores.judge", module)
    monkeypatch.setattr(given_images, "PACKAGES", {"numpy": "numpy", "PIL": "Pillow"})
    for name, value in {"made": [], "wait": staticmethod(lambda: None), "outcome": 0.8, "says": ""}.items():
        monkeypatch.setattr(Judge, name, value)
    return Judge


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    write_shadow(tmp_path / "scores")
    found = Engine(FakeHost(tmp_path))
    yield found
    found.close()


@pytest.fixture
def given(engine: Engine, judge: type[Judge]) -> GivenImages:
    return engine.given_images


def png(wide: int = 6, high: int = 4) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (wide, high), (9, 99, 200)).save(made, "png")
    made.seek(0)
    return made


def bomb() -> io.BytesIO:
    """A PNG of 20,000 by 20,000 pixels in its header alone."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b""))


def saved(kind: str, mode: str = "RGB", **more: Any) -> io.BytesIO:
    made = io.BytesIO()
    Image.new(mode, (6, 4)).save(made, kind, **more)
    made.seek(0)
    return made


def test_scores_and_what_the_cards_would_say(given: GivenImages, judge: type[Judge], tmp_path: Path) -> None:
    found, notice = given.score("one.png", png(), CARDS)
    assert (found.file, found.scores, found.error, notice) == ("one.png", {SHADOW.id: 0.8}, "", "")
    assert found.tags["animagine-xl-3.1"] == {"aesthetic": "very aesthetic"}
    (made,) = judge.made
    assert (made.models, made.sizes) == (tmp_path / "scores", [(6, 4)])
    given.score("two.png", png(), CARDS)
    assert len(judge.made) == 1


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (io.BytesIO(b""), "found no image; allowed: PNG, JPEG"),
        (io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "found no image"),
        (io.BytesIO(png(60, 40).getvalue()[:-30]), "can't be read"),
        (bomb(), "pixels; allowed: at most"),
    ],
    ids=["empty", "svg", "truncated", "bomb"],
)
def test_a_bad_image_says_why(given: GivenImages, judge: type[Judge], file: io.BytesIO, said: str) -> None:
    found, _ = given.score("bad", file, CARDS)
    assert said in found.error and found.scores == {} and found.tags == {}
    assert judge.made == []


@pytest.mark.parametrize(
    "file",
    [
        saved("jpeg", "CMYK"),
        saved("gif", "P", save_all=True, append_images=[Image.new("P", (6, 4), 5)]),
        saved("png", "RGBA"),
        saved("tiff"),
    ],
    ids=["cmyk", "animated", "transparent", "tiff"],
)
def test_unusual_images_are_scored(given: GivenImages, file: io.BytesIO) -> None:
    found, _ = given.score("x", file, CARDS)
    assert (found.scores, found.error) == ({SHADOW.id: 0.8}, "")


def test_what_a_scorer_says_in_passing_is_said_once(given: GivenImages, judge: type[Judge]) -> None:
    judge.says = "memory ran out on the graphics card"
    assert given.score("x", png(), CARDS)[1] == "memory ran out on the graphics card"
    judge.says = ""
    assert given.score("x", png(), CARDS)[1] == ""


def test_one_at_a_time(given: GivenImages, judge: type[Judge]) -> None:
    begun, go_on = Event(), Event()

    def wait() -> None:
        begun.set()
        assert go_on.wait(LIMIT)

    judge.wait = staticmethod(wait)
    first = Thread(target=given.score, args=("one", png(), CARDS))
    first.start()
    assert begun.wait(LIMIT)
    with pytest.raises(NotNowError, match="another image is being scored"):
        given.score("two", png(), CARDS)
    given.rest()
    assert given.is_loaded  # what is being used stays
    go_on.set()
    first.join(LIMIT)
    assert given.score("two", png(), CARDS)[0].scores


def test_who_comes_while_scorers_leave_the_memory_waits(
    given: GivenImages, judge: type[Judge], monkeypatch: pytest.MonkeyPatch
) -> None:
    given.score("one", png(), CARDS)
    leaving, go_on = Event(), Event()

    def close(_judge: Judge) -> None:
        leaving.set()
        assert go_on.wait(LIMIT)

    monkeypatch.setattr(judge, "close", close)
    rest = Thread(target=given.rest)
    rest.start()
    assert leaving.wait(LIMIT)
    found = []
    second = Thread(target=lambda: found.append(given.score("two", png(), CARDS)[0].scores))
    second.start()
    second.join(0.1)
    assert second.is_alive()
    go_on.set()
    for thread in (rest, second):
        thread.join(LIMIT)
    assert found == [{SHADOW.id: 0.8}]


def test_never_beside_a_generation(given: GivenImages, engine: Engine, judge: type[Judge]) -> None:
    engine.host.generates = True  # type: ignore[attr-defined]
    with pytest.raises(NotNowError, match="is being generated"):
        given.score("x", png(), CARDS)
    assert judge.made == []
    assert given.score("x", io.BytesIO(b"bad"), CARDS)[0].error  # for that nobody has to wait
    engine.host.generates = False  # type: ignore[attr-defined]
    assert given.score("x", png(), CARDS)[0].scores
    engine.host.generates = True  # type: ignore[attr-defined]
    with pytest.raises(NotNowError, match="is being generated"):
        given.score("x", png(), CARDS)
    assert judge.made[0].closed and not given.is_loaded


def test_out_of_the_memory_before_a_generation(
    given: GivenImages, engine: Engine, judge: type[Judge]
) -> None:
    given.score("x", png(), CARDS)
    hooks.before_process(engine, FakeJob(), ["off"])
    assert judge.made[0].closed and not given.is_loaded


def test_a_scorer_that_does_not_close_stops_no_generation(
    given: GivenImages, engine: Engine, judge: type[Judge], monkeypatch: pytest.MonkeyPatch
) -> None:
    given.score("x", png(), CARDS)

    def fail(_self: Judge) -> None:
        raise OSError("broken")

    monkeypatch.setattr(judge, "close", fail)
    generation = hooks.before_process(engine, FakeJob(), ["on"])
    assert generation is not None and generation.active
    assert not given.is_loaded


def test_out_of_the_memory_after_a_while(
    tmp_path: Path, judge: type[Judge], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_shadow(tmp_path / "scores")
    given = GivenImages(FakeHost(tmp_path), Event(), idle=0.05)
    closed = Event()
    monkeypatch.setattr(judge, "close", lambda _self: closed.set())
    given.score("x", png(), CARDS)
    assert closed.wait(LIMIT)
    given.score("x", png(), CARDS)
    assert len(judge.made) == 2


def test_out_of_the_memory_when_the_program_lets_go(
    given: GivenImages, engine: Engine, judge: type[Judge]
) -> None:
    given.score("x", png(), CARDS)
    engine.close()
    assert judge.made[0].closed and not given.is_loaded
    given.score("x", png(), CARDS)  # somebody asked at the last moment
    assert judge.made[1].closed and not given.is_loaded


def test_a_scorer_that_fails_is_loaded_anew(given: GivenImages, judge: type[Judge]) -> None:
    judge.outcome = ScorerError("model.safetensors: found NaN")
    with pytest.raises(ScorerError, match="found NaN"):
        given.score("x", png(), CARDS)
    assert judge.made[0].closed and not given.is_loaded
    judge.outcome = 0.8
    assert given.score("x", png(), CARDS)[0].scores


def test_what_is_missing_is_said(given: GivenImages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scores" / SHADOW.id / "config.json").unlink()
    with pytest.raises(ScorerError, match="found no image scorer"):
        given.score("x", png(), CARDS)
    monkeypatch.setattr(given_images, "PACKAGES", {"no_such_module": "Nothing", "numpy": "numpy"})
    assert missing_packages() == ("Nothing",)
    monkeypatch.setitem(sys.modules, "no_such_module", ModuleType("no_such_module"))
    assert missing_packages() == ()
    monkeypatch.delitem(sys.modules, "no_such_module")
    with pytest.raises(ScorerError, match="scores need Nothing, which this Python does not have"):
        given.score("x", png(), CARDS)
