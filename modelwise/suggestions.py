"""What completion knows of a model beside tag lists: its own words, other models' words, its spelling.

Everything comes from the profiles and the vocabulary; nothing here ranks or searches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from modelwise.blocks import Blocks
from modelwise.library import foreign_words
from modelwise.profiles import Profile, Spelling, Years
from modelwise.terms import Slot
from modelwise.vocabulary import Category, Vocabulary, category_of
from modelwise.words import RANKED, RATINGS, OwnWord, OwnWords, prefixes


class Special(msgspec.Struct, frozen=True):
    """A word of the model's own. `says`: what the card says of it; `low`: nobody wants it in an image."""

    tag: str
    slot: Slot
    low: bool
    says: str


class TagSpelling(msgspec.Struct, frozen=True):
    """How the model's captions spell a tag, as a profile has it."""

    underscores: str
    parentheses: str
    case: str
    artist_prefix: str | None


class Suggestions(msgspec.Struct, frozen=True):
    """A model's part of completion.

    `slots`: where tags of the lists may go, none where nothing moves; `prefixes`: what may stand before an
    artist; `foreign`: other models' special words by normal form, with a model that has each; `everyday`:
    artists whose bare name is an everyday word and stays where it is.
    """

    profile: str
    slots: tuple[Slot, ...]
    spelling: TagSpelling | None
    prefixes: tuple[str, ...]
    specials: tuple[Special, ...]
    foreign: Mapping[str, str]
    everyday: tuple[str, ...]


def suggestions(profile: Profile, profiles: Iterable[Profile], vocabulary: Vocabulary) -> Suggestions:
    """What completion knows of a profile."""
    blocks = Blocks(profile)
    moving = [slot for slot in Slot if blocks.moves and blocks.listed(slot, own=False) is slot]
    return Suggestions(
        profile.id,
        tuple(moving),
        _spelling(profile.spelling),
        prefixes(profile),
        tuple(_specials(profile, blocks)),
        foreign_words(profiles, profile),
        tuple(everyday_artists(vocabulary)),
    )


def everyday_artists(vocabulary: Vocabulary) -> Iterator[str]:
    """The artists whose bare name is no reason to move a word."""
    for key, code in vocabulary.tables.codes.items():
        if category_of(code) is Category.ARTIST and vocabulary.is_ordinary(key):
            yield key


def _spelling(spelling: Spelling | None) -> TagSpelling | None:
    if spelling is None:
        return None
    return TagSpelling(spelling.underscores, spelling.parentheses, spelling.case, spelling.artist_prefix)


def _specials(profile: Profile, blocks: Blocks) -> Iterator[Special]:
    """The model's words in the order of its sequence, then its years by number, the newest first."""
    notes = dict(_notes(profile))
    for _, word in OwnWords(profile):
        yield _special(word, notes.get(word.tag, word.slot.value), blocks)
    years = profile.vocabulary.year
    for year in _numbered(years) if years else ():
        yield _special(OwnWord(year, Slot.YEAR), "year", blocks)


def _special(word: OwnWord, says: str, blocks: Blocks) -> Special:
    return Special(word.tag, blocks.listed(word.slot, own=True), word.low, says)


def _notes(profile: Profile) -> Iterator[tuple[str, str]]:
    """What the card says of each word: its place in a ranking and what for, how often, what it means."""
    vocabulary = profile.vocabulary
    for slot in RANKED:
        words = getattr(vocabulary, slot.value)
        listed = words.words if words else ()
        for place, word in enumerate(listed, start=1):
            parts = [f"{slot.value}, {place} of {len(listed)}", word.criterion]
            parts.append(f"{word.count:,} images" if word.count is not None else "")
            yield word.tag, ", ".join(filter(None, parts))
    for rating in RATINGS:
        for tag in getattr(vocabulary.rating, rating, ()):
            yield tag, f"rating: {rating}"
    for era in vocabulary.year.eras if vocabulary.year else ():
        yield era.tag, f"{era.first} to {era.last}" if era.first != era.last else str(era.first)


def _numbered(years: Years) -> Iterator[str]:
    if years.prefix and years.first is not None and years.last is not None:
        for year in range(years.last, years.first - 1, -1):
            yield f"{years.prefix}{year}"
