"""What the type numbers of a CSV mean: each site has its own, and a file does not say whose it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from modelwise.vocabulary import Category

Types = Mapping[str, Category | None]
"""The category of each type number; None for tags that say nothing of a picture, which are passed over."""

DANBOORU: Types = {str(int(category)): category for category in Category} | {"-1": None}
E621: Types = {
    **DANBOORU,
    "2": None,  # contributor
    "5": Category.GENERAL,  # species
    "6": None,  # invalid
    "7": Category.META,
    "8": Category.GENERAL,  # lore: what the picture alone does not show
}
DERPIBOORU: Types = {
    "0": Category.GENERAL,
    "1": Category.SERIES,  # official content
    "3": Category.GENERAL,  # species
    "4": Category.GENERAL,  # original characters
    "5": None,  # ratings: a profile has its own words for them
    "6": Category.GENERAL,  # body types
    "7": Category.CHARACTER,
    "8": Category.META,  # origin
    "9": Category.META,  # errors
    "10": Category.META,  # spoilers
    "11": Category.SERIES,  # fan-made content
}

_TELLING = 20
"""How many lines with a site's own numbers tell that a file is the site's, and not one with mistakes."""


def types_of(numbers: Iterable[str]) -> Types:
    """The meaning of a file's type numbers, line by line: Danbooru's where nothing tells otherwise."""
    count = Counter(numbers)
    if sum(count[number] for number in ("9", "10", "11")) >= _TELLING:
        return DERPIBOORU
    return E621 if sum(count[number] for number in ("6", "7", "8")) >= _TELLING else DANBOORU
