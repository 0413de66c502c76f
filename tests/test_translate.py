"""A prompt in the words of another model: by meaning, with everything that is lost said so."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.intent import rating_tags, tags_of_years, years_of
from modelwise.nodes import Lines
from modelwise.parser import parse
from modelwise.profiles import Profile
from modelwise.rewriting import Rewriting
from modelwise.spelling import normal_form
from modelwise.terms import Slot
from modelwise.translate import Translation, Translator, tags_in, written_for
from modelwise.words import RATINGS, plain
from tests.support.checking import bundled, compiler

MODELS = sorted(name for name, profile in bundled().items() if not profile.generic)
PAIRS = list(permutations(MODELS, 2))


def translator(source: str, target: str) -> Translator:
    return Translator(compiler(source).classifier(None), compiler(target).classifier(None))


def translated(source: str, target: str, prompt: str, negative: str = "") -> Translation:
    return translator(source, target).translate(prompt, negative)


def keys(text: str, model: str) -> set[str]:
    return set(tags_in(parse(text, lines=Lines.BREAK), compiler(model).classifier(None)))


def meaning(key: str, model: str) -> object:
    """What a word says: of quality and score, how far from the best or the worst; any other says itself."""
    vocabulary = bundled()[model].vocabulary
    for kind in (Slot.QUALITY, Slot.SCORE):
        words = getattr(vocabulary, kind.value)
        for low in (False, True):
            scale = [normal_form(word.tag) for word in words.words if word.low is low] if words else []
            if key in scale:
                return low, (len(scale) - 1 if low else 0) - scale.index(key)
    return key


def lost(result: Translation) -> bool:
    return any(entry.kind == "left_out" for entry in result.report)


def recommended(profile: Profile) -> tuple[str, str]:
    injection = profile.inject.quality.get("standard")
    return (", ".join(injection.positive), ", ".join(injection.negative)) if injection else ("", "")


@pytest.mark.parametrize(("source", "target"), PAIRS, ids=[f"{one} to {other}" for one, other in PAIRS])
def test_there_and_back_keeps_what_the_card_recommends(source: str, target: str) -> None:
    """Quality words, ratings and years of a recommendation come back, or are said to be lost."""
    prompt, negative = recommended(bundled()[source])
    there = translated(source, target, prompt, negative)
    back = translated(target, source, there.prompt, there.negative)
    entries = (*there.report, *back.report)
    # On a coarser scale several words become one, which can go back to but one of them.
    merged = {entry.to for entry in entries if "written once" in entry.reason}
    said = {
        normal_form(plain(word))
        for entry in entries
        if entry.kind == "left_out" or entry.to in merged
        for word in (*entry.item.split(", "), *(entry.to or "").split(", "))
    }
    for before, after in ((prompt, back.prompt), (negative, back.negative)):
        kept = {meaning(key, source) for key in keys(after, source)}
        missing = {key for key in keys(before, source) if meaning(key, source) not in kept}
        assert missing <= said, (there, back)


@pytest.mark.parametrize(("source", "target"), PAIRS, ids=[f"{one} to {other}" for one, other in PAIRS])
def test_there_and_back_keeps_a_rating(source: str, target: str) -> None:
    for rating in RATINGS:
        own = rating_tags(bundled()[source], rating)
        if not own:
            continue
        there = translated(source, target, ", ".join(own))
        if lost(there):
            assert there.prompt == ""
            assert not rating_tags(bundled()[target], rating)
            continue
        back = translated(target, source, there.prompt)
        assert keys(back.prompt, source) == {normal_form(tag) for tag in own}, (rating, there, back)


@pytest.mark.parametrize(("source", "target"), PAIRS, ids=[f"{one} to {other}" for one, other in PAIRS])
def test_years_go_by_the_calendar(source: str, target: str) -> None:
    """A year's word becomes one whose years it shares, and nothing where there is none."""
    years = bundled()[source].vocabulary.year
    for era in years.eras if years else ():
        there = translated(source, target, era.tag)
        calendar = years_of(bundled()[target], normal_form(there.prompt)) if there.prompt else None
        if calendar is None:
            assert lost(there)
            assert tags_of_years(bundled()[target], (era.first, era.last)) == ()
        else:
            assert calendar[0] <= era.last and calendar[1] >= era.first


@given(st.sampled_from(PAIRS), st.text(max_size=200), st.text(max_size=60))
def test_any_text_can_be_translated(pair: tuple[str, str], prompt: str, negative: str) -> None:
    translated(*pair, prompt, negative)


WORDS = st.sampled_from(
    [
        *("1girl", "smile", "long hair", "hatsune miku", "vocaloid", "my own words", "(smile:1.2)", "[a|b]"),
        *(
            "<lora:x:1>",
            "masterpiece",
            "worst quality",
            "nsfw",
            "(hat, scarf)",
            "firefly (honkai: star rail)",
        ),
    ]
)


@given(st.sampled_from(PAIRS), st.lists(WORDS, max_size=12))
def test_what_is_no_special_word_stays(pair: tuple[str, str], words: list[str]) -> None:
    prompt = ", ".join(words)
    result = translated(*pair, prompt)
    special = {normal_form(part) for entry in result.report for part in entry.item.split(", ")}
    ordinary = [key for key in keys(prompt, pair[0]) if key not in special]
    assert [key for key in ordinary if key not in keys(result.prompt, pair[1])] == []


@given(st.sampled_from(MODELS), st.lists(WORDS, max_size=12))
def test_into_its_own_words_changes_no_meaning(model: str, words: list[str]) -> None:
    prompt = ", ".join(words)
    assert keys(translated(model, model, prompt).prompt, model) == keys(prompt, model)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("masterpiece, 1girl", "1girl"),
        ("1girl, masterpiece", "1girl"),
        ("1girl, masterpiece, smile", "1girl, smile"),
        ("(masterpiece:1.2), 1girl", "1girl"),
        ("(masterpiece, 1girl:1.2)", "(1girl:1.2)"),
        ("((masterpiece)), <lora:x:1>", "<lora:x:1>"),
        ("1girl # masterpiece\n, masterpiece", "1girl # masterpiece\n"),
        ("1girl BREAK masterpiece", "1girl BREAK"),
        ("a AND masterpiece :1.2", "a AND masterpiece :1.2"),
    ],
)
def test_what_is_left_out_takes_one_separator_along(text: str, wanted: str) -> None:
    classifier = compiler("animagine-xl-3.1").classifier(None)
    rewriting = Rewriting(classifier, lambda key, text: () if key == "masterpiece" else (text,))
    assert rewriting.text(parse(text, lines=Lines.BREAK)) == wanted


@pytest.mark.parametrize(
    ("prompt", "model"),
    [
        ("masterpiece, best quality, very aesthetic, absurdres, 1girl", "animagine-xl-3.1"),
        ("1girl, masterpiece, high score, great score, absurdres", "animagine-xl-4.0"),
        ("extremely aesthetic, best quality, newest, 1girl", "sotediffusion-v2"),
        ("1girl, smile", None),
        ("", None),
    ],
)
def test_the_model_that_a_prompt_was_written_for(prompt: str, model: str | None) -> None:
    found = written_for(prompt, compiler("generic").classifier(None), bundled().values())
    assert (found.family if found else None) == (bundled()[model].family if model else None)


def test_a_lost_word_is_said() -> None:
    result = translated("animagine-xl-3.1", "animagine-xl-4.0", "displeasing, 1girl")
    assert result.prompt == "1girl"
    (entry,) = result.report
    assert (entry.kind, entry.item, entry.slot) == ("left_out", "displeasing", Slot.AESTHETIC.value)
    assert entry.reason == "Animagine XL 4.0 has no word for aesthetic of this height"


@pytest.mark.parametrize(
    ("source", "target", "prompt", "wanted"),
    [
        # years by the calendar: 3.0's `late` is not 3.1's `recent`, but shares most years with it
        ("animagine-xl-3.0", "animagine-xl-3.1", "late", "recent"),
        ("animagine-xl-3.1", "animagine-xl-3.0", "recent", "late"),
        ("animagine-xl-3.1", "animagine-xl-4.0", "oldest, newest", "year 2008, year 2023"),
        ("animagine-xl-4.0", "animagine-xl-3.1", "year 2016, 1girl", "mid, 1girl"),
        ("animagine-xl-4.0", "animagine-xl-3.1", "year 2030, 1girl", "1girl"),
        # ratings by meaning: two tags, one tag, and tags with prefixes
        ("animagine-xl-3.1", "animagine-xl-4.0", "explicit, nsfw", "explicit"),
        ("animagine-xl-4.0", "animagine-xl-3.1", "explicit", "explicit, nsfw"),
        ("animagine-xl-3.1", "sotediffusion-v2", "explicit, nsfw", "explicit nsfw"),
        ("sotediffusion-v2", "animagine-xl-3.1", "explicit nsfw", "explicit, nsfw"),
        ("animagine-xl-3.0", "animagine-xl-3.1", "rating: general", "safe"),
        ("animagine-xl-3.1", "sotediffusion-v2", "safe", "general"),
        ("sotediffusion-v2", "animagine-xl-4.0", "nsfw", "nsfw"),
        # the same word at another height
        ("animagine-xl-3.1", "sotediffusion-v2", "very aesthetic", "extremely aesthetic"),
        ("sotediffusion-v2", "animagine-xl-3.1", "extremely aesthetic", "very aesthetic"),
        ("animagine-xl-3.1", "sotediffusion-v2", "masterpiece", "best quality"),
        ("sotediffusion-v2", "animagine-xl-3.1", "best quality", "masterpiece"),
        ("sotediffusion-v2", "animagine-xl-3.1", "worst quality", "worst quality"),
        ("animagine-xl-3.1", "animagine-xl-4.0", "worst quality", "worst quality"),
        # spelling and artists
        ("animagine-xl-3.1", "anima-base-1.0", "wlop, 1girl", "@wlop, 1girl"),
        ("anima-base-1.0", "animagine-xl-3.1", "@wlop, 1girl", "wlop, 1girl"),
        ("animagine-xl-3.1", "anima-base-1.0", "by the sea, 1girl", "by the sea, 1girl"),
        ("animagine-xl-3.1", "animagine-xl-4.0", "long_hair, my_own_word", "long hair, my_own_word"),
        # weights and grammar stay
        (
            "animagine-xl-3.1",
            "animagine-xl-4.0",
            "(newest:1.2), [explicit, nsfw:0.8]",
            "(year 2023:1.2), [explicit:0.8]",
        ),
        ("animagine-xl-3.1", "animagine-xl-4.0", "[oldest|newest], {a|b}", "[year 2008|year 2023], {a|b}"),
    ],
)
def test_traps(source: str, target: str, prompt: str, wanted: str) -> None:
    assert translated(source, target, prompt).prompt == wanted
