"""The user's own profiles as files: read as text, checked, written, taken away, and brought back.

A text is only written where it is a profile that loads beside all others, and never over what somebody else
has written meanwhile. Nothing but the text's own characters is written, so comments and layout stay.
"""

from __future__ import annotations

import re
from pathlib import Path
from threading import RLock
from typing import Literal

import msgspec
import tomlkit
from tomlkit.exceptions import TOMLKitError

from modelwise.profile_files import BUNDLED, load_profiles
from modelwise.profile_problems import ProfileProblem
from modelwise.profiles import Profile
from modelwise.toml_places import line_in_message, line_of
from modelwise.user_files import (
    BACKUP,
    LARGEST_FILE,
    ChangedMeanwhileError,
    Content,
    UserFileError,
    UserFolder,
    digest,
)

ENDING = ".toml"
NEW = "new profile"
"""What a text is called that has no file yet."""

LONGEST_ID = 80
_ID = re.compile(r"[a-z0-9][a-z0-9.-]*\Z")
DraftKind = Literal["copy", "child"]


class NoSuchProfileFileError(UserFileError):
    """A file that is not there."""


class FileTakenError(UserFileError):
    """A file's name that another profile has."""


class LocatedProblem(msgspec.Struct, frozen=True):
    """What is wrong with a text: the key, its line from 1, what was found, what is allowed."""

    key: str
    line: int
    found: str
    allowed: str

    def __str__(self) -> str:
        at = f"{self.key}: " if self.key else ""
        return f"line {self.line}: {at}found {self.found}; allowed: {self.allowed}"


class InvalidProfileError(UserFileError):
    """A text that is no profile; `problem` says why."""

    def __init__(self, problem: LocatedProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Verdict(msgspec.Struct, frozen=True):
    """What a text would do as a file. `others`: profiles that would not load any more beside it."""

    problems: tuple[LocatedProblem, ...]
    others: tuple[ProfileProblem, ...]
    profile: Profile | None


class ProfileText(msgspec.Struct, frozen=True):
    """A file's text, and what changes whenever it does."""

    file: str
    text: str
    version: str


class OwnProfiles:
    """The profiles of one folder. Every method but `check` raises UserFileError, with a message to show."""

    def __init__(self, folder: UserFolder) -> None:
        self._folder = folder
        self._lock = RLock()

    def names(self) -> tuple[str, ...]:
        """The files' names, those of files that are no profiles too."""
        found = (path.name for path in self._folder.folder.glob(f"*{ENDING}") if path.is_file())
        return tuple(sorted(found))

    def holds(self, path: Path) -> bool:
        """Whether a file is one of these."""
        return path.parent == self._folder.folder

    def read(self, file: str) -> ProfileText:
        """A file as it stands there."""
        return _seen(file, self._demanded(file))

    def check(self, text: str, file: str = "") -> Verdict:
        """Whether a text could stand in a file, or in a new one, beside all other profiles."""
        if len(text.encode()) > LARGEST_FILE:
            return Verdict((LocatedProblem("", 1, "a text of over 1 MB", "at most 1 MB"),), (), None)
        path = self._folder.folder / (file or NEW)
        places = [BUNDLED, self._folder.folder]
        found = load_profiles(places, {path: text})
        own = [problem for problem in found.problems if problem.file == path.name]
        others = [problem for problem in found.problems if problem.file != path.name]
        if others:  # those that have problems of their own are none of this text's doing
            already = load_profiles(places).problems
            others = [problem for problem in others if problem not in already]
        profile = next((found.profiles[key] for key, place in found.files.items() if place == path), None)
        return Verdict(tuple(_located(problem, text) for problem in own), tuple(others), profile)

    def create(self, text: str) -> ProfileText:
        """Write a text into a new file, whose name is the profile's id."""
        with self._lock:
            file = self._demand_valid(text, "").id + ENDING
            before = self._folder.read(file)
            if before.data is not None:
                raise FileTakenError(f"{file}: found a file of this name; allowed: another `id`")
            return _seen(file, self._folder.write(file, text, before))

    def replace(self, file: str, text: str, version: str) -> ProfileText:
        """Write another text into a file that still has this version."""
        with self._lock:
            before = self._unchanged(file, version)
            self._demand_valid(text, file)
            if "\r\n" in before.text and "\r" not in text:  # the page's text boxes know one line end only
                text = text.replace("\n", "\r\n")
            return _seen(file, self._folder.write(file, text, before))

    def delete(self, file: str, version: str) -> None:
        """Take a file that still has this version away, so that `restore` can bring it back."""
        with self._lock:
            self._folder.delete(file, self._unchanged(file, version))

    def restore(self, file: str, version: str) -> ProfileText:
        """Bring a file back that had this version when it was deleted."""
        with self._lock:
            before = self._folder.read(file)
            if before.data is not None:
                raise FileTakenError(f"{file}: found a new file of this name; it was left as it is")
            gone = self._folder.read(file + BACKUP)
            if gone.data is None or digest(gone.text) != version:
                raise NoSuchProfileFileError(f"{file}: what was deleted is not there any more")
            return _seen(file, self._folder.write(file, gone.text, before))

    def _demanded(self, file: str) -> Content:
        if file not in self.names():
            raise NoSuchProfileFileError(f"{file!r}: there is no such file of yours (any more)")
        return self._folder.read(file)

    def _unchanged(self, file: str, version: str) -> Content:
        content = self._demanded(file)
        if digest(content.text) != version:
            reason = "somebody has changed it meanwhile, and nothing was written; look at it, then try again"
            raise ChangedMeanwhileError(f"{file}: {reason}")
        return content

    def _demand_valid(self, text: str, file: str) -> Profile:
        found = self.check(text, file)
        if found.profile is None:
            raise InvalidProfileError(found.problems[0])
        if not file and (len(found.profile.id) > LONGEST_ID or not _ID.match(found.profile.id)):
            allowed = f"small letters, digits, dots and hyphens, at most {LONGEST_ID}"
            raise InvalidProfileError(LocatedProblem("id", line_of("id", text), "another text", allowed))
        return found.profile


def draft(profile: Profile, text: str, kind: DraftKind, taken: frozenset[str]) -> str:
    """The text of a new profile: a copy of a file's text, or a child that inherits everything.

    A copy recognises nothing by itself: what it was copied from would win. `taken`: all ids.
    """
    identifier, name = _free(profile.id, taken), f"{profile.name} (mine)"
    if kind == "child":
        return _CHILD.format(
            id=identifier,
            name=tomlkit.item(name).as_string(),
            parent=profile.id,
            title=_one_line(profile.name),
        )
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise UserFileError(f"{profile.id}: can't be copied: {error}; a child of it can be made") from None
    document["id"], document["name"], document["version"] = identifier, name, 1
    match = document.get("match", {})
    for key in list(match):  # not the table itself: the comments behind it would go with it
        del match[key]
    return tomlkit.dumps(document)


_CHILD = """\
# What is not stated here comes from {title}, and follows its updates.
schema = 1
id = "{id}"
version = 1
name = {name}
extends = "{parent}"

# Whole names of checkpoint files, without their ending, that this profile is for.
[match]
names = []
"""


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _free(identifier: str, taken: frozenset[str]) -> str:
    first = f"{identifier}-mine"
    numbered = (f"{first}-{number}" for number in range(2, len(taken) + 3))
    return next(found for found in (first, *numbered) if found not in taken)


def _seen(file: str, content: Content) -> ProfileText:
    return ProfileText(file, content.text, digest(content.text))


def _located(problem: ProfileProblem, text: str) -> LocatedProblem:
    line = line_of(problem.key, text) if problem.key else line_in_message(problem.found, text)
    return LocatedProblem(problem.key, line, problem.found, problem.allowed)
