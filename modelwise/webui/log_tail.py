"""The last lines of our log, kept in memory for whoever reports a bug."""

from __future__ import annotations

import logging
from collections import deque

LINES, LONGEST_LINE = 200, 500
_FORMAT = "%(asctime)s %(levelname)s %(message)s"


class LogTail(logging.Handler):
    """A handler that keeps lines and throws the oldest away."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(_FORMAT))
        self._lines: deque[str] = deque(maxlen=LINES)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record, with its traceback."""
        try:
            text = self.format(record)
        except Exception:  # noqa: BLE001 (as every handler: a bad message is said, and stops nobody)
            self.handleError(record)
            return
        self._lines.extend(line[:LONGEST_LINE] for line in text.split("\n"))
        _say_where_nobody_else_does(record)

    def lines(self) -> tuple[str, ...]:
        """The lines, the newest last."""
        self.acquire()  # as `handle` does around `emit`
        try:
            return tuple(self._lines)
        finally:
            self.release()


def _say_where_nobody_else_does(record: logging.LogRecord) -> None:
    """Python itself writes warnings to the console only for a logger without any handler, and ours has one.

    A host may have set up no handler of its own (Forge at its start, and later as its packages have it).
    """
    last = logging.lastResort
    if last is not None and not logging.root.handlers and record.levelno >= last.level:
        last.handle(record)


def log_tail() -> LogTail:
    """The one of the logger "modelwise", made when there is none: it stays over a "Reload UI"."""
    logger = logging.getLogger("modelwise")
    found = next((handler for handler in logger.handlers if isinstance(handler, LogTail)), None)
    if found is None:
        found = LogTail()
        logger.addHandler(found)
    return found
