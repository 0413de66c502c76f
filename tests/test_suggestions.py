"""What completion knows of a model: what the card says of each word, whose words they are, what moves."""

from __future__ import annotations

import pytest

from modelwise.profile_files import load_bundled
from modelwise.suggestions import Suggestions, everyday_artists, suggestions
from modelwise.tag_files import load_vocabulary
from modelwise.terms import Slot
from modelwise.vocabulary import Category, TagList, Vocabulary

PROFILES = load_bundled().profiles
VOCABULARY = load_vocabulary()


def of(profile: str, vocabulary: Vocabulary = VOCABULARY) -> Suggestions:
    return suggestions(PROFILES[profile], PROFILES.values(), vocabulary)


def says(found: Suggestions) -> dict[str, str]:
    return {special.tag: special.says for special in found.specials}


@pytest.mark.parametrize("profile", PROFILES)
def test_every_word_of_a_profile_is_there_once_and_says_something(profile: str) -> None:
    found = of(profile)
    tags = [special.tag for special in found.specials]
    assert len(tags) == len(set(tags))
    assert all(special.says for special in found.specials)
    for special in found.specials:
        assert special.slot is Slot.GENERAL or special.slot in set(Slot)
        assert special.tag.lower() not in found.foreign


def test_a_ranked_word_says_its_place_and_what_for() -> None:
    said = says(of("animagine-xl-3.0"))
    assert said["masterpiece"] == "quality, 1 of 7, >150"
    assert said["best quality"].startswith("quality, 2 of 7")


def test_ratings_and_eras_say_what_they_mean() -> None:
    said = says(of("animagine-xl-3.1"))
    assert said["safe"] == "rating: general"
    assert said["newest"] == "2021 to 2024"


def test_years_by_number_come_newest_first() -> None:
    years = [special for special in of("animagine-xl-4.0-opt").specials if special.slot is Slot.GENERAL]
    tags = [special.tag for special in years if special.says == "year"]
    assert tags and tags == sorted(tags, reverse=True)
    assert tags[0].startswith("year 2")


def test_words_that_nobody_wants_are_marked() -> None:
    low = {special.tag for special in of("animagine-xl-4.0-opt").specials if special.low}
    assert "worst quality" in low and "masterpiece" not in low


def test_other_models_words_name_a_model() -> None:
    owners = {profile.name for profile in PROFILES.values()}
    assert of("animagine-xl-4.0-opt").foreign["score 9"] in owners
    assert "score 9" not in of("pony-v6-xl").foreign


def test_only_slots_that_something_moves_to_count() -> None:
    opt = of("animagine-xl-4.0-opt")
    assert {Slot.CHARACTER, Slot.SERIES, Slot.SUBJECT} <= set(opt.slots)
    assert not {Slot.ARTIST, Slot.META} & set(opt.slots)
    assert of("generic-sdxl").slots == ()


def test_spelling_and_prefixes_are_the_profiles() -> None:
    spelling = of("animagine-xl-4.0-opt").spelling
    assert spelling and (spelling.underscores, spelling.parentheses) == ("spaces", "escape")
    assert of("generic").spelling is None
    assert "by " in of("generic").prefixes


def test_an_artist_with_an_everyday_name_stays_where_it_is() -> None:
    rows = (("moonlit", Category.ARTIST, 5, ()), ("zz_painter", Category.ARTIST, 5, ()))
    lists = [TagList("own", rows, words=frozenset({"moonlit", "tree"}))]
    assert list(everyday_artists(Vocabulary(lists))) == ["moonlit"]
