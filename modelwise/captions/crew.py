"""Several processes that share one work, and whose answers come in the order of the work.

Each process takes every n-th piece. It ignores Ctrl+C and ends between two pieces once nobody listens, so
whoever asked decides when the work ends.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

Answer = TypeVar("Answer")
Share = Callable[[int, int], Iterator[Answer]]
"""`share(number, count)` answers for pieces `number`, `number + count` and so on. It has to be picklable."""

_PATIENCE = 10.0


class CrewError(ValueError):
    """A process has failed; the message says how."""


def answers(share: Share[Answer], count: int) -> Generator[Answer, None, None]:
    """The answers for all pieces, in order. Raises CrewError."""
    if count < 2:
        yield from share(0, 1)
        return
    with _started(share, count) as crew:
        number, open_ends = 0, len(crew)
        while open_ends:
            process, connection = crew[number % count]
            kind, answer = _received(process, connection)
            if kind == "end":
                # The first that has nothing left ends it: everybody's next piece lies behind its own.
                return
            yield answer
            number += 1


def _received(process: SpawnProcess, connection: Connection) -> tuple[str, Any]:
    try:
        kind, answer = connection.recv()
    except (EOFError, OSError):
        process.join(_PATIENCE)
        raise CrewError(f"a process has ended before its work, with code {process.exitcode}") from None
    if kind == "error":
        raise CrewError(answer)
    return kind, answer


@contextmanager
def _started(share: Share[Any], count: int) -> Iterator[list[tuple[SpawnProcess, Connection]]]:
    context = multiprocessing.get_context("spawn")
    crew: list[tuple[SpawnProcess, Connection]] = []
    # Inherited: Ctrl+C reaches every process of a terminal, and only ours is to act on it.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for number in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(share, number, count, theirs), daemon=True)
            process.start()
            theirs.close()
            crew.append((process, ours))
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        yield crew
    finally:
        for _, connection in crew:
            connection.close()
        for process, _ in crew:
            process.join(_PATIENCE)
            process.terminate()


def _work(share: Share[Any], number: int, count: int, connection: Connection) -> None:
    """What runs in a process."""
    try:
        for answer in share(number, count):
            connection.send(("answer", answer))
            if connection.poll():  # nothing is ever sent to us: the other end is closed
                return
        connection.send(("end", None))
    except (BrokenPipeError, ConnectionResetError, EOFError):
        return
    except Exception as error:  # noqa: BLE001 (the asker has to know, whatever it was)
        connection.send(("error", f"{type(error).__name__}: {error}"))
