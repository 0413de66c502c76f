"""Tag lists from files: our own text lists, and CSVs in tagcomplete's format.

A line that makes no sense is counted and shown, never fatal; the rest of the file is read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from modelwise.spelling import normal_form
from modelwise.tag_types import Types, types_of
from modelwise.vocabulary import Category, TagList, Vocabulary, data_folder

SHOWN_PROBLEMS = 5
_UNREADABLE = "\ufffd"
_LONGEST_COUNT = 12
_LEAST_TRANSLATIONS, _MOSTLY = 5, 0.75
"""A file whose second column mostly holds words, not types, is one of translations."""

_OWN_LISTS = {
    "characters.txt": Category.CHARACTER,
    "series.txt": Category.SERIES,
    "artists.txt": Category.ARTIST,
    "general.txt": Category.GENERAL,
    "meta.txt": Category.META,
}
Row = tuple[str, Category, int, tuple[str, ...]]


def bundled_lists() -> list[TagList]:
    """Our own lists."""
    folder = data_folder()
    popular = [normal_form(line) for line in _lines(folder / "popular.txt")]
    ranks = {key: len(popular) - place for place, key in enumerate(popular)}
    lists = [_own_list(folder / name, category, ranks) for name, category in _OWN_LISTS.items()]
    words = frozenset(_lines(folder / "common_words.txt"))
    wrong = (line.split(" = ") for line in _lines(folder / "misspellings.txt"))
    misspellings = {normal_form(misspelling): meant for misspelling, meant in wrong}
    return [
        *lists,
        TagList("common_words.txt", (), words=words),
        TagList("misspellings.txt", (), misspellings=misspellings),
    ]


def load_vocabulary(files: Iterable[Path] = ()) -> Vocabulary:
    """Our own lists and the user's files, later ones winning."""
    return Vocabulary([*bundled_lists(), *map(read_csv, files)])


def special_words() -> dict[str, str]:
    """Special words that no profile has as such, by normal form, with the model's name."""
    words: dict[str, str] = {}
    model = ""
    for line in _lines(data_folder() / "special_words.txt"):
        if line[0] == "[":
            model = line[1:-1]
        else:
            words[normal_form(line)] = model
    return words


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            yield line


def _own_list(path: Path, category: Category, ranks: Mapping[str, int]) -> TagList:
    """A list of ours: `name = alias | alias`, in blocks headed `[series or group]`, ranked by `ranks`."""
    rows: list[Row] = []
    series: dict[str, tuple[str, ...]] = {}
    block = ""
    for line in _lines(path):
        if line[0] == "[" and line[-1] == "]":
            block = normal_form(line[1:-1])
            continue
        name, _, others = line.partition(" = ")
        key = normal_form(name)
        aliases = tuple(others.split(" | ")) if others else ()
        rows.append((name, category, ranks.get(key, 0), aliases))
        if category is Category.CHARACTER and block:
            series[key] = (*series.get(key, ()), block)
    return TagList(path.name, tuple(rows), series, ours=True)


def read_csv(path: Path) -> TagList:
    """A CSV of `name,type,count,"aliases"`, or of `name,translation`.

    A line with bytes that are not UTF-8 keeps what can be read of it. Raises OSError where the file
    can't be read at all.
    """
    lines = path.read_bytes().decode("utf-8-sig", "replace").split("\n")
    fields = [_fields(line.rstrip("\r")) for line in lines]
    second = [each[1].strip() for each in fields if len(each) > 1]
    words = sum(map(_is_word, second))
    if words >= max(_LEAST_TRANSLATIONS, len(second) * _MOSTLY) and not any(map(_is_counted, fields)):
        return TagList(_name(path), (), translations=_translations(fields))
    return _tags(path, lines, fields, types_of(second))


def _translations(fields: Iterable[list[str]]) -> dict[str, tuple[str, ...]]:
    """The words for each tag in another language; the columns between, such as a type, say nothing of it."""
    found: dict[str, tuple[str, ...]] = {}
    for name, *columns in filter(None, fields):
        words = [word.strip() for column in columns for word in column.split(",") if _is_word(word.strip())]
        if name.strip() and words and _UNREADABLE not in name:
            found[name.strip()] = tuple(word for word in words if _UNREADABLE not in word)
    return found


def _is_word(text: str) -> bool:
    return bool(text) and not text.removeprefix("-").isdecimal()


def _is_counted(parts: list[str]) -> bool:
    """A tag with its type and how often it is used: never a line of translations."""
    return len(parts) > 2 and parts[1].isdecimal() and parts[2].isdecimal()


def _tags(path: Path, lines: Iterable[str], fields: Iterable[list[str]], types: Types) -> TagList:
    rows: list[Row] = []
    problems: list[str] = []
    bad = 0
    for number, (line, parts) in enumerate(zip(lines, fields), 1):
        if len(parts) > 1 and types.get(parts[1], Category.META) is None:
            continue
        row = _row(parts, types)
        if row is not None:
            rows.append(_readable(row) if _UNREADABLE in line else row)
        if (row is None and line.strip()) or _UNREADABLE in line:
            bad += 1
            if len(problems) < SHOWN_PROBLEMS:
                problems.append(_problem(number, line))
    kept = tuple(row for row in rows if _UNREADABLE not in row[0])
    return TagList(_name(path), kept, problems=tuple(problems), problem_count=bad)


def _name(path: Path) -> str:
    return path.name.encode("utf-8", "replace").decode()  # Linux allows names that are no text


def _readable(row: Row) -> Row:
    name, category, count, aliases = row
    return name, category, count, tuple(alias for alias in aliases if _UNREADABLE not in alias)


def _row(fields: list[str], types: Types) -> Row | None:
    if len(fields) < 2:
        return None
    category = types.get(fields[1])
    if category is None or not fields[0].strip():
        return None
    count = fields[2] if len(fields) > 2 else ""
    others = fields[3].split(",") if len(fields) > 3 else ()
    aliases = tuple(alias.strip() for alias in others if alias.strip())
    known = count.isdecimal() and len(count) <= _LONGEST_COUNT
    return fields[0].strip(), category, int(count) if known else 0, aliases


def _fields(line: str) -> list[str]:
    if '"' not in line:
        return line.split(",")
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _problem(number: int, line: str) -> str:
    if _UNREADABLE in line:
        return f"line {number}: found bytes that are not UTF-8: {line[:60]!r}; allowed: UTF-8"
    allowed = ", ".join(f"{int(category)} {category.name.lower()}" for category in Category)
    return f'line {number}: found {line[:60]!r}; allowed: name,type,count,"aliases", type {allowed}'
