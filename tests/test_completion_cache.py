"""The kept index is the index of the lists, whatever has become of the file."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from modelwise import completion, completion_cache
from modelwise.completion_cache import CompletionCache
from modelwise.tag_files import bundled_lists, read_csv
from modelwise.vocabulary import TagList


@pytest.fixture
def tags(tmp_path: Path) -> Path:
    file = tmp_path / "mine.csv"
    file.write_text("zz_one,4,10,zz_alias\n", encoding="utf-8")
    return file


@pytest.fixture
def cache(tmp_path: Path) -> CompletionCache:
    return CompletionCache(tmp_path / "data" / "cache")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The lists that were read because nothing was kept."""
    read: list[Path] = []

    def noted(path: Path) -> TagList:
        read.append(path)
        return read_csv(path)

    monkeypatch.setattr(completion_cache, "read_csv", noted)
    return read


def the_file(tmp_path: Path) -> Path:
    (file,) = (tmp_path / "data" / "cache").iterdir()
    return file


def test_built_once(cache: CompletionCache, tags: Path, reads: list[Path]) -> None:
    plain = completion.build(completion.rows_of([*bundled_lists(), read_csv(tags)]))
    first, second = cache.load([tags]), cache.load([tags])
    assert first == second and reads == [tags]
    assert first.plain() == plain == gzip.decompress(first.compressed)
    assert b"zz_one" in plain and len(first.compressed) < len(plain)


def test_version_is_known_before_the_index_and_changes_with_the_lists(
    cache: CompletionCache, tags: Path
) -> None:
    before = cache.version([tags])
    assert cache.load([tags]).version == before == cache.version([tags])
    tags.write_text("zz_two,4,10,\n", encoding="utf-8")
    after = cache.load([tags])
    assert after.version == cache.version([tags]) != before != cache.version([])
    assert b"zz_two" in after.plain() and b"zz_one" not in after.plain()


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: data[:-9] + b"x" + data[-8:], lambda _: b""]
)
def test_damaged_file_is_made_again(
    cache: CompletionCache, tags: Path, reads: list[Path], tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    whole = cache.load([tags])
    the_file(tmp_path).write_bytes(damage(the_file(tmp_path).read_bytes()))
    assert cache.load([tags]) == cache.load([tags]) == whole and len(reads) == 2


def test_list_that_changes_while_it_is_read_is_not_kept(
    cache: CompletionCache, tags: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replaced(path: Path) -> TagList:
        found = read_csv(path)
        path.write_text("zz_late,4,1\n", encoding="utf-8")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(completion_cache, "read_csv", replaced)
        early = cache.load([tags])
    assert b"zz_one" in early.plain() and early.version != cache.version([tags])
    assert b"zz_late" in cache.load([tags]).plain()


def test_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path, tags: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert b"zz_one" in CompletionCache(tmp_path / "file" / "cache").load([tags]).plain()


def test_missing_list_raises(cache: CompletionCache, tmp_path: Path) -> None:
    for asked in (cache.load, cache.version):
        with pytest.raises(OSError, match=r"no\.csv"):
            asked([tmp_path / "no.csv"])
