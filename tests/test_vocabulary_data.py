"""Our own lists: their format, what may not be in them, and how they stand beside Danbooru's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from modelwise.spelling import normal_form
from modelwise.tag_files import bundled_lists, load_vocabulary, read_csv
from modelwise.terms import Slot
from modelwise.vocabulary import Category, Vocabulary, data_folder
from modelwise.words import OwnWords
from tests.support.checking import bundled

CATEGORIES = {
    "artists.txt": Category.ARTIST,
    "characters.txt": Category.CHARACTER,
    "general.txt": Category.GENERAL,
    "meta.txt": Category.META,
    "series.txt": Category.SERIES,
}
SORTED_WORDS = ("common_words.txt", "misspellings.txt", "special_words.txt")
WORDS = (*SORTED_WORDS, "popular.txt")
WITH_BLOCKS = {"characters.txt", "general.txt", "special_words.txt"}
SPECIAL = {Slot.QUALITY, Slot.SCORE, Slot.AESTHETIC, Slot.RATING, Slot.YEAR}
ORDINARY_TAGS = {"illustration", "dramatic light", "realistic", "old"}
"""Danbooru tags that a model's card uses as quality or year words as well."""

LEAST_SHARE = 0.97
LEAST_NAMES = {
    "artists.txt": 400,
    "characters.txt": 3500,
    "general.txt": 2000,
    "meta.txt": 100,
    "series.txt": 900,
}
LEAST_MISSPELLINGS = 150
LEAST_POPULAR = 3000
every_list = pytest.mark.parametrize("name", [*CATEGORIES, *WORDS])
tag_lists = pytest.mark.parametrize("name", list(CATEGORIES))


@cache
def lines(name: str) -> tuple[str, ...]:
    return tuple((data_folder() / name).read_text(encoding="utf-8").split("\n"))


@cache
def blocks(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each block's name with its lines; a list without blocks is one without a name."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in lines(name):
        if line.startswith("[") and line.endswith("]"):
            found.append((line[1:-1], []))
        elif line and not line.startswith("# "):
            found[-1][1].append(line)
    return tuple((block, tuple(entries)) for block, entries in found if block or entries)


def tag_of(line: str) -> str:
    """A line's tag, without its mark and its aliases."""
    return re.sub(r" \*+$", "", line.partition(" = ")[0])


def entries(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each name of a list with its aliases."""
    found = []
    for _block, written in blocks(name):
        for line in written:
            others = line.partition(" = ")[2]
            found.append((tag_of(line), tuple(others.split(" | ")) if others else ()))
    return found


def repeated(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def test_every_list_is_known_here() -> None:
    assert {path.name for path in data_folder().glob("*.txt")} == {*CATEGORIES, *WORDS}
    assert {found.name for found in bundled_lists()} >= {*CATEGORIES, "common_words.txt"}


@tag_lists
def test_lists_are_long_enough_to_be_of_use(name: str) -> None:
    assert len(entries(name)) >= LEAST_NAMES[name]


@every_list
def test_format(name: str) -> None:
    raw = (data_folder() / name).read_bytes()
    assert b"\r" not in raw and b"\t" not in raw and raw.endswith(b"\n") and not raw.endswith(b"\n\n")
    assert raw.decode("utf-8").replace("\n", "").isprintable()
    assert lines(name)[0].startswith("# ")
    wrong = [line for line in lines(name) if line != line.strip() or "  " in line]
    assert not wrong


@tag_lists
def test_names_are_written_with_spaces_bare_brackets_and_small_letters(name: str) -> None:
    for tag, aliases in entries(name):
        for each in (tag, *aliases):
            assert each and each == each.strip() and "\\(" not in each and " | " not in each, each
            assert each == each.lower(), each
            assert "_" not in each or not re.search("[a-z]{2}", each), (
                f"{each}: only emoticons have underscores"
            )


@every_list
def test_blocks_stand_only_where_they_mean_something(name: str) -> None:
    named = [block for block, _ in blocks(name) if block]
    assert bool(named) == (name in WITH_BLOCKS)
    assert not repeated(named)
    assert all(written for _, written in blocks(name)), "an empty block"
    if name in WITH_BLOCKS:
        assert blocks(name)[0][0], "a line before the first block"


@pytest.mark.parametrize("name", [*CATEGORIES, *SORTED_WORDS])
def test_lines_are_sorted_within_their_block(name: str) -> None:
    for block, written in blocks(name):
        tags = [tag_of(line) for line in written]
        wrong = [(first, second) for first, second in pairwise(tags) if first > second]
        assert not wrong, f"[{block}]"


@tag_lists
def test_no_name_stands_twice(name: str) -> None:
    keys = [
        (block if name == "characters.txt" else "", normal_form(tag_of(line)))
        for block, written in blocks(name)
        for line in written
    ]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_popular_tags_are_names_of_the_lists_and_stand_once() -> None:
    popular = [line for _, written in blocks("popular.txt") for line in written]
    assert len(popular) >= LEAST_POPULAR
    assert repeated(popular) == []
    names = {tag for name in CATEGORIES for tag, _ in entries(name)}
    assert [tag for tag in popular if tag not in names] == []


def test_the_more_popular_a_tag_the_higher_its_rank() -> None:
    popular = [line for _, written in blocks("popular.txt") for line in written]
    ranks = {name: rank for found in bundled_lists() for name, _, rank, _ in found.rows}
    assert [ranks[tag] for tag in popular] == list(range(len(popular), 0, -1))
    assert {rank for tag, rank in ranks.items() if tag not in set(popular)} == {0}


def test_popular_tags_are_those_of_most_posts(shared_file: Callable[[str], Path]) -> None:
    """Our estimate beside Danbooru's counts: of the half that we rank higher, most are the commoner ones."""
    counts = {
        normal_form(name): count
        for name, _, count, _ in read_csv(shared_file("data/danbooru_2024-11-09.csv")).rows
    }
    popular = [normal_form(line) for _, written in blocks("popular.txt") for line in written]
    known = [counts[tag] for tag in popular if tag in counts]
    median = sorted(known)[len(known) // 2]
    upper = known[: len(known) // 2]
    assert sum(count >= median for count in upper) >= 0.75 * len(upper)


def test_no_name_stands_in_two_lists() -> None:
    names = [key for name in CATEGORIES for key in {normal_form(tag) for tag, _ in entries(name)}]
    assert repeated(names) == []


def test_aliases_name_one_thing_and_no_other_tag() -> None:
    owners: dict[str, set[str]] = {}
    for name in CATEGORIES:
        for tag, aliases in entries(name):
            for alias in aliases:
                owners.setdefault(normal_form(alias), set()).add(normal_form(tag))
    assert {alias: found for alias, found in owners.items() if len(found) > 1} == {}
    names = {normal_form(tag) for name in CATEGORIES for tag, _ in entries(name)}
    assert sorted(names & owners.keys()) == []


@tag_lists
def test_no_models_special_words_are_in_a_list(name: str) -> None:
    special = {
        key
        for profile in bundled().values()
        for level in (None, "standard", "light", "heavy")
        for key, word in OwnWords(profile, level)
        if word.slot in SPECIAL
    }
    special |= {normal_form(line) for _, written in blocks("special_words.txt") for line in written}
    assert {"masterpiece", "high score", "very aesthetic", "safe", "nsfw", "newest"} <= special
    listed = {normal_form(each) for tag, aliases in entries(name) for each in (tag, *aliases)}
    assert sorted(listed & special - ORDINARY_TAGS) == []
    assert not [key for key in listed if key.startswith("year ") and key[5:].isdecimal()]


def test_every_series_of_the_characters_is_in_the_list_of_series() -> None:
    series = {normal_form(tag) for tag, _ in entries("series.txt")}
    assert [block for block, _ in blocks("characters.txt") if normal_form(block) not in series] == []


def test_every_character_knows_its_series() -> None:
    known = load_vocabulary()
    for block, written in blocks("characters.txt"):
        for line in written:
            assert normal_form(block) in known.series_of(normal_form(tag_of(line)))


def test_common_words_are_single_words_and_no_names_of_ours_by_alias() -> None:
    common = [line for _, written in blocks("common_words.txt") for line in written]
    assert not [word for word in common if " " in word or word != normal_form(word)]
    assert repeated(common) == []


def misspellings() -> list[tuple[str, str]]:
    """Each misspelling with the tag that is meant."""
    written = [line.split(" = ") for _, block in blocks("misspellings.txt") for line in block]
    return [(wrong, meant) for wrong, meant in written]


def test_misspellings_mean_names_of_ours_and_are_none() -> None:
    assert len(misspellings()) >= LEAST_MISSPELLINGS
    names = {tag for name in CATEGORIES for tag, _ in entries(name)}
    assert [meant for _, meant in misspellings() if meant not in names] == []
    known = load_vocabulary()
    assert [wrong for wrong, _ in misspellings() if known.find(normal_form(wrong))] == []
    assert repeated([normal_form(wrong) for wrong, _ in misspellings()]) == []
    words = {line for _, written in blocks("common_words.txt") for line in written}
    assert sorted(words & {wrong for wrong, _ in misspellings()}) == []


def test_misspellings_are_no_danbooru_tags(shared_file: Callable[[str], Path]) -> None:
    known = danbooru(shared_file("data/danbooru_2025-09-24_full.csv"))
    found = [(wrong, known.find(normal_form(wrong))) for wrong, _ in misspellings()]
    assert [wrong for wrong, other in found if other and other.exact] == []


def ambiguous() -> list[str]:
    """Characters and series by a bare single word that is an ordinary one."""
    common = {line for _, written in blocks("common_words.txt") for line in written}
    names = [tag for name in ("characters.txt", "series.txt") for tag, _ in entries(name)]
    return sorted(tag for tag in names if tag in common)


def test_few_names_are_ordinary_words() -> None:
    """Such a name moves although it may be meant as the word; each one is a choice."""
    found = ambiguous()
    assert len(found) <= 40, found


@cache
def danbooru(path: Path) -> Vocabulary:
    """A list of Danbooru's tags, read once."""
    return Vocabulary([read_csv(path)])


@pytest.mark.parametrize("published", ["danbooru_2025-01-03.csv", "danbooru_2025-09-24_full.csv"])
@tag_lists
def test_names_are_danbooru_tags_of_the_same_category(
    name: str, published: str, shared_file: Callable[[str], Path]
) -> None:
    """Before and after Danbooru renamed many: models know the old names, people read the new ones."""
    known = danbooru(shared_file(f"data/{published}"))
    strange = []
    for tag, _ in entries(name):
        found = known.find(normal_form(tag))
        if found is None or not found.exact or found.category is not CATEGORIES[name]:
            strange.append(f"{tag}: {f'{found.category.name} {found.name}' if found else 'unknown'}")
    share = 1 - len(strange) / len(entries(name))
    print(f"{name}: {share:.2%}", *strange, sep="\n")
    assert share >= LEAST_SHARE, f"{share:.2%}, without " + "; ".join(strange)


def test_aliases_are_no_other_tags_names(shared_file: Callable[[str], Path]) -> None:
    """An alias of ours that is Danbooru's name of another tag would hide that tag."""
    known = danbooru(shared_file("data/danbooru_2025-01-03.csv"))
    hidden = []
    for name, category in CATEGORIES.items():
        for tag, aliases in entries(name):
            for alias in aliases:
                found = known.find(normal_form(alias))
                if found and found.exact and found.category is not category:
                    hidden.append(f"{alias} ({tag}) is {found.category.name}")
    assert hidden == [], "; ".join(hidden)
