"""What was made from other files, kept in one folder until those change.

A file is named after what it was made from. So nobody ever changes one: programs that share the folder write
the same or different files, and one that is cut short, damaged or somebody else's counts as none.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from modelwise.user_files import replace_file

KEPT = 3
"""How many files stay: two programs with lists of their own don't take turns in making them."""

DIGEST_SIZE = 16


class KeptFiles:
    """The files of one kind in one folder, which is made when the first one is written."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder = folder
        self._kind = kind
        self._magic = f"modelwise {kind}\n".encode()

    def read(self, key: bytes) -> memoryview | None:
        """What was made from the things that a key stands for; None where there is nothing whole of it."""
        try:
            data = self._path(key).read_bytes()
        except OSError:
            return None
        body = memoryview(data)[len(self._magic) + 2 * DIGEST_SIZE :]
        return body if data.startswith(self._head(key, body)) else None

    def write(self, key: bytes, body: bytes) -> None:
        """Keep something; what can't be written is made again next time."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            replace_file(self._path(key), self._head(key, body) + body)
            for old in self._by_age()[KEPT:]:
                old.unlink()

    def _path(self, key: bytes) -> Path:
        return self.folder / f"{self._kind}-{key.hex()}.bin"

    def _by_age(self) -> list[Path]:
        """The files, the newest first, with what an interrupted program has left of one."""
        found = self.folder.glob(f"*{self._kind}-*")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    def _head(self, key: bytes, body: bytes | memoryview) -> bytes:
        return self._magic + key + digest(body)


def digest(data: bytes | memoryview) -> bytes:
    """A short name for any data."""
    return hashlib.blake2b(data, digest_size=DIGEST_SIZE).digest()
