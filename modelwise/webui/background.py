"""A piece of work on a thread of its own: started once at a time, asked how far it is, stopped.

It ends by itself when the program lets go of us; what it fails with is kept as words for the user.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Literal

import msgspec

State = Literal["idle", "running", "done", "stopped", "failed"]

log = logging.getLogger("modelwise")


class Progress(msgspec.Struct, frozen=True):
    """How far it is. `total`: None where nobody knows; `message`: what came of it, or why nothing did."""

    state: State = "idle"
    done: int = 0
    total: int | None = None
    message: str = ""


class WorkError(Exception):
    """Why the work could not be done, in words for the user."""


class Work:
    """One kind of work. `name`: of its thread; `closing`: set when the program lets go of us."""

    def __init__(self, name: str, closing: Event) -> None:
        self._name = name
        self._closing = closing
        self._lock = Lock()
        self._asked_to_stop = Event()
        self._thread: Thread | None = None
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._progress

    def start(self, run: Callable[[], str]) -> bool:
        """Begin; False where it runs already. `run`: does it, and gives what is said of it at the end."""
        with self._lock:
            if self._progress.state == "running" or self._closing.is_set():
                return False
            self._asked_to_stop.clear()
            self._progress = Progress("running")
            self._thread = Thread(target=self._run, args=(run,), name=self._name, daemon=True)
            self._thread.start()
            return True

    def wait(self, seconds: float) -> None:
        """Wait for the end, but not for long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def stop(self) -> None:
        """Ask it to end."""
        self._asked_to_stop.set()

    def advance(self, done: int, total: int | None, /) -> bool:
        """Called by the work itself: so much is done. True: it has to end."""
        self._progress = Progress("running", done, total)
        return self._asked_to_stop.is_set() or self._closing.is_set()

    def _run(self, run: Callable[[], str]) -> None:
        try:
            message, state = run(), self._ended("done")
        except WorkError as error:
            message, state = str(error), self._ended("failed")
        except Exception:
            log.exception("%s: failed", self._name)
            message, state = "something went wrong here; the host's log says what", "failed"
        self._progress = Progress(state, self._progress.done, self._progress.total, message)

    def _ended(self, state: State) -> State:
        """Who was asked to stop has stopped, unless all was done by then."""
        stopped = self._asked_to_stop.is_set() or self._closing.is_set()
        whole = state == "done" and self._progress.done == self._progress.total
        return "stopped" if stopped and not whole else state
