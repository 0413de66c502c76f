"""The routes of the user's own profiles: their files as text, what is wrong with a text, and changes.

Whatever is written is used by the running program at once.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from modelwise.own_profiles import DraftKind, LocatedProblem, ProfileText, draft
from modelwise.profile_problems import ProfileProblem
from modelwise.webui.api.messages import Asked
from modelwise.webui.api.refusals import Refusal, wrong_field
from modelwise.webui.api.route import Route
from modelwise.webui.api.service import Service

LONGEST_FILE_NAME = 120
FileName = Annotated[str, Meta(max_length=LONGEST_FILE_NAME)]


class FileQuery(Asked, frozen=True):
    """Which file of the user's: by its name."""

    file: FileName


class FileVersion(Asked, frozen=True):
    """Which file, and which version of it was seen; another is a conflict."""

    file: FileName
    version: str


class TextQuery(Asked, frozen=True):
    """Whose text: a profile's, by its id."""

    profile: str


class DraftQuery(Asked, frozen=True):
    """What a new profile is made of. `kind`: a copy of the text, or a child that extends the profile."""

    profile: str
    kind: DraftKind = "child"


class TextToCheck(Asked, frozen=True):
    """A text, and the file that it would stand in; without one, a new file."""

    text: str
    file: FileName = ""


class NewProfile(Asked, frozen=True):
    """A text to be written into a new file, named by the profile's id."""

    text: str


class ProfileChange(Asked, frozen=True):
    """What becomes of a file. `version`: the one that was seen; another is a conflict."""

    file: FileName
    text: str
    version: str


class OwnProfileFile(msgspec.Struct, frozen=True):
    """A file of the user's. `profile`: the id of its profile, None where it was not taken; `problem`: why."""

    file: str
    profile: str | None
    problem: ProfileProblem | None


class OwnProfileList(msgspec.Struct, frozen=True):
    """All files of the user's. `file`: the one that was restored or is gone, where one was."""

    files: tuple[OwnProfileFile, ...]


class Draft(msgspec.Struct, frozen=True):
    """A text that is in no file yet."""

    text: str


class Checked(msgspec.Struct, frozen=True):
    """What is wrong with a text, and which other profiles would not load beside it. `id` and `name`: of
    the profile that it is; None where it is none."""

    problems: tuple[LocatedProblem, ...]
    others: tuple[ProfileProblem, ...]
    id: str | None
    name: str | None


def files(service: Service, _asked: Asked) -> OwnProfileList:
    """All files of the user's."""
    found = service.engine.profile_set
    own = service.engine.own_profiles
    ids = {path.name: identifier for identifier, path in found.files.items() if own.holds(path)}
    problems = {problem.file: problem for problem in found.problems}
    return OwnProfileList(
        tuple(OwnProfileFile(file, ids.get(file), problems.get(file)) for file in own.names())
    )


def read(service: Service, asked: FileQuery) -> ProfileText:
    """A file of the user's."""
    return service.engine.own_profiles.read(asked.file)


def text_of(service: Service, asked: TextQuery) -> Draft:
    """A profile's file as text, whoever wrote it."""
    return Draft(_text(service, asked.profile))


def drafted(service: Service, asked: DraftQuery) -> Draft:
    """The text of a new profile made of another."""
    text = _text(service, asked.profile)
    profiles = service.engine.profiles
    return Draft(draft(profiles[asked.profile], text, asked.kind, frozenset(profiles)))


def check(service: Service, asked: TextToCheck) -> Checked:
    """What is wrong with a text; nothing is written."""
    found = service.engine.own_profiles.check(asked.text, asked.file)
    profile = found.profile
    named = (profile.id, profile.name) if profile else (None, None)
    return Checked(found.problems, found.others, *named)


def create(service: Service, asked: NewProfile) -> ProfileText:
    """Write a new file."""
    written = service.engine.own_profiles.create(asked.text)
    service.engine.forget_profiles()
    return written


def change(service: Service, asked: ProfileChange) -> ProfileText:
    """Write a file again."""
    written = service.engine.own_profiles.replace(asked.file, asked.text, asked.version)
    service.engine.forget_profiles()
    return written


def delete(service: Service, asked: FileVersion) -> OwnProfileList:
    """Take a file away."""
    service.engine.own_profiles.delete(asked.file, asked.version)
    service.engine.forget_profiles()
    return files(service, Asked())


def restore(service: Service, asked: FileVersion) -> ProfileText:
    """Bring a file back."""
    written = service.engine.own_profiles.restore(asked.file, asked.version)
    service.engine.forget_profiles()
    return written


def _text(service: Service, identifier: str) -> str:
    path = service.engine.profile_set.files.get(identifier)
    if path is None:
        allowed = ", ".join(service.engine.profiles)
        raise Refusal(404, wrong_field("profile", repr(identifier[:80]), allowed).problem)
    return path.read_text(encoding="utf-8-sig")


ROUTES = (
    Route(
        *("profile_text", "GET", "/profiles/{profile}/text", TextQuery, Draft, text_of),
        "A profile's file as text, with its comments",
    ),
    Route(
        *("profile_draft", "GET", "/profiles/{profile}/draft", DraftQuery, Draft, drafted),
        "The text of a new profile: a copy of one, or a child that extends it; nothing is written",
    ),
    Route(
        *("check_profile", "POST", "/own-profiles/check", TextToCheck, Checked, check),
        "What is wrong with a profile's text, with key and line; nothing is written",
    ),
    Route(
        *("create_profile", "POST", "/own-profiles", NewProfile, ProfileText, create),
        "Add a profile of your own",
        writes=True,
        status=201,
    ),
    Route(
        *("own_profiles", "GET", "/own-profiles", Asked, OwnProfileList, files),
        "The files of your own profiles, and why one was not taken",
    ),
    Route(
        *("own_profile", "GET", "/own-profiles/{file}", FileQuery, ProfileText, read),
        "A file of your own profiles as text",
    ),
    Route(
        *("change_profile", "PATCH", "/own-profiles", ProfileChange, ProfileText, change),
        "Write another text into a file of yours; the running program uses it from then on",
        writes=True,
    ),
    Route(
        *("delete_profile", "DELETE", "/own-profiles", FileVersion, OwnProfileList, delete),
        "Take a profile of yours away",
        writes=True,
    ),
    Route(
        *("restore_profile", "POST", "/own-profiles/restore", FileVersion, ProfileText, restore),
        "Bring a profile back that was taken away",
        writes=True,
    ),
)
