"""Takes out of a text what tells of the user's machine: folders, the user's name, the machine's name."""

from __future__ import annotations

import getpass
import platform
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath

_SHORTEST_NAME = 3
_FOLDERS = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z]:[\\/]{1,2}|\\\\|~/|(?<![\w.:/<>…-])/)(?=[^\s/\\])"  # C:\, \\server, ~/, /
    r"(?:[^\\/:*?\"'<>|\r\n,;()]+[\\/]{1,2})+"
)
"""Folders of a path; its last part, a file, stays."""


class Privacy:
    """Folders that are known are replaced by what they are, the folders of all other paths by `…`."""

    def __init__(self, folders: Iterable[tuple[str, PurePath]], names: Mapping[str, str]) -> None:
        pairs = ((text, f"<{what}>") for what, folder in folders for text in _spellings(folder))
        self._folders = sorted(set(pairs), key=lambda pair: len(pair[0]), reverse=True)
        self._names = [
            (re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE), f"<{what}>")
            for what, name in names.items()
            if len(name) >= _SHORTEST_NAME
        ]

    def cleaned(self, text: str) -> str:
        """The text without them."""
        for folder, what in self._folders:
            text = text.replace(folder, what)
        text = _FOLDERS.sub("…/", text)
        for name, what in self._names:
            text = name.sub(what, text)
        return text


def of_this_machine(data: Path) -> Privacy:
    """What is private here. `data`: our folder in the host's data folder."""
    folders = {
        "modelwise": Path(__file__).parents[2],
        "data": data,
        "webui": data.parent,
        "python": Path(sys.prefix),
        "temporary": Path(tempfile.gettempdir()),
        "home": _home(),
    }
    ways = [(what, each) for what, folder in folders.items() for each in (folder, folder.resolve())]
    return Privacy(ways, {"user": _user(), "machine": platform.node()})


def _spellings(folder: PurePath) -> set[str]:
    """A folder as it may be written, with either slash, and twice that in a `repr`."""
    ways = {str(folder), folder.as_posix(), str(folder).replace("\\", "\\\\")}
    return {way for way in ways if len(way) > 1}  # "/" is no folder of anybody's


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # nobody knows whose it would be
        return Path("/")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user without a name, as in a container
        return ""
