"""The index in a file: built once, built again when a list changes, never trusted when damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelwise import completion_cache
from modelwise.completion import MAGIC, build, rows_of
from modelwise.completion_cache import CompletionCache
from modelwise.tag_files import bundled_lists, read_csv


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    file = tmp_path / "mine.csv"
    file.write_text("my_hat,0,3,\n", encoding="utf-8")
    return file


@pytest.fixture
def cache(tmp_path: Path) -> CompletionCache:
    return CompletionCache(tmp_path / "cache")


def files(cache: CompletionCache) -> list[Path]:
    return sorted(cache.folder.glob("*"))


def test_it_is_the_index_of_our_lists_and_the_users(cache: CompletionCache, mine: Path) -> None:
    found = cache.load([mine])
    assert found.startswith(MAGIC)
    assert found == build(rows_of([*bundled_lists(), read_csv(mine)]))
    assert b"my_hat" in found and b"my_hat" not in cache.load([])


def test_it_is_built_once(cache: CompletionCache, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cache.load([mine])
    monkeypatch.setattr(completion_cache, "build", lambda _rows: pytest.fail("built again"))
    assert cache.load([mine]) == first


def test_a_changed_list_is_another_version(cache: CompletionCache, mine: Path) -> None:
    before = cache.version([mine])
    assert before == cache.version([mine]) != cache.version([])
    mine.write_text("my_hat,0,3,\nmy_other_hat,0,2,\n", encoding="utf-8")
    assert cache.version([mine]) != before
    assert b"my_other_hat" in cache.load([mine])


@pytest.mark.parametrize("damage", [b"", b"x" * 40, None])
def test_a_damaged_file_is_built_again(cache: CompletionCache, mine: Path, damage: bytes | None) -> None:
    whole = cache.load([mine])
    [file] = files(cache)
    file.write_bytes(file.read_bytes()[:-1] if damage is None else damage)
    assert cache.load([mine]) == whole


def test_few_files_stay(cache: CompletionCache, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion_cache, "build", lambda _rows: b"index")
    for count in range(6):
        mine.write_text(f"my_hat,0,{'1' * (count + 1)},\n", encoding="utf-8")
        cache.load([mine])
    assert len(files(cache)) == completion_cache.KEPT


def test_a_folder_that_can_not_be_written_costs_nothing_but_time(tmp_path: Path, mine: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    assert CompletionCache(tmp_path / "cache").load([mine]).startswith(MAGIC)
