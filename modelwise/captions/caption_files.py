"""Caption files: which there are, how one is read, and how it is replaced.

A file is replaced whole and at once, after a copy of it has been put aside. One that is no regular file, no
UTF-8 or too large is left alone.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

KEPT = ".modelwise-captions"
"""The folder, inside the one that is worked on, that holds the files as they were."""

LARGEST = 1_000_000
"""Bytes; a longer text is no caption."""

IMAGES = frozenset(
    {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".avif", ".jxl", ".tif", ".tiff", ".heic"}
)


class CaptionFileError(ValueError):
    """A file that was left alone; the message says why."""


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """A caption as it was read; `state` tells whether it has changed since."""

    path: Path
    text: str
    state: os.stat_result


def caption_files(folder: Path, ending: str, *, alone: bool) -> tuple[list[Path], int]:
    """The captions under a folder in a fixed order, and how many files of their kind have no image beside
    them; with `alone` those are captions too."""
    found: list[Path] = []
    lonely = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        pictures = {path.stem for path in map(Path, names) if path.suffix.lower() in IMAGES}
        for name in sorted(names):
            if not name.endswith(ending) or name.startswith("."):
                continue
            if alone or name.removesuffix(ending) in pictures:
                found.append(Path(place, name))
            else:
                lonely += 1
    return found, lonely


def read_caption(path: Path) -> CaptionFile:
    """A caption. Raises CaptionFileError."""
    try:
        state = path.lstat()
        _check_kind(state)
        data = path.read_bytes()
    except OSError as error:
        raise CaptionFileError(f"can't be read: {error.strerror or error}") from None
    return CaptionFile(path, decoded(data), state)


def _check_kind(state: os.stat_result) -> None:
    if stat.S_ISLNK(state.st_mode):
        raise CaptionFileError("it is a link; order the file that it leads to")
    if not stat.S_ISREG(state.st_mode):
        raise CaptionFileError("it is not a regular file")
    if state.st_size > LARGEST:
        raise CaptionFileError(f"found {state.st_size:,} bytes; allowed: at most {LARGEST:,}")


def decoded(data: bytes) -> str:
    """The text of a caption. Raises CaptionFileError."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte 0x{error.object[error.start]:02x} at {error.start:,}"
        raise CaptionFileError(f"found {found}; allowed: UTF-8") from None
    if "\0" in text:
        raise CaptionFileError("found a zero byte; allowed: UTF-8")
    return text


def replace_caption(caption: CaptionFile, text: str, kept: Path) -> None:
    """Put a new text in place of a caption; `kept`: where it goes as it was. Raises CaptionFileError."""
    path = caption.path
    try:
        if _changed(caption.state, path.lstat()):
            raise CaptionFileError("it has changed meanwhile")
        keep(path, kept)
        write_whole(path, text.encode("utf-8"), caption.state.st_mode)
    except OSError as error:
        raise CaptionFileError(f"not written, nothing was changed: {error.strerror or error}") from None


def _changed(before: os.stat_result, now: os.stat_result) -> bool:
    return (before.st_size, before.st_mtime_ns) != (now.st_size, now.st_mtime_ns)


def keep(path: Path, kept: Path) -> None:
    """Put a file aside as it is: a second name where the disk knows that, else a copy."""
    if not kept.parent.is_dir():
        kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, kept)
    except OSError:
        shutil.copy2(path, kept)


def write_whole(path: Path, data: bytes, mode: int) -> None:
    """Write beside the file, then take its place: at every moment one of both is there, whole."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
        Path(name).chmod(stat.S_IMODE(mode))
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
