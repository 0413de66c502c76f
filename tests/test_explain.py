"""Explain: the pieces of a compiled text, each with its slot, the list or rule behind it, and the card's word."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import example, given

from modelwise.card_words import CardWords
from modelwise.compile import Compiler, Request, Switches
from modelwise.explain import Explainer, Explanation, Piece
from modelwise.intent import Intent
from modelwise.spelling import normal_form
from modelwise.tag_files import bundled_lists
from modelwise.terms import Slot
from modelwise.vocabulary import Category, TagList, Vocabulary
from tests.support import checking
from tests.support.strategies import prompts

OPT = "animagine-xl-4.0-opt"


def explained(prompt: str, negative: str = "", profile: str = OPT, **more: object) -> Explanation:
    request = Request(prompt, negative, **more)  # type: ignore[arg-type]
    return Explainer(checking.compiler(profile)).explain(request)


def piece(found: Explanation, text: str) -> Piece:
    return next(one for one in found.prompt if one.text == text)


def test_an_items_slot_its_list_and_its_place_in_the_order() -> None:
    girl = piece(explained("smile, hatsune miku"), "hatsune miku")
    assert (girl.slot, girl.why, girl.source) == (Slot.CHARACTER, "character by the lists", "characters.txt")
    assert girl.card == "place 2 of 6 in the order (stated: Model card of Animagine XL 4.0)"


def test_what_a_list_of_the_user_says_names_that_list() -> None:
    mine = TagList("mine.csv", (("zubzub", Category.CHARACTER, 3, ()),))
    compiler = Compiler(checking.bundled()[OPT], Vocabulary([*bundled_lists(), mine]))
    found = Explainer(compiler).explain(Request("smile, zubzub"))
    assert piece(found, "zubzub").source == "mine.csv"


def test_a_word_of_the_card_is_quoted_with_its_rank_and_where_it_is_recommended() -> None:
    found = piece(explained("1girl"), "masterpiece")
    assert found.source == "", "the model's own word, of no list"
    assert "quality 1 of 4 from best to worst (stated: Model card of Animagine XL 4.0)" in found.card
    assert "recommended for the prompt, standard" in found.card


@pytest.mark.parametrize(
    ("profile", "word", "said"),
    [
        (OPT, "worst quality", "quality 4 of 4 from best to worst, of pictures that nobody wants"),
        (OPT, "worst quality", "recommended for the negative, standard"),
        (OPT, "safe", "the rating general"),
        ("animagine-xl-3.1", "newest", "the years 2021 to 2024"),
        ("animagine-xl-3.1", "very aesthetic", "aesthetic 1 of 4"),
        (OPT, "a word that no card has", ""),
    ],
)
def test_what_a_card_says_of_a_word(profile: str, word: str, said: str) -> None:
    found = CardWords(checking.bundled()[profile]).said(normal_form(word))
    assert said in found
    assert bool(said) == bool(found)


def test_what_was_added_says_why_and_what_would_change_it() -> None:
    found = piece(explained("1girl"), "absurdres")
    assert (found.written, found.changes) == (None, ("added",))
    assert found.reasons == ("Animagine XL 4.0 Opt, quality standard (stated)",)
    assert "another quality" in found.otherwise


def test_what_moved_and_what_was_respelled_say_so() -> None:
    found = explained("smile, long_hair, 1girl")
    hair, girl = piece(found, "long hair"), piece(found, "1girl")
    assert (hair.written, hair.changes) == ("long_hair", ("respelled",))
    assert hair.otherwise == "switch the spelling off"
    assert (girl.changes, girl.reasons) == (("moved",), ("to the place of subject",))
    assert girl.otherwise == "switch the order off"


def test_an_unknown_item_says_what_would_give_it_a_place() -> None:
    found = piece(explained("zubzub, 1girl"), "zubzub")
    assert (found.why, found.source) == ("not in any list", "")
    assert "artist:" in found.otherwise


def test_keywords_stand_between_the_pieces() -> None:
    found = explained("1girl BREAK smile AND hat", switches=Switches(quality=False))
    assert [(one.kind, one.text) for one in found.prompt] == [
        ("item", "1girl"),
        ("keyword", "BREAK"),
        ("item", "smile"),
        ("keyword", "AND"),
        ("item", "hat"),
    ]


def test_a_branchs_weight_is_a_piece_of_its_own() -> None:
    found = explained("night AND rain :0.5", switches=Switches(quality=False))
    assert [(one.kind, one.text) for one in found.prompt[-2:]] == [("item", "rain"), ("keyword", ":0.5")]
    assert found.prompt[-1].why == "the weight of the branch"


def test_what_can_not_be_read_is_one_piece_that_says_why() -> None:
    found = explained("smile, (1girl")
    *first, last = found.prompt
    assert [one.text for one in first] == ["masterpiece", "high score", "great score", "absurdres"]
    assert {one.changes for one in first} == {("added",)}
    assert (last.kind, last.text) == ("untouched", "smile, (1girl")
    assert "bracket" in last.why


def test_the_negative_has_no_slots() -> None:
    found = explained("1girl", "blurry, hat")
    assert {one.slot for one in found.negative} == {None}
    assert [one.text for one in found.negative if one.written] == ["blurry", "hat"]
    assert found.negative[0].changes == ("added",)


def test_a_generic_profile_changes_nothing_and_still_says_what_is_known() -> None:
    found = explained("smile, hatsune miku", profile="generic-sdxl")
    assert found.result.prompt == "smile, hatsune miku"
    assert [one.changes for one in found.prompt] == [(), ()]
    assert "character by the lists" in piece(found, "hatsune miku").why


def test_texts_that_are_not_to_be_compiled_are_read_as_they_are() -> None:
    request = Request("smile, long_hair, 1girl", "hat")
    found = Explainer(checking.compiler(OPT)).left_alone(request)
    assert (found.result.prompt, found.result.report) == (request.prompt, ())
    assert [(one.text, one.changes) for one in found.prompt] == [
        ("smile", ()),
        ("long_hair", ()),
        ("1girl", ()),
    ]
    assert [one.text for one in found.negative] == ["hat"]


def without_separators(text: str) -> str:
    """What no piece may leave between itself and the next: comments are no part of what is sampled."""
    return re.sub(r"#[^\n]*|[\s,，、]", "", text)


@example("smile, ratio :2\nAND\nsmile ADDCOMM smile")
@given(prompts())
def test_the_pieces_are_the_result(prompt: str) -> None:
    """The pieces are the whole result, in its order; what the report calls added is, and nothing else."""
    for profile in (OPT, "animagine-xl-3.1", "generic"):
        found = explained(prompt, profile=profile, intent=Intent(rating="general"))
        result = checking.compiler(profile).compile(Request(prompt, intent=Intent(rating="general")))
        assert found.result == result
        left = result.prompt
        for one in found.prompt:
            between, same, left = left.partition("\n" if one.text == "↵" else one.text)
            assert same and not without_separators(between), (one, result.prompt)
        assert not without_separators(left), result.prompt
        added = Counter(
            entry.item for entry in result.report if entry.kind == "added" and entry.where == "prompt"
        )
        pieces = Counter(one.text for one in found.prompt if one.changes == ("added",))
        assert not pieces - added
