"""A table of captions (JSONL: one object a line), ordered: as a whole, in the order of its lines.

What is finished stands in a file beside it, which takes the table's place at the end. A run after one that
was interrupted goes on where that file ends. In a line, nothing but the caption changes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgspec

from modelwise.captions.caption_files import LARGEST, CaptionFileError, decoded
from modelwise.captions.job import Change, Done, Job, Problem
from modelwise.captions.ordering_captions import CaptionOrder

PIECE = 200
"""Lines that are answered together."""

FIELDS = ("caption", "tags", "text")
"""Where a caption stands in a line unless a field is named: the first of these that there is."""

_MARK = b"\xef\xbb\xbf"
_Fields = dict[str, msgspec.Raw]
_decode_fields = msgspec.json.Decoder(_Fields).decode
_decode_text = msgspec.json.Decoder(str).decode
_BAD_JSON = (msgspec.MsgspecError, ValueError, RecursionError)


class Lines(msgspec.Struct, frozen=True):
    """Finished lines, to the byte, and what was done with them."""

    content: bytes
    done: Done


@dataclass(frozen=True, slots=True)
class TableShare:
    """The lines of a table from `first` on; a `Share` for a crew. `field`: where the caption stands."""

    job: Job
    table: Path
    field: str | None
    first: int

    def __call__(self, number: int, count: int) -> Iterator[Lines]:
        """Order every `count`-th piece of the lines."""
        order = self.job.order()
        with self.table.open("rb") as stream:
            at = self.first
            next(islice(stream, at, at), None)
            for turn, lines in enumerate(_pieces(stream)):
                if turn % count == number:
                    yield self._piece(order, lines, at)
                at += len(lines)

    def _piece(self, order: CaptionOrder, lines: Sequence[bytes], at: int) -> Lines:
        changed = moved = held = captions = 0
        problems: list[Problem] = []
        changes: list[Change] = []
        content: list[bytes] = []
        for place, line in enumerate(lines, at + 1):
            content.append(line)
            if not line.strip():
                continue
            captions += 1
            try:
                fields, name, text = _read(line, self.field)
                result = order.reorder(text)
                differs = result.text != text
                content[-1] = _written(line, fields, name, result.text) if differs else line
            except CaptionFileError as error:
                problems.append(Problem(f"line {place}", str(error)))
                continue
            changed, moved, held = changed + differs, moved + result.moved, held + result.held
            if differs and self.job.dry:
                changes.append(Change(f"line {place}", text, result.text))
        done = Done(captions, changed, moved, held, tuple(problems), tuple(changes))
        return Lines(b"".join(content), done)


def _pieces(stream: Iterator[bytes]) -> Iterator[list[bytes]]:
    while piece := list(islice(stream, PIECE)):
        yield piece


def _read(line: bytes, field: str | None) -> tuple[_Fields, str, str]:
    """A line's fields, and the name and text of its caption. Raises CaptionFileError."""
    if len(line) > LARGEST:
        raise CaptionFileError(f"found a line of {len(line):,} bytes; allowed: {LARGEST:,}")
    decoded(line)
    try:
        fields = _decode_fields(line.removeprefix(_MARK))
    except _BAD_JSON:
        raise CaptionFileError("found no JSON object; allowed: one in each line") from None
    wanted = (field,) if field else FIELDS
    name = next((name for name in wanted if name in fields), None)
    if name is None:
        raise CaptionFileError(f"found no field {' or '.join(wanted)}; allowed: name it with --field")
    try:
        return fields, name, _decode_text(fields[name])
    except _BAD_JSON:
        raise CaptionFileError(f"found no text in the field {name}; allowed: text") from None


def _written(line: bytes, fields: _Fields, name: str, text: str) -> bytes:
    """The line with another caption, the rest to the byte. Raises CaptionFileError."""
    encoded = msgspec.json.encode(text)
    old = bytes(fields[name])
    if line.count(old) == 1:
        return line.replace(old, encoded)
    # The same text stands in another field too, so the line is put together again.
    if len(json.loads(line.removeprefix(_MARK), object_pairs_hook=list)) > len(fields):
        raise CaptionFileError("found a field twice; allowed: each name once")
    end = line[len(line.rstrip()) :]
    return msgspec.json.encode({**fields, name: msgspec.Raw(encoded)}) + end


class Part:
    """The finished lines of a table, in a file beside it until all are there."""

    def __init__(self, job: Job, table: Path, field: str | None) -> None:
        self.table = table
        self.state = table.stat()
        named = (self.state.st_size, self.state.st_mtime_ns, job.profile, job.separator, field)
        digest = hashlib.sha256(repr(named).encode()).hexdigest()[:12]
        self.path = table.with_name(f".{table.name}.{digest}.part")

    def finished(self) -> int:
        """How many lines are there already; what is behind the last whole one is cut off."""
        if not self.path.exists():
            return 0
        with self.path.open("r+b") as stream:
            count = end = 0
            for line in stream:
                if line.endswith(b"\n"):
                    count, end = count + 1, end + len(line)
            stream.truncate(end)
        return count

    def append(self, content: bytes) -> None:
        """Add finished lines."""
        with self.path.open("ab") as stream:
            stream.write(content)

    def take_place(self) -> None:
        """Put it in the table's place. Raises CaptionFileError where that has changed meanwhile."""
        now = self.table.stat()
        if (now.st_size, now.st_mtime_ns) != (self.state.st_size, self.state.st_mtime_ns):
            raise CaptionFileError(f"{self.table.name} has changed meanwhile and was left as it is")
        with self.path.open("r+b") as stream:
            os.fsync(stream.fileno())
        self.path.chmod(self.state.st_mode & 0o7777)
        self.path.replace(self.table)
