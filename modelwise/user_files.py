"""Text files of the user's in one folder: read with what is needed to write them again without loss.

Writing is atomic, keeps one backup, refuses to overwrite what has changed on disk since it was read, and
never leaves the folder.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

LARGEST_FILE = 1_000_000
"""In bytes. Nobody writes so much by hand."""

BACKUP = ".bak"

_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{kind}{n}" for kind in ("com", "lpt") for n in range(10)}
)
"""What Windows opens in place of a file of such a name, whatever its ending."""

_CHANGED = "it has changed on disk meanwhile and was left as it is; look at it, then try again"


class UserFileError(ValueError):
    """A file that can't be read or written; the message names it, says what was found and what helps."""


class ChangedMeanwhileError(UserFileError):
    """A file that is not as it was when it was last looked at."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it was read: its text, and its bytes, None where there was no file."""

    text: str
    data: bytes | None


class UserFolder:
    """The files of one folder, by name; the folder is made when something is first written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """The file's place. Raises UserFileError for a name that leads elsewhere."""
        path = self.folder / name
        device = name.partition(".")[0].rstrip(" ").lower() in _DEVICES
        if path.name != name or name in {"", ".", ".."} or device or not _is_text(name) or path.is_symlink():
            raise UserFileError(f"{name!r}: allowed: the plain name of a file in {self.folder.name}")
        return path

    def read(self, name: str) -> Content:
        """A file's content; empty where there is none. Raises UserFileError."""
        data = self._data(name)
        if data is None:
            return Content("", None)
        try:
            return Content(data.decode("utf-8-sig"), data)
        except UnicodeDecodeError as error:
            found = f"byte 0x{error.object[error.start]:02x} at {error.start}"
            raise UserFileError(f"{name}: found {found}; allowed: UTF-8") from None

    def write(self, name: str, text: str, before: Content) -> Content:
        """Replace a file that still is as it was read. Raises UserFileError; the file is whole then."""
        path = self.path(name)
        if self._data(name) != before.data:
            raise ChangedMeanwhileError(f"{name}: {_CHANGED}")
        data = text.encode("utf-8")
        if len(data) > LARGEST_FILE:
            raise UserFileError(f"{name}: found {len(data)} bytes; allowed: at most {LARGEST_FILE}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if before.data is not None:
                replace_file(path.with_name(name + BACKUP), before.data)
            replace_file(path, data)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserFileError(f"{name}: not saved, nothing was changed: {reason}") from None
        return Content(text, data)

    def delete(self, name: str, before: Content) -> None:
        """Take a file away that still is as it was read; its backup stays. Raises UserFileError."""
        path = self.path(name)
        if before.data is None or self._data(name) != before.data:
            raise ChangedMeanwhileError(f"{name}: {_CHANGED}")
        try:
            replace_file(path.with_name(name + BACKUP), before.data)
            path.unlink()
        except OSError as error:
            raise UserFileError(f"{name}: not deleted: {error.strerror or error}") from None

    def forget_backup(self, name: str) -> None:
        """Remove what `write` has kept of the file before. Raises UserFileError."""
        try:
            self.path(name + BACKUP).unlink(missing_ok=True)
        except OSError as error:
            raise UserFileError(f"{name}: its backup is still there: {error.strerror or error}") from None

    def _data(self, name: str) -> bytes | None:
        try:
            with self.path(name).open("rb") as stream:
                data = stream.read(LARGEST_FILE + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UserFileError(f"{name}: can't be read: {error.strerror or error}") from None
        if len(data) > LARGEST_FILE:
            raise UserFileError(f"{name}: found a file of over 1 MB; allowed: at most 1 MB")
        return data


def digest(text: str) -> str:
    """What changes whenever a text does: the version of a file that was seen."""
    return sha256(text.encode()).hexdigest()[:16]


def replace_file(path: Path, data: bytes) -> None:
    """Write beside the file, make sure it is on the disk, then take its place."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _is_text(name: str) -> bool:
    """Whether a name holds no control characters, and nothing that leads elsewhere on some system."""
    return name.isprintable() and not {"\\", ":", "/"}.intersection(name)
