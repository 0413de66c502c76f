"""What the brackets at the end of a tag's name say of it, where no list knows the tag itself."""

from __future__ import annotations

import re

from modelwise.terms import Slot
from modelwise.vocabulary import Category, Vocabulary, cut_qualifier

_NO_CHARACTERS = frozenset({"cosplay", "medium", "style", "object", "food", "meme"})
_THINGS = frozenset(
    {"uniform", "outfit", "costume", "swimsuit", "suit", "coat", "logo", "symbol", "emblem", "weapon"}
)
"""Names that end so are worn or shown by the characters of a series: `school uniform (series)`."""

_KINDS = {
    "series": Slot.SERIES,
    "franchise": Slot.SERIES,
    "anime": Slot.SERIES,
    "manga": Slot.SERIES,
    "game": Slot.SERIES,
    "movie": Slot.SERIES,
    "film": Slot.SERIES,
    "novel": Slot.SERIES,
    "character": Slot.CHARACTER,
    "vtuber": Slot.CHARACTER,
    "artist": Slot.ARTIST,
}
_MOST_QUALIFIERS = 4
_COSTUME = re.compile(r"(?:\d+(?:st|nd|rd|th) costume|(?:first|second|third) ascension)")


def by_qualifier(key: str, vocabulary: Vocabulary) -> tuple[Slot, str] | None:
    """The slot of `name (qualifier)`, and why; of several qualifiers the last one counts first."""
    base, named = cut_qualifier(key)
    if not named or named in _NO_CHARACTERS:
        return None
    if base.rpartition(" ")[2] in _THINGS:
        return None
    return _by_kind(named, vocabulary) or _by_character(base, named, vocabulary)


def _by_kind(named: str, vocabulary: Vocabulary) -> tuple[Slot, str] | None:
    if vocabulary.series_named(named):
        return Slot.CHARACTER, f"a character by its series in brackets, {named}"
    if _COSTUME.fullmatch(named):
        return Slot.CHARACTER, f"a character by the costume in brackets, {named}"
    slot = _KINDS.get(named)
    return (slot, f"{slot.value} by its own brackets, {named}") if slot else None


def _by_character(base: str, named: str, vocabulary: Vocabulary) -> tuple[Slot, str] | None:
    """A version of a character, or what belongs to one: `kokoro (hakui koyori)`."""
    version = version_of(base, vocabulary)
    if version:
        return Slot.CHARACTER, f"a version of {version}"
    if not vocabulary.find(base) and vocabulary.series_named(cut_qualifier(base)[1]):
        return Slot.CHARACTER, f"a version of {base}"
    owner = vocabulary.find(named)
    if owner and owner.exact and owner.category is Category.CHARACTER and " " in named:
        return Slot.CHARACTER, f"a character by whom it belongs to, {owner.name}"
    return None


def version_of(name: str, vocabulary: Vocabulary) -> str | None:
    """The character that a name without its last brackets is: `gawr gura`, `gawr gura (casual)`."""
    for _ in range(_MOST_QUALIFIERS):
        found = vocabulary.find(name)
        if found is not None:
            claims = not found.exact and (" " not in name or vocabulary.is_ordinary(name))
            return None if claims or found.category is not Category.CHARACTER else found.name
        name, named = cut_qualifier(name)
        if not named or named in _NO_CHARACTERS:
            return None
    return None
