"""The user's own presets, one TOML file a profile; what stands in a file beside them stays.

Every change reads the file first, so that what was edited by hand meanwhile is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from threading import RLock
from typing import Annotated, Any

import msgspec
import tomlkit
from msgspec import Meta
from tomlkit.items import AoT

from modelwise.profiles import PresetSettings, Profile
from modelwise.terms import QualityLevel, Rating, Struct
from modelwise.toml_tables import checked, edited
from modelwise.user_files import ChangedMeanwhileError, UserFileError, UserFolder, digest

LONGEST_NAME = 80
MOST = 200
"""Presets of one profile."""

_HEADER = "Your own presets for this profile; Modelwise reads this file each time and keeps your comments."


class NoSuchPresetError(UserFileError):
    """A preset that is not there."""


class NameTakenError(UserFileError):
    """A name that another preset has."""


class OwnPreset(Struct, frozen=True):
    """A preset of the user's: an intent and settings. What is absent is not touched."""

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]*(?!\n)$")]
    quality: QualityLevel | None = None
    rating: Rating | None = None
    year: int | None = None
    settings: PresetSettings = PresetSettings()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    presets: Annotated[tuple[OwnPreset, ...], Meta(max_length=MOST)] = ()


class OwnPresets:
    """The presets of all profiles in a folder. Every method raises UserFileError, with a message to show."""

    def __init__(self, folder: UserFolder) -> None:
        self._folder = folder
        self._lock = RLock()
        self._last: dict[str, tuple[str, tuple[OwnPreset, ...]]] = {}

    def of(self, profile: str) -> tuple[OwnPreset, ...]:
        """The presets of a profile's id, in their order. The file is looked at each time."""
        name = _file_name(profile)
        text = self._folder.read(name).text
        if self._last.get(name, ("", ()))[0] != text:
            self._last[name] = text, checked(text, _File, name).presets
        return self._last.get(name, ("", ()))[1]

    def version(self, profile: str) -> str:
        """What changes whenever the profile's file does."""
        return digest(self._folder.read(_file_name(profile)).text)

    def save(self, profile: str, preset: OwnPreset) -> None:
        """Add a preset at the end, or replace the one of the same name."""
        self._change(profile, lambda presets: _put(presets, preset))

    def insert(
        self, profile: str, preset: OwnPreset, place: int = MOST, *, version: str | None = None
    ) -> None:
        """Put a preset at a place: what undoes a deletion. `version`: the only one that may be changed."""

        def change(presets: AoT) -> None:
            _demand_free(presets, preset.name)
            presets.insert(min(place, len(presets)), _table(preset))

        self._change(profile, change, version)

    def replace(
        self,
        profile: str,
        name: str,
        preset: OwnPreset | None,
        place: int | None = None,
        *,
        version: str | None = None,
    ) -> None:
        """Make a preset another one, which may have another name, and put it at another place."""

        def change(presets: AoT) -> None:
            found = _demanded(presets, name)
            if preset is not None:
                if preset.name != name:
                    _demand_free(presets, preset.name)
                _fill(presets[found], preset)
            if place is not None:
                table = presets.pop(found)
                presets.insert(min(place, len(presets)), table)

        self._change(profile, change, version)

    def delete(self, profile: str, name: str, *, version: str | None = None) -> tuple[OwnPreset, int]:
        """Take a preset out; gives it with its place, for `insert`."""
        gone = self._found(profile, name)
        self._change(profile, lambda presets: presets.pop(_demanded(presets, name)), version)
        return gone

    def rename(self, profile: str, name: str, new: str) -> None:
        """Give a preset another name."""

        def change(presets: AoT) -> None:
            place = _demanded(presets, name)
            if new != name:
                _demand_free(presets, new)
            presets[place]["name"] = new

        self._change(profile, change)

    def move(self, profile: str, name: str, by: int) -> None:
        """Move a preset by some places, to the end at most."""

        def change(presets: AoT) -> None:
            place = _demanded(presets, name)
            table = presets.pop(place)
            presets.insert(max(0, min(place + by, len(presets))), table)

        self._change(profile, change)

    def exported(self, profile: str) -> str:
        """The presets as TOML, for another's folder."""
        document = tomlkit.document()
        presets = tomlkit.aot()
        for preset in self.of(profile):
            presets.append(_table(preset))
        document["presets"] = presets
        return tomlkit.dumps(document)

    def imported(self, profile: str, text: str, taken: Collection[str] = ()) -> tuple[str, ...]:
        """Add presets from TOML; those of a name that is there replace it. Gives their names.

        `taken`: the names of the card's presets, which none may have.
        """
        found = checked(text, _File, "the imported file").presets
        for preset in found:
            if preset.name in taken:
                reason = f"found {preset.name!r}, a preset of the card; allowed: another name"
                raise UserFileError(f"the imported file: {reason}")
        if not found:
            raise UserFileError("the imported file: found no presets; allowed: tables [[presets]]")

        def change(presets: AoT) -> None:
            for preset in found:
                _put(presets, preset)

        self._change(profile, change)
        return tuple(preset.name for preset in found)

    def _found(self, profile: str, name: str) -> tuple[OwnPreset, int]:
        for place, preset in enumerate(self.of(profile)):
            if preset.name == name:
                return preset, place
        raise NoSuchPresetError(_gone(name))

    def _change(self, profile: str, change: Callable[[AoT], Any], version: str | None = None) -> None:
        """Read, change, check, write."""
        name = _file_name(profile)
        with self._lock:
            before = self._folder.read(name)
            if version not in (None, digest(before.text)):
                raise ChangedMeanwhileError(f"{name}: it has changed meanwhile; look at it, then try again")
            checked(before.text, _File, name)
            text = edited(before.text, "presets", _HEADER, change)
            checked(text, _File, name)
            self._folder.write(name, text, before)


def demand_own(profile: Profile, name: str) -> None:
    """A name of the card's presets would make two of one name. Raises NameTakenError."""
    if any(preset.name == name for preset in profile.presets):
        raise NameTakenError(f"preset: found {name!r}, a preset of the card; allowed: another name")


def _file_name(profile: str) -> str:
    return f"{profile}.toml"


def _table(preset: OwnPreset) -> Any:
    """A preset as a table; what is absent is left out."""
    table = tomlkit.table()
    for key, value in msgspec.to_builtins(preset).items():
        if key == "settings":
            inner = tomlkit.inline_table()
            inner.update({name: setting for name, setting in value.items() if setting is not None})
            if inner:
                table.add(key, inner)
        elif value is not None:
            table.add(key, value)
    return table


def _names(presets: Sequence[Any]) -> Iterator[str]:
    return (str(table.get("name", "")) for table in presets)


def _place(presets: AoT, name: str) -> int | None:
    return next((place for place, found in enumerate(_names(presets)) if found == name), None)


def _put(presets: AoT, preset: OwnPreset) -> None:
    place = _place(presets, preset.name)
    if place is None:
        presets.append(_table(preset))
        return
    _fill(presets[place], preset)


def _fill(table: Any, preset: OwnPreset) -> None:
    """Changed key by key, so that comments stay."""
    fresh = _table(preset)
    for key in [key for key in table if key not in fresh]:
        del table[key]
    table.update(fresh)


def _demanded(presets: AoT, name: str) -> int:
    place = _place(presets, name)
    if place is None:
        raise NoSuchPresetError(_gone(name))
    return place


def _gone(name: str) -> str:
    return f"preset: found {name!r}, which is not there any more; nothing was changed"


def _demand_free(presets: AoT, name: str) -> None:
    if _place(presets, name) is not None:
        raise NameTakenError(f"preset: found {name!r}; allowed: a name that no other preset has")
