"""What the brackets at the end of a tag's name say of it, where no list knows the tag itself."""

from __future__ import annotations

import re

from modelwise.terms import Slot
from modelwise.vocabulary import Category, Vocabulary, qualifier, without_qualifier

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
_COSTUME = re.compile(r"(?:\d+(?:st|nd|rd|th) costume|(?:first|second|third) ascension)")


def by_qualifier(key: str, vocabulary: Vocabulary) -> tuple[Slot, str] | None:
    """The slot of `name (qualifier)`, and why; of several qualifiers the last one counts first."""
    named = qualifier(key)
    if not named or named in _NO_CHARACTERS:
        return None
    base = without_qualifier(key)
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
    found = vocabulary.find(base)
    if found and found.category is Category.CHARACTER and (found.exact or " " in base):
        return Slot.CHARACTER, f"a version of {found.name}"
    if not found and vocabulary.series_named(qualifier(base)):
        return Slot.CHARACTER, f"a version of {base}"
    owner = vocabulary.find(named)
    if owner and owner.exact and owner.category is Category.CHARACTER and " " in named:
        return Slot.CHARACTER, f"a character by whom it belongs to, {owner.name}"
    return None
