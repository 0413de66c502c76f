"""What is found of other extensions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from modelwise.webui.engine import Engine
from modelwise.webui.neighbours import tagcomplete_lists
from tests.support.hosts import FakeHost


def lists(extensions: Path, **chosen: Any) -> list[str]:
    options = {key.replace("__", "."): value for key, value in chosen.items()}
    return [file.name for file in tagcomplete_lists(extensions, options.get)]


def installed(folder: Path, *names: str, under: str = "a1111-sd-webui-tagcomplete") -> Path:
    tags = folder / under / "tags"
    tags.mkdir(parents=True)
    for name in names:
        (tags / name).write_text("zz_tag,4,1\n", encoding="utf-8")
    return folder


def test_none_where_it_is_not_installed(tmp_path: Path) -> None:
    assert lists(tmp_path / "extensions") == []
    (tmp_path / "sd-dynamic-prompts" / "tags").mkdir(parents=True)
    assert lists(tmp_path) == []


def test_its_own_files_where_nobody_has_chosen(tmp_path: Path) -> None:
    installed(tmp_path, "danbooru.csv", "extra-quality-tags.csv", "e621.csv")
    assert lists(tmp_path) == ["danbooru.csv", "extra-quality-tags.csv"]


def test_the_files_that_were_chosen(tmp_path: Path) -> None:
    installed(tmp_path, "danbooru.csv", "e621.csv", "ja.csv", under="tagcomplete-fork")
    chosen = {"tac_tagFile": "e621.csv", "tac_extra__extraFile": "None"}
    assert lists(tmp_path, **chosen, tac_translation__translationFile="ja.csv") == ["e621.csv", "ja.csv"]
    assert lists(tmp_path, tac_tagFile="None") == []
    assert lists(tmp_path, tac_tagFile=None) == []
    assert lists(tmp_path, tac_tagFile=3) == []


def test_a_name_never_leads_elsewhere(tmp_path: Path) -> None:
    installed(tmp_path, "danbooru.csv")
    (tmp_path / "secret.csv").write_text("x,0,1", encoding="utf-8")
    assert lists(tmp_path, tac_tagFile="../../secret.csv") == []


def test_the_users_own_lists_win_over_a_neighbours(tmp_path: Path) -> None:
    for folder, kind in (("neighbour", 4), ("tags", 1)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "list.csv").write_text(f"zz_both,{kind},1\nzz_{folder},4,1\n", encoding="utf-8")
    vocabulary = Engine(FakeHost(tmp_path)).vocabulary
    both = vocabulary.find("zz both")
    assert both and both.category == 1
    assert vocabulary.find("zz neighbour") and vocabulary.find("zz tags")
