"""Looking tags up: names, aliases, series, and the words that are too ordinary to be anything else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.compile import Compiler, Request, Switches
from modelwise.report import Entry
from modelwise.spelling import normal_form
from modelwise.tag_files import bundled_lists, load_vocabulary, read_csv
from modelwise.vocabulary import Category, Found, TagList, Vocabulary, cut_qualifier
from tests.support.checking import bundled, check

G, A, S, C, M = Category
TRAPS = ("shimakaze", "okarun", "2d", "quiet", "love", "fine", "grain", "moonlit", "luminous")
BIG = "data/danbooru_2025-01-03.csv"
EMOTICONS = (":3", ":0", ":d", ";)", ">_<", "^_^", "\\m/", ">:(", "(o)_(o)", "o_o", ":o", ";d")
KEEPING = Switches(quality=False, negative=False, settings=False)


def vocabulary(
    *rows: tuple[str, Category, tuple[str, ...]], words: frozenset[str] = frozenset()
) -> Vocabulary:
    listed = tuple((name, category, 0, aliases) for name, category, aliases in rows)
    return Vocabulary([TagList("test", listed, words=words)])


def as_lists_write(text: str) -> bool:
    """Lists have no white space at the ends and no two in a row."""
    return " ".join(text.split()) == text


@given(st.text(min_size=1, max_size=20).filter(as_lists_write))
def test_a_name_is_found_by_its_normal_form(name: str) -> None:
    key = normal_form(name)
    if key:
        found = vocabulary((name, C, ())).find(key)
        assert found is not None and (found.category, found.exact) == (C, True)


@given(st.text(alphabet="ab _\\()A\t（é", max_size=12).filter(as_lists_write))
def test_an_alias_is_found_by_its_normal_form(alias: str) -> None:
    found = vocabulary(("the name", S, (alias,))).find(normal_form(alias))
    if normal_form(alias) not in {"", "the name"}:
        assert found == Found("the name", S, False, "test")


def test_exact_name_beats_an_alias_wherever_it_stands() -> None:
    for rows in (("x", G, ()), ("y", A, ("x",))), (("y", A, ("x",)), ("x", G, ())):
        assert vocabulary(*rows).find("x") == Found("x", G, True, "test")


def test_first_list_keeps_an_alias_and_the_last_one_a_category() -> None:
    first = TagList("1", (("a", C, 0, ("both",)), ("x", G, 0, ())))
    second = TagList("2", (("b", A, 0, ("both",)), ("x", S, 0, ())))
    found = Vocabulary([first, second])
    assert found.find("both") == Found("a", C, False, "1")
    assert found.find("x") == Found("x", S, True, "2")
    assert len(found) == 3


def test_a_misspelling_is_one_until_a_list_has_it() -> None:
    ours = [TagList("t", (("umbrella", G, 0, ()),)), TagList("m", (), misspellings={"umberella": "umbrella"})]
    assert Vocabulary(ours).misspelled("umberella") == "umbrella"
    assert Vocabulary(ours).misspelled("umbrella") is None
    for row in ("umberella", A, 0, ()), ("parasol", G, 0, ("umberella",)):
        assert Vocabulary([*ours, TagList("u", (row,))]).misspelled("umberella") is None


def test_unknown_name() -> None:
    assert vocabulary().find("x") is None
    assert len(vocabulary()) == 0


@pytest.mark.parametrize(
    ("name", "shown"),
    [("^_^", "^_^"), ("o_o", "o_o"), ("long_hair", "long hair"), (":3", ":3"), (">_<", ">_<")],
)
def test_short_names_keep_their_underscores(name: str, shown: str) -> None:
    assert vocabulary((name, G, ())).find(normal_form(name)) == Found(shown, G, True, "test")


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("ganyu (genshin impact)", ("ganyu", "genshin impact")),
        ("a (b) (c)", ("a (b)", "c")),
        ("firefly (honkai: star rail)", ("firefly", "honkai: star rail")),
        ("name", ("name", "")),
        ("(o)", ("(o)", "")),
        ("name(x)", ("name(x)", "")),
        ("", ("", "")),
        ("name ()", ("name", "")),
        (" (x)", (" (x)", "")),
    ],
)
def test_qualifier(key: str, parts: tuple[str, str]) -> None:
    assert cut_qualifier(key) == parts


def test_series_of_a_character() -> None:
    lists = [
        TagList("s", (("genshin impact", S, 0, ()), ("fate (series)", S, 0, ()), ("hat", G, 0, ()))),
        TagList("c", (("miku", C, 0, ()),), {"miku": ("vocaloid", "project")}),
    ]
    found = Vocabulary(lists)
    assert found.series_of("miku") == ("vocaloid", "project")
    assert found.series_of("somebody (genshin impact)") == ("genshin impact",)
    assert found.series_of("saber (fate)") == ("fate (series)",)
    assert found.series_of("somebody (hat)") == found.series_of("somebody") == ()
    assert found.series_of("miku (casual)") == found.series_of("miku (a) (b)") == ("vocaloid", "project")
    assert found.series_of("somebody (fate) (casual)") == ("fate (series)",)


def test_series_of_a_character_by_an_alias() -> None:
    found = Vocabulary([TagList("c", (("hatsune miku", C, 0, ("miku",)),), {"hatsune miku": ("vocaloid",)})])
    assert found.series_of("miku") == found.series_of("miku (casual)") == ("vocaloid",)


def test_an_everyday_alias_names_no_series() -> None:
    lists = [TagList("s", (("love story", S, 0, ("love", "lovestory")),), words=frozenset({"love"}))]
    assert Vocabulary(lists).series_named("love") is None
    assert Vocabulary(lists).series_named("lovestory") == "love story"


@pytest.mark.parametrize("tag", EMOTICONS)
def test_emoticons_are_known_by_our_own_lists(tag: str) -> None:
    found = load_vocabulary().find(normal_form(tag))
    assert found is not None and found.exact and found.category is G


def test_ordinary_words() -> None:
    found = vocabulary(("red hat", G, ()), ("some artist", A, ()), words=frozenset({"love"}))
    assert all(map(found.is_ordinary, ("love", "red", "hat")))
    assert not any(map(found.is_ordinary, ("red hat", "artist", "miku", "")))


def test_another_lists_general_tags_take_no_name_of_ours() -> None:
    """`genshin` is our alias, and a word of a meme's name in a long list."""
    ours = TagList("o", (("genshin impact", S, 0, ("genshin",)), ("red hat", G, 0, ())), ours=True)
    theirs = TagList("t", (("genshin meme", G, 0, ()), ("red", A, 0, ())))
    found = Vocabulary([ours, theirs])
    assert not found.is_ordinary("genshin")
    assert found.is_ordinary("meme") and found.is_ordinary("red")


@cache
def with_list(path: Path | None) -> dict[str, Compiler]:
    known = load_vocabulary([path] if path else [])
    return {name: Compiler(profile, known) for name, profile in bundled().items()}


def moves(report: tuple[Entry, ...]) -> list[str]:
    return [entry.item for entry in report if entry.kind == "moved"]


@pytest.mark.parametrize("word", TRAPS)
@pytest.mark.parametrize("profile", ["animagine-xl-3.1", "animagine-xl-4.0-opt", "sotediffusion-v2"])
@pytest.mark.parametrize("big", [False, True], ids=["own lists", "big list"])
def test_everyday_word_does_not_move(
    word: str, profile: str, big: bool, shared_file: Callable[[str], Path]
) -> None:
    """With a second word, a qualifier or a prefix it may; alone it is what it says."""
    compiler = with_list(shared_file(BIG) if big else None)[profile]
    result = check(compiler, Request(f"smile, {word}, hat", switches=KEEPING), everywhere=False)
    assert (result.prompt, moves(result.report)) == (f"smile, {word}, hat", [])


@pytest.mark.parametrize("written", ["by grain", "@grain", "artist:grain"])
def test_everyday_word_with_a_prefix_is_an_artist(written: str, shared_file: Callable[[str], Path]) -> None:
    compiler = with_list(shared_file(BIG))["animagine-xl-3.1"]
    prompt = compiler.compile(Request(f"smile, {written}, 1girl", switches=KEEPING)).prompt
    assert prompt.startswith("1girl, ") and prompt.endswith(", smile")


@pytest.mark.parametrize("big", [False, True], ids=["own lists", "big list"])
@pytest.mark.parametrize("profile", sorted(bundled()))
def test_aliases_classify_and_never_respell(
    big: bool, profile: str, shared_file: Callable[[str], Path]
) -> None:
    compiler = with_list(shared_file(BIG) if big else None)[profile]
    lists = [*bundled_lists(), *([read_csv(shared_file(BIG))] if big else [])]
    aliases = [
        alias
        for found in lists
        for name, _category, _count, others in found.rows[:4000]
        for alias in others[:1]
        if alias.isascii() and alias.replace("_", "").isalnum() and alias == alias.lower()
    ][:400]
    spoken = [alias.replace("_", " ") for alias in aliases if len(alias) > 3]
    assert spoken
    for start in range(0, len(spoken), 40):
        words = spoken[start : start + 40]
        result = compiler.compile(Request(", ".join(words), switches=KEEPING))
        assert sorted(result.prompt.split(", ")) == sorted(words)


def test_alias_counts_as_no_duplicate(shared_file: Callable[[str], Path]) -> None:
    """`error` is an alias of `artistic error`, and a card's negative holds both."""
    compiler = with_list(shared_file(BIG))["animagine-xl-3.1"]
    only_one = compiler.compile(Request("1girl", "error", switches=Switches(quality=False)))
    assert "artistic error" in only_one.negative.split(", ")
