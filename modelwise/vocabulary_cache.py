"""The tables of all lists in one file, so that the lists need not be read at every start.

A file depends on our lists and code by content, on the user's lists by size and time.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import msgspec

from modelwise import spelling, tag_files, vocabulary
from modelwise.kept_files import KeptFiles, digest
from modelwise.tag_files import load_vocabulary
from modelwise.vocabulary import Tables, Vocabulary, data_folder

_CODE = (spelling, tag_files, vocabulary)


class VocabularyCache:
    """The files of one folder, which is made when the first one is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = KeptFiles(folder, "vocabulary")

    def load(self, files: Sequence[Path]) -> Vocabulary:
        """Our own lists and the user's files, later ones winning.

        Raises OSError where one of the files can't be read.
        """
        if not files:
            return load_vocabulary()
        key = fingerprint(files)
        kept = self._files.read(key)
        if kept is not None:
            return Vocabulary(tables=msgspec.msgpack.decode(kept, type=Tables))
        made = load_vocabulary(files)
        if fingerprint(files) == key:  # else a list was replaced while it was read
            self._files.write(key, msgspec.msgpack.encode(made.tables))
        return made


def fingerprint(files: Sequence[Path]) -> bytes:
    """What the tables depend on. Raises OSError where a file can't be read."""
    own = [*sorted(data_folder().rglob("*.txt")), *(Path(module.__file__ or "") for module in _CODE)]
    facts: list[object] = [unicodedata.unidata_version]
    facts += [(path.name, path.read_bytes()) for path in own]
    for file in files:
        with file.open("rb") as stream:
            found = os.fstat(stream.fileno())
        facts.append((os.fsencode(file.name), found.st_size, found.st_mtime_ns))
    return digest(msgspec.msgpack.encode(facts))
