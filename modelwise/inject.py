"""What a profile adds for an intent, and where each added tag goes.

Nothing is added that is there in any spelling or weight; what contradicts the user's own words is
left out, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from modelwise.classify import Classifier, Reading
from modelwise.intent import FULL, Intent, rating_tags, year_tags
from modelwise.placing import place
from modelwise.profiles import Injection, Profile
from modelwise.report import Entry, Where, warning
from modelwise.segment import Segment
from modelwise.terms import Basis, Sourced


@dataclass(frozen=True, slots=True)
class Typed:
    """The normal forms of what the user wrote; of the positive, its low words and its years too."""

    positive: frozenset[str]
    negative: frozenset[str]
    low: tuple[str, ...] = ()
    years: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Addition:
    """A tag to add: its reading and the reason."""

    reading: Reading
    reason: str


class Injector:
    """Decides and places a profile's additions."""

    def __init__(self, classifier: Classifier, intent: Intent, typed: Typed) -> None:
        self.classifier = classifier
        self.profile: Profile = classifier.profile
        self.intent = intent
        self.typed = typed
        self.ratings = classifier.ratings.typed(typed.positive)
        self.years = typed.years
        self.entries: list[Entry] = []

    def positive(self, quality: bool) -> list[Addition]:
        """The tags to add to the prompt: quality, then rating, then year."""
        wanted = [*self._rating(), *self._year()]
        if quality:
            wanted = [*self._quality(), *self._aesthetic(), *wanted]
        return list(self._unsaid(wanted))

    def negative(self, present: frozenset[str]) -> list[Addition]:
        """The tags to put before the user's negative; `present`: the whole prompt's, after its additions."""
        injection = self._level()
        if injection is None:
            return []
        reason = self._reason("negative", injection.basis)
        kept = (self._addition(tag, reason) for tag in injection.negative)
        return [
            addition
            for addition in kept
            if not self.typed.negative.issuperset(addition.reading.keys)
            and not self._contradicts(addition, present)
        ]

    def contradictions(self) -> Iterator[Entry]:
        """The user's own contradictions, which stay."""
        if len(self.ratings) > 1:
            words = ", ".join(word for typed in self.ratings.values() for word in typed)
            yield Entry("kept", words, None, "rating", "prompt", "two ratings, both yours")
        if len(self.years) > 1:
            reason = "two years, both yours"
            yield Entry("kept", ", ".join(self.years), None, "year", "prompt", reason)
        both = self.typed.positive & self.typed.negative
        explicit = FULL_WORDS & self.typed.negative if self._wants_full() else frozenset()
        for key in sorted(both | explicit):
            reason = "in your prompt and in your negative, both yours"
            if key not in both:
                reason = "your negative, though the rating that is asked for wants such images"
            yield Entry("kept", key, None, None, "negative", reason)

    def place(self, segments: Sequence[Segment], additions: Sequence[Addition], at_end: bool) -> None:
        """Put the additions into the segments of a branch."""
        place(segments, [addition.reading for addition in additions], self.classifier.blocks, at_end)
        for addition in additions:
            self._added(addition, "prompt")

    def place_first(self, segment: Segment, additions: Sequence[Addition]) -> None:
        """Put the additions in front of a negative's first segment."""
        for at, addition in enumerate(additions):
            segment.insert(at, addition.reading)
            self._added(addition, "negative")

    def in_front(self, additions: Sequence[Addition], where: Where, text: str) -> str:
        """Put the additions in front of a text that stays as it is."""
        for addition in additions:
            self._added(addition, where)
        tags = ", ".join(addition.reading.source for addition in additions)
        return f"{tags}, {text.lstrip(' ')}" if tags and text.strip() else tags + text

    def _added(self, addition: Addition, where: Where) -> None:
        reading = addition.reading
        slot = reading.slot.value if where == "prompt" else None
        self.entries.append(Entry("added", reading.source, None, slot, where, addition.reason))

    def _left_out(self, addition: Addition, where: Where, reason: str) -> None:
        item = addition.reading.source
        if any((entry.kind, entry.item, entry.where) == ("left_out", item, where) for entry in self.entries):
            return
        slot = addition.reading.slot.value if where == "prompt" else None
        self.entries.append(Entry("left_out", item, None, slot, where, reason))

    def _addition(self, tag: str, reason: str) -> Addition:
        return Addition(self.classifier.read_card_tag(tag), reason)

    def _reason(self, what: str, basis: Basis) -> str:
        return f"{self.profile.name}, {what} ({basis.value.replace('_', ' ')})"

    def _level(self) -> Injection | None:
        level = self.intent.quality
        levels = self.profile.inject.quality
        return levels.get(level) or levels.get("standard") if level else None

    def _quality(self) -> Iterator[Addition]:
        injection = self._level()
        if injection is None:
            return
        level = self.intent.quality or "standard"
        if level not in self.profile.inject.quality:
            reason = f"{self.profile.name} has no level {level}: standard is used"
            self.entries.append(warning("prompt", "", reason))
            level = "standard"
        for tag in injection.positive:
            addition = self._addition(tag, self._reason(f"quality {level}", injection.basis))
            if self.typed.positive.issuperset(addition.reading.keys):
                continue
            if self.typed.low:
                self._left_out(addition, "prompt", f"you typed {self.typed.low[0]}")
            elif addition.reading.year and addition.reading.source in self._asked_years():
                continue
            elif addition.reading.year and (self.years or self.intent.year is not None):
                self._left_out(addition, "prompt", "another year is asked for")
            elif self._is_rating(addition) and (self.ratings or self.intent.rating):
                self._left_out(addition, "prompt", "another rating is asked for")
            else:
                yield addition

    def _asked_years(self) -> tuple[str, ...]:
        return () if self.intent.year is None else year_tags(self.profile, self.intent.year)

    def _is_rating(self, addition: Addition) -> bool:
        return bool(self.classifier.ratings.typed(frozenset(addition.reading.keys)))

    def _aesthetic(self) -> Iterator[Addition]:
        if self.intent.aesthetic is None:
            return
        injection = self.profile.inject.aesthetic.get(self.intent.aesthetic)
        if injection is None:
            reason = f"{self.profile.name} has no words for aesthetic {self.intent.aesthetic}"
            self.entries.append(warning("prompt", "", reason))
            return
        for tag in injection.positive:
            yield self._addition(tag, self._reason("aesthetic high", injection.basis))

    def _rating(self) -> Iterator[Addition]:
        rating = self.intent.rating
        if rating is not None:
            vocabulary, tags = self.profile.vocabulary.rating, rating_tags(self.profile, rating)
            yield from self._in_words(f"rating {rating}", vocabulary, tags, self._typed_rating())

    def _year(self) -> Iterator[Addition]:
        year = self.intent.year
        if year is not None:
            vocabulary, tags = self.profile.vocabulary.year, year_tags(self.profile, year)
            yield from self._in_words(f"year {year}", vocabulary, tags, self.years)

    def _in_words(
        self, wanted: str, vocabulary: Sourced | None, tags: Sequence[str], typed: Sequence[str]
    ) -> Iterator[Addition]:
        """An intent in the model's words, or a warning that it has none."""
        if vocabulary is not None and tags:
            yield from self._asked(tags, typed, self._reason(wanted, vocabulary.basis))
        else:
            reason = f"{self.profile.name} has no word for the {wanted}"
            self.entries.append(warning("prompt", "", reason))

    def _asked(self, tags: Sequence[str], typed: Sequence[str], reason: str) -> Iterator[Addition]:
        """The tags of an intent, unless the user has typed one of the same kind."""
        for tag in tags:
            addition = self._addition(tag, reason)
            if not typed:
                yield addition
            elif not self.typed.positive.issuperset(addition.reading.keys):
                self._left_out(addition, "prompt", f"you typed {typed[0]}")

    def _unsaid(self, wanted: Sequence[Addition]) -> Iterator[Addition]:
        """What is not there yet, each once, and not in the user's negative."""
        said = set(self.typed.positive)
        for addition in wanted:
            keys = addition.reading.keys
            if said.issuperset(keys):
                continue
            said.update(keys)
            if self.typed.negative.issuperset(keys):
                self._left_out(addition, "prompt", "it is in your negative")
            else:
                yield addition

    def _contradicts(self, addition: Addition, present: frozenset[str]) -> bool:
        keys = addition.reading.keys
        if not keys:
            return False
        if present.issuperset(keys):
            self._left_out(addition, "negative", "it is in the prompt")
        elif FULL_WORDS.issuperset(keys) and self._wants_full():
            self._left_out(addition, "negative", "the prompt asks for such a rating")
        else:
            return False
        return True

    def _wants_full(self) -> bool:
        return any(rating in self.ratings or self.intent.rating == rating for rating in FULL)

    def _typed_rating(self) -> tuple[str, ...]:
        return tuple(word for words in self.ratings.values() for word in words)


FULL_WORDS = frozenset({"nsfw", "explicit", "rating: explicit", "rating: questionable"})
"""Words of a negative that work against the ratings `FULL`."""
