"""Tag lists: our own, and whatever a user brings."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from modelwise.spelling import normal_form
from modelwise.tag_files import bundled_lists, load_vocabulary, read_csv
from modelwise.vocabulary import Category, Vocabulary, qualifier

EMOTICONS = (":3", ":0", ":d", ";)", ">_<", "^_^", "\\m/", ">:(", "(o)_(o)", "o_o", ":o", ";d")


@pytest.mark.parametrize("tag", EMOTICONS)
def test_emoticons_are_known(vocabulary: Vocabulary, tag: str) -> None:
    found = vocabulary.find(normal_form(tag))
    assert found is not None and found.exact and found.category is Category.GENERAL


def test_our_own_lists_have_no_bad_lines_and_no_empty_names() -> None:
    lists = bundled_lists()
    assert all(tag_list.problem_count == 0 for tag_list in lists)
    assert all(row[0].strip() == row[0] != "" for tag_list in lists for row in tag_list.rows)


def test_no_tag_of_ours_stands_in_two_categories() -> None:
    seen: dict[str, Category] = {}
    twice = []
    for tag_list in bundled_lists():
        for name, category, _, _ in tag_list.rows:
            if seen.setdefault(normal_form(name), category) is not category:
                twice.append(name)
    assert twice == []


def test_characters_know_their_series(vocabulary: Vocabulary) -> None:
    assert vocabulary.series_of("arima kana") == ("oshi no ko",)
    assert vocabulary.series_of("nobody (genshin impact)") == ("genshin impact",)
    assert vocabulary.series_of("nobody") == ()


@pytest.mark.parametrize(("key", "inside"), [("a (b)", "b"), ("a (b) (c)", "c"), ("a", ""), ("(b)", "")])
def test_qualifier(key: str, inside: str) -> None:
    assert qualifier(key) == inside


def test_exact_name_before_alias(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('one,0,5,"two"\ntwo,1,5,\n', encoding="utf-8")
    found = load_vocabulary([path]).find("two")
    assert found is not None and (found.exact, found.category) == (True, Category.ARTIST)


def test_a_later_list_wins(tmp_path: Path) -> None:
    for name, category in (("a", 0), ("b", 4)):
        (tmp_path / name).write_text(f"my_tag,{category},1,\n", encoding="utf-8")
    found = load_vocabulary([tmp_path / "a", tmp_path / "b"]).find("my tag")
    assert found is not None and found.category is Category.CHARACTER


def test_bad_lines_are_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(
        b'good,0,1,\nno comma\n,0,1,\nx,99,1,\n"quoted, tag",4,2,"q1,q2"\nb\xffd,0,1,\n\nlast,0,z\n'
    )
    read = read_csv(path)
    assert [row[0] for row in read.rows] == ["good", "quoted, tag", "last"]
    assert read.rows[1][3] == ("q1", "q2")
    assert read.problem_count == 4
    assert all("line" in problem and "allowed" in problem for problem in read.problems)


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b'"', b'a,0,1,"x', b"\x00,0,1,", b"a,0\r\n"]
)
def test_strange_files_do_not_raise(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "strange.csv"
    path.write_bytes(content)
    load_vocabulary([path])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        read_csv(tmp_path / "missing.csv")


@pytest.mark.parametrize("name", ["danbooru_2024-11-09.csv", "danbooru_2025-01-03.csv", "e621_2025-01-03.csv", "extra-quality-tags.csv"])  # fmt: skip
def test_real_lists_are_read(shared_file: Callable[[str], Path], name: str) -> None:
    path = shared_file(f"data/{name}")
    read = read_csv(path)
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        names = [row[0] for row in csv.reader(stream) if row]
    assert len(read.rows) + read.problem_count >= len(names)
    assert len(read.rows) > 0
    assert (read.problem_count == 0) == (name in ("danbooru_2025-01-03.csv", "extra-quality-tags.csv"))
