"""What is known about tags: name, category, post count, aliases, a character's series.

Built from lists, answers from dictionaries. Text from lists is data and nothing else. A list that is
read later wins over an earlier one on a tag's category; our series stay.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from functools import cached_property
from pathlib import Path

import msgspec

from modelwise.spelling import SHORT_TAG, normal_form


class Category(IntEnum):
    """Danbooru's categories, by the numbers that lists use."""

    GENERAL = 0
    ARTIST = 1
    SERIES = 3
    CHARACTER = 4
    META = 5


class Found(msgspec.Struct, frozen=True, gc=False):
    """A look-up's answer. `exact`: found under its own name, not under an alias."""

    name: str
    category: Category
    exact: bool


class TagList(msgspec.Struct, frozen=True):
    """A list as it was read: rows of (name, category, count, aliases), and the lines that made no row.

    `count`: the number of posts, or in our own lists how common a tag is, from 0 to 2; either ranks.
    `ours`: written for this project, so that its names and aliases are known to be worth taking as such.
    """

    name: str
    rows: tuple[tuple[str, Category, int, tuple[str, ...]], ...]
    series: dict[str, tuple[str, ...]] = {}
    words: frozenset[str] = frozenset()
    misspellings: dict[str, str] = {}
    problems: tuple[str, ...] = ()
    problem_count: int = 0
    ours: bool = False


class Vocabulary:
    """All lists together."""

    def __init__(self, lists: Iterable[TagList] = ()) -> None:
        self._categories: dict[str, Category] = {}
        self._short: dict[str, str] = {}
        self._aliases: dict[str, str] = {}
        self._series: dict[str, tuple[str, ...]] = {}
        self._common: set[str] = set()
        self._misspellings: dict[str, str] = {}
        self.lists = tuple(lists)
        for tag_list in self.lists:
            self._add(tag_list)

    def _add(self, tag_list: TagList) -> None:
        categories, aliases = self._categories, self._aliases
        for name, category, _count, others in tag_list.rows:
            key = _key(name)
            categories[key] = category
            if len(name) <= SHORT_TAG and "_" in name:
                self._short[key] = name
            for other in others:
                aliases.setdefault(_key(other), key)
        self._series.update(tag_list.series)
        self._common |= tag_list.words
        self._misspellings.update(tag_list.misspellings)

    def __len__(self) -> int:
        return len(self._categories)

    def find(self, key: str) -> Found | None:
        """Look a normal form up, by exact name first."""
        category = self._categories.get(key)
        if category is not None:
            return Found(self._short.get(key, key), category, True)
        name = self._aliases.get(key)
        if name is None:
            return None
        return Found(name, self._categories[name], False)

    def misspelled(self, key: str) -> str | None:
        """The tag that a misspelling means; what a list has as a name or an alias is none."""
        meant = self._misspellings.get(key)
        return None if meant is None or self.find(key) else meant

    def series_of(self, key: str) -> tuple[str, ...]:
        """The normal forms of the series that a character is known to belong to."""
        known = self._series.get(key if key in self._categories else self._aliases.get(key, key))
        if known is not None:
            return known
        name, qualified = cut_qualifier(key)
        series = self.series_named(qualified)
        if series:
            return (series,)
        return self.series_of(name) if qualified else ()

    def series_named(self, key: str) -> str | None:
        """The series that a qualifier names: `fate` is `fate (series)`."""
        if not key:
            return None
        for form in (key, f"{key} (series)"):
            found = self.find(form)
            if found and found.category is Category.SERIES and (found.exact or not self.is_ordinary(key)):
                return found.name
        return None

    def is_ordinary(self, key: str) -> bool:
        """Whether a word is an everyday one, which an alias or an artist's bare name must not claim."""
        return " " not in key and (key in self._common or key in self._general_words)

    @cached_property
    def _general_words(self) -> frozenset[str]:
        """Words of general tags; another list's (`genshin`, from a meme's name) take none of our names."""
        general = (key for key, category in self._categories.items() if category is Category.GENERAL)
        words = {word for key in general for word in key.split(" ")}
        rows = [row for tag_list in self.lists if tag_list.ours for row in tag_list.rows]
        named = {_key(name) for row in rows if row[1] is not Category.GENERAL for name in (row[0], *row[3])}
        own = {word for row in rows if row[1] is Category.GENERAL for word in _key(row[0]).split(" ")}
        return frozenset(words - named | own)


def _key(name: str) -> str:
    """A list's name in its normal form; the short way where both are the same."""
    key = name.replace("_", " ").lower()
    regular = name.isascii() and "  " not in key and "\\" not in key and "\t" not in key
    return key if regular and key == key.strip() else normal_form(name)


def cut_qualifier(key: str) -> tuple[str, str]:
    """`name (qualifier)` as the name and what stands in the last brackets, or all of it and nothing."""
    opening = key.rfind(" (") if key.endswith(")") else 0
    return (key[:opening], key[opening + 2 : -1]) if opening > 0 else (key, "")


def data_folder() -> Path:
    """Where our own lists are."""
    return Path(__file__).parent / "vocabulary_data"
