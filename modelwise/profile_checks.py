"""What must hold in a profile: its structure, and what the structure alone can't say.

Every finding names a key, what was found there and what is allowed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from modelwise.profile_problems import ProfileError, ProfileProblem
from modelwise.profiles import Block, Inject, Order, Profile, Settings, Vocabulary, Words, Years
from modelwise.toml_messages import LARGEST_NUMBER, Finding, Table, joined, located, shown

WORD_LISTS = ("subject", "quality", "score", "aesthetic", "meta", "custom", "extra")
HOMES = "a tag of vocabulary." + ", ".join(WORD_LISTS) + ", rating or year"
NUMBERS = {"cfg_scale": False, "steps": True, "clip_skip": True}
"""The numbers of the settings, and whether each has to be whole."""

_WEIGHT = re.compile(r":\s*[0-9.]+\s*$")


def refused(file: str, finding: Finding) -> ProfileError:
    """The error for a finding in a file."""
    return ProfileError(ProfileProblem(file, *finding))


def check_profile(table: Table, file: str) -> Profile:
    """The profile of complete (inherited) tables; raises ProfileError for the first thing wrong."""
    try:
        profile = msgspec.convert(table, Profile)
    except (msgspec.ValidationError, OverflowError) as error:
        raise refused(file, located(str(error), table, Profile)) from None
    for finding in _findings(profile, table):
        raise refused(file, finding)
    return profile


def _findings(profile: Profile, table: Table) -> Iterator[Finding]:
    yield from _value_findings(profile, table)
    if profile.without and not profile.extends:
        yield "without", "it beside no `extends`", "with `extends`, as it names what is not inherited"
    if profile.order:
        yield from _order_findings(profile.order)
    yield from _vocabulary_findings(profile.vocabulary)
    if profile.vocabulary.year:
        yield from _year_findings(profile.vocabulary.year)
    yield from _number_findings(profile.settings)
    yield from _injection_findings(profile.inject, profile.vocabulary)


def _every_value(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _every_value(item, joined(path, step))


def _value_findings(profile: Profile, table: Table) -> Iterator[Finding]:
    sources = {source.id for source in profile.sources}
    for path, value in _every_value(table):
        if isinstance(value, dict) and "basis" in value and value["source"] not in sources:
            known = ", ".join(sorted(sources)) or "none, as `sources` is empty"
            yield f"{path}.source", shown(value["source"]), f"an id of `sources`: {known}"
        elif isinstance(value, str) and value and not value.strip():
            yield path, "a text of spaces", "a text that is not blank"
        elif isinstance(value, float) and not math.isfinite(value):
            yield path, shown(value), "a finite number"
        elif isinstance(value, int) and abs(value) >= LARGEST_NUMBER:
            yield path, shown(value), "a number of at most 64 bits"


def _flat(blocks: tuple[Block, ...]) -> list[str]:
    return [slot.value for block in blocks for slot in (block if isinstance(block, tuple) else (block,))]


def _order_findings(order: Order) -> Iterator[Finding]:
    slots = _flat(order.slots)
    for index, block in enumerate(order.slots):
        before = _flat(order.slots[:index])
        for slot in (inner := _flat((block,))):
            if inner.count(slot) > 1 or slot in before:
                yield f"order.slots[{index}]", f"{slot} a second time", "every slot once"
        if not inner:
            yield f"order.slots[{index}]", "an empty list", "a list of at least one slot"
    if "general" not in slots:
        yield "order.slots", "no general", "an order in which general stands once"
    for index, blocks in enumerate(order.accepted):
        if sorted(_flat(blocks)) != sorted(slots):
            allowed = "the same slots as order.slots: " + ", ".join(slots)
            yield f"order.accepted[{index}]", ", ".join(_flat(blocks)) or "an empty list", allowed


def _same(tag: str) -> str:
    return " ".join(tag.replace("_", " ").casefold().split())


def _word_lists(vocabulary: Vocabulary) -> Iterator[tuple[str, Words]]:
    for name in WORD_LISTS:
        words: Words | None = getattr(vocabulary, name)
        if words:
            yield name, words


def _vocabulary_findings(vocabulary: Vocabulary) -> Iterator[Finding]:
    for name, words in _word_lists(vocabulary):
        seen: set[str] = set()
        for index, word in enumerate(words.words):
            if _same(word.tag) in seen:
                yield f"vocabulary.{name}.words[{index}].tag", shown(word.tag), "every tag once"
            seen.add(_same(word.tag))
    for index, pattern in enumerate(vocabulary.patterns):
        if not pattern.prefix and not pattern.suffix:
            allowed = "a prefix, a suffix, or both"
            yield f"vocabulary.patterns[{index}]", "neither prefix nor suffix", allowed


def _year_findings(years: Years) -> Iterator[Finding]:
    spans = [(f"vocabulary.year.eras[{at}]", era) for at, era in enumerate(years.eras)]
    for path, era in spans:
        if era.first > era.last:
            yield f"{path}.first", str(era.first), f"at most `last`, {era.last}"
        for earlier, other in spans:
            if earlier == path:
                break
            if era.first <= other.last and other.first <= era.last:
                found = f"{era.first} to {era.last}"
                yield path, found, f"years outside {other.first} to {other.last} ({other.tag})"
    if years.prefix and (years.first is None or years.last is None):
        yield "vocabulary.year", "a prefix alone", "with `prefix`, `first` and `last` too"
    elif years.first is not None and years.last is not None and years.first > years.last:
        yield "vocabulary.year.first", str(years.first), f"at most `last`, {years.last}"


def _number_findings(settings: Settings) -> Iterator[Finding]:
    for name, whole in NUMBERS.items():
        number = getattr(settings, name)
        if number is None:
            continue
        path, value = f"settings.{name}", number.value
        low, high = number.minimum or 0, number.maximum or math.inf
        if low > high:
            yield f"{path}.minimum", f"{low:g}", f"at most `maximum`, {high:g}"
        elif value is not None and not low <= value <= high:
            yield f"{path}.value", f"{value:g}", f"{low:g} to {high:g}, the range of the same table"
        elif whole and isinstance(value, float) and not value.is_integer():
            yield f"{path}.value", f"{value:g}", "a whole number"


def _injection_findings(inject: Inject, vocabulary: Vocabulary) -> Iterator[Finding]:
    homes = _homes(vocabulary)
    levels = {f"inject.quality.{level}": added for level, added in inject.quality.items()}
    levels |= {f"inject.aesthetic.{level}": added for level, added in inject.aesthetic.items()}
    for path, added in levels.items():
        if not added.positive and not added.negative:
            yield path, "no tags", "at least one tag in `positive` or `negative`"
        for index, tag in enumerate(added.positive):
            if any(_same(part) not in homes for part in _bare(tag).split(",")):
                yield f"{path}.positive[{index}]", shown(tag), f"{HOMES}: {', '.join(homes)}"


def _homes(vocabulary: Vocabulary) -> tuple[str, ...]:
    tags = [word.tag for _, words in _word_lists(vocabulary) for word in words.words]
    if rating := vocabulary.rating:
        tags += (*rating.general, *rating.sensitive, *rating.questionable, *rating.explicit)
    if year := vocabulary.year:
        tags += [era.tag for era in year.eras]
        if year.prefix and year.first and year.last:
            tags += [f"{year.prefix}{number}" for number in range(year.first, year.last + 1)]
    return tuple(dict.fromkeys(_same(tag) for tag in tags))


def _bare(tag: str) -> str:
    """The tag without the emphasis that it is injected with; escaped brackets belong to the tag."""
    while tag[:1] in ("(", "[") and tag[-1:] in (")", "]") and tag[-2:-1] != "\\":
        tag = _WEIGHT.sub("", tag[1:-1])
    return tag
