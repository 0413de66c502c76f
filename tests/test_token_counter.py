"""What the token counter counts: the panel's own look at a text, else the text as the settings would compile it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.webui.counted_texts import LIMIT, CountedTexts
from modelwise.webui.engine import Engine
from modelwise.webui.page_job import Page, outlook
from modelwise.webui.settings_page import MODE_OPTION, QUALITY_OPTION
from modelwise.webui.token_counter import counted, remember
from tests.support.hosts import ANIMAGINE, ANIMAGINE_3, UNKNOWN, FakeHost, panel

QUALITY = "masterpiece, high score, great score, absurdres"
MADE = f"1girl, smile, {QUALITY}"
LONG = 50_000


class Counter(FakeHost):
    """A program with Animagine XL 4.0 Opt."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(folder, options)
        self.current = ANIMAGINE


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(Counter(tmp_path))


def looked_at(engine: Engine, page: Page, arguments: list[Any]) -> None:
    """The panel has looked at the page."""
    remember(engine, page, outlook(engine, "txt2img", page, arguments))


def test_without_the_panel_the_recognised_model_counts(engine: Engine) -> None:
    assert counted(engine, "smile, 1girl", positive=True) == MADE
    negative = counted(engine, "fog", positive=False)
    assert negative.startswith("lowres, ") and negative.endswith(", fog")


@pytest.mark.parametrize("mode", ["auto", "on"])
def test_the_settings_count(tmp_path: Path, mode: str) -> None:
    host = Counter(tmp_path, **{MODE_OPTION: mode, QUALITY_OPTION: "light"})
    host.current = ANIMAGINE_3
    engine = Engine(host)
    light = counted(engine, "smile, 1girl", positive=True)
    host.options[QUALITY_OPTION] = "standard"
    assert counted(engine, "smile, 1girl", positive=True) != light


def test_off_is_the_boxs_own_text(tmp_path: Path) -> None:
    engine = Engine(Counter(tmp_path, **{MODE_OPTION: "off"}))
    assert counted(engine, "smile, 1girl", positive=True) == "smile, 1girl"
    assert counted(engine, "fog", positive=False) == "fog"


@pytest.mark.parametrize("facts", [UNKNOWN, None])
def test_an_unknown_model_is_the_boxs_own_text(tmp_path: Path, facts: Any) -> None:
    host = Counter(tmp_path)
    host.current = facts
    assert counted(Engine(host), "smile ,  1girl", positive=True) == "smile ,  1girl"


@pytest.mark.parametrize(
    ("arguments", "prompt"),
    [
        (
            panel(profile="Animagine XL 3.1"),
            "masterpiece, best quality, very aesthetic, absurdres, 1girl, smile",
        ),
        (panel(switches=["order"]), "1girl, smile"),
        (panel("off"), "smile, 1girl"),
        (panel(year="soon"), "smile, 1girl"),
        (panel(pasted='{"ours": false}'), "smile, 1girl"),
    ],
    ids=["profile", "switches", "off", "wrong", "foreign paste"],
)
def test_what_the_panel_says_counts(engine: Engine, arguments: list[Any], prompt: str) -> None:
    looked_at(engine, Page(prompt="smile, 1girl", negative="fog"), arguments)
    assert counted(engine, "smile, 1girl", positive=True) == prompt
    assert counted(engine, "1girl, smile", positive=True) == MADE, "another text is another matter"


def test_the_last_look_counts(engine: Engine) -> None:
    for arguments in (panel(switches=["order"]), panel()):
        looked_at(engine, Page(prompt="smile, 1girl"), arguments)
    assert counted(engine, "smile, 1girl", positive=True) == MADE


def test_prompt_and_negative_of_the_same_text_are_two(engine: Engine) -> None:
    looked_at(engine, Page(prompt="smile", negative="smile"), panel())
    assert counted(engine, "smile", positive=True) == f"smile, {QUALITY}"
    assert counted(engine, "smile", positive=False).startswith("lowres, ")


def test_counting_forgets_nothing_of_the_panel(engine: Engine) -> None:
    looked_at(engine, Page(prompt="smile"), panel(switches=["order"]))
    assert counted(engine, "hat", positive=True) == f"hat, {QUALITY}"
    assert counted(engine, "", positive=False) == ""


def test_another_checkpoint_is_another_matter(engine: Engine) -> None:
    looked_at(engine, Page(prompt="smile, 1girl"), panel())
    assert isinstance(engine.host, Counter)
    engine.host.current = UNKNOWN
    assert counted(engine, "smile, 1girl", positive=True) == "smile, 1girl"


def test_memory_is_bounded_and_the_oldest_goes() -> None:
    texts = CountedTexts()
    for number in range(LIMIT):
        texts.remember(None, str(number), "made", positive=True)
    texts.remember(None, "0", "again", positive=True)
    texts.remember(None, "more", "made", positive=True)
    assert texts.find(None, "0", positive=True) == "again"
    assert texts.find(None, "1", positive=True) is None
    found = [texts.find(None, str(number), positive=True) for number in range(2, LIMIT)]
    assert found == ["made"] * (LIMIT - 2)


def test_many_threads_remember_and_find() -> None:
    texts = CountedTexts()

    def work(number: int) -> bool:
        text = str(number % (2 * LIMIT))
        texts.remember(None, text, text.upper(), positive=True)
        return texts.find(None, text, positive=True) in {None, text.upper()}

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(4000)))


def test_an_error_of_ours_leaves_the_boxs_own_text(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("gone")

    monkeypatch.setattr(engine.host, "current_checkpoint", fail)
    with caplog.at_level(logging.ERROR, "modelwise"):
        assert counted(engine, "smile, 1girl", positive=True) == "smile, 1girl"
    assert "token counter" in caplog.text


@given(st.text(max_size=80), st.booleans())
def test_any_text_is_counted(shared_engine: Engine, text: str, positive: bool) -> None:
    assert isinstance(counted(shared_engine, text, positive=positive), str)


@pytest.fixture(scope="module")
def shared_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(Counter(tmp_path_factory.mktemp("counter")))


def numbered(count: int) -> str:
    return ", ".join(f"tag {number}" for number in range(count))[:LONG]


@pytest.mark.parametrize(
    "make",
    [
        lambda: "x" * LONG,
        lambda: "(" * LONG,
        lambda: "[a:" * (LONG // 3),
        lambda: numbered(LONG),
        lambda: "a AND b BREAK\n" * (LONG // 14),
    ],
    ids=["word", "brackets", "schedules", "tags", "branches"],
)
@pytest.mark.parametrize("positive", [True, False])
def test_a_long_text_takes_no_time_to_speak_of(
    shared_engine: Engine, make: Callable[[], str], positive: bool
) -> None:
    counted(shared_engine, "smile", positive=positive)  # the lists are loaded once
    text = make()
    began = time.perf_counter()
    counted(shared_engine, text, positive=positive)
    assert time.perf_counter() - began < 2
