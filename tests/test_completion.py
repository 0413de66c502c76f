"""The index of all tags: what is in it, and that the browser's scripts read what Python wrote."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from modelwise import completion
from modelwise.completion import HEADER, Row, build, folded, rows_of
from modelwise.tag_files import bundled_lists, read_csv
from modelwise.vocabulary import Category, TagList

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = ROOT / "tests" / "javascript" / "support" / "answers.js"
PIECES = [
    *(
        "a",
        "b",
        "Z",
        "9",
        "_",
        "-",
        " ",
        "'",
        "(",
        ")",
        "/",
        ":",
        ".",
        "<b>",
        "&",
        "\\",
        "~",
        "__",
        "\t",
        "\0",
        "\x1f",
    ),
    *(
        "é",
        "e\u0301",
        "ß",
        "İ",
        "ς",
        "ｱ",
        "ﾛﾝｸﾞ",
        "ヴ",
        "少女",
        "の",
        "ー",
        "・",
        "한국",
        "שלום",
        "й",
        "Ω",
        "½",
        "㎒",
        "ﬁ",
    ),
    *(
        "\u200b",
        "\u00ad",
        "\ufeff",
        "\u3000",
        "\u2028",
        "\x85",
        "\xa0",
        "\u202e",
        "\U0001f600",
        "\ufe0f",
        "\U00020000",
        "…",
    ),
]
WIRE, PLAIN = 2_500_000, 12_000_000

Ask = Callable[[Sequence[object]], list[Any]]


@pytest.fixture(scope="session")
def ask(node: list[str]) -> Ask:
    def asked(questions: Sequence[object]) -> list[Any]:
        lines = "\n".join(map(json.dumps, questions))
        done = subprocess.run(
            [*node, str(ANSWERS)], input=lines, capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.split("\n") if line]

    return asked


def text(dice: Random) -> str:
    return "".join(dice.choices(PIECES, k=dice.randint(1, 7)))


def plain(row: Row) -> dict[str, object]:
    return {"tag": row.name, "category": row.category, "count": row.count, "aliases": row.aliases}


def found(ask: Ask, rows: list[Row], *typed: str) -> list[list[dict[str, Any]]]:
    index = base64.b64encode(build(rows)).decode()
    return ask([{"index": index, "typed": each} for each in typed])


def test_the_same_bytes_as_a_plain_builder_in_javascript(ask: Ask) -> None:
    dice = Random(8)
    tables = []
    for size in [0, 1, 2, 3] * 20 + [40] * 20:
        aliases = (tuple(text(dice) for _ in range(dice.randint(0, 3))) for _ in range(size))
        tables.append(
            [
                Row(text(dice), dice.choice([0, 1, 3, 4, 5]), dice.randint(0, 2**32 - 1), 0, each)
                for each in aliases
            ]
        )
    answers = ask([{"rows": [*map(plain, table)]} for table in tables])
    assert [base64.b64encode(build(table)).decode() for table in tables] == answers


def test_folded_alike_in_javascript(ask: Ask) -> None:
    dice = Random(9)
    texts = [*PIECES, *(text(dice) for _ in range(2000))]
    assert [folded(each) for each in texts] == ask([{"text": each} for each in texts])


@pytest.mark.parametrize("piece", PIECES)
def test_folded_is_folded(piece: str) -> None:
    assert folded(folded(piece)) == folded(piece)
    assert folded(f"a{piece}b") == folded(folded(f"a{piece}b"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Long_Hair", " long  hair "),
        ("t-shirt", "Ｔ＿Shirt"),
        ("pokémon", "POKEMON"),
        ("ロング", "ﾛﾝｸﾞ"),
        ("ロング", "ろんぐ"),
        ("a\u200bb", "ab"),
        ("a\tb", "a b"),
    ],
)
def test_spellings_that_do_not_differ(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("が", "か"), ("ab", "a b"), ("-_-", ""), ("の", "ノ ")])
def test_spellings_that_differ(one: str, other: str) -> None:
    assert (folded(one) == folded(other)) is (one == "の")


def test_rows_by_popularity_ours_after_counted_ones() -> None:
    ours = TagList(
        "ours",
        (
            ("long hair", Category.GENERAL, 2, ()),
            ("rare tag", Category.GENERAL, 0, ()),
            ("smile", Category.GENERAL, 1, ()),
        ),
        ours=True,
    )
    csv = TagList(
        "csv",
        (("long_hair", Category.META, 5, ("longhair",)), ("one", Category.ARTIST, 9, ())),
        translations={"smile": ("笑顔",), "no": ("x",)},
    )
    rows = rows_of([ours, csv])
    assert [(row.name, row.category, row.count) for row in rows] == [
        ("one", 1, 9),
        ("long_hair", 5, 5),
        ("smile", 0, 0),
        ("rare tag", 0, 0),
    ]
    assert rows[1].aliases == ("longhair",) and rows[2].aliases == ("笑顔",)


def test_a_later_list_spells_and_the_largest_count_stays() -> None:
    one = TagList("one", (("a_b", Category.GENERAL, 7, ("x",)),))
    two = TagList("two", (("A B", Category.SERIES, 0, ("y",)),))
    assert rows_of([one, two]) == [Row("A B", 3, 7, 0, ("x", "y"))]


def test_what_is_shown_is_what_the_list_has(ask: Ask) -> None:
    names = ["<b>x & y</b>", "ロング＿ヘア", "שלום", "Ｔ-Shirt", "e\u0301te\u0301", "a  b", "-_-", "K\u200bL"]
    answers = found(ask, [Row(name, 0, 1) for name in names], *names)
    assert [answer[0]["tag"] for answer in answers] == names


def test_names_without_anything_to_see_and_repeated_aliases_are_left_out(ask: Ask) -> None:
    rows = [
        Row("\u200b", 0, 9, 0, ("gone",)),
        Row("", 0, 8),
        Row("kept_tag", 0, 7, 0, ("kept tag", "", "more", "More", "\u200b")),
    ]
    data = build(rows)
    assert HEADER.unpack(data[: HEADER.size])[4] == 1
    assert data.count(b"more") == 1 and b"More" not in data and b"gone" not in data
    kept, gone = found(ask, rows, "kept", "gone")
    assert [match["tag"] for match in kept] == ["kept_tag"] and gone == []


def test_counts_beyond_the_format_and_lone_surrogates_are_no_obstacle(ask: Ask) -> None:
    (answer,) = found(ask, [Row("large", 0, 10**12), Row("half\ud800", 0, 1, 0, ("\udfff",))], "large")
    assert answer[0]["count"] == 2**32 - 1


def test_more_words_than_the_format_numbers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "MOST_STARTS", 3)
    assert build([Row("one two three", 0, 1)])
    with pytest.raises(ValueError, match="found 4 words in the tag lists; allowed: 3"):
        build([Row("one two three four", 0, 1)])


def test_our_own_lists(ask: Ask) -> None:
    rows = rows_of(bundled_lists())
    hair, miku, typo = found(ask, rows, "hair", "hatsune m", "thighhihgs")
    assert "long hair" in [match["tag"] for match in hair]
    assert miku[0]["tag"] == "hatsune miku" and miku[0]["category"] == Category.CHARACTER
    assert typo[0]["tag"] == "thighhighs" and typo[0]["kind"] == "typo"


def test_our_own_lists_show_what_is_mostly_meant_first(ask: Ask) -> None:
    meant = {
        "1g": "1girl",
        "so": "solo",
        "lo": "long hair",
        "tw": "twintails",
        "bl": "blush",
        "bl ey": "blue eyes",
        "hatsu": "hatsune miku",
        "gawr": "gawr gura",
        "fate": "fate (series)",
        "kirisa": "kirisame marisa",
    }
    answers = found(ask, rows_of(bundled_lists()), *meant)
    assert [answer[0]["tag"] for answer in answers] == list(meant.values())


def test_a_large_list_fits(shared_file: Callable[[str], Path]) -> None:
    data = build(rows_of([read_csv(shared_file("data/danbooru_2025-01-03.csv"))]))
    assert len(gzip.compress(data, 9)) < WIRE and len(data) < PLAIN / 2


def test_a_list_that_is_not_utf8(shared_file: Callable[[str], Path]) -> None:
    rows = rows_of([read_csv(shared_file("data/danbooru_2024-11-09.csv"))])
    assert HEADER.unpack(build(rows)[: HEADER.size])[4] == len(rows)
