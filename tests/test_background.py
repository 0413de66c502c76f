"""Work on a thread of its own: its progress, its end, and what stops it."""

from __future__ import annotations

import logging
from threading import Event

import pytest

from modelwise.webui.background import Progress, Work, WorkError

LIMIT = 10.0


@pytest.fixture
def closing() -> Event:
    return Event()


@pytest.fixture
def work(closing: Event) -> Work:
    return Work("test", closing)


def counting(work: Work, started: Event, to: int = 10**9) -> str:
    """Counts until it is stopped, or to the end."""
    for done in range(1, to + 1):
        ends = work.advance(done, to)
        started.set()
        if ends and done < to:
            return "half"
    return "whole"


def test_before_and_after(work: Work) -> None:
    assert work.progress == Progress("idle")
    work.wait(LIMIT)
    assert work.start(lambda: counting(work, Event(), to=3))
    work.wait(LIMIT)
    assert work.progress == Progress("done", 3, 3, "whole")


def test_never_two_at_once(work: Work) -> None:
    started = Event()
    assert work.start(lambda: counting(work, started))
    assert started.wait(LIMIT)
    assert not work.start(lambda: "another")
    assert work.progress.state == "running"
    work.stop()
    work.wait(LIMIT)
    assert (work.progress.state, work.progress.message) == ("stopped", "half")
    assert work.start(lambda: "again")
    work.wait(LIMIT)
    assert work.progress.message == "again"


def test_ends_when_the_program_lets_go_of_us(work: Work, closing: Event) -> None:
    started = Event()
    work.start(lambda: counting(work, started))
    assert started.wait(LIMIT)
    closing.set()
    work.wait(LIMIT)
    assert work.progress.state == "stopped"
    assert not work.start(lambda: "late")


def test_a_stop_that_comes_too_late(work: Work) -> None:
    def run() -> str:
        work.advance(2, 2)
        work.stop()
        return "whole"

    work.start(run)
    work.wait(LIMIT)
    assert work.progress == Progress("done", 2, 2, "whole")


def test_what_it_fails_with_is_said(work: Work) -> None:
    def run() -> str:
        work.advance(1, 4)
        raise WorkError("no connection")

    work.start(run)
    work.wait(LIMIT)
    assert work.progress == Progress("failed", 1, 4, "no connection")


def test_an_error_of_ours_is_logged_and_said_plainly(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    def run() -> str:
        raise OSError("/secret/folder")

    with caplog.at_level(logging.ERROR, "modelwise"):
        work.start(run)
        work.wait(LIMIT)
    assert work.progress == Progress("failed", 0, None, "something went wrong here; the host's log says what")
    assert "/secret/folder" in caplog.text
