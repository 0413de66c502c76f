"""The last lines of our log: bounded, in order, attached once."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from modelwise.webui.log_tail import LINES, LONGEST_LINE, LogTail, log_tail

log = logging.getLogger("modelwise")


@pytest.fixture
def tail() -> Iterator[LogTail]:
    before = list(log.handlers)
    for handler in before:
        log.removeHandler(handler)
    yield log_tail()
    log.handlers[:] = before


def test_attached_once(tail: LogTail) -> None:
    assert log_tail() is tail
    assert [handler for handler in log.handlers if isinstance(handler, LogTail)] == [tail]


def test_the_last_lines_stay(tail: LogTail) -> None:
    for number in range(LINES + 50):
        log.warning("number %d", number)
    lines = tail.lines()
    assert len(lines) == LINES
    assert lines[0].endswith("WARNING number 50") and lines[-1].endswith(f"number {LINES + 49}")


def test_a_traceback_comes_line_by_line_and_a_long_line_is_cut(tail: LogTail) -> None:
    try:
        int("x" * 10_000)
    except ValueError:
        log.exception("y" * 10_000)
    assert any("Traceback" in line for line in tail.lines())
    assert max(map(len, tail.lines())) == LONGEST_LINE


def test_a_message_that_can_not_be_made_stops_nobody(tail: LogTail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    log.warning("%d", "no number")
    log.warning("after")
    assert [line[-5:] for line in tail.lines()] == ["after"]


def test_other_logs_are_not_ours(tail: LogTail) -> None:
    logging.getLogger("another").warning("secret")
    assert tail.lines() == ()


@pytest.mark.parametrize("hosts_own", [False, True])
def test_a_warning_reaches_the_console_once(
    tail: LogTail, monkeypatch: pytest.MonkeyPatch, hosts_own: bool
) -> None:
    """Also where the host has set up no logging at all."""
    said: list[str] = []
    console = logging.StreamHandler()
    monkeypatch.setattr(console, "emit", lambda record: said.append(record.getMessage()))
    console.setLevel(logging.WARNING)
    monkeypatch.setattr(logging, "lastResort", console)
    monkeypatch.setattr(logging.root, "handlers", [console] if hosts_own else [])
    log.info("small talk")
    log.warning("broken.toml is left out")
    assert said == ["broken.toml is left out"]
    assert tail.lines()[-1].endswith("broken.toml is left out")
