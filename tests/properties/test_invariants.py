"""The eight invariants, for prompts of every kind and under every bundled profile."""

from __future__ import annotations

import re
from collections import Counter

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import modelwise.compile
from modelwise.classify import Classifier, Reading
from modelwise.compile import Compiler, Request, Result, Switches
from modelwise.intent import Intent
from modelwise.nodes import Lines
from modelwise.parser import parse
from modelwise.segment import Segment
from modelwise.settings import SettingsRequest
from modelwise.terms import Slot
from tests.support import strategies
from tests.support.checking import (
    assert_lossless,
    bundled,
    check,
    compiler,
    request_bytes,
    vocabulary,
)
from tests.support.reading import differences, read

BRANCH_WEIGHT = re.compile(r"\s*:\s*[-+]?[\d.]+$")
ORDER_ONLY = Switches(quality=False, negative=False, settings=False, spelling=False)
NOTHING_ASKED = Intent(quality=None)
requests = st.builds(
    Request,
    prompt=strategies.prompts(),
    negative=st.one_of(st.just(""), strategies.prompts()),
    intent=strategies.intents(),
    switches=strategies.switches(),
    lines=strategies.lines(),
)


@given(strategies.prompts(), strategies.lines())
def test_lossless(text: str, lines: Lines) -> None:
    """1: a tree renders back to its text, whatever it is."""
    assert_lossless(text, lines)


@given(strategies.profile_ids(), requests)
def test_every_invariant_that_a_result_shows(profile: str, request: Request) -> None:
    """2, 3, 4, 7: nothing lost, same meaning, idempotent, deterministic."""
    check(compiler(profile), request, everywhere=False)


@given(requests)
def test_no_profile_raises(request: Request) -> None:
    """8: whatever is loaded, a compilation ends with a result."""
    for identifier in bundled():
        assert isinstance(compiler(identifier).compile(request), Result)


@given(strategies.profile_ids(), strategies.well_formed())
def test_meaning_without_any_addition(profile: str, text: str) -> None:
    """3: with order alone nothing but line-end commas and a comma behind a last `:number` is new."""
    result = check(
        compiler(profile), Request(text, switches=ORDER_ONLY, intent=NOTHING_ASKED), everywhere=False
    )
    allowed = {("added", ","), ("moved", None), ("warning", None), ("respelled", None), ("kept", None)}
    for entry in result.report:
        assert (entry.kind, entry.item if entry.kind == "added" else None) in allowed
        assert entry.kind != "respelled" or entry.to == entry.item + ","


@given(strategies.profile_ids(), strategies.well_formed())
def test_negative_alone_is_never_reordered(profile: str, text: str) -> None:
    """Negatives keep their order."""
    request = Request("", text, intent=NOTHING_ASKED, switches=ORDER_ONLY)
    assert check(compiler(profile), request, everywhere=False).negative == text


def slots_of(profile: str, text: str) -> list[list[Reading]]:
    """The readings of a prompt's items, segment by segment."""
    classifier = compiler(profile).classifier("standard")
    return [
        [classifier.read(item) for item in chunk.body.items]
        for branch in parse(text).branches
        for chunk in branch.chunks
    ]


@example(profile="anima-base-1.0", text="([oshi no ko|arima kana|]), arima kana")
@given(strategies.profile_ids(), strategies.well_formed())
def test_stable(profile: str, text: str) -> None:
    """5: items of one slot keep the user's order; only a series may pass a character."""
    after = check(
        compiler(profile), Request(text, switches=ORDER_ONLY, intent=Intent()), everywhere=False
    ).prompt
    old, new = slots_of(profile, text), slots_of(profile, after)
    assert len(old) == len(new)
    for was, now in zip(old, new, strict=True):
        if any(reading.language for reading in was):
            continue  # its line stays, so others may pass it
        for slot in set(Slot) - {Slot.SERIES}:
            sources = [
                [BRANCH_WEIGHT.sub("", reading.source) for reading in readings if reading.slot is slot]
                for readings in (was, now)
            ]
            assert Counter(sources[0]) != Counter(sources[1]) or sources[0] == sources[1]


@given(strategies.profile_ids(), st.lists(strategies.known_tags(), max_size=10))
def test_an_accepted_order_is_left_alone(profile: str, tags: list[str]) -> None:
    """5: a prompt that stands in an order of the profile comes back to the letter."""
    subject = compiler(profile)
    blocks = subject.classifier("standard").blocks
    found = [slots_of(profile, tag) for tag in tags]
    readings = [rows[0][0] for rows in found if len(rows) == 1 == len(rows[0])]
    for positions in (blocks.main, *blocks.accepted):
        chosen = [item for item in readings if item.slot is not Slot.SERIES and not item.language]
        ordered = sorted(chosen, key=lambda reading: positions[reading.block])
        text = ", ".join(reading.source for reading in ordered) + ","
        result = check(subject, Request(text, switches=ORDER_ONLY, intent=Intent()), everywhere=False)
        assert result.prompt == text


@given(strategies.profile_ids(), requests)
def test_a_fresh_compiler_gives_the_same_bytes(profile: str, request: Request) -> None:
    """7: what was compiled before does not matter."""
    fresh = Compiler(bundled()[profile], vocabulary())
    assert request_bytes(fresh.compile(request)) == request_bytes(compiler(profile).compile(request))


@given(requests, st.sampled_from(("generic", "generic-sd1", "generic-sdxl")))
def test_without_a_card_both_texts_stay(request: Request, profile: str) -> None:
    """A generic profile moves, adds and respells nothing."""
    result = check(compiler(profile), request, everywhere=False)
    assert (result.prompt, result.negative) == (request.prompt, request.negative)


@given(requests, strategies.profile_ids())
def test_all_switches_off_change_nothing_but_what_is_asked(request: Request, profile: str) -> None:
    """With every switch off and nothing asked for, both texts come back to the letter."""
    off = Switches(order=False, quality=False, negative=False, settings=False, spelling=False)
    quiet = msgspec.structs.replace(request, switches=off, intent=NOTHING_ASKED)
    result = check(compiler(profile), quiet, everywhere=False)
    assert (result.prompt, result.negative) == (request.prompt, request.negative)
    assert result.settings == {}


@pytest.mark.parametrize("damage", ["drop", "double", "exchange"])
def test_a_result_that_does_not_read_back_is_not_used(monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    """8: if a stage loses or invents an item, the user's own text is used and the report says so."""

    def order(segment: Segment, _blocks: object, *, grouping: bool) -> bool:
        if damage == "drop":
            segment.gaps[1] = "" if len(segment.gaps) > 1 else segment.gaps[0]
        elif damage == "double":
            segment.gaps[-1] = ", twice" + segment.gaps[-1]
        else:
            segment.gaps[0] = "("
        return grouping

    monkeypatch.setattr(modelwise.compile, "order_segment", order)
    result = compiler("animagine-xl-4.0").compile(Request("smile, 1girl", intent=NOTHING_ASKED))
    assert result.prompt == "smile, 1girl"
    assert [entry.kind for entry in result.report if entry.where == "prompt"] == ["warning"]


@given(strategies.profile_ids(), st.dictionaries(st.sampled_from(("size", "cfg_scale", "steps", "sampler", "clip_skip")), st.sampled_from(("keep", "fill", "force"))), st.one_of(st.none(), st.lists(st.sampled_from(("size", "width", "height", "cfg_scale", "steps", "sampler", "scheduler", "clip_skip")), unique=True).map(tuple)))  # fmt: skip
def test_settings_obey_their_policy(
    profile: str, policy: dict[str, str], untouched: tuple[str, ...] | None
) -> None:
    """A kept field is never set, and a touched one only where it is forced."""
    request = Request("1girl", settings=SettingsRequest(untouched=untouched, policy=policy))  # type: ignore[arg-type]
    settings = check(compiler(profile), request, everywhere=False).settings
    names = {"size": "width", "cfg_scale": "cfg_scale", "steps": "steps", "sampler": "sampler"}
    for field, name in names.items():
        wanted = policy.get(field, "fill")
        touched = untouched is not None and field not in untouched
        if field == "size" and untouched is not None and {"width", "height"} <= set(untouched):
            touched = False
        if wanted == "keep" or (wanted == "fill" and touched):
            assert name not in settings
    assert ("width" in settings) == ("height" in settings)
    assert ("sampler" in settings) == ("scheduler" in settings)


@given(strategies.prompts())
def test_the_independent_reading_knows_itself(text: str) -> None:
    """A text differs from itself in nothing, and one more unit is noticed."""
    meaning = read(text)
    assert not differences(meaning, meaning)
    more = read("zzz\n" + text)
    if not meaning.broken:
        assert differences(meaning, more)
        assert not differences(meaning, more, ["zzz"]) or "(" in text or "[" in text


def test_classifiers_answer_from_memory_as_at_first() -> None:
    """7: a reading that is remembered equals a fresh one."""
    profile = bundled()["animagine-xl-4.0"]
    warm = Classifier(profile, vocabulary())
    items = parse("1girl, hatsune miku, smile, (masterpiece:1.2), by wlop").branches[0].chunks[0].body.items
    first = [warm.read(item) for item in items]
    assert [warm.read(item) for item in items] == first
    assert [Classifier(profile, vocabulary()).read(item) for item in items] == first
