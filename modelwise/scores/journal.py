"""The scores of a folder as they come, one JSON object a line: what an interrupted run goes on from.

A line is added when its image is done. A last line that was cut off is dropped; a file that is no journal is
left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from modelwise.user_files import UserFileError


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One image under one scorer. `size` in bytes and `modified` in nanoseconds tell whether it is still the
    same, `weights` whether the scorer is; `error`: why it has no score."""

    file: str
    size: int
    modified: int
    scorer: str
    weights: str
    score: float | None = None
    error: str = ""

    def is_of(self, other: Row) -> bool:
        """Whether this row answers for the same image and scorer as another."""
        names = ("file", "size", "modified", "scorer", "weights")
        return all(getattr(self, name) == getattr(other, name) for name in names)


class Journal:
    """The rows of one file; a later one of the same image and scorer takes the place of an earlier one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows: dict[tuple[str, str], Row] = {}
        self._is_whole = True
        if path.exists():
            self._read()

    @property
    def rows(self) -> Mapping[tuple[str, str], Row]:
        """The rows by file and scorer."""
        return self._rows

    def has(self, wanted: Row) -> bool:
        """Whether this image, as it is now, has a score already; one without is tried again."""
        found = self._rows.get((wanted.file, wanted.scorer))
        return found is not None and found.score is not None and found.is_of(wanted)

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows behind the others. Raises OSError."""
        added = tuple(rows)
        data = b"".join(msgspec.json.encode(row) + b"\n" for row in added)
        with self.path.open("ab") as stream:
            stream.write(data if self._is_whole else b"\n" + data)
        self._is_whole = True
        self._rows |= {(row.file, row.scorer): row for row in added}

    def _read(self) -> None:
        decode = msgspec.json.Decoder(Row).decode
        lines = 0
        with self.path.open("rb") as stream:
            for line in stream:
                lines += 1
                self._is_whole = line.endswith(b"\n")
                try:
                    row = decode(line)
                except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
                    continue
                self._rows[row.file, row.scorer] = row
        if lines and not self._rows:
            raise UserFileError(
                f"{self.path.name}: found no scores in it; allowed: a file of scores, or a new one"
            )
