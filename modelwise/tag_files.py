"""Tag lists from files: our own text lists, and CSVs in tagcomplete's format.

A line that makes no sense is counted and shown, never fatal; the rest of the file is read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from modelwise.spelling import normal_form
from modelwise.vocabulary import Category, TagList, Vocabulary, data_folder

SHOWN_PROBLEMS = 5
_UNREADABLE = "\ufffd"
_LONGEST_COUNT = 12
_CATEGORIES = {str(int(category)): category for category in Category}
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
    lists = [_own_list(folder / name, category) for name, category in _OWN_LISTS.items()]
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
    """Special words of models without a profile, by normal form, with the model's name."""
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


def _own_list(path: Path, category: Category) -> TagList:
    """A list of ours: `name ** = alias | alias`, in blocks headed `[series or group]`; the stars rank."""
    rows: list[Row] = []
    series: dict[str, tuple[str, ...]] = {}
    block = ""
    for line in _lines(path):
        if line[0] == "[" and line[-1] == "]":
            block = normal_form(line[1:-1])
            continue
        written, _, others = line.partition(" = ")
        name, star, more = written.partition(" *")
        aliases = tuple(others.split(" | ")) if others else ()
        rows.append((name, category, len(star.strip() + more), aliases))
        if category is Category.CHARACTER and block:
            key = normal_form(name)
            series[key] = (*series.get(key, ()), block)
    return TagList(path.name, tuple(rows), series, ours=True)


def read_csv(path: Path) -> TagList:
    """A CSV of `name,type,count,"aliases"`.

    A line with bytes that are not UTF-8 keeps what can be read of it. Raises OSError where the file
    can't be read at all.
    """
    lines = path.read_bytes().decode("utf-8-sig", "replace").split("\n")
    rows: list[Row] = []
    problems: list[str] = []
    bad = 0
    for number, line in enumerate(lines, 1):
        row = _row(line.rstrip("\r"))
        if row is not None:
            rows.append(_readable(row) if _UNREADABLE in line else row)
        if (row is None and line.strip()) or _UNREADABLE in line:
            bad += 1
            if len(problems) < SHOWN_PROBLEMS:
                problems.append(_problem(number, line))
    kept = tuple(row for row in rows if _UNREADABLE not in row[0])
    return TagList(path.name, kept, problems=tuple(problems), problem_count=bad)


def _readable(row: Row) -> Row:
    name, category, count, aliases = row
    return name, category, count, tuple(alias for alias in aliases if _UNREADABLE not in alias)


def _row(line: str) -> Row | None:
    fields = _fields(line)
    if len(fields) < 2:
        return None
    category = _CATEGORIES.get(fields[1])
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
