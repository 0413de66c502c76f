"""What the user wants, free of any model's vocabulary, to and from a profile's tags."""

from __future__ import annotations

from typing import Literal

import msgspec

from modelwise.profiles import Profile
from modelwise.spelling import normal_form
from modelwise.terms import QualityLevel, Rating
from modelwise.words import RATINGS

FULL: tuple[Rating, ...] = ("questionable", "explicit")
"""The ratings whose images a negative `nsfw` works against."""

_RATING_WORDS: dict[str, Rating] = {
    f"{prefix}{rating}": rating
    for rating in RATINGS
    for prefix in ("rating: ", "rating:", "rating ", "")
    if prefix or rating != "general"
}
_RATING_WORDS |= {"nsfw": "questionable", "rating safe": "general", "explicit nsfw": "explicit"}


class Intent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Quality level, aesthetic, rating and year; None: nothing is asked for, nothing is added."""

    quality: QualityLevel | None = "standard"
    aesthetic: Literal["high"] | None = None
    rating: Rating | None = None
    year: int | None = None


def rating_tags(profile: Profile, rating: Rating) -> tuple[str, ...]:
    """A rating in the model's words; empty where it has none."""
    tags: tuple[str, ...] = getattr(profile.vocabulary.rating, rating, ())
    return tags


def year_tags(profile: Profile, year: int) -> tuple[str, ...]:
    """A year in the model's words; empty where it has none."""
    years = profile.vocabulary.year
    if years is None:
        return ()
    if years.prefix:
        within = (years.first or year) <= year <= (years.last or year)
        return (f"{years.prefix}{year}",) if within else ()
    return tuple(era.tag for era in years.eras if era.first <= year <= era.last)


def years_of(profile: Profile, key: str) -> tuple[int, int] | None:
    """The calendar years that a year's tag stands for, by its normal form; None for any other tag."""
    years = profile.vocabulary.year
    for era in years.eras if years else ():
        if normal_form(era.tag) == key:
            return era.first, era.last
    for prefix in {normal_form(years.prefix) if years and years.prefix else "year", "year"}:
        number = key.removeprefix(prefix).lstrip()
        if key.startswith(prefix) and len(number) == 4 and number.isdecimal():
            return int(number), int(number)
    return None


def tags_of_years(profile: Profile, calendar: tuple[int, int]) -> tuple[str, ...]:
    """Calendar years in the model's words: the era that most of them fall into, of equals the later, or a
    year in their middle. Empty where the model has no word for any of them."""
    years = profile.vocabulary.year
    if years is None:
        return ()
    first, last = calendar
    if years.prefix:
        low, high = max(first, years.first or first), min(last, years.last or last)
        return (f"{years.prefix}{(low + high + 1) // 2}",) if low <= high else ()
    shared = [(min(last, era.last) - max(first, era.first) + 1, era.last, era.tag) for era in years.eras]
    years_shared, _, tag = max(shared, default=(0, 0, ""))
    return (tag,) if years_shared > 0 else ()


class RatingWords:
    """The rating words of a profile, and everybody's, ready to be found in a prompt."""

    def __init__(self, profile: Profile) -> None:
        own = {rating: tuple(map(normal_form, rating_tags(profile, rating))) for rating in RATINGS}
        self._whole = sorted(own.items(), key=lambda pair: -len(pair[1]))
        # A word of two ratings stands for the lesser.
        single = {word: rating for rating in reversed(RATINGS) for word in own[rating]}
        self._single = _RATING_WORDS | single

    def typed(self, keys: frozenset[str]) -> dict[Rating, list[str]]:
        """The ratings that words of a prompt stand for, with those words.

        A word that belongs to several ratings (`nsfw` beside `explicit`) counts for the one whose
        words are all there.
        """
        present = sorted(keys & self._single.keys())
        found: dict[Rating, list[str]] = {}
        taken: set[str] = set()
        for rating, words in self._whole if present else ():
            if words and keys.issuperset(words) and not taken.issuperset(words):
                found.setdefault(rating, []).extend(words)
                taken.update(words)
        for key in present:
            if key not in taken:
                found.setdefault(self._single[key], []).append(key)
        return found
