"""How often the user has taken each suggestion: one small file in the user's own folder.

It holds names and numbers alone, and never grows without end: where it is full, what was used least goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Annotated

import msgspec
from msgspec import Meta

from modelwise.user_files import Content, UserFileError, UserFolder

FILE = "uses.json"
MOST = 2000
"""Names that are kept."""

LONGEST_NAME = 200
_Counts = dict[str, Annotated[int, Meta(ge=1)]]


class Uses:
    """The counts of one folder."""

    def __init__(self, folder: UserFolder) -> None:
        self._folder = folder
        self._lock = Lock()

    def all(self) -> Mapping[str, int]:
        """The counts by name. Raises UserFileError for a file that somebody has spoilt."""
        return _counts(self._folder.read(FILE))

    def add(self, name: str) -> None:
        """Count one use. Raises UserFileError; the file is as it was then."""
        if not 0 < len(name) <= LONGEST_NAME:
            raise UserFileError(f"name: found {len(name)} characters; allowed: 1 to {LONGEST_NAME}")
        with self._lock:
            before = self._folder.read(FILE)
            counts = _counts(before)
            counts[name] = counts.get(name, 0) + 1
            self._write(_within_bounds(counts, name), before)

    def clear(self) -> None:
        """Forget everything, whatever the file holds."""
        with self._lock:
            self._write({}, self._folder.read(FILE))
            self._folder.forget_backup(FILE)

    def _write(self, counts: Mapping[str, int], before: Content) -> None:
        text = msgspec.json.format(msgspec.json.encode(counts), indent=1).decode()
        self._folder.write(FILE, f"{text}\n", before)


def _counts(content: Content) -> dict[str, int]:
    if content.data is None:
        return {}
    try:
        return msgspec.json.decode(content.text, type=_Counts)
    except msgspec.DecodeError as error:
        message = f"{FILE}: found {error}; allowed: an object of names and counts from 1 on"
        raise UserFileError(f"{message}; delete it to begin anew") from None


def _within_bounds(counts: dict[str, int], newest: str) -> dict[str, int]:
    """The counts without those used least, the oldest of these first; the name of this moment stays."""
    while len(counts) > MOST:
        del counts[min((name for name in counts if name != newest), key=counts.__getitem__)]
    return counts
