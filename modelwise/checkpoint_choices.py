"""Which profile the user has chosen for which checkpoint file, by its name: `checkpoints.toml`."""

from __future__ import annotations

from threading import RLock
from typing import Any

import tomlkit

from modelwise.terms import Struct, Tag
from modelwise.toml_tables import checked, edited
from modelwise.user_files import UserFolder

FILE = "checkpoints.toml"
_HEADER = "Profiles that you have chosen for checkpoints: the checkpoint's file name, and a profile's id."


class _Choice(Struct, frozen=True):
    file: Tag
    profile: Tag


class _File(Struct, frozen=True):
    checkpoints: tuple[_Choice, ...] = ()


class CheckpointChoices:
    """The choices in a folder. Every method raises UserFileError, with a message to show."""

    def __init__(self, folder: UserFolder) -> None:
        self._folder = folder
        self._lock = RLock()
        self._last: tuple[str, dict[str, str]] = "", {}

    def all(self) -> dict[str, str]:
        """Profile ids by checkpoint file name. The file is looked at each time, and read when it changed."""
        text = self._folder.read(FILE).text
        if text != self._last[0]:
            self._last = (
                text,
                {choice.file: choice.profile for choice in checked(text, _File, FILE).checkpoints},
            )
        return dict(self._last[1])

    def choose(self, file: str, profile: str | None) -> None:
        """Remember a profile's id for a checkpoint's file name; None forgets it."""
        with self._lock:
            before = self._folder.read(FILE)
            checked(before.text, _File, FILE)
            text = edited(before.text, "checkpoints", _HEADER, lambda tables: _put(tables, file, profile))
            checked(text, _File, FILE)
            self._folder.write(FILE, text, before)


def _put(tables: Any, file: str, profile: str | None) -> None:
    for place, table in enumerate(tables):
        if table["file"] == file:
            if profile is None:
                del tables[place]
            else:
                table["profile"] = profile
            return
    if profile is not None:
        table = tomlkit.table()
        table.update({"file": file, "profile": profile})
        tables.append(table)
