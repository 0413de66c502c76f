"""Classification where the lists are full of traps: aliases and bare names that are everyday words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelwise.classify import Classifier
from modelwise.compile import Compiler, Request
from modelwise.tag_files import load_vocabulary
from modelwise.terms import Slot
from modelwise.vocabulary import Vocabulary
from tests.support.checking import bundled

TRAPS = ("shimakaze", "okarun", "2d", "quiet", "love", "fine", "grain", "moonlit", "luminous")
ROWS = """\
someone_(painter),1,10,"shimakaze,okarun,2d,quiet"
love_story,3,10,"love,lovestory"
lady_fine,4,10,"fine,ladyfine"
grain,1,10,
moonlit,1,10,
luminous,1,10,
quiet_person,1,10,
artistic_error,0,10,"error"
great_painter,1,10,"gpaint"
"""


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    path = tmp_path_factory.mktemp("lists") / "traps.csv"
    path.write_text(ROWS, encoding="utf-8")
    return load_vocabulary([path])


@pytest.fixture
def classifier(trapped: Vocabulary) -> Classifier:
    return Classifier(bundled()["animagine-xl-3.1"], trapped)


@pytest.mark.parametrize("word", TRAPS)
def test_an_everyday_word_does_not_move(classifier: Classifier, word: str) -> None:
    assert classifier.tag(word).slot is Slot.GENERAL
    assert classifier.tag(word).text == word


def test_nor_with_a_large_list(shared_file: Callable[[str], Path]) -> None:
    large = load_vocabulary([shared_file("data/danbooru_2025-01-03.csv")])
    classifier = Classifier(bundled()["animagine-xl-3.1"], large)
    assert [word for word in TRAPS if classifier.tag(word).slot is not Slot.GENERAL] == []


@pytest.mark.parametrize("tag", ["artist:grain", "@moonlit", "by grain"])
def test_a_prefix_makes_it_an_artist(classifier: Classifier, tag: str) -> None:
    assert classifier.tag(tag).slot is Slot.ARTIST


def test_a_second_word_makes_it_one(classifier: Classifier) -> None:
    assert classifier.tag("quiet person").slot is Slot.ARTIST
    assert classifier.tag("someone (painter)").slot is Slot.ARTIST


def test_an_alias_that_is_no_word_classifies_and_is_not_respelled(classifier: Classifier) -> None:
    for tag, slot in (("gpaint", Slot.ARTIST), ("lovestory", Slot.SERIES), ("ladyfine", Slot.CHARACTER)):
        found = classifier.tag(tag)
        assert (found.slot, found.text, found.known) == (slot, tag, False)


@pytest.mark.parametrize("tag", ["by the sea", "by night", "by a quiet river"])
def test_by_before_everyday_words_is_plain_language(classifier: Classifier, tag: str) -> None:
    assert classifier.tag(tag).slot is Slot.GENERAL


@pytest.mark.parametrize("tag", ["@", "@ ", "artist:", "artist: ", "by", "by "])
def test_a_prefix_alone_is_nothing(classifier: Classifier, tag: str) -> None:
    assert classifier.tag(tag).slot is Slot.GENERAL


def test_a_name_with_countless_qualifiers_is_no_tag(classifier: Classifier) -> None:
    for name in ("nobody", "hatsune miku"):
        assert classifier.tag(name + r" \(casual\)" * 20_000).slot is Slot.GENERAL


def test_every_reading_says_why(classifier: Classifier) -> None:
    for tag in ("1girl", "hatsune miku", "grain", "year 2010", "zzz", "nobody (vocaloid)", "@zzz"):
        assert classifier.tag(tag).reason


def test_what_was_read_before_does_not_change_a_reading(trapped: Vocabulary) -> None:
    """In the first prompt an open brace makes all braces plain text; in the second they are a variant."""
    request = Request("{a|b}", negative="{a|b}")
    used = Compiler(bundled()["animagine-xl-3.1"], trapped)
    used.compile(Request("{a|b}, {"))
    assert used.compile(request) == Compiler(bundled()["animagine-xl-3.1"], trapped).compile(request)
