"""The user's files: nothing is lost, whatever happens between reading and writing."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwise.user_files import LARGEST_FILE, Content, UserFileError, UserFolder

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), max_size=200)


@pytest.fixture
def folder(tmp_path: Path) -> UserFolder:
    return UserFolder(tmp_path / "data" / "presets")


def test_a_missing_file_is_empty_and_is_made_with_its_folder(folder: UserFolder) -> None:
    before = folder.read("a.toml")
    assert before == Content("", None)
    after = folder.write("a.toml", "x = 1\n", before)
    assert folder.read("a.toml") == after
    assert [file.name for file in folder.folder.iterdir()] == ["a.toml"]


@settings(max_examples=200)  # each writes a file
@given(text=TEXTS)
def test_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = UserFolder(tmp_path_factory.mktemp("texts"))
    folder.write("a.toml", text, folder.read("a.toml"))
    assert folder.read("a.toml").text == text


def test_line_ends_are_left_alone(folder: UserFolder) -> None:
    folder.write("a.toml", "x = 1\r\ny = 2\n", folder.read("a.toml"))
    assert folder.path("a.toml").read_bytes() == b"x = 1\r\ny = 2\n"


def test_one_backup_holds_what_was_there(folder: UserFolder) -> None:
    content = folder.read("a.toml")
    for text in ("one", "two", "three"):
        content = folder.write("a.toml", text, content)
    assert folder.path("a.toml.bak").read_text(encoding="utf-8") == "two"
    assert {file.name for file in folder.folder.iterdir()} == {"a.toml", "a.toml.bak"}


@pytest.mark.parametrize("change", ["edited", "deleted", "made"])
def test_what_has_changed_meanwhile_is_not_overwritten(folder: UserFolder, change: str) -> None:
    path = folder.path("a.toml")
    if change != "made":
        folder.write("a.toml", "one", folder.read("a.toml"))
    before = folder.read("a.toml")
    if change == "deleted":
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", encoding="utf-8")
    with pytest.raises(UserFileError, match=r"a\.toml: it has changed on disk meanwhile"):
        folder.write("a.toml", "two", before)
    assert not path.exists() if change == "deleted" else path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["", ".", "..", "../a.toml", "a/b.toml", "/etc/passwd"])
def test_a_name_does_not_lead_out_of_the_folder(folder: UserFolder, name: str) -> None:
    calls: list[Callable[[], object]] = [
        lambda: folder.read(name),
        lambda: folder.write(name, "x", Content("", None)),
    ]
    for call in calls:
        with pytest.raises(UserFileError, match="the plain name of a file in presets"):
            call()


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_is_not_followed(folder: UserFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text("x", encoding="utf-8")
    folder.folder.mkdir(parents=True)
    folder.path("a.toml").symlink_to(outside)
    with pytest.raises(UserFileError, match="plain name"):
        folder.read("a.toml")


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_leaves_everything_as_it_was(
    folder: UserFolder, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    before = folder.write("a.toml", "one", folder.read("a.toml"))
    names = sorted(file.name for file in folder.folder.iterdir())

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full) if failing == "fsync" else monkeypatch.setattr(
        Path, "replace", full
    )
    with pytest.raises(UserFileError, match=r"a\.toml: not saved, nothing was changed: No space left"):
        folder.write("a.toml", "two", before)
    assert folder.read("a.toml") == before
    assert sorted(file.name for file in folder.folder.iterdir()) == names


def test_a_huge_file_is_neither_read_nor_written(folder: UserFolder) -> None:
    with pytest.raises(UserFileError, match="allowed: at most"):
        folder.write("a.toml", "x" * (LARGEST_FILE + 1), folder.read("a.toml"))
    folder.folder.mkdir(parents=True)
    folder.path("a.toml").write_bytes(b"x" * (LARGEST_FILE + 1))
    with pytest.raises(UserFileError, match="over 1 MB"):
        folder.read("a.toml")


def test_what_is_no_text_is_said(folder: UserFolder) -> None:
    folder.folder.mkdir(parents=True)
    folder.path("a.toml").write_bytes(b"name = '\xff'")
    with pytest.raises(UserFileError, match=r"a\.toml: found byte 0xff at 8; allowed: UTF-8"):
        folder.read("a.toml")


def test_a_folder_in_the_files_place_is_said(folder: UserFolder) -> None:
    folder.path("a.toml").mkdir(parents=True)
    with pytest.raises(UserFileError, match=r"a\.toml: can't be read"):
        folder.read("a.toml")
