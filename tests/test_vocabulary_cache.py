"""The vocabulary from its cache is the vocabulary from the lists, whatever has become of the file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwise import kept_files, tag_files, vocabulary_cache
from modelwise.kept_files import KEPT
from modelwise.spelling import normal_form
from modelwise.tag_files import load_vocabulary
from modelwise.vocabulary import Category, TagList, Vocabulary
from modelwise.vocabulary_cache import VocabularyCache, fingerprint

ROOT = Path(__file__).parent.parent
ROWS = 'zz_one,4,10,"zz_alias,１"\no_o,0,5,\nzz_two_(vocaloid),4,1,\nzz_art,1,9,"zz alias"\nbad\n'
TEXT = st.text(alphabet="abZ_ \\()é（１~:\U0001f600", min_size=1, max_size=8)
LINES = st.builds(
    '{},{},{},"{}"'.format,
    TEXT,
    st.sampled_from([*map(int, Category), 7]),
    st.integers(0, 10**6),
    st.lists(TEXT, max_size=3).map(",".join),
)
WITH_FOLDER = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
LOADS = """
import sys
from pathlib import Path
from modelwise.vocabulary_cache import VocabularyCache
folder, *files = map(Path, sys.argv[1:])
for _ in range(20):
    found = VocabularyCache(folder).load(files)
    assert found.find("zz one").name == "zz one", "lost"
    for path in folder.glob("vocabulary-*"):
        path.unlink(missing_ok=True)
"""


@pytest.fixture
def tags(tmp_path: Path) -> Path:
    file = tmp_path / "mine.csv"
    file.write_text(ROWS, encoding="utf-8")
    return file


@pytest.fixture
def cache(tmp_path: Path) -> VocabularyCache:
    return VocabularyCache(tmp_path / "data" / "cache")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The lists that were read because no cache held them."""
    read: list[Path] = []
    whole = tag_files.read_csv

    def noted(path: Path) -> TagList:
        read.append(path)
        return whole(path)

    monkeypatch.setattr(tag_files, "read_csv", noted)
    return read


def the_file(cache: VocabularyCache) -> Path:
    (file,) = cache.folder.iterdir()
    return file


def agree(one: Vocabulary, other: Vocabulary) -> None:
    """Every look-up that either can answer is answered alike, and so is one that neither can."""
    keys = {*one.tables.codes, *one.tables.aliases, *one.tables.ordinary, "zz nothing", ""}
    assert len(one) == len(other)
    assert keys >= {*other.tables.codes, *other.tables.aliases, *other.tables.ordinary}
    for key in keys:
        assert one.find(key) == other.find(key)
        assert one.is_ordinary(key) == other.is_ordinary(key)
        assert one.series_of(key) == other.series_of(key)
    assert one.sources == other.sources


def test_cache_answers_as_the_lists_do(cache: VocabularyCache, tags: Path, reads: list[Path]) -> None:
    plain = load_vocabulary([tags])
    reads.clear()
    for _ in range(3):
        agree(cache.load([tags]), plain)
    assert reads == [tags]
    found = cache.load([tags]).find("o o")
    assert found and found.name == "o_o" and found.category is Category.GENERAL
    assert cache.load([tags]).sources[-1].problem_count == 1


@WITH_FOLDER
@given(st.lists(LINES, max_size=12), st.lists(LINES, max_size=12))
def test_cache_answers_as_any_lists_do(tmp_path: Path, one: list[str], two: list[str]) -> None:
    files = [tmp_path / "1.csv", tmp_path / "2.csv"]
    for file, lines in zip(files, (one, two), strict=True):
        file.write_text("\n".join(lines), encoding="utf-8")
    cache = VocabularyCache(tmp_path / "cache")
    cache.load(files)
    agree(cache.load(files), load_vocabulary(files))


def test_large_list_from_the_cache(cache: VocabularyCache, shared_file: Callable[[str], Path]) -> None:
    path = shared_file("data/danbooru_2025-01-03.csv")
    plain = cache.load([path])
    agree(cache.load([path]), plain)
    for name in ("Hatsune_Miku", "\\(o\\)_\\(o\\)", "ｍｉｋｕ", "fgo"):
        assert cache.load([path]).find(normal_form(name)) == plain.find(normal_form(name)) is not None


def test_our_own_lists_alone_need_no_cache(cache: VocabularyCache) -> None:
    agree(cache.load([]), load_vocabulary())
    assert not cache.folder.exists()


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        cut,
        flipped,
        lambda data: data + b"\0",
        lambda data: data[:30],
        lambda _: b"",
        lambda _: b"\x80\x04N.",
        lambda data: b"x" + data[1:],
    ],
    ids=["cut", "one bit", "longer", "head only", "empty", "foreign", "other program"],
)
def test_damaged_file_is_made_again(
    cache: VocabularyCache, tags: Path, reads: list[Path], damage: Callable[[bytes], bytes]
) -> None:
    plain = cache.load([tags])
    whole = the_file(cache).read_bytes()
    the_file(cache).write_bytes(damage(whole))
    agree(cache.load([tags]), plain)
    agree(cache.load([tags]), plain)
    assert len(reads) == 2
    assert the_file(cache).read_bytes() == whole


@WITH_FOLDER
@given(st.data())
def test_any_damage_is_seen(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("damage")
    cache, tags = VocabularyCache(folder / "cache"), folder / "mine.csv"
    tags.write_text(ROWS, encoding="utf-8")
    sources = cache.load([tags]).sources
    whole = the_file(cache).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    replacement = data.draw(st.binary(max_size=3).filter(lambda some: some != whole[at : at + 1]))
    the_file(cache).write_bytes(whole[:at] + replacement + whole[at + 1 :])
    assert cache.load([tags]).sources == sources
    assert the_file(cache).read_bytes() == whole


def test_file_of_other_lists_under_our_name_is_made_again(
    cache: VocabularyCache, tags: Path, reads: list[Path]
) -> None:
    cache.load([tags])
    other = the_file(cache).read_bytes()
    the_file(cache).unlink()
    tags.write_text("zz_three,4,1\n", encoding="utf-8")
    cache.load([tags])
    the_file(cache).write_bytes(other)
    assert cache.load([tags]).find("zz three") and len(reads) == 3


def test_changed_list_is_read_again(cache: VocabularyCache, tags: Path) -> None:
    """By its size, and where that is the same by its time."""
    assert cache.load([tags]).find("zz one")
    tags.write_text(ROWS + "zz_new,4,1\n", encoding="utf-8")
    assert cache.load([tags]).find("zz new")
    tags.write_text(ROWS + "zz_nee,4,1\n", encoding="utf-8")
    os.utime(tags, ns=(1, 1))
    assert cache.load([tags]).find("zz nee")


def test_order_of_the_lists_counts(cache: VocabularyCache, tags: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("zz_one,3,1\n", encoding="utf-8")
    for files, category in (([tags, other], Category.SERIES), ([other, tags], Category.CHARACTER)):
        for _ in range(2):
            found = cache.load(files).find("zz one")
            assert found and found.category is category


def test_other_lists_of_ours_or_other_code_make_it_again(
    tags: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {fingerprint([tags]), fingerprint([tags])}
    (tmp_path / "own").mkdir()
    monkeypatch.setattr(vocabulary_cache, "data_folder", lambda: tmp_path / "own")
    keys.add(fingerprint([tags]))
    (tmp_path / "own" / "series.txt").write_text("vocaloid\n", encoding="utf-8")
    keys.add(fingerprint([tags]))
    monkeypatch.setattr(vocabulary_cache, "_CODE", ())
    keys.add(fingerprint([tags]))
    assert len(keys) == 4


def test_list_that_changes_while_it_is_read_is_not_kept(
    cache: VocabularyCache, tags: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tag_files.read_csv

    def replaced(path: Path) -> TagList:
        found = whole(path)
        path.write_text("zz_late,4,1\n", encoding="utf-8")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(tag_files, "read_csv", replaced)
        assert cache.load([tags]).find("zz one")
    assert not cache.folder.exists()
    assert cache.load([tags]).find("zz late")


def test_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path, tags: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert VocabularyCache(tmp_path / "file" / "cache").load([tags]).find("zz one")


def test_full_disk_is_no_obstacle(
    cache: VocabularyCache, tags: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_files, "replace_file", full)
    assert cache.load([tags]).find("zz one")
    assert list(cache.folder.iterdir()) == []


def test_missing_list_raises(cache: VocabularyCache, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"no\.csv"):
        cache.load([tmp_path / "no.csv"])


def test_list_whose_name_is_no_text(cache: VocabularyCache, tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"\xff.csv")
    try:
        file.write_text(ROWS, encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("needs a file system that allows such names")
    for _ in range(2):
        assert cache.load([file]).find("zz one")
        assert the_file(cache).stat().st_size > 0


def test_the_newest_files_stay_and_two_programs_take_no_turns(
    cache: VocabularyCache, tags: Path, reads: list[Path]
) -> None:
    cache.folder.mkdir(parents=True)
    left = cache.folder / ".vocabulary-0.bin.x.part"
    left.write_bytes(b"left by a program that was ended")
    os.utime(left, ns=(1, 1))
    for number in range(KEPT + 2):
        tags.write_text(ROWS + "\n" * number, encoding="utf-8")
        cache.load([tags])
    assert len(list(cache.folder.iterdir())) == KEPT and not left.exists()
    newest, before = "\n" * (KEPT + 1), "\n" * KEPT
    reads.clear()
    for text, time in ((newest, 1), (before, 2)) * 3:
        tags.write_text(ROWS + text, encoding="utf-8")
        os.utime(tags, ns=(time, time))
        cache.load([tags])
    assert len(reads) == 2


def test_two_programs_at_once(cache: VocabularyCache, tags: Path) -> None:
    """Each makes the file, reads it, and takes it away from the other."""
    command = [sys.executable, "-c", LOADS, str(cache.folder), str(tags)]
    programs = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for program in programs:
        _, errors = program.communicate(timeout=120)
        assert (program.returncode, errors) == (0, "")
    agree(cache.load([tags]), load_vocabulary([tags]))
