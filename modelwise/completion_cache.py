"""The index of all tags, compressed, in one file: built when it is first asked for, and when lists change.

Nothing of it stays in memory.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import msgspec

from modelwise import completion
from modelwise.kept_files import KeptFiles, digest
from modelwise.tag_files import bundled_lists, read_csv
from modelwise.vocabulary_cache import fingerprint

_LEVEL = 6
"""Higher ones take twice as long for two bytes in a thousand."""


class Completion(msgspec.Struct, frozen=True):
    """The index as it is sent. `version`: another one where the index may be different; it serves as an ETag,
    and in the address of an answer that may be kept for ever."""

    version: str
    compressed: bytes

    def plain(self) -> bytes:
        """The index for a browser that takes nothing compressed."""
        return gzip.decompress(self.compressed)


class CompletionCache:
    """The files of one folder, which is made when the first one is written."""

    def __init__(self, folder: Path) -> None:
        self._files = KeptFiles(folder, "completion")

    def version(self, files: Sequence[Path]) -> str:
        """The version of the index of our own lists and the user's files; told without the index.

        Raises OSError where one of the files can't be read.
        """
        return _key(files).hex()

    def load(self, files: Sequence[Path]) -> Completion:
        """The index of our own lists and the user's files, later ones winning.

        Raises OSError where one of the files can't be read, ValueError where they hold too many words.
        """
        key = _key(files)
        kept = self._files.read(key)
        if kept is not None:
            return Completion(key.hex(), bytes(kept))
        rows = completion.rows_of(chain(bundled_lists(), map(read_csv, files)))
        made = gzip.compress(completion.build(rows), _LEVEL, mtime=0)
        now = _key(files)
        if now == key:  # else a list was replaced while it was read
            self._files.write(key, made)
        return Completion(digest(made).hex() if now != key else key.hex(), made)


def _key(files: Sequence[Path]) -> bytes:
    return digest(fingerprint(files) + Path(completion.__file__).read_bytes())
