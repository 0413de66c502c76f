"""What a model card says of a word: its rank, its meaning, where it is recommended, and where that stands.

A card that says nothing of a word is quoted with nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from modelwise.profiles import Profile, Words
from modelwise.spelling import normal_form
from modelwise.terms import Slot, Sourced
from modelwise.words import RANKED, RATINGS, plain

_LISTED = (*RANKED, Slot.SUBJECT, Slot.CUSTOM)


class CardWords:
    """The words of one profile's card, by normal form."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._sources = {source.id: source.name for source in profile.sources}
        self._said: dict[str, list[str]] = {}
        for said in (self._lists(), self._ratings(), self._years(), self._recommended()):
            for tag, text in said:
                self._said.setdefault(normal_form(tag), []).append(text)

    def said(self, key: str) -> str:
        """What the card says of a word, given by its normal form; empty where it says nothing."""
        return "; ".join(self._said.get(key, ()))

    def place(self, slot: Slot) -> str:
        """Where the card's order has a slot: `4 of 6, by the card`; empty where the card has no order."""
        order = self._profile.order
        if order is None:
            return ""
        blocks = [block if isinstance(block, tuple) else (block,) for block in order.slots]
        place = next((number for number, block in enumerate(blocks, 1) if slot in block), None)
        return "" if place is None else f"place {place} of {len(blocks)} in the order ({self._where(order)})"

    def _lists(self) -> Iterator[tuple[str, str]]:
        for slot in _LISTED:
            words: Words | None = getattr(self._profile.vocabulary, slot.value)
            if words is None:
                continue
            ranked = f" of {len(words.words)} from best to worst" if slot in RANKED else ""
            for rank, word in enumerate(words.words, 1):
                text = f"{slot.value} {rank}{ranked}" if ranked and len(words.words) > 1 else slot.value
                text += ", of pictures that nobody wants" if word.low else ""
                text += f", {word.criterion}" if word.criterion else ""
                text += f", in {word.count:,} captions" if word.count else ""
                yield word.tag, f"{text} ({self._where(words)})"

    def _ratings(self) -> Iterator[tuple[str, str]]:
        ratings = self._profile.vocabulary.rating
        for rating in RATINGS if ratings else ():
            for tag in getattr(ratings, rating):
                yield tag, f"the rating {rating} ({self._where(ratings)})"

    def _years(self) -> Iterator[tuple[str, str]]:
        years = self._profile.vocabulary.year
        for era in years.eras if years else ():
            yield era.tag, f"the years {era.first} to {era.last} ({self._where(years)})"

    def _recommended(self) -> Iterator[tuple[str, str]]:
        for level, injection in self._profile.inject.quality.items():
            for kind, tags in (("prompt", injection.positive), ("negative", injection.negative)):
                for tag in tags:
                    yield plain(tag), f"recommended for the {kind}, {level} ({self._where(injection)})"

    def _where(self, table: Sourced | None) -> str:
        """How well founded, and where it stands."""
        if table is None:
            return ""
        return f"{table.basis.value.replace('_', ' ')}: {self._sources.get(table.source, table.source)}"
