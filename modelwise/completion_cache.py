"""The index that the browser searches, kept in a file so that it is built once for the same lists.

Like the vocabulary's, a file is named after what it was made from, and nobody ever changes one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from modelwise import completion
from modelwise.completion import build, rows_of
from modelwise.tag_files import bundled_lists, read_csv
from modelwise.user_files import replace_file
from modelwise.vocabulary_cache import fingerprint

KEPT = 3
"""How many files stay."""

_DIGEST_SIZE = 16


class CompletionCache:
    """The files of one folder, which is made when the first one is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def version(self, files: Sequence[Path]) -> str:
        """What names the index of our own lists and the user's files as they are now. Raises OSError."""
        code = Path(completion.__file__ or "").read_bytes()
        return _digest(fingerprint(files) + code).hex()

    def load(self, files: Sequence[Path]) -> bytes:
        """The index of these lists, built where there is none yet. Raises OSError."""
        path = self.folder / f"completion-{self.version(files)}.bin"
        found = _read(path)
        if found is None:
            found = build(rows_of([*bundled_lists(), *map(read_csv, files)]))
            self._write(path, found)
        return found

    def _write(self, path: Path, index: bytes) -> None:
        """Keep an index; what can't be written is built again next time."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            replace_file(path, _digest(index) + index)
            files = sorted(self.folder.glob("completion-*"), key=lambda file: file.stat().st_mtime_ns)
            for old in files[:-KEPT]:
                old.unlink()


def _read(path: Path) -> bytes | None:
    """The index of a file; None where there is none, or none that is whole."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    index = data[_DIGEST_SIZE:]
    return index if _digest(index) == data[:_DIGEST_SIZE] else None


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST_SIZE).digest()
