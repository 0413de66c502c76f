"""Says what msgspec found wrong with a file of ours in the file's own terms: key, value, what is allowed.

msgspec's messages name the path and the kind of error; the value and the closed sets come from the
tables and the structures themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import inspect

Table = dict[str, Any]
Finding = tuple[str, str, str]
"""The key's path (`settings.steps.value`, `order.slots[3]`), what was found, what is allowed."""

LARGEST_NUMBER = 2**63

_STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
_MESSAGE = re.compile(r"(.*) - at `(?:key` in `)?\$(.*)`", re.DOTALL)


def shown(value: object) -> str:
    """A found value in a few words, however large it is."""
    match value:
        case None:
            return "nothing"
        case dict():
            return "a table"
        case list():
            return f"a list of {len(value)}" if value else "an empty list"
        case bool():
            return str(value).lower()
        case int() if abs(value) >= LARGEST_NUMBER:
            return "a number too large"
        case str():
            return repr(value if len(value) <= 60 else value[:60] + "...")
    return str(value)


def located(message: str, table: Table, structure: type[msgspec.Struct]) -> Finding:
    """The finding of msgspec's message, which has the path but not the value or what is allowed.

    `structure`: what the table was to be converted to.
    """
    path, kind = "", inspect.type_info(structure)
    value: Any = table
    foreign = message.startswith("Object contains unknown")
    # An unknown key of the whole file can be written so that it looks like a path.
    match = None if foreign and table.keys() - _keys(kind) else _MESSAGE.fullmatch(message)
    for name, index in _STEP.findall(match[2] if match else ""):
        step = name or (_bad_entry(value, kind) if index == "..." else int(index))
        path, value, kind = joined(path, step), value[step], _inside(kind, step)
    known = _keys(kind)
    if message.startswith("Object missing"):
        missing = next(key for key, needed in known.items() if needed and key not in value)
        return joined(path, missing), "nothing", _allowed(_inside(kind, missing))
    if foreign or " - at `key` in" in message:
        unknown = next(key for key in value if key not in known)
        return joined(path, unknown), "an unknown key", ", ".join(known)
    return path, shown(value), _allowed(kind)


def joined(path: str, step: str | int) -> str:
    """A path with one more step: a key, or a place in a list."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if path else step


def _bad_entry(entries: Mapping[str, Any], kind: inspect.Type) -> str:
    """msgspec writes `[...]` for every key of a free table: find the one that it meant."""
    tables = (member for member in _members(kind) if isinstance(member, inspect.DictType))
    inner = next((table.value_type for table in tables), kind)
    return next((key for key, entry in entries.items() if not _fits(entry, inner)), next(iter(entries)))


def _fits(entry: object, kind: inspect.Type) -> bool:
    """Whether an entry is of the kind: a word of a closed set, a table, or else a whole number."""
    if isinstance(kind, inspect.LiteralType):
        return entry in kind.values
    try:
        msgspec.convert(entry, kind.cls if isinstance(kind, inspect.StructType) else int)
    except msgspec.ValidationError:
        return False
    return True


def _members(kind: inspect.Type) -> tuple[inspect.Type, ...]:
    types = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    bare = (member.type if isinstance(member, inspect.Metadata) else member for member in types)
    return tuple(member for member in bare if not isinstance(member, inspect.NoneType))


def _inside(kind: inspect.Type, step: str | int) -> inspect.Type:
    for member in _members(kind):
        if isinstance(member, inspect.StructType):
            return next(field.type for field in member.fields if field.encode_name == step)
        if isinstance(member, inspect.DictType):
            return member.value_type
        if isinstance(member, inspect.VarTupleType):
            return member.item_type
    return kind


def _keys(kind: inspect.Type) -> dict[str, bool]:
    """The keys of a table, and whether each has to be stated."""
    for member in _members(kind):
        if isinstance(member, inspect.StructType):
            return {field.encode_name: field.required for field in member.fields}
        if isinstance(member, inspect.DictType) and isinstance(member.key_type, inspect.LiteralType):
            return {str(value): False for value in member.key_type.values}
    return {}


def _allowed(kind: inspect.Type) -> str:
    return " or ".join(dict.fromkeys(_described(member) for member in _members(kind)))


def _described(kind: inspect.Type) -> str:
    match kind:
        case inspect.EnumType():
            return ", ".join(str(member.value) for member in kind.cls)
        case inspect.LiteralType():
            return ", ".join(str(value) for value in kind.values)
        case inspect.IntType():
            return "a whole number" + _bounds(kind)
        case inspect.FloatType():
            return "a number" + _bounds(kind)
        case inspect.BoolType():
            return "true, false"
        case inspect.StrType():
            return _text(kind)
        case inspect.VarTupleType():
            most = f"at most {kind.max_length} times " if kind.max_length is not None else ""
            return f"a list of {most}{_allowed(kind.item_type)}"
    return "a table with " + (", ".join(_keys(kind)) or "keys of your choice")


def _text(kind: inspect.StrType) -> str:
    if kind.pattern and not kind.min_length:
        return f"a text of the form {kind.pattern}"
    most = f", of at most {kind.max_length} characters" if kind.max_length is not None else ""
    form = f", of the form {kind.pattern}" if kind.pattern else ""
    return f"a text that is not empty{most}{form}"


def _bounds(kind: inspect.IntType | inspect.FloatType) -> str:
    limits = (("over", kind.gt), ("at least", kind.ge), ("at most", kind.le))
    return ",".join(f" {word} {limit:g}" for word, limit in limits if limit is not None)
