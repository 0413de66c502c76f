"""The user's own tag lists as files: taken in once they are whole and checked, and taken away again.

A list goes on being used until its successor is in place; the last version of what was replaced or deleted
stays beside it as `.bak`.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from modelwise.tag_files import read_csv
from modelwise.user_files import BACKUP, UserFileError, UserFolder
from modelwise.vocabulary import TagList

LARGEST_LIST = 64_000_000
"""In bytes. The largest list in use has about 20 million."""

MOST_LINES = 2_000_000
LONGEST_NAME = 100
MOST_BAD_LINES = 0.5
"""The share of lines that may be none of a tag list; a file that has more is something else."""

SUFFIX = ".csv"
_UNSAFE = re.compile(r"[^\w .()+-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_ALLOWED = 'allowed: text in UTF-8 with lines of name,type,count,"aliases", or of name,translation'


class InvalidTagListError(UserFileError):
    """A file that is no tag list."""


class TagListTooLargeError(InvalidTagListError):
    """A file with more in it than a list may have."""


class TagListTakenError(UserFileError):
    """There is a list of that name."""


class NoSuchTagListError(UserFileError):
    """There is no list of that name."""


def safe_name(name: str) -> str:
    """A file name that is one on every system, made of the last part of what somebody calls a list."""
    last = re.split(r"[/\\]", name)[-1].strip()
    stem = last[: -len(SUFFIX)] if last.lower().endswith(SUFFIX) else last
    stem = _UNSAFE.sub("_", stem).strip(" .")[: LONGEST_NAME - len(SUFFIX)].rstrip(" .")
    if not stem.strip("_"):
        raise InvalidTagListError(
            f"name: found {name[:LONGEST_NAME]!r}; allowed: a name with letters or digits"
        )
    return stem + SUFFIX


class OwnTagLists:
    """The lists in a folder. Every method raises UserFileError, with a message to show."""

    def __init__(self, folder: UserFolder) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """The lists, in the order in which they are read."""
        return [file.name for file in sorted(self._folder.folder.glob(f"*{SUFFIX}"))]

    def incoming(self, name: str, *, replace: bool) -> Incoming:
        """A place for a list that is on its way. `replace`: it may take another's place."""
        name = safe_name(name)
        path = self._folder.path(name)
        if not replace and path.exists():
            raise TagListTakenError(f"{name}: there is a list of that name; replace it, or take another name")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            number, part = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        except OSError as error:
            raise _not_saved(name, error) from None
        return Incoming(path, Path(part), os.fdopen(number, "wb"), replace=replace)

    def delete(self, name: str) -> None:
        """Take a list away; it stays as `.bak`."""
        path = self._folder.path(name)
        if not name.lower().endswith(SUFFIX) or not path.is_file():
            raise NoSuchTagListError(
                f"list: found {name[:LONGEST_NAME]!r}; allowed: {', '.join(self.names())}"
            )
        try:
            path.replace(path.with_name(name + BACKUP))
        except OSError as error:
            raise UserFileError(f"{name}: not deleted: {error.strerror or type(error).__name__}") from None


class Incoming:
    """A list on its way to the disk. To be closed in any case; until `finish` nothing has changed."""

    def __init__(self, path: Path, part: Path, stream: BinaryIO, *, replace: bool) -> None:
        self.name = path.name
        self._path = path
        self._part = part
        self._stream = stream
        self._replace = replace
        self._size = 0
        self._lines = 0

    def take(self, block: bytes) -> None:
        """Write what has arrived; refuses what can be no list at once."""
        found = _CONTROL.search(block)
        if found:
            said = f"found byte 0x{found[0][0]:02x} at {self._size + found.start():,}"
            raise InvalidTagListError(f"{self.name}: {said}; {_ALLOWED}")
        self._size += len(block)
        self._lines += block.count(b"\n")
        if self._size > LARGEST_LIST:
            limit = f"at most {LARGEST_LIST // 1_000_000} MB"
            raise TagListTooLargeError(f"{self.name}: found over {LARGEST_LIST:,} bytes; allowed: {limit}")
        if self._lines > MOST_LINES:
            allowed = f"allowed: at most {MOST_LINES:,} lines"
            raise TagListTooLargeError(f"{self.name}: found over {MOST_LINES:,} lines; {allowed}")
        try:
            self._stream.write(block)
        except OSError as error:
            raise _not_saved(self.name, error) from None

    def finish(self) -> TagList:
        """Check the list and put it in its place; gives what it holds."""
        try:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()
            found = _checked(self.name, read_csv(self._part))
            if self._path.exists():
                self._keep_the_old_one()
            self._part.replace(self._path)
        except OSError as error:
            raise _not_saved(self.name, error) from None
        return found

    def _keep_the_old_one(self) -> None:
        if not self._replace:  # it has come meanwhile
            raise TagListTakenError(f"{self.name}: there is a list of that name meanwhile")
        shutil.copy2(self._path, self._path.with_name(self.name + BACKUP))

    def close(self) -> None:
        """Let go of what is not in its place."""
        with suppress(OSError):
            self._stream.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)


def _checked(name: str, found: TagList) -> TagList:
    """Raises InvalidTagListError with the first lines that are wrong."""
    good = len(found.rows) + len(found.translations)
    if good and found.problem_count <= MOST_BAD_LINES * (good + found.problem_count):
        return found
    said = f"found {good:,} tags and {found.problem_count:,} lines that are none"
    raise InvalidTagListError("; ".join([f"{name}: {said}", *found.problems[:2], _ALLOWED]))


def _not_saved(name: str, error: OSError) -> UserFileError:
    return UserFileError(f"{name}: not saved, nothing was changed: {error.strerror or type(error).__name__}")
