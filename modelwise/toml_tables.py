"""The user's TOML texts: read and checked, and changed so that everything around stays, comments included."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from modelwise.toml_messages import located
from modelwise.user_files import UserFileError

T = TypeVar("T", bound=msgspec.Struct)


def checked(text: str, structure: type[T], name: str) -> T:
    """What a file of this name holds. Raises UserFileError: the key, what was found, what is allowed."""
    try:
        tables = tomlkit.parse(text).unwrap()
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise UserFileError(f"{name}: found {error}; allowed: valid TOML") from None
    try:
        return msgspec.convert(tables, structure)
    except msgspec.ValidationError as error:
        key, found, allowed = located(str(error), tables, structure)
        raise UserFileError(f"{name}: {key}: found {found}; allowed: {allowed}") from None


def edited(text: str, key: str, header: str, change: Callable[[AoT], object]) -> str:
    """The text with the array `[[key]]` changed; `header`: the comment that begins a new file.

    Raises what `change` raises, and tomlkit's errors for a text that is no TOML.
    """
    if text and not text.endswith("\n"):
        text += "\n"  # tomlkit would write what is added into the last line
    document = tomlkit.parse(text)
    if not text.strip():
        document.add(tomlkit.comment(header))
    tables = _tables(document, key)
    change(tables)
    if not tables:  # tomlkit would write an empty list where no table can follow
        document.remove(key)
    return tomlkit.dumps(document)


def _tables(document: TOMLDocument, key: str) -> AoT:
    """The array, made where there is none yet; a list written in one value becomes one."""
    found = document.get(key)
    if isinstance(found, AoT):
        return found
    tables = tomlkit.aot()
    for entry in document.pop(key, ()):
        table = tomlkit.table()
        table.update(entry)
        tables.append(table)
    document.add(key, tables)
    return tables
