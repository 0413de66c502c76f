"""The user's own tag lists: what is taken in, what is refused, and that nothing is lost."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from modelwise import own_tag_lists
from modelwise.own_tag_lists import (
    InvalidTagListError,
    NoSuchTagListError,
    OwnTagLists,
    TagListTakenError,
    TagListTooLargeError,
    safe_name,
)
from modelwise.user_files import UserFileError, UserFolder
from modelwise.vocabulary import TagList

GOOD = b'my_hero,4,12,\nmy hat,0,3,"cap of mine"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tags"


@pytest.fixture
def lists(folder: Path) -> OwnTagLists:
    return OwnTagLists(UserFolder(folder))


def add(lists: OwnTagLists, name: str, *blocks: bytes, replace: bool = False) -> TagList:
    """Take a list in, block by block."""
    with closing(lists.incoming(name, replace=replace)) as incoming:
        for block in blocks:
            incoming.take(block)
        return incoming.finish()


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_list_comes_in_parts_and_counts_when_it_is_whole(lists: OwnTagLists, folder: Path) -> None:
    with closing(lists.incoming("mine.csv", replace=False)) as incoming:
        incoming.take(GOOD[:17])
        assert lists.names() == []
        incoming.take(GOOD[17:])
        found = incoming.finish()
    assert [row[0] for row in found.rows] == ["my_hero", "my hat"]
    assert (folder / "mine.csv").read_bytes() == GOOD
    assert files(folder) == ["mine.csv"]


def test_a_list_of_translations(lists: OwnTagLists) -> None:
    text = "".join(f"tag_{n},語{n}\n" for n in range(6))
    assert len(add(lists, "ja.csv", text.encode()).translations) == 6


def test_lines_that_make_no_sense_are_counted(lists: OwnTagLists) -> None:
    found = add(lists, "mine.csv", GOOD, b"nothing\n", b"\xff\xfe,0,1\n")
    assert (len(found.rows), found.problem_count) == (2, 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest of a table", "found byte 0x03 at 2"),
        ("name,0,1\n".encode("utf-16"), "found byte 0x00 at 3"),
        (GOOD + b"\x00" * 100, "found byte 0x00 at"),
        (b"", "found 0 tags and 0 lines"),
        (b"some words\nand more\n", "found 0 tags and 2 lines that are none; line 1: found 'some words'"),
        (GOOD + b"<html>\n" * 3, "found 2 tags and 3 lines that are none"),
    ],
)
def test_what_is_no_list_is_refused(lists: OwnTagLists, folder: Path, content: bytes, said: str) -> None:
    with pytest.raises(InvalidTagListError, match="allowed: text in UTF-8") as error:
        add(lists, "mine.csv", content)
    assert str(error.value).startswith("mine.csv: found ") and said in str(error.value)
    assert files(folder) == []


def test_too_much(lists: OwnTagLists, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_tag_lists, "LARGEST_LIST", 50)
    monkeypatch.setattr(own_tag_lists, "MOST_LINES", 3)
    with pytest.raises(TagListTooLargeError, match="found over 50 bytes"):
        add(lists, "mine.csv", GOOD, GOOD)
    with pytest.raises(TagListTooLargeError, match="found over 3 lines; allowed: at most 3 lines"):
        add(lists, "mine.csv", b"a,0\n" * 4)
    assert files(folder) == []


def test_a_name_that_is_taken(lists: OwnTagLists, folder: Path) -> None:
    add(lists, "mine.csv", GOOD)
    with pytest.raises(TagListTakenError, match=r"mine.csv: there is a list of that name"):
        lists.incoming("mine.csv", replace=False)
    add(lists, "mine.csv", b"other,0,1\n", replace=True)
    assert (folder / "mine.csv").read_bytes() == b"other,0,1\n"
    assert (folder / "mine.csv.bak").read_bytes() == GOOD
    assert lists.names() == ["mine.csv"]


def test_a_name_that_is_taken_meanwhile(lists: OwnTagLists, folder: Path) -> None:
    with closing(lists.incoming("mine.csv", replace=False)) as incoming:
        incoming.take(b"late,0,1\n")
        add(lists, "mine.csv", GOOD)
        with pytest.raises(TagListTakenError):
            incoming.finish()
    assert (folder / "mine.csv").read_bytes() == GOOD
    assert files(folder) == ["mine.csv"]


def test_a_bad_successor_leaves_the_list(lists: OwnTagLists, folder: Path) -> None:
    add(lists, "mine.csv", GOOD)
    with pytest.raises(InvalidTagListError):
        add(lists, "mine.csv", b"nothing\n", replace=True)
    assert files(folder) == ["mine.csv"]
    assert (folder / "mine.csv").read_bytes() == GOOD


class FullDisk:
    """A stream that has room for nothing."""

    def write(self, _block: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", "/home/me/secret")

    flush = close = lambda _self: None
    fileno = lambda _self: 0  # noqa: E731


def test_a_full_disk(lists: OwnTagLists, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(lists, "mine.csv", GOOD)
    real = os.fdopen

    def opened(number: int, mode: str) -> FullDisk:
        real(number, mode).close()
        return FullDisk()

    monkeypatch.setattr(os, "fdopen", opened)
    with pytest.raises(UserFileError) as error:
        add(lists, "mine.csv", GOOD, replace=True)
    assert str(error.value) == "mine.csv: not saved, nothing was changed: No space left on device"
    assert files(folder) == ["mine.csv"]


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "tags").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(UserFileError, match="not saved, nothing was changed: "):
        OwnTagLists(UserFolder(tmp_path / "tags")).incoming("mine.csv", replace=False)


def test_deleting(lists: OwnTagLists, folder: Path) -> None:
    add(lists, "mine.csv", GOOD)
    lists.delete("mine.csv")
    assert files(folder) == ["mine.csv.bak"]
    with pytest.raises(NoSuchTagListError, match="found 'mine"):
        lists.delete("mine.csv")


@pytest.mark.parametrize(
    "name", ["../mine.csv", "/etc/passwd", "mine.csv.bak", "", "..", "con.csv", "a\\b.csv"]
)
def test_nothing_else_is_deleted(lists: OwnTagLists, folder: Path, name: str) -> None:
    add(lists, "mine.csv", GOOD)
    (folder / "mine.csv.bak").write_bytes(GOOD)
    (folder.parent / "mine.csv").write_bytes(GOOD)
    with pytest.raises(UserFileError):
        lists.delete(name)
    assert files(folder) == ["mine.csv", "mine.csv.bak"]
    assert (folder.parent / "mine.csv").exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("mine.csv", "mine.csv"),
        ("mine", "mine.csv"),
        ("MINE.CSV", "MINE.csv"),
        ("My Tags (2).csv", "My Tags (2).csv"),
        ("../../etc/passwd", "passwd.csv"),
        ("C:\\Users\\me\\tags.csv", "tags.csv"),
        (".hidden.csv", "hidden.csv"),
        ('a<b>:"c|?*\n.csv', "a_b_c_.csv"),
        ("タグ.csv", "タグ.csv"),
        ("x" * 300 + ".csv", "x" * 96 + ".csv"),
    ],
)
def test_a_safe_name(given: str, kept: str) -> None:
    assert safe_name(given) == kept
    assert safe_name(kept) == kept


@pytest.mark.parametrize("given", ["", ".csv", "...", "/", "???.csv"])
def test_a_name_of_nothing(given: str) -> None:
    with pytest.raises(InvalidTagListError, match="allowed: a name with letters or digits"):
        safe_name(given)


def test_a_name_of_a_device(lists: OwnTagLists) -> None:
    with pytest.raises(UserFileError, match="allowed: the plain name of a file"):
        lists.incoming("con.csv", replace=False)


@pytest.fixture(autouse=True)
def nothing_is_left_on_its_way(folder: Path) -> Iterator[None]:
    yield
    assert not folder.is_dir() or not list(folder.glob(".*"))
