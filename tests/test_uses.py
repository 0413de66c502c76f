"""Counts of what was taken: kept, bounded, forgotten at will, and never lost to a broken file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from modelwise import uses
from modelwise.user_files import UserFileError, UserFolder
from modelwise.uses import FILE, LONGEST_NAME, Uses


def counts(folder: Path) -> Uses:
    return Uses(UserFolder(folder / "modelwise"))


def test_none_at_first_and_no_file(tmp_path: Path) -> None:
    assert counts(tmp_path).all() == {}
    assert list(tmp_path.iterdir()) == []


def test_each_use_counts_and_another_run_sees_it(tmp_path: Path) -> None:
    for name in ("smile", "初音ミク", "smile"):
        counts(tmp_path).add(name)
    assert counts(tmp_path).all() == {"smile": 2, "初音ミク": 1}


def test_uses_at_the_same_time_all_count(tmp_path: Path) -> None:
    found = counts(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(found.add, ["smile"] * 40))
    assert found.all() == {"smile": 40}


@pytest.mark.parametrize("name", ["", "x" * (LONGEST_NAME + 1)])
def test_a_name_has_its_length(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserFileError, match=rf"name: found {len(name)} characters; allowed: 1 to"):
        counts(tmp_path).add(name)


def test_where_it_is_full_what_was_used_least_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses, "MOST", 3)
    found = counts(tmp_path)
    for name in ("often", "often", "old", "older", "new"):
        found.add(name)
    assert found.all() == {"often": 2, "older": 1, "new": 1}


def test_forgetting_leaves_no_copy(tmp_path: Path) -> None:
    found = counts(tmp_path)
    found.add("secret")
    found.add("smile")
    found.clear()
    assert found.all() == {}
    texts = [file.read_text(encoding="utf-8") for file in (tmp_path / "modelwise").iterdir()]
    assert not any("secret" in text for text in texts)


@pytest.mark.parametrize("text", ["[1]", '{"a": 0}', '{"a": "b"}', "{", ""])
def test_a_spoilt_file_is_named_and_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "modelwise" / FILE
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserFileError, match=r"uses\.json: found .*; allowed: an object of names and counts"):
        counts(tmp_path).add("smile")
    assert file.read_text(encoding="utf-8") == text
    counts(tmp_path).clear()
    assert counts(tmp_path).all() == {}
