"""Reads profiles from folders of TOML files, inheriting where a file extends another.

Loading never raises for what a file holds: a bad file becomes one problem that names the file, the key,
what was found and what is allowed, and the other files load.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from inspect import cleandoc
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from modelwise.profile_checks import check_profile, refused
from modelwise.profile_problems import ProfileError, ProfileProblem
from modelwise.profiles import Profile
from modelwise.toml_messages import Finding, Table, shown
from modelwise.toml_places import MOST_STEPS, long_key

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

BUNDLED = Path(__file__).parent.parent / "presets"
LARGEST_FILE = 1_000_000
OWN_KEYS = frozenset(
    {"schema", "id", "version", "name", "extends", "same_card", "without", "match", "examples", "presets"}
)
"""What a profile never inherits."""

NO_DRAFTS: Mapping[Path, str] = MappingProxyType({})

Owners = Mapping[str, tuple[Path, Table]]
"""By id: the file that states it, and what stands there."""


@dataclass(frozen=True, slots=True)
class ProfileSet:
    """The profiles by id, why the other files were not taken, and the file of each that was."""

    profiles: Mapping[str, Profile]
    problems: tuple[ProfileProblem, ...]
    files: Mapping[str, Path] = field(default_factory=dict)


def load_bundled() -> ProfileSet:
    """The profiles that come with the extension."""
    return load_profiles([BUNDLED])


def load_profiles(places: Sequence[Path], drafts: Mapping[Path, str] = NO_DRAFTS) -> ProfileSet:
    """Every profile of the folders and files; where two files state one id, the first keeps it.

    `drafts`: texts in place of what stands in a file, or beside all files; they come last.
    """
    paths = [path for place in places for path in _files(place) if path not in drafts] + list(drafts)
    problems: dict[Path, ProfileProblem] = {}
    owners: dict[str, tuple[Path, Table]] = {}
    for path in paths:
        try:
            table = parse_profile(drafts[path] if path in drafts else _read(path), path.name)
            owners[_claimed(table, path.name, owners)] = path, table
        except ProfileError as error:
            problems[path] = error.problem
    profiles = _build(owners, problems)
    files = {identifier: owners[identifier][0] for identifier in profiles}
    return ProfileSet(profiles, tuple(problems[path] for path in paths if path in problems), files)


def parse_profile(text: str, file: str) -> Table:
    """The tables of one file as they stand there: not inherited, not checked."""
    if line := long_key(text):
        found = f"a key of more than {MOST_STEPS} steps (at line {line})"
        raise refused(file, ("", found, "keys of a few steps, such as settings.steps.value"))
    try:
        table: Table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise refused(file, ("", str(error), "valid TOML")) from None
    return table


def inherit(parent: Table, child: Table) -> Table:
    """The child's tables over the parent's; what comes from another model's card is `related`."""
    base = {key: value for key, value in parent.items() if key not in OWN_KEYS}
    for key in _unwanted(child):
        base = _without(base, key) or base
    if child.get("same_card") is not True:
        base = _demoted(base)
    merged = _merged(base, child)
    if isinstance(own := child.get("sources"), list):
        # Inherited values go on naming the parent's documents, so those stay listed.
        taken = [source.get("id") for source in own if isinstance(source, dict)]
        merged["sources"] = own + [kept for kept in base.get("sources", ()) if kept["id"] not in taken]
    return merged


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a profile file, for editors."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, **_dedented(msgspec.json.schema(Profile))}


def _dedented(schema: Any) -> Any:
    """Descriptions as Python 3.13 has them: older ones keep a docstring's indentation."""
    if isinstance(schema, dict):
        return {
            key: cleandoc(value) if key == "description" and isinstance(value, str) else _dedented(value)
            for key, value in schema.items()
        }
    return [_dedented(value) for value in schema] if isinstance(schema, list) else schema


def _files(place: Path) -> list[Path]:
    if place.suffix == ".toml":
        return [place]
    return sorted((path for path in place.glob("*.toml") if path.is_file()), key=lambda path: path.name)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
        if len(content) <= LARGEST_FILE:
            return content.decode("utf-8-sig")
    except OSError as error:
        raise refused(path.name, ("", error.strerror or "no access", "a readable file")) from None
    except UnicodeDecodeError as error:
        found = f"byte 0x{error.object[error.start]:02x} at {error.start}"
        raise refused(path.name, ("", found, "UTF-8")) from None
    raise refused(path.name, ("", "a file of over 1 MB", "at most 1 MB"))


def _claimed(table: Table, file: str, owners: Owners) -> str:
    identifier = table.get("id")
    if not isinstance(identifier, str):
        raise refused(file, ("id", shown(identifier), "a text that no other profile has as its id"))
    if identifier in owners:
        found = f"{shown(identifier)}, which {owners[identifier][0].name} has already"
        raise refused(file, ("id", found, "an id that no other profile has: pick another id"))
    return identifier


def _build(owners: Owners, problems: dict[Path, ProfileProblem]) -> dict[str, Profile]:
    complete: dict[str, Table] = {}
    profiles: dict[str, Profile] = {}
    for wanted in owners:
        for identifier in reversed(_lineage(wanted, owners)):
            path = owners[identifier][0]
            if identifier in profiles or path in problems:
                continue
            try:
                table = _completed(identifier, owners, complete)
                profiles[identifier] = check_profile(table, path.name)
                complete[identifier] = table
            except ProfileError as error:
                problems[path] = error.problem
    return {identifier: profiles[identifier] for identifier in owners if identifier in profiles}


def _lineage(identifier: str, owners: Owners) -> list[str]:
    """The profile, its parent, its parent's parent; ends before an unknown or repeated one."""
    line = {identifier: None}
    parent = owners[identifier][1].get("extends")
    while isinstance(parent, str) and parent in owners and parent not in line:
        line[parent] = None
        parent = owners[parent][1].get("extends")
    return list(line)


def _completed(identifier: str, owners: Owners, complete: Mapping[str, Table]) -> Table:
    path, table = owners[identifier]
    parent = table.get("extends")
    if not isinstance(parent, str):
        return table
    if parent in complete:
        for at, key in enumerate(_unwanted(table)):
            if _without(complete[parent], key) is None:
                raise refused(path.name, (f"without[{at}]", shown(key), f"a key that {parent} has"))
        return inherit(complete[parent], table)
    raise refused(path.name, _not_inherited(identifier, parent, owners))


def _not_inherited(identifier: str, parent: str, owners: Owners) -> Finding:
    if parent not in owners:
        return "extends", shown(parent), "the id of a profile: " + ", ".join(sorted(owners))
    line = _lineage(identifier, owners)
    if owners[line[-1]][1].get("extends") == identifier:
        found = "a loop: " + " -> ".join([*line, identifier])
        return "extends", found, "a profile that does not extend this one in turn"
    found = f"{shown(parent)}, which has a problem of its own"
    return "extends", found, f"a profile that loads: put {owners[parent][0].name} right first"


def _unwanted(child: Table) -> list[str]:
    """What a child does not take over; what is no text is found when the whole file is checked."""
    keys = child.get("without")
    return [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []


def _without(tables: Table, key: str) -> Table | None:
    """The tables but for what a dotted key names, or None where it names nothing."""
    first, _, rest = key.partition(".")
    if first not in tables:
        return None
    kept = {name: value for name, value in tables.items() if name != first}
    if not rest:
        return kept
    inner = tables[first]
    shorter = _without(inner, rest) if isinstance(inner, dict) else None
    return None if shorter is None else kept | {first: shorter}


def _merged(base: Table, child: Table) -> Table:
    merged = base | child
    for key, inner in base.items():
        over = child.get(key)
        if isinstance(inner, dict) and isinstance(over, dict):
            merged[key] = _merged(inner, over)
    return merged


def _demoted(value: Any) -> Any:
    if isinstance(value, list):
        return [_demoted(item) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _demoted(item) for key, item in value.items()}
    if inner.get("basis") in {"stated", "training"}:  # another card's example is no better than an example
        inner["basis"] = "related"
    return inner
