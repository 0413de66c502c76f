"""A profile's own words, ready for look-up: slot, rank in the model's sequence, the card's spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from modelwise.profiles import Profile, Word
from modelwise.spelling import normal_form
from modelwise.terms import QualityLevel, Rating, Slot

RATINGS: tuple[Rating, ...] = ("general", "sensitive", "questionable", "explicit")
RANKED = (Slot.QUALITY, Slot.SCORE, Slot.AESTHETIC, Slot.META)
"""The slots whose words are one sequence, from which a missing word finds its neighbour."""


_EMPHASIS = re.compile(r"^[(\[]+|(?::[\d.]+)?[)\]]+$")


class OwnWord(msgspec.Struct, frozen=True, gc=False):
    """A word of the model's. `rank`: its place in the ranked sequence, or -1; `literal`: written out in
    the card, not known by a pattern."""

    tag: str
    slot: Slot
    rank: int = -1
    low: bool = False
    literal: bool = True


class OwnWords:
    """Look-up of a profile's vocabulary by normal form.

    The words that only a level's injection uses belong to the block while that level is wanted.
    """

    def __init__(self, profile: Profile, level: QualityLevel | None = None) -> None:
        self._words: dict[str, OwnWord] = {}
        for word in _all_words(profile, level):
            self._words.setdefault(normal_form(word.tag), word)
        self._patterns = profile.vocabulary.patterns
        years = profile.vocabulary.year
        self._year_prefix = years.prefix if years else ""

    def find(self, key: str, source: str) -> OwnWord | None:
        """A word by its normal form, or a pattern by how the source text begins or ends."""
        word = self._words.get(key)
        if word is not None:
            return word
        text = source.lower()
        for pattern in self._patterns:
            if text.startswith(pattern.prefix.lower()) and text.endswith(pattern.suffix.lower()):
                return OwnWord(source, pattern.slot, literal=False)
        if self._year_prefix and key.startswith(self._year_prefix):
            year = key[len(self._year_prefix) :]
            if len(year) == 4 and year.isdecimal():
                return OwnWord(source, Slot.YEAR, literal=False)
        return None

    def __iter__(self) -> Iterator[tuple[str, OwnWord]]:
        return iter(self._words.items())


def _all_words(profile: Profile, level: QualityLevel | None) -> Iterator[OwnWord]:
    vocabulary = profile.vocabulary
    for rank, (slot, word) in enumerate(_ranked(profile, level)):
        yield OwnWord(word.tag, slot, rank, word.low)
    for slot in (Slot.SUBJECT, Slot.CUSTOM):
        words = getattr(vocabulary, slot.value)
        for word in words.words if words else ():
            yield OwnWord(word.tag, slot)
    for rating in RATINGS:
        for tag in getattr(vocabulary.rating, rating, ()):
            yield OwnWord(tag, Slot.RATING)
    for era in vocabulary.year.eras if vocabulary.year else ():
        yield OwnWord(era.tag, Slot.YEAR)


def _ranked(profile: Profile, level: QualityLevel | None) -> list[tuple[Slot, Word]]:
    """The model's ranked sequence; a word that only the level uses stands behind the one before it there."""
    vocabulary = profile.vocabulary
    ranked: list[tuple[Slot, Word]] = []
    for slot in RANKED:
        words = getattr(vocabulary, slot.value)
        ranked += [(slot, word) for word in (words.words if words else ())]
    injection = profile.inject.quality.get(level) if level else None
    extra = {word.tag for word in vocabulary.extra.words} if vocabulary.extra else set()
    previous = ""
    for tag in map(plain, injection.positive if injection else ()):
        if tag in extra:
            places = [at for at, (_, word) in enumerate(ranked) if word.tag == previous]
            ranked.insert(places[0] + 1 if places else 0, (Slot.QUALITY, Word(tag=tag)))
        previous = tag
    return ranked


def plain(tag: str) -> str:
    """A card's tag without the emphasis around it: `(masterpiece)`, `[abstract]`."""
    return _EMPHASIS.sub("", tag)


def prefixes(profile: Profile) -> tuple[str, ...]:
    """The artist prefixes that are read as such in any prompt, the profile's own first."""
    own = profile.spelling.artist_prefix if profile.spelling else None
    known = ("artist:", "@", "by ", "art by ", "drawn by ")
    return (own, *known) if own and own not in known else known
