"""What brackets at the end of a name say, where no list knows the name."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from modelwise.compile import LONGEST_PROMPT
from modelwise.qualifiers import by_qualifier
from modelwise.spelling import normal_form
from modelwise.tag_files import load_vocabulary, read_csv
from modelwise.terms import Slot
from modelwise.vocabulary import Category, TagList, Vocabulary, cut_qualifier

KNOWN = Vocabulary(
    [
        TagList(
            "known",
            (
                ("vocaloid", Category.SERIES, 0, ()),
                ("fate_(series)", Category.SERIES, 0, ()),
                ("hatsune_miku", Category.CHARACTER, 0, ("miku_hatsune", "mikku")),
                ("ene", Category.CHARACTER, 0, ()),
                ("red_hat", Category.GENERAL, 0, ()),
            ),
            {"hatsune miku": ("vocaloid",)},
        )
    ]
)
SLOTS = {
    Category.CHARACTER: Slot.CHARACTER,
    Category.SERIES: Slot.SERIES,
    Category.ARTIST: Slot.ARTIST,
}


@pytest.mark.parametrize(
    ("key", "slot"),
    [
        ("nobody (vocaloid)", Slot.CHARACTER),
        ("nobody (fate)", Slot.CHARACTER),
        ("nobody (unknown)", None),
        ("nobody (swimsuit) (fate)", Slot.CHARACTER),
        ("nobody (fate) (swimsuit)", Slot.CHARACTER),
        ("nobody (fate) (object)", None),
        ("nobody (1st costume)", Slot.CHARACTER),
        ("nobody (22nd costume)", Slot.CHARACTER),
        ("nobody (third ascension)", Slot.CHARACTER),
        ("nobody (stage costume)", None),
        ("nobody (vtuber)", Slot.CHARACTER),
        ("a tale (series)", Slot.SERIES),
        ("a tale (anime)", Slot.SERIES),
        ("somebody (artist)", Slot.ARTIST),
        ("hatsune miku (winter)", Slot.CHARACTER),
        ("miku hatsune (winter)", Slot.CHARACTER),
        ("mikku (winter)", None),
        ("pet (hatsune miku)", Slot.CHARACTER),
        ("pet (miku hatsune)", None),
        ("pet (ene)", None),
        ("red hat (winter)", None),
        ("hatsune miku (cosplay)", None),
        ("hatsune miku (vocaloid) (cosplay)", None),
        ("school uniform (vocaloid)", None),
        ("logo (vocaloid)", None),
        ("hatsune miku", None),
        ("(vocaloid)", None),
    ],
)
def test_slot_by_the_brackets(key: str, slot: Slot | None) -> None:
    found = by_qualifier(key, KNOWN)
    assert (found and found[0]) is slot
    assert found is None or found[1]


@pytest.mark.parametrize(
    ("key", "series"),
    [
        ("hatsune miku", ("vocaloid",)),
        ("hatsune miku (winter)", ("vocaloid",)),
        ("pet (hatsune miku)", ("vocaloid",)),
        ("nobody (fate) (swimsuit)", ("fate (series)",)),
        ("hatsune miku (fate)", ("fate (series)",)),
        ("nobody (winter)", ()),
        ("nobody", ()),
    ],
)
def test_series_by_the_brackets(key: str, series: tuple[str, ...]) -> None:
    assert KNOWN.series_of(key) == series


def test_many_brackets_are_no_trap() -> None:
    key = "a" + " (b)" * (LONGEST_PROMPT // 4)
    assert by_qualifier(key, KNOWN) is None
    assert KNOWN.series_of(key) == ()


def test_name_without_its_qualifier() -> None:
    for name in ("a", "a (b)", "a b (c: d)"):
        key = f"{name} (e)"
        assert cut_qualifier(key) == (name, "e")


def test_most_of_what_the_brackets_say_is_so(shared_file: Callable[[str], Path]) -> None:
    """Held against a large list: what our own lists don't know, by its brackets alone."""
    own = load_vocabulary()
    rows = read_csv(shared_file("data/danbooru_2025-01-03.csv")).rows
    verdicts: Counter[bool] = Counter()
    wrong: list[str] = []
    for name, category, _, _ in rows:
        key = normal_form(name)
        found = None if own.find(key) else by_qualifier(key, own)
        if found:
            verdicts[SLOTS.get(category) is found[0]] += 1
            wrong += [] if SLOTS.get(category) is found[0] else [f"{name}: {found[1]}"]
    print(f"\n{verdicts[True]} right, {verdicts[False]} wrong, such as:")
    print("\n".join(random.Random(1).sample(wrong, min(10, len(wrong)))))
    assert verdicts.total() > 1_000
    assert verdicts[True] > 0.87 * verdicts.total()
