"""A prompt for one model in the words of another: special words by meaning, artists and spelling by habit.

Words of quality, score and aesthetic go by their height on the scale, ratings by meaning, years by calendar.
What a card recommends as a whole becomes what the other card recommends. What has no counterpart is left out
and reported; everything else stays to the letter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from modelwise.classify import Classifier
from modelwise.compile import Compiler
from modelwise.intent import rating_tags, tags_of_years, years_of
from modelwise.nodes import Body, Choice, Group, Item, Lines, Prompt
from modelwise.parser import parse
from modelwise.profiles import Profile
from modelwise.report import Entry, Where, warning
from modelwise.rewriting import Rewriting
from modelwise.scales import RANKED_KINDS, counterpart
from modelwise.spelling import normal_form, spelled
from modelwise.terms import QualityLevel, Slot
from modelwise.words import OwnWords, plain, prefixes

_RECOMMENDED_KINDS = RANKED_KINDS | {Slot.META}
"""What makes up a recommendation for a prompt; ratings and years in it go by their own meaning."""

GENERIC = "generic"
"""The id of the profile for a model that nobody knows."""

_SPECIAL = RANKED_KINDS | {Slot.RATING, Slot.YEAR}


class Translation(msgspec.Struct, frozen=True):
    """Both texts in the other model's words, and every word that has changed or has no counterpart."""

    prompt: str
    negative: str
    report: tuple[Entry, ...]


class Translated(msgspec.Struct, frozen=True, rename={"source": "from", "target": "to"}):
    """A translation, and between whom. `source`: whose words were read, nobody's where there were none."""

    source: str | None
    target: str
    prompt: str
    negative: str
    report: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What becomes of a tag. `to`: its new texts, none where it is left out; `entry`: what is said of it."""

    to: tuple[str, ...]
    entry: Entry | None


class Translator:
    """Translates from one model to another; the classifiers share their tag lists.

    `foreign`: special words of other models than the target, by normal form, with the name of whose they are.
    """

    def __init__(
        self, source: Classifier, target: Classifier, foreign: Mapping[str, str] | None = None
    ) -> None:
        self._source = source
        self._target = target
        self._foreign = foreign or {}

    def translate(self, prompt: str, negative: str = "") -> Translation:
        """Translate both texts."""
        report: list[Entry] = []
        texts = [self._translated(prompt, "prompt", report), self._translated(negative, "negative", report)]
        return Translation(texts[0], texts[1], tuple(report))

    def _translated(self, text: str, where: Where, report: list[Entry]) -> str:
        tree = parse(text, negative=where == "negative", lines=Lines.BREAK)
        if tree.refusal:
            report.append(warning(where, "", f"left alone: {tree.refusal}"))
            return text
        found = _Meanings(self._source, self._target, where, tags_in(tree, self._source))
        result = Rewriting(self._source, found.replacement).text(tree)
        report += [*found.said, *found.kept(self._foreign)]
        if any(branch.rest for branch in tree.branches):
            report.append(warning(where, "", "an open bracket: it stays as it is from there on"))
        return result


class _Meanings:
    """What becomes of the tags of one text. `said`: of those that were asked for."""

    def __init__(self, source: Classifier, target: Classifier, where: Where, tags: dict[str, str]) -> None:
        self._source = source
        self._target = target
        self._where = where
        self._tags = tags
        self._meanings: dict[str, Meaning] = {}
        if source.profile.id != target.profile.id:
            for key, meaning in (*self._recommended(), *self._ratings(), *self._years(), *self._ranked()):
                self._meanings.setdefault(key, meaning)
        self._written = {key for key in tags if key not in self._meanings}
        self.said: list[Entry] = []

    def replacement(self, key: str, text: str) -> Sequence[str]:
        """The new texts for a tag that stands as `text`; a special word is written once."""
        meaning = self._meanings.get(key)
        if meaning is None:
            return (self._respelled(key, text),)
        new = [tag for tag in meaning.to if normal_form(plain(tag)) not in self._written]
        entry = meaning.entry
        if meaning.to and not new:
            to, reason = ", ".join(meaning.to), "one word for both, written once"
            entry = Entry("translated", text, to, entry.slot if entry else None, self._where, reason)
        if entry and entry not in self.said:
            self.said.append(entry)
        self._written.update(normal_form(plain(tag)) for tag in new)
        return new

    def kept(self, foreign: Mapping[str, str]) -> Iterator[Entry]:
        """Other models' special words that say nothing which could be put in other words."""
        for key, item in self._tags.items():
            if key in foreign and key not in self._meanings and self._target.own.find(key, key) is None:
                reason = f"a word of {foreign[key]}, not of {self._target.profile.name}; it stays"
                yield Entry("kept", item, None, None, self._where, reason)

    def _recommended(self) -> Iterator[tuple[str, Meaning]]:
        """A level's words, where all are there, as the other model's words for that level."""
        for level in self._source.profile.inject.quality:
            own, _ = _recommendation(self._source, level, self._where)
            if not own or not self._tags.keys() >= own:
                continue
            _, to = _recommendation(self._target, level, self._where)
            if not to:
                _, to = _recommendation(self._target, "standard", self._where)
            if to:
                first, *rest = [key for key in self._tags if key in own]
                item = ", ".join(self._tags[key] for key in (first, *rest))
                slot = Slot.QUALITY if self._where == "prompt" else None
                reason = f"what {self._target.profile.name} recommends"
                yield first, Meaning(to, self._entry(item, to, slot, reason))
                yield from ((key, Meaning((), None)) for key in rest)
                return

    def _ratings(self) -> Iterator[tuple[str, Meaning]]:
        tags = frozenset(self._tags)
        if self._where == "negative":  # there `nsfw` is everybody's word, for what no picture should have
            tags = frozenset(key for key in tags if self._source.tag(key).slot is Slot.RATING)
        for rating, (first, *rest) in self._source.ratings.typed(tags).items():
            to = rating_tags(self._target.profile, rating)
            item = ", ".join(self._tags[key] for key in (first, *rest))
            yield first, Meaning(to, self._entry(item, to, Slot.RATING, f"the rating {rating}"))
            yield from ((key, Meaning((), None)) for key in rest)

    def _years(self) -> Iterator[tuple[str, Meaning]]:
        for key, item in self._tags.items():
            calendar = years_of(self._source.profile, key)
            if calendar is not None:
                to = tags_of_years(self._target.profile, calendar)
                years = f"{calendar[0]} to {calendar[1]}" if calendar[0] < calendar[1] else f"{calendar[0]}"
                yield key, Meaning(to, self._entry(item, to, Slot.YEAR, f"the years {years}"))

    def _ranked(self) -> Iterator[tuple[str, Meaning]]:
        for key, item in self._tags.items():
            word = self._source.own.find(key, key)
            if word is not None and word.slot in RANKED_KINDS:
                found = counterpart(key, word.slot, self._source.profile, self._target.profile)
                to = (found,) if found else ()
                yield key, Meaning(to, self._entry(item, to, word.slot, f"{word.slot.value} of this height"))

    def _entry(self, item: str, to: Sequence[str], slot: Slot | None, meaning: str) -> Entry | None:
        name = slot.value if slot else None
        if not to:
            reason = f"{self._target.profile.name} has no word for {meaning}"
            return Entry("left_out", item, None, name, self._where, reason)
        new = ", ".join(to)
        return None if new == item else Entry("translated", item, new, name, self._where, meaning)

    def _respelled(self, key: str, text: str) -> str:
        """A tag that means the same to both, as the other model's captions spell it."""
        tag = self._source.tag(text)
        spelling = self._target.profile.spelling
        if tag.slot is Slot.ARTIST and spelling and spelling.artist_prefix is not None:
            prefix = next((one for one in prefixes(self._source.profile) if one and key.startswith(one)), "")
            new = spelling.artist_prefix + spelled(key[len(prefix) :].strip(), spelling)
        else:
            found = self._target.tag(text)
            new = found.text if found.known else text
        if new != text:
            reason = f"as the captions of {self._target.profile.name} spell it"
            self.said.append(Entry("respelled", text, new, tag.slot.value, self._where, reason))
        return new


def _recommendation(
    classifier: Classifier, level: QualityLevel, where: Where
) -> tuple[frozenset[str], tuple[str, ...]]:
    """A level's words, by normal form and as in the card; for a prompt, those that say how good it is."""
    injection = classifier.profile.inject.quality.get(level)
    if injection is None:
        return frozenset(), ()
    tags = injection.negative if where == "negative" else injection.positive
    readings = {tag: classifier.read_card_tag(tag) for tag in tags}
    if where == "prompt":
        readings = {tag: reading for tag, reading in readings.items() if reading.slot in _RECOMMENDED_KINDS}
    return frozenset(key for reading in readings.values() for key in reading.keys), tuple(readings)


def tags_in(tree: Prompt, classifier: Classifier) -> dict[str, str]:
    """Every tag of a text by its normal form, as it stands there first."""
    found: dict[str, str] = {}

    def look(items: Iterable[Item]) -> None:
        for item in items:
            bodies = list(_bodies(item))
            reading = classifier.read(item)
            if reading.keys and (reading.known or not bodies):
                found.setdefault(reading.keys[0], reading.source)
                continue
            for body in bodies:
                look(body.items)

    for branch in tree.branches:
        for chunk in branch.chunks:
            look(chunk.body.items)
    return found


def _bodies(item: Item) -> Iterator[Body]:
    for node in item.nodes:
        if isinstance(node, Group):
            yield node.body
        elif isinstance(node, Choice):
            yield from node.bodies


def translated(
    prompt: str,
    negative: str,
    source: Profile | None,
    target: Compiler,
    profiles: Mapping[str, Profile],
    compiler: Callable[[str], Compiler],
) -> Translated:
    """Both texts for another model. `source` None: for the model whose words the prompt uses.

    `compiler`: gives the compiler for a profile's id.
    """
    nobody = compiler(GENERIC).classifier(None)
    found = source or written_for(prompt, nobody, profiles.values())
    reader = compiler(found.id).classifier(None) if found else nobody
    result = Translator(reader, target.classifier(None), target.foreign).translate(prompt, negative)
    whose = found.id if found else None
    return Translated(whose, target.profile.id, result.prompt, result.negative, result.report)


def written_for(prompt: str, classifier: Classifier, profiles: Iterable[Profile]) -> Profile | None:
    """The model whose special words a prompt uses; None where it uses nobody's.

    A word that few models have says more. Of equals, the one whose whole recommendation is there.
    """
    tags = tags_in(parse(prompt, lines=Lines.BREAK), classifier)
    used: dict[str, list[str]] = {}
    ordered = sorted(profiles, key=lambda profile: profile.id)
    for profile in ordered:
        words = OwnWords(profile)
        used[profile.id] = [key for key, word in words if word.slot in _SPECIAL and key in tags]
    owners = Counter(key for keys in used.values() for key in keys)

    def says(profile: Profile) -> tuple[float, bool]:
        weight = sum(1 / owners[key] for key in used[profile.id])
        return round(weight, 9), _is_recommended(profile, tags)

    best = max(ordered, key=says, default=None)
    return best if best and used[best.id] else None


def _is_recommended(profile: Profile, tags: dict[str, str]) -> bool:
    injection = profile.inject.quality.get("standard")
    return injection is not None and {normal_form(plain(tag)) for tag in injection.positive} <= tags.keys()
