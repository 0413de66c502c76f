"""Why a request is not answered: a status, and a sentence with the field, what was found, what is allowed."""

from __future__ import annotations

from typing import Any

import msgspec

from modelwise.own_presets import NameTakenError, NoSuchPresetError
from modelwise.own_profiles import FileTakenError, InvalidProfileError, NoSuchProfileFileError
from modelwise.own_tag_lists import (
    InvalidTagListError,
    NoSuchTagListError,
    TagListTakenError,
    TagListTooLargeError,
)
from modelwise.toml_messages import located
from modelwise.user_files import UserFileError

INTERNAL = "something went wrong here; the host's log says what"


class Problem(msgspec.Struct, frozen=True):
    """The answer where something is wrong. `field`: its path in the request, empty for the whole of it."""

    error: str
    field: str = ""
    found: str = ""
    allowed: str = ""


class Refusal(Exception):
    """A request that is not answered."""

    def __init__(self, status: int, problem: Problem) -> None:
        super().__init__(problem.error)
        self.status = status
        self.problem = problem


def refused(status: int, message: str) -> Refusal:
    """A refusal of the whole request."""
    return Refusal(status, Problem(message))


def wrong_field(field: str, found: str, allowed: str) -> Refusal:
    """A refusal for what a field holds."""
    at = f"{field}: " if field else ""
    return Refusal(422, Problem(f"{at}found {found}; allowed: {allowed}", field, found, allowed))


def invalid(error: msgspec.ValidationError, values: Any, kind: type[msgspec.Struct]) -> Refusal:
    """A refusal for values that are not of the kind; `error`: what msgspec said of them."""
    return wrong_field(*located(str(error), values, kind))


def of_user_file(error: UserFileError) -> Refusal:
    """A refusal for what stands, or does not stand, in the user's files."""
    if isinstance(error, InvalidProfileError):
        found = error.problem
        return Refusal(422, Problem(str(error), "text", found.found, found.allowed))
    status = _STATUSES.get(type(error), 409)
    return Refusal(status, Problem(str(error), _FIELDS.get(type(error), "")))


_STATUSES: dict[type[UserFileError], int] = {
    NoSuchPresetError: 404,
    NoSuchProfileFileError: 404,
    NoSuchTagListError: 404,
    TagListTooLargeError: 413,
    InvalidTagListError: 422,
}
"""Of what is not simply in the way."""

_FIELDS: dict[type[UserFileError], str] = {
    NoSuchPresetError: "name",
    NameTakenError: "name",
    NoSuchProfileFileError: "file",
    FileTakenError: "text",
    NoSuchTagListError: "list",
    TagListTakenError: "name",
}
"""What the request holds that stands in the way."""
