"""Fetching the full list from the page: in use at once, stopped, gone on with, broken off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from modelwise import fetching
from modelwise.compile import Request
from modelwise.webui.engine import Engine
from modelwise.webui.tag_list_fetch import LIST as FILE
from modelwise.webui.tag_list_fetch import TagListFetch
from tests.support.hosts import FakeHost
from tests.support.tag_server import LIST, Server, whole

LIMIT = 30.0
OPT = "animagine-xl-4.0-opt"


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.stop()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(FakeHost(tmp_path))


@pytest.fixture
def fetch(server: Server, engine: Engine) -> TagListFetch:
    return TagListFetch(engine, server.address)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def ended(fetch: TagListFetch) -> str:
    """How it has ended."""
    until(lambda: fetch.progress.state != "running")
    return fetch.progress.state


def test_the_list_counts_at_once(fetch: TagListFetch, engine: Engine, tmp_path: Path) -> None:
    prompt = Request("smile, tag_number_1, 1girl")  # a character in the list
    before = engine.compiler(OPT).compile(prompt).prompt
    assert fetch.start() and not fetch.start()
    ended(fetch)
    assert (fetch.progress.state, fetch.progress.message) == ("done", "20,000 tags, 0.7 MB")
    assert (fetch.progress.done, fetch.progress.total, fetch.kept) == (len(LIST), len(LIST), 0)
    assert (tmp_path / "tags" / FILE).read_bytes() == LIST
    after = engine.compiler(OPT).compile(prompt).prompt
    assert before.startswith("1girl, smile, tag_number_1") and after.startswith("1girl, tag number 1, smile")


def test_stopped_and_gone_on_with(fetch: TagListFetch, server: Server, tmp_path: Path) -> None:
    server.answer = whole(pause=0.05)
    fetch.start()
    until(lambda: fetch.progress.done > 0)
    fetch.stop()
    assert ended(fetch) == "stopped"
    assert "fetch again to go on" in fetch.progress.message
    kept = fetch.kept
    assert 0 < kept < len(LIST) and not (tmp_path / "tags" / FILE).exists()
    server.answer = whole()
    fetch.start()
    assert ended(fetch) == "done"
    assert server.asked[-1]["range"] == f"bytes={kept}-"


def test_a_network_that_dies(fetch: TagListFetch, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TRIES", 1)
    server.answer = whole(cut=60_000)
    fetch.start()
    assert ended(fetch) == "failed"
    assert (
        "broke off after" in fetch.progress.message
        and "MB have arrived and are kept" in fetch.progress.message
    )
    assert fetch.kept > 0


def test_nobody_answers(engine: Engine, server: Server) -> None:
    server.stop()
    fetch = TagListFetch(engine, server.address)
    fetch.start()
    assert ended(fetch) == "failed" and "no connection" in fetch.progress.message


def test_a_folder_that_can_not_be_written(fetch: TagListFetch, tmp_path: Path) -> None:
    (tmp_path / "tags").write_text("a file is in the way", encoding="utf-8")
    fetch.start()
    assert ended(fetch) == "failed" and "not saved, the old list stays" in fetch.progress.message
    assert str(tmp_path) not in fetch.progress.message


def test_it_ends_with_the_engine(fetch: TagListFetch, engine: Engine, server: Server) -> None:
    server.answer = whole(pause=0.05)
    fetch.start()
    until(lambda: fetch.progress.done > 0)
    engine.close()
    assert ended(fetch) == "stopped"
    assert not fetch.start()
