"""Request + profile + vocabulary -> prompt, negative, settings and a report of every change.

The only place that knows the order of the stages. The result is read back at the end: if it does not
hold what it should, the user's own text is used and the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from modelwise.branches import BranchWork, branch_works, joined_text, read_back, untouched_keys
from modelwise.classify import Classifier, Reading
from modelwise.emoticons import escape_emoticons
from modelwise.inject import Addition, Injector, Typed
from modelwise.intent import Intent
from modelwise.lexer import REGION_WORDS
from modelwise.moves import moved
from modelwise.nodes import Lines
from modelwise.ordering import order_segment
from modelwise.parser import parse
from modelwise.profiles import Profile
from modelwise.report import Entry, Where, warning
from modelwise.settings import SettingsRequest, decide, is_over_area
from modelwise.terms import QualityLevel
from modelwise.vocabulary import Vocabulary

_REGION = re.compile(rf"\b(?:{'|'.join(sorted(REGION_WORDS))})\b")
_REGION_STARTS = ("ADD", "AND_")
GROUPING = "grouping"
"""The item of the warning that the switch of this name answers."""
LONGEST_PROMPT = 300_000
"""Characters; a longer text is left alone."""


class Switches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What compile may do. `quality_at_end`: where a profile accepts both ends, inject at the end; `series`:
    add the series of a known character where none is there; `grouping`: move the subjects alone, so that
    each of several characters keeps its attributes beside it."""

    order: bool = True
    quality: bool = True
    negative: bool = True
    settings: bool = True
    spelling: bool = True
    quality_at_end: bool = False
    series: bool = False
    grouping: bool = False


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be compiled. `profile` is for callers that choose one by its id."""

    prompt: str
    negative: str = ""
    profile: str = ""
    intent: Intent = Intent()
    switches: Switches = Switches()
    settings: SettingsRequest = SettingsRequest()
    lines: Lines = Lines.SEPARATOR
    distilled: bool = False


class Result(msgspec.Struct, frozen=True):
    """What the sampler should get. `settings` holds only what is to be set, by the WebUI's names."""

    prompt: str
    negative: str
    settings: dict[str, Any]
    report: tuple[Entry, ...]


class Work(msgspec.Struct, frozen=True):
    """A result with the branches that it is made of; none where a text was left alone."""

    result: Result
    prompt: tuple[BranchWork, ...] = ()
    negative: tuple[BranchWork, ...] = ()


class Compiler:
    """Compiles for one profile with one vocabulary.

    `foreign`: special words of other models, by normal form, with the name of whose they are.
    """

    def __init__(
        self, profile: Profile, vocabulary: Vocabulary, foreign: Mapping[str, str] | None = None
    ) -> None:
        self.profile = profile
        self._vocabulary = vocabulary
        self.foreign = foreign or {}
        self._classifiers: dict[QualityLevel | None, Classifier] = {}

    def classifier(self, level: QualityLevel | None) -> Classifier:
        """The classifier for a quality level: what a level injects belongs to the block while it is on."""
        known = level if level in self.profile.inject.quality else None
        if known not in self._classifiers:
            self._classifiers[known] = Classifier(self.profile, self._vocabulary, known)
        return self._classifiers[known]

    def compile(self, request: Request) -> Result:
        """Compile one request."""
        return self.work(request).result

    def work(self, request: Request) -> Work:
        """Compile one request, and keep what the texts are made of."""
        settings: dict[str, Any] = {}
        entries: list[Entry] = []
        if request.switches.settings:
            settings, entries = decide(self.profile, request.settings, distilled=request.distilled)
        if self.profile.generic:
            return Work(Result(request.prompt, request.negative, settings, tuple(entries)))
        texts = _Texts(self.classifier(request.intent.quality), request, self.foreign)
        prompt, negative = texts.compile()
        limits = texts.limits({**request.settings.values, **settings})
        result = Result(prompt, negative, settings, (*texts.entries, *entries, *limits))
        return Work(result, tuple(texts.finished["prompt"]), tuple(texts.finished["negative"]))


class _Texts:
    """The compilation of one request's two texts. `finished`: what they are made of, in the end."""

    def __init__(self, classifier: Classifier, request: Request, foreign: Mapping[str, str]) -> None:
        self.classifier = classifier
        self.request = request
        self.foreign = foreign
        self.entries: list[Entry] = []
        self.readings: list[Reading] = []
        self.finished: dict[Where, Sequence[BranchWork]] = {"prompt": (), "negative": ()}

    def compile(self) -> tuple[str, str]:
        request, switches = self.request, self.request.switches
        positive = self._works(request.prompt, "prompt")
        negative = self._works(request.negative, "negative")
        self.readings = [reading for work in positive for reading in work.readings()]
        injector = self._injector(positive, negative)
        if switches.series:
            self._add_series(positive)
        for work in positive:
            self._order(work)
        additions = injector.positive(switches.quality) if positive else []
        self._place(injector, positive, additions)
        present = injector.typed.positive.union(*(addition.reading.keys for addition in additions))
        if switches.negative and negative:
            self._place_negative(injector, negative, injector.negative(present))
        self.entries += [*injector.entries, *injector.contradictions(), *self._foreign_words()]
        prompt = self._finished(request.prompt, positive, "prompt")
        return prompt, self._finished(request.negative, negative, "negative")

    def _works(self, text: str, where: Where) -> list[BranchWork]:
        """The branches of a text at work; none where it has to be left alone."""
        if len(text) > LONGEST_PROMPT:
            self.entries.append(warning(where, "", f"longer than {LONGEST_PROMPT:,} characters: left alone"))
            return []
        negative = where == "negative"
        spelling = self.request.switches.spelling
        lines = self._lines(text)
        tree = parse(text, negative=negative, lines=lines)
        if tree.refusal:
            self.entries.append(warning(where, "", f"left alone: {tree.refusal}"))
            return []
        if spelling and any(branch.rest for branch in tree.branches):
            tree, respelled = escape_emoticons(tree, self.classifier, negative, lines, where)
            self.entries += respelled
        if any(branch.rest for branch in tree.branches):
            reason = "an open bracket, or an item that ends in a backslash: it stays as it is from there on"
            self.entries.append(warning(where, "", reason))
        return branch_works(tree, self.classifier, spelling, weights=not negative)

    def _lines(self, text: str) -> Lines:
        """What a line end means: in a prompt with words for regions each line is one of them."""
        lines = self.request.lines
        if lines is Lines.SEPARATOR and any(word in text for word in _REGION_STARTS):
            return Lines.REGION if _REGION.search(text) else lines
        return lines

    def _injector(self, positive: Sequence[BranchWork], negative: Sequence[BranchWork]) -> Injector:
        low = tuple(reading.source for reading in self.readings if reading.low)
        years = (key for reading in self.readings if reading.year for key in reading.keys)
        typed = Typed(
            _keys(positive) if positive else untouched_keys(self.request.prompt),
            _keys(negative) if negative else untouched_keys(self.request.negative),
            low,
            tuple(dict.fromkeys(years)),
        )
        return Injector(self.classifier, self.request.intent, typed)

    def _add_series(self, works: Sequence[BranchWork]) -> None:
        """Behind each known character whose series is not there."""
        known = set(_keys(works))
        for segment in (segment for work in works for segment in work.segments if not segment.frozen):
            for reading in segment.readings[: len(segment.readings) - segment.tail]:
                lone = reading.character and len(reading.keys) == 1
                if not lone or not reading.series or known.intersection(reading.series):
                    continue
                series = self.classifier.read_card_tag(self.classifier.spelled(reading.series[0]))
                segment.insert(segment.readings.index(reading) + 1, series)
                known.update(series.keys)
                reason = f"the series of {reading.source}"
                self.entries.append(Entry("added", series.source, None, series.slot.value, "prompt", reason))

    def _order(self, work: BranchWork) -> None:
        switches = self.request.switches
        if not switches.order:
            return
        lost = [
            order_segment(segment, self.classifier.blocks, grouping=switches.grouping)
            for segment in work.segments
        ]
        if any(lost):
            reason = "who of your characters has which attributes is lost in this order"
            self.entries.append(warning("prompt", GROUPING, reason))

    def _place(self, injector: Injector, works: Sequence[BranchWork], additions: Sequence[Addition]) -> None:
        if not additions:
            return
        segments = works[0].common()
        if segments:
            injector.place(segments, additions, self.request.switches.quality_at_end)
        else:
            works[0].rest = injector.in_front(additions, "prompt", works[0].rest)

    def _place_negative(
        self, injector: Injector, works: Sequence[BranchWork], additions: Sequence[Addition]
    ) -> None:
        segments = works[0].common()
        if segments:
            injector.place_first(segments[0], additions)
        else:
            works[0].rest = injector.in_front(additions, "negative", works[0].rest)

    def _finished(self, text: str, works: Sequence[BranchWork], where: Where) -> str:
        """The new text, or the user's own where it does not read back as meant."""
        if not works:
            return text
        switches = self.request.switches
        entries = list(_changes(works, where))
        if where == "prompt":
            comma = switches.order or switches.spelling
            entries += [entry for work in works for entry in work.protect_end(comma=comma)]
        result = joined_text(works)
        if not read_back(result, works, where == "negative", self._lines(text)):
            self.entries = [entry for entry in self.entries if entry.where != where]
            reason = "the result did not read back as meant: your own text is used"
            self.entries.append(warning(where, "", reason))
            return text
        self.entries += entries
        self.finished[where] = works
        return result

    def _foreign_words(self) -> Iterator[Entry]:
        """Special words of other models that this one was not trained with."""
        own = self.classifier.own
        words = {key: reading for reading in self.readings for key in reading.keys}
        for key, reading in words.items():
            whose = self.foreign.get(key)
            if whose and own.find(key, key) is None and not self._is_tag(key):
                word = reading.source if len(reading.keys) == 1 else key
                yield warning("prompt", word, f"a word of {whose}, not of {self.classifier.profile.name}")

    def _is_tag(self, key: str) -> bool:
        return self.classifier.vocabulary.find(key) is not None

    def limits(self, values: Mapping[str, Any]) -> Iterator[Entry]:
        """The card's limits that apply to this request."""
        characters = {reading.keys[0] for reading in self.readings if reading.character}
        applies = {
            "plain language": any(reading.language for reading in self.readings),
            "several characters": len(characters) > 1,
            "area": is_over_area(self.classifier.profile, values),
        }
        for limit in self.classifier.profile.limits:
            if applies.get(limit.when):
                where: Where = "settings" if limit.when == "area" else "prompt"
                yield warning(where, limit.when, limit.text)


def _keys(works: Sequence[BranchWork]) -> frozenset[str]:
    return frozenset(key for work in works for key in work.tags())


def _changes(works: Sequence[BranchWork], where: Where) -> Iterator[Entry]:
    """What happened to the user's own items."""
    for work in works:
        for segment in work.segments:
            for reading in (segment.readings[at] for at in moved(segment.origins)):
                yield Entry("moved", reading.source, None, reading.slot.value, where, reading.reason)
            for reading in segment.readings if segment.spelling else ():
                for change in reading.respellings:
                    reason = "as the model's captions spell it"
                    yield Entry("respelled", change.item, change.to, change.slot.value, where, reason)
            for _ in range(segment.line_ends):
                yield Entry("added", ",", None, None, where, "a line end is no comma to the WebUI")
