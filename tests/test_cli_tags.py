"""`tags` on the command line: the lists that are loaded, and fetching one from a server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import called
from tests.support.tag_server import LIST, Server, refusing


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.stop()


def test_a_list_is_fetched_into_the_users_folder(server: Server, tmp_path: Path) -> None:
    done = called("tags", "fetch", "--folder", tmp_path, "--url", server.address)
    file = tmp_path / "modelwise" / "tags" / "danbooru.csv"
    assert (done.code, done.errors) == (0, "")
    assert done.output == f"20,000 tags, {len(LIST) / 1e6:.1f} MB: {file}\n"
    assert file.read_bytes() == LIST


def test_what_went_wrong_is_said(server: Server, tmp_path: Path) -> None:
    server.answer = refusing(404)
    done = called("tags", "fetch", "--folder", tmp_path, "--url", server.address)
    assert (done.code, done.output) == (1, "")
    assert "found 404 Not Found" in done.errors and "Traceback" not in done.errors


def test_lists_with_their_counts_conflicts_and_problems(tmp_path: Path) -> None:
    tags = tmp_path / "modelwise" / "tags"
    tags.mkdir(parents=True)
    (tags / "mine.csv").write_text("zz_one,4,1\nhatsune_miku,1,1\nbad\n", encoding="utf-8")
    done = called("tags", "status", "--folder", tmp_path)
    lines = done.output.splitlines()
    assert lines[0].startswith("characters.txt")
    assert (
        "mine.csv                         2  1 of another category than before, 1 lines with problems"
        in lines
    )
    assert any(line.startswith("  line 3: found 'bad'; allowed: ") for line in lines)
    found = json.loads(called("tags", "status", "--folder", tmp_path, "--json").output)
    assert [each[:1] + each[1:2] + each[4:] for each in found["lists"]][-1] == ["mine.csv", 2, 1]


@pytest.mark.parametrize(
    ("settings", "name"),
    [(None, "danbooru.csv"), ("[[", "danbooru.csv"), ('{"tac_tagFile": "e621.csv"}', "e621.csv")],
)
def test_the_lists_of_tagcomplete_are_among_them(tmp_path: Path, settings: str | None, name: str) -> None:
    tags = tmp_path / "extensions" / "a1111-sd-webui-tagcomplete" / "tags"
    tags.mkdir(parents=True)
    for file in ("danbooru.csv", "e621.csv"):
        (tags / file).write_text("zz_one,4,1\n", encoding="utf-8")
    if settings is not None:
        (tmp_path / "config.json").write_text(settings, encoding="utf-8")
    lists = json.loads(called("tags", "status", "--folder", tmp_path, "--json").output)["lists"]
    assert [each[0] for each in lists if each[0].endswith(".csv")] == [name]


def test_without_a_folder_it_says_what_it_needs() -> None:
    done = called("tags", "status")
    assert done.code == 2
    assert "--folder: found nothing; allowed: the WebUI's data folder" in done.errors
