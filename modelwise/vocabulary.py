"""What is known about tags: name, category, post count, aliases, a character's series.

Built from lists, answers from dictionaries. Text from lists is data and nothing else. A list that is
read later wins over an earlier one on a tag's category; our series stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from itertools import islice
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
    """A look-up's answer. `exact`: found under its own name, not under an alias; `source`: the list that
    says so."""

    name: str
    category: Category
    exact: bool
    source: str = ""


class TagList(msgspec.Struct, frozen=True):
    """A list as it was read: rows of (name, category, count, aliases), and the lines that made no row.

    `count`: the number of posts, or in our own lists a rank, the higher the more common, 0 for the rarest.
    `translations`: words of another language by a tag's name; they are aliases of tags that are known.
    `ours`: written for this project, so that its names and aliases are known to be worth taking as such.
    """

    name: str
    rows: tuple[tuple[str, Category, int, tuple[str, ...]], ...]
    series: dict[str, tuple[str, ...]] = {}
    translations: dict[str, tuple[str, ...]] = {}
    words: frozenset[str] = frozenset()
    misspellings: dict[str, str] = {}
    problems: tuple[str, ...] = ()
    problem_count: int = 0
    ours: bool = False


class Source(msgspec.Struct, frozen=True, array_like=True):
    """What a list brought: its name, the number of its rows, and the lines that made no row.

    `conflicts`: its tags that an earlier list has in another category; this one's counts.
    """

    name: str
    rows: int
    problems: tuple[str, ...]
    problem_count: int
    conflicts: int = 0


_BY_NUMBER = {int(category): category for category in Category}
_LISTS = 8
"""A code is a category (below 8) and 8 times the number of the list that says so: one number a tag."""


def category_of(code: int) -> Category:
    """The category in a code of `Tables.codes`."""
    return _BY_NUMBER[code % _LISTS]


class Tables(msgspec.Struct, array_like=True):
    """What look-ups need, as plain data. `codes` and `aliases` by normal form, an alias leading to a
    name's; `short`: names that keep their underscores; `ordinary`: everyday words."""

    codes: dict[str, int] = {}
    short: dict[str, str] = {}
    aliases: dict[str, str] = {}
    series: dict[str, tuple[str, ...]] = {}
    ordinary: set[str] = set()
    misspellings: dict[str, str] = {}
    sources: tuple[Source, ...] = ()

    @classmethod
    def of(cls, lists: Iterable[TagList]) -> Tables:
        """The tables of lists, later ones winning."""
        tables = cls()
        translated: dict[str, tuple[str, ...]] = {}
        lists = list(lists)
        for tag_list in lists:
            tables._add(tag_list)
            translated |= tag_list.translations
        tables._add_translations(translated)
        tables._add_ordinary([tag_list for tag_list in lists if tag_list.ours])
        return tables

    def _add_ordinary(self, ours: Iterable[TagList]) -> None:
        """The words of general tags; another list's (`zelda`, from a meme's name) take none of our names."""
        rows = [row for tag_list in ours for row in tag_list.rows]
        named = {_key(name) for row in rows if row[1] is not Category.GENERAL for name in (row[0], *row[3])}
        own = {word for row in rows if row[1] is Category.GENERAL for word in _key(row[0]).split(" ")}
        general = (key for key, code in self.codes.items() if category_of(code) is Category.GENERAL)
        self.ordinary |= {word for key in general for word in key.split(" ")} - named | own

    def _add_translations(self, translated: Mapping[str, tuple[str, ...]]) -> None:
        """Last of all: a word of another language never takes the place of a tag or of an alias."""
        for name, words in translated.items():
            key = _key(name)
            for word in map(_key, words if key in self.codes else ()):
                if word not in self.codes:
                    self.aliases.setdefault(word, key)

    def _add(self, tag_list: TagList) -> None:
        codes, aliases = self.codes, self.aliases
        conflicts = 0
        number = len(self.sources) * _LISTS
        for name, category, _count, others in tag_list.rows:
            key = _key(name)
            conflicts += codes.get(key, category) % _LISTS != category
            codes[key] = number + category
            if len(name) <= SHORT_TAG and "_" in name:
                self.short[key] = name
            for other in others:
                aliases.setdefault(_key(other), key)
        self.series.update(tag_list.series)
        self.ordinary |= tag_list.words
        self.misspellings.update(tag_list.misspellings)
        count = len(tag_list.rows) or len(tag_list.translations)
        source = Source(tag_list.name, count, tag_list.problems, tag_list.problem_count, conflicts)
        self.sources += (source,)


class Vocabulary:
    """All lists together."""

    def __init__(self, lists: Iterable[TagList] = (), *, tables: Tables | None = None) -> None:
        self.tables = tables or Tables.of(lists)
        self.sources = self.tables.sources
        self._codes = self.tables.codes
        self._short = self.tables.short
        self._aliases = self.tables.aliases
        self._series = self.tables.series
        self._ordinary = self.tables.ordinary
        self._misspellings = self.tables.misspellings

    def __len__(self) -> int:
        return len(self._codes)

    def find(self, key: str) -> Found | None:
        """Look a normal form up, by exact name first."""
        code = self._codes.get(key)
        if code is not None:
            return self._found(self._short.get(key, key), code, exact=True)
        name = self._aliases.get(key)
        if name is None:
            return None
        return self._found(name, self._codes[name], exact=False)

    def _found(self, name: str, code: int, *, exact: bool) -> Found:
        return Found(name, category_of(code), exact, self.sources[code // _LISTS].name)

    def misspelled(self, key: str) -> str | None:
        """The tag that a misspelling means; what a list has as a name or an alias is none."""
        meant = self._misspellings.get(key)
        return None if meant is None or self.find(key) else meant

    def series_of(self, key: str) -> tuple[str, ...]:
        """The normal forms of the series that a character is known to belong to, or else the one in its
        brackets, or that of whom it is a version of or belongs to."""
        name, named = key, "?"
        while named:
            known = self._series.get(name if name in self._codes else self._aliases.get(name, name))
            if known is not None:
                return known
            name, named = cut_qualifier(name)
            series = self.series_named(named)
            if series:
                return (series,)
        return self._series.get(cut_qualifier(key)[1], ())

    def series_named(self, key: str) -> str | None:
        """The series that a qualifier names: `fate` is `fate (series)`."""
        if not key:
            return None
        for form in (key, f"{key} (series)"):
            found = self.find(form)
            if found and found.category is Category.SERIES and (found.exact or not self.is_ordinary(key)):
                return found.name
        return None

    def aliases_of(self, key: str) -> tuple[str, ...]:
        """The normal forms of all aliases that lead to a name. Looks through all of them."""
        return tuple(alias for alias, name in self._aliases.items() if name == key)

    def beginning_with(self, start: str, most: int) -> tuple[str, ...]:
        """Names that begin so, in the lists' own order, which mostly is that of their posts."""
        return tuple(islice((key for key in self._codes if key.startswith(start)), most))

    def is_ordinary(self, key: str) -> bool:
        """Whether a word is an everyday one, which an alias or an artist's bare name must not claim."""
        return key in self._ordinary


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
