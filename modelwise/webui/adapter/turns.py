"""The WebUI does one thing after the other with its models: what it does now, and the lock before it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from modules import shared


def queue_lock() -> Any:
    """What the host holds while it generates, and while it loads a checkpoint; None where it has none."""
    return getattr(sys.modules.get("modules.call_queue"), "queue_lock", None)


def task() -> object:
    """What it was asked for and does now, by the time when it began: jobs inside it have the same."""
    return getattr(shared.state, "time_start", None)


@contextmanager
def turn() -> Iterator[bool]:
    """Whether it is ours for this block. Nobody waits for it here: a generation can take minutes."""
    lock = queue_lock()
    is_ours = lock is None or lock.acquire(blocking=False)
    try:
        yield is_ours
    finally:
        if lock is not None and is_ours:
            lock.release()
