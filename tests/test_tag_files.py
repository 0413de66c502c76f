"""Tag lists from files: what is read of good and of bad ones."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwise.tag_files import SHOWN_PROBLEMS, bundled_lists, load_vocabulary, read_csv, special_words
from modelwise.vocabulary import Category, TagList, Vocabulary

LINES = st.one_of(
    st.binary(max_size=30),
    st.text(alphabet='ab,"0134\r\0é_\\', max_size=20).map(str.encode),
    st.sampled_from(
        [b'x,0,1,"y,z"', b"x,0,1", b"x,9,1", b",0,1", b"x", b'"x",0,"1"', b'"x,0,1', b"\xff,0,1"]
    ),
)


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[bytes | str], TagList]:
    """Reads content as a list's file."""

    def read(content: bytes | str) -> TagList:
        file = tmp_path / "list.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_csv(file)

    return read


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("1girl,0,6008644,", ("1girl", Category.GENERAL, 6008644, ())),
        ('hatsune_miku,4,1,"miku,初音ミク"', ("hatsune_miku", Category.CHARACTER, 1, ("miku", "初音ミク"))),
        ("vocaloid,3,1,one", ("vocaloid", Category.SERIES, 1, ("one",))),
        ("absurdres,5,1", ("absurdres", Category.META, 1, ())),
        ("wlop,1", ("wlop", Category.ARTIST, 0, ())),
        ('"a,b",0,1,"c"', ("a,b", Category.GENERAL, 1, ("c",))),
        ('"5\'4""",0,1,', ("5'4\"", Category.GENERAL, 1, ())),
        (":3,0,1,", (":3", Category.GENERAL, 1, ())),
        ("x,0,many,", ("x", Category.GENERAL, 0, ())),
        ("x,0,-5,", ("x", Category.GENERAL, 0, ())),
        ("x,0,1.5,", ("x", Category.GENERAL, 0, ())),
        ('x,0,1,"a,,b, ,c"', ("x", Category.GENERAL, 1, ("a", "b", "c"))),
        ('x,0,1,"a, b"', ("x", Category.GENERAL, 1, ("a", "b"))),
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_line_of_tagcompletes_format(
    listed: Callable[[str], TagList], line: str, row: object, end: str
) -> None:
    found = listed(line + end)
    assert (found.rows, found.problem_count) == ((row,), 0)


@pytest.mark.parametrize(
    "line",
    ["x", "x,2,1", "x,,1", "x,general,1", ",0,1", " ,0,1", "x, 0,1", "name,type,count,aliases", '"x,0,1'],
)
def test_line_that_makes_no_sense_is_shown_and_counted(listed: Callable[[str], TagList], line: str) -> None:
    found = listed(f"good,0,1\n{line}\nbetter,0,2\n")
    assert [row[0] for row in found.rows] == ["good", "better"]
    assert found.problem_count == 1
    (problem,) = found.problems
    assert problem.startswith(f"line 2: found {line!r}; allowed: name,type,count")
    assert "0 general, 1 artist, 3 series, 4 character, 5 meta" in problem


def test_first_bad_lines_are_shown_and_all_are_counted(listed: Callable[[str], TagList]) -> None:
    found = listed("good,0,1\n" + "bad\n" * 40)
    assert found.problem_count == 40
    assert [problem.split(":")[0] for problem in found.problems] == [f"line {n}" for n in range(2, 7)]
    assert len(found.problems) == SHOWN_PROBLEMS == 5


@pytest.mark.parametrize("content", ["", "\n\n\r\n", "\ufeff"])
def test_empty_file_is_an_empty_list(listed: Callable[[str], TagList], content: str) -> None:
    found = listed(content)
    assert (found.rows, found.problems, found.problem_count) == ((), (), 0)


def test_byte_order_mark_is_no_part_of_the_first_name(listed: Callable[[str], TagList]) -> None:
    assert listed("\ufeffx,0,1\n").rows[0][0] == "x"


def test_bytes_that_are_not_utf_8_cost_what_they_spoil(listed: Callable[[bytes], TagList]) -> None:
    found = listed(b'good,0,1,"one,tw\xff,three"\nba\xffd,0,1,"four"\nbetter,0,1\n')
    assert [(row[0], row[3]) for row in found.rows] == [("good", ("one", "three")), ("better", ())]
    assert found.problem_count == 2
    assert all("not UTF-8" in problem for problem in found.problems)


def test_file_in_another_encoding_is_all_problems(listed: Callable[[bytes], TagList]) -> None:
    found = listed("x,0,1\ny,0,1\n".encode("utf-16"))
    assert found.rows == () and found.problem_count > 0


@pytest.mark.parametrize(
    "bad",
    [b'x,0,1,"b"\ry,0', b'x,0,1,"' + b"y" * 140_000 + b'"', b"x,0," + b"9" * 5000, b'x,0,1,"\0"'],
    ids=["carriage return", "long field", "long count", "null"],
)
def test_strange_line_never_stops_the_file(listed: Callable[[bytes], TagList], bad: bytes) -> None:
    names = [row[0] for row in listed(b"good,0,1\n" + bad + b"\nbetter,0,2\n").rows]
    assert names[0] == "good" and names[-1] == "better"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, max_size=8))
def test_any_file_is_read(tmp_path: Path, lines: list[bytes]) -> None:
    file = tmp_path / "any.csv"
    file.write_bytes(b"good_one,0,1\n" + b"\n".join(lines) + b"\ngood_two,4,1\n")
    found = read_csv(file)
    assert {"good_one", "good_two"} <= {row[0] for row in found.rows}
    assert len(found.problems) == min(found.problem_count, SHOWN_PROBLEMS)
    assert Vocabulary([found]).find("good two")


def test_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"no\.csv"):
        read_csv(tmp_path / "no.csv")


def test_users_files_win_over_ours_and_later_ones_over_earlier(tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text("smile,4,1\nnew_tag,3,1\n", encoding="utf-8")
    second.write_text("new_tag,4,1\n", encoding="utf-8")
    vocabulary = load_vocabulary([first, second])
    categories = [found.category for found in map(vocabulary.find, ("smile", "new tag", "1girl")) if found]
    assert categories == [Category.CHARACTER, Category.CHARACTER, Category.GENERAL]


def test_our_own_lists() -> None:
    lists = {found.name: found for found in bundled_lists()}
    assert {"characters.txt", "series.txt", "artists.txt", "general.txt", "meta.txt"} <= lists.keys()
    assert not any(found.problem_count for found in lists.values())
    assert "love" in lists["common_words.txt"].words
    assert lists["characters.txt"].series["hatsune miku"] == ("vocaloid",)


def test_special_words_by_normal_form() -> None:
    words = special_words()
    assert "Pony" in words["source pony"] and "source_pony" not in words
    assert all(key == key.lower() and model for key, model in words.items())


def test_shipped_list_that_is_not_valid_utf_8(shared_file: Callable[[str], Path]) -> None:
    path = shared_file("data/danbooru_2024-11-09.csv")
    found = read_csv(path)
    lines = [line for line in path.read_bytes().split(b"\n") if line.strip()]
    bad = sum(1 for line in lines if not _is_utf_8(line))
    assert 0 < bad <= found.problem_count < 100
    assert len(found.problems) == SHOWN_PROBLEMS
    assert len(found.rows) >= len(lines) - found.problem_count
    assert not any("\ufffd" in text for row in found.rows for text in (row[0], *row[3]))
    vocabulary = Vocabulary([found])
    miku = vocabulary.find("hatsune miku")
    assert miku and miku.category is Category.CHARACTER


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_e621s_own_types(shared_file: Callable[[str], Path]) -> None:
    found = read_csv(shared_file("data/e621_2025-01-03.csv"))
    assert len(found.rows) > 100_000 and found.problem_count < 10
    categories = {name: category for name, category, _, _ in found.rows}
    assert (categories["mammal"], categories["hi_res"]) == (Category.GENERAL, Category.META)
    assert not {"invalid_tag"} & categories.keys()


def numbered(*types: str, times: int = 30) -> str:
    """A list whose lines have these types, each so often."""
    return "".join(f"{kind}_tag_{number},{kind},1\n" for kind in types for number in range(times))


@pytest.mark.parametrize(
    ("types", "categories"),
    [
        (("0", "1", "3", "4", "5", "-1"), (0, 1, 3, 4, 5)),
        (("0", "1", "2", "3", "4", "5", "6", "7", "8"), (0, 1, 3, 4, 0, 5, 0)),
        (("0", "1", "3", "4", "5", "6", "7", "8", "9", "11"), (0, 3, 0, 0, 0, 4, 5, 5, 3)),
    ],
    ids=["danbooru", "e621", "derpibooru"],
)
def test_each_site_has_its_own_types(
    listed: Callable[[str], TagList], types: tuple[str, ...], categories: tuple[int, ...]
) -> None:
    found = listed(numbered(*types))
    assert found.problem_count == 0
    assert [category for name, category, _, _ in found.rows if name.endswith("_0")] == list(categories)


def test_a_few_wrong_types_are_mistakes(listed: Callable[[str], TagList]) -> None:
    found = listed(numbered("0", "5") + numbered("9", "7", times=3))
    assert (len(found.rows), found.problem_count) == (60, 6)
    assert {category for name, category, _, _ in found.rows if name[0] == "5"} == {Category.META}


TRANSLATED = '1girl,女の子\nhatsune_miku,初音ミク\nblue_eyes,0,青い目\nzz_unknown,不明\nsmile,"笑顔,スマイル"\nlong_hair,ロングヘア\n'


def test_translations_are_aliases_of_known_tags(listed: Callable[[str], TagList]) -> None:
    found = listed(TRANSLATED)
    assert (found.rows, found.problem_count, len(found.translations)) == ((), 0, 6)
    for lists in ([*bundled_lists(), found], [found, *bundled_lists()]):
        vocabulary = Vocabulary(lists)
        for word, name in (("初音ミク", "hatsune miku"), ("スマイル", "smile"), ("青い目", "blue eyes")):
            known = vocabulary.find(word)
            assert known and (known.name, known.exact) == (name, False)
        assert vocabulary.find("不明") is None


def test_a_translation_never_takes_a_tags_place(listed: Callable[[str], TagList]) -> None:
    found = listed(TRANSLATED.replace("ロングヘア", "smile"))
    known = Vocabulary([*bundled_lists(), found]).find("smile")
    assert known and known.exact


def test_real_translations(shared_file: Callable[[str], Path]) -> None:
    found = read_csv(shared_file("data/translate_ja_danbooru.csv"))
    assert len(found.translations) > 39_000 and found.problem_count == 0


@pytest.mark.parametrize("name", ["danbooru_2025-01-03.csv", "extra-quality-tags.csv"])
def test_good_list_is_read_whole(shared_file: Callable[[str], Path], name: str) -> None:
    path = shared_file(f"data/{name}")
    with path.open(encoding="utf-8", newline="") as stream:
        names = [row[0] for row in csv.reader(stream) if row]
    found = read_csv(path)
    assert [row[0] for row in found.rows] == names
    assert found.problem_count == 0
