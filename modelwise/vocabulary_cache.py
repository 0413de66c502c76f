"""The tables of all lists in one file, so that the lists need not be read at every start.

A file is named after what it was made from: our lists and code by content, the user's lists by size and
time. So nobody ever changes one: programs that share the folder write the same or different files, and one
that is cut short, damaged or somebody else's is made again.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from modelwise import spelling, tag_files, vocabulary
from modelwise.tag_files import load_vocabulary
from modelwise.user_files import replace_file
from modelwise.vocabulary import Tables, Vocabulary, data_folder

KEPT = 3
"""How many files stay: two programs with lists of their own don't take turns in making them."""

_MAGIC = b"modelwise vocabulary\n"
_DIGEST_SIZE = 16
_CODE = (spelling, tag_files, vocabulary)


class VocabularyCache:
    """The files of one folder, which is made when the first one is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, files: Sequence[Path]) -> Vocabulary:
        """Our own lists and the user's files, later ones winning.

        Raises OSError where one of the files can't be read.
        """
        if not files:
            return load_vocabulary()
        key = fingerprint(files)
        path = self.folder / f"vocabulary-{key.hex()}.bin"
        tables = _read(path, key)
        if tables is not None:
            return Vocabulary(tables=tables)
        made = load_vocabulary(files)
        if fingerprint(files) == key:  # else a list was replaced while it was read
            self._write(path, key, made.tables)
        return made

    def _write(self, path: Path, key: bytes, tables: Tables) -> None:
        """Keep the tables; what can't be written is made again next time."""
        body = msgspec.msgpack.encode(tables)
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            replace_file(path, _head(key, body) + body)
            for old in self._by_age()[KEPT:]:
                old.unlink()

    def _by_age(self) -> list[Path]:
        """The files, the newest first, with what an interrupted program has left of one."""
        found = self.folder.glob("*vocabulary-*")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def fingerprint(files: Sequence[Path]) -> bytes:
    """What the tables depend on. Raises OSError where a file can't be read."""
    own = [*sorted(data_folder().rglob("*.txt")), *(Path(module.__file__ or "") for module in _CODE)]
    facts: list[object] = [unicodedata.unidata_version]
    facts += [(path.name, path.read_bytes()) for path in own]
    for file in files:
        with file.open("rb") as stream:
            found = os.fstat(stream.fileno())
        facts.append((os.fsencode(file.name), found.st_size, found.st_mtime_ns))
    return _digest(msgspec.msgpack.encode(facts))


def _read(path: Path, key: bytes) -> Tables | None:
    """The tables of a file; None where there is none, or none that is whole and ours."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    body = memoryview(data)[len(_MAGIC) + 2 * _DIGEST_SIZE :]
    if not data.startswith(_head(key, body)):
        return None
    return msgspec.msgpack.decode(body, type=Tables)


def _head(key: bytes, body: bytes | memoryview) -> bytes:
    return _MAGIC + key + _digest(body)


def _digest(data: bytes | memoryview) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST_SIZE).digest()
