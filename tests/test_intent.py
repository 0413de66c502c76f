"""Years and ratings in each model's words, and the ratings that a prompt's words stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.intent import FULL, Intent, RatingWords, rating_tags, year_tags
from modelwise.spelling import normal_form
from modelwise.terms import Rating
from modelwise.words import RATINGS
from tests.support.checking import bundled

ERAS_3_0 = [
    (2005, "oldest"),
    (2010, "oldest"),
    (2011, "early"),
    (2014, "early"),
    (2015, "mid"),
    (2018, "mid"),
]
ERAS_3_0 += [(2019, "late"), (2021, "late"), (2022, "newest"), (2023, "newest")]
ERAS_3_1 = [
    (2005, "oldest"),
    (2010, "oldest"),
    (2011, "early"),
    (2014, "early"),
    (2015, "mid"),
    (2017, "mid"),
]
ERAS_3_1 += [(2018, "recent"), (2020, "recent"), (2021, "newest"), (2024, "newest")]
ERAS_SOTE = [
    (2005, "oldest"),
    (2010, "oldest"),
    (2011, "early"),
    (2014, "early"),
    (2015, "mid"),
    (2018, "mid"),
]
ERAS_SOTE += [(2019, "recent"), (2021, "recent"), (2022, "newest"), (2024, "newest")]
ERAS_ILLUSTRIOUS = [(2005, "oldest"), (2017, "oldest"), (2018, "old"), (2019, "old"), (2020, "modern")]
ERAS_ILLUSTRIOUS += [(2021, "recent"), (2022, "recent"), (2023, "newest")]
ERAS_OLD = [(2005, "old"), (2010, "old"), (2011, "early"), (2014, "early"), (2015, "mid"), (2017, "mid")]
ERAS_OLD += [(2018, "recent"), (2020, "recent"), (2021, "newest"), (2024, "newest")]


def of_families(*families: str) -> list[str]:
    return [name for name, profile in bundled().items() if profile.family in families]


YEARS = {
    "anima-base-1.0": [(2024, "year 2024"), (2025, "year 2025")],
    **dict.fromkeys(of_families("illustrious-xl"), ERAS_ILLUSTRIOUS),
    **dict.fromkeys(of_families("noobai-xl", "kohaku-xl", "anything-xl"), ERAS_OLD),
    "animagine-xl-4.0-zero": [(2005, "year 2005"), (2025, "year 2025")],
    "animagine-xl-3.0": ERAS_3_0,
    "animagine-xl-3.1": ERAS_3_1,
    "animagine-xl-3.1-coreml": ERAS_3_1,
    "animagine-xl-4.0": [(2005, "year 2005"), (2007, "year 2007"), (2025, "year 2025")],
    "animagine-xl-4.0-opt": [(2005, "year 2005"), (2025, "year 2025")],
    "sotediffusion-v1": ERAS_SOTE,
    "sotediffusion-v2": ERAS_SOTE,
}
RATING_TAGS = {
    "anima-base-1.0": [("safe",), ("sensitive",), ("nsfw",), ("explicit",)],
    **{name: [("safe",), (), (), ("explicit",)] for name in of_families("noobai-xl")},
    **{
        name: [("general",), ("sensitive",), ("nsfw",), ("explicit",)]
        for name in of_families("wai-illustrious")
    },
    **{
        name: [("safe",), ("sensitive",), ("nsfw",), ("nsfw", "explicit")]
        for name in of_families("kohaku-xl")
    },
    "animagine-xl-4.0-zero": [("safe",), ("sensitive",), ("nsfw",), ("explicit",)],
    "anything-xl": [("safe",), ("sensitive",), ("nsfw",), ("explicit", "nsfw")],
    "pony-v6-xl": [("rating_safe",), (), ("rating_questionable",), ("rating_explicit",)],
    "animagine-xl-3.0": [
        ("rating: general",),
        ("rating: sensitive",),
        ("rating: questionable", "nsfw"),
        ("rating: explicit", "nsfw"),
    ],
    "animagine-xl-3.1": [("safe",), ("sensitive",), ("nsfw",), ("explicit", "nsfw")],
    "animagine-xl-3.1-coreml": [("safe",), ("sensitive",), ("nsfw",), ("explicit", "nsfw")],
    "animagine-xl-4.0": [("safe",), ("sensitive",), ("nsfw",), ("explicit",)],
    "animagine-xl-4.0-opt": [("safe",), ("sensitive",), ("nsfw",), ("explicit",)],
    "sotediffusion-v1": [("general",), ("sensitive",), ("nsfw",), ("explicit nsfw",)],
    "sotediffusion-v2": [("general",), ("sensitive",), ("nsfw",), ("explicit nsfw",)],
}
WORDLESS = (
    *("anything-v3.0", "anything-v3.1", "anything-v3.2", "anything-v4.0", "anything-v4.5"),
    *("anything-v5-prt-re", "anything-ink", "counterfeit-v2.5", "counterfeit-v3.0"),
    *("aom2", "aom3", "aom3a1", "aom3a1b", "aom3a2", "aom3a3", "aom3b2"),
    *("meinamix-v8", "meinamix-v10", "meinamix-v11", "neta-lumina-1.0"),
    *("generic", "generic-sd1", "generic-sdxl"),
)
every_profile = pytest.mark.parametrize("name", sorted(bundled()))


@pytest.mark.parametrize(
    ("name", "year", "tag"), [(name, *pair) for name, pairs in YEARS.items() for pair in pairs]
)
def test_year_in_the_models_words(name: str, year: int, tag: str) -> None:
    assert year_tags(bundled()[name], year) == (tag,)


@every_profile
@pytest.mark.parametrize("year", [-1, 0, 1999, 2004, 2026, 10_000])
def test_year_that_no_model_knows(name: str, year: int) -> None:
    assert year_tags(bundled()[name], year) == ()


@pytest.mark.parametrize("name", WORDLESS)
def test_models_without_words_for_years_and_ratings(name: str) -> None:
    profile = bundled()[name]
    assert not any(year_tags(profile, year) for year in range(1990, 2030))
    assert not any(rating_tags(profile, rating) for rating in RATINGS)


@every_profile
@given(year=st.integers(1900, 2100))
def test_year_has_one_word_at_the_most(name: str, year: int) -> None:
    assert len(year_tags(bundled()[name], year)) <= 1


@pytest.mark.parametrize("name", list(RATING_TAGS))
def test_rating_in_the_models_words(name: str) -> None:
    assert [rating_tags(bundled()[name], rating) for rating in RATINGS] == RATING_TAGS[name]


def test_every_bundled_profile_is_covered_here() -> None:
    known = {*YEARS, *RATING_TAGS, *WORDLESS}
    assert bundled().keys() <= known | {"sotediffusion-v1"}
    for name in YEARS.keys() - RATING_TAGS.keys():
        assert not any(rating_tags(bundled()[name], rating) for rating in RATINGS)
    for name in RATING_TAGS.keys() - YEARS.keys():
        assert not any(year_tags(bundled()[name], year) for year in range(1990, 2030))


@every_profile
@pytest.mark.parametrize("rating", RATINGS)
def test_ratings_own_words_mean_that_rating_and_no_other(name: str, rating: Rating) -> None:
    words = list(map(normal_form, rating_tags(bundled()[name], rating)))
    assert RatingWords(bundled()[name]).typed(frozenset(words)) == ({rating: words} if words else {})


@every_profile
@pytest.mark.parametrize(
    ("word", "rating"),
    [
        ("explicit", "explicit"),
        ("questionable", "questionable"),
        ("sensitive", "sensitive"),
        ("rating: general", "general"),
        ("rating:explicit", "explicit"),
        ("rating explicit", "explicit"),
        ("rating safe", "general"),
        ("explicit nsfw", "explicit"),
    ],
)
def test_rating_words_of_every_model_are_understood(name: str, word: str, rating: Rating) -> None:
    assert RatingWords(bundled()[name]).typed(frozenset({word, "smile"})) == {rating: [word]}


@every_profile
def test_nsfw_alone_works_against_a_negative_nsfw(name: str) -> None:
    (rating,) = RatingWords(bundled()[name]).typed(frozenset({"nsfw"}))
    assert rating in FULL


@every_profile
@pytest.mark.parametrize("key", ["smile", "1girl", "general store", "explicitly", "", "safety"])
def test_other_words_are_no_ratings(name: str, key: str) -> None:
    assert RatingWords(bundled()[name]).typed(frozenset({key})) == {}


@pytest.mark.parametrize("word", ["rating: questionable", "rating:questionable", "questionable"])
def test_nsfw_beside_questionable_is_one_rating(word: str) -> None:
    """3.0 writes both for a questionable image, whichever way the first is spelled."""
    found = RatingWords(bundled()["animagine-xl-3.0"]).typed(frozenset({word, "nsfw"}))
    assert list(found) == ["questionable"]


@every_profile
def test_two_ratings_are_two(name: str) -> None:
    found = RatingWords(bundled()[name]).typed(frozenset({"sensitive", "explicit"}))
    assert set(found) == {"sensitive", "explicit"}


@given(
    st.sampled_from(sorted(bundled())), st.sets(st.sampled_from(["nsfw", "safe", "explicit", "a", "general"]))
)
def test_every_word_is_told_once_and_came_from_the_prompt(name: str, keys: set[str]) -> None:
    found = RatingWords(bundled()[name]).typed(frozenset(keys))
    told = [word for words in found.values() for word in words]
    assert len(set(told)) == len(told)
    assert set(told) <= keys


def test_nothing_is_asked_for_but_the_cards_own_quality() -> None:
    assert Intent() == Intent(quality="standard", aesthetic=None, rating=None, year=None)
