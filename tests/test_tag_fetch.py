"""Fetching a tag list from a server on this machine that throttles, cuts, redirects and talks rubbish."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from modelwise import fetching, tag_fetch
from modelwise.fetching import FetchError
from modelwise.tag_fetch import Fetched, arrived, fetch
from tests.support.tag_server import LIST, Answer, Server, refusing, whole

OLD = b"old_tag,0,1,\n"


def redirecting(to: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/new":
            whole()(handler)
            return
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.stop()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A list that is there already."""
    file = tmp_path / "tags" / "danbooru.csv"
    file.parent.mkdir()
    file.write_bytes(OLD)
    return file


def names(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir())


def test_a_list_takes_the_place_of_the_old_one(server: Server, target: Path) -> None:
    heard: list[tuple[int, int | None]] = []
    found = fetch(target, server.address, lambda done, total: heard.append((done, total)))
    assert found == Fetched(tags=20_000, size=len(LIST), resumed=0)
    assert target.read_bytes() == LIST
    assert names(target) == ["danbooru.csv", "danbooru.csv.bak"]
    assert (target.parent / "danbooru.csv.bak").read_bytes() == OLD
    assert heard[-1] == (len(LIST), len(LIST))
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)


def test_the_first_list_needs_no_folder(server: Server, tmp_path: Path) -> None:
    fetch(tmp_path / "new" / "tags" / "danbooru.csv", server.address)
    assert names(tmp_path / "new" / "tags" / "danbooru.csv") == ["danbooru.csv"]


def test_a_slow_server_is_waited_for(server: Server, target: Path) -> None:
    server.answer = whole(pause=0.02)
    assert fetch(target, server.address).tags == 20_000


def test_a_broken_connection_is_taken_up_where_it_broke(server: Server, target: Path) -> None:
    server.answer = whole(cut=len(LIST) // 3 + 1)
    assert fetch(target, server.address).tags == 20_000
    assert target.read_bytes() == LIST
    third = len(LIST) // 3 + 1
    assert [asked.get("range") for asked in server.asked] == [None, f"bytes={third}-", f"bytes={2 * third}-"]
    assert server.asked[1]["if-range"] == '"one"'


def test_a_fetch_that_failed_is_gone_on_with_the_next_time(server: Server, target: Path) -> None:
    server.answer = whole(cut=10_000)
    with pytest.raises(
        FetchError, match=r"broke off after 50,000 of \d+,\d+ bytes; 0.1 MB have arrived and are kept"
    ):
        fetch(target, server.address)
    assert target.read_bytes() == OLD
    server.answer = whole()
    assert arrived(target, server.address) == 50_000
    assert arrived(target, f"{server.address}/another") == 0
    assert fetch(target, server.address) == Fetched(20_000, len(LIST), resumed=50_000)
    assert arrived(target, server.address) == 0
    assert target.read_bytes() == LIST


def test_a_list_that_has_changed_meanwhile_is_fetched_from_its_start(server: Server, target: Path) -> None:
    server.answer = whole(cut=10_000)
    with pytest.raises(FetchError):
        fetch(target, server.address)
    server.answer = whole(LIST[::1] + b"one_more,0,1,\n", version='"two"')
    assert fetch(target, server.address).tags == 20_001
    assert target.read_bytes() == LIST + b"one_more,0,1,\n"


@pytest.mark.parametrize("version", [None, 'W/"weak"'])
def test_without_a_version_nothing_is_taken_up(server: Server, target: Path, version: str | None) -> None:
    server.answer = whole(version=version, cut=10_000)
    with pytest.raises(FetchError, match="broke off"):
        fetch(target, server.address)
    server.answer = whole(version=version)
    assert fetch(target, server.address).resumed == 0
    assert all("range" not in asked for asked in server.asked)


def test_what_is_longer_than_the_file_is_now_goes(server: Server, target: Path) -> None:
    (target.parent / "danbooru.csv.part").write_bytes(LIST + b"more")
    (target.parent / "danbooru.csv.part.txt").write_text(f'{server.address}\n"one"', encoding="utf-8")
    assert fetch(target, server.address).tags == 20_000
    assert target.read_bytes() == LIST


def test_what_came_from_elsewhere_is_not_taken_up(server: Server, target: Path) -> None:
    (target.parent / "danbooru.csv.part").write_bytes(b"other")
    (target.parent / "danbooru.csv.part.txt").write_text('http://127.0.0.1/\n"one"', encoding="utf-8")
    assert fetch(target, server.address).resumed == 0
    assert target.read_bytes() == LIST


def test_a_redirect_is_followed(server: Server, target: Path) -> None:
    server.answer = redirecting("/new")
    assert fetch(target, server.address).tags == 20_000


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/x", "/"])
def test_a_redirect_that_leads_nowhere_good(server: Server, target: Path, to: str) -> None:
    server.answer = redirecting(to)
    with pytest.raises(FetchError):
        fetch(target, server.address)
    assert target.read_bytes() == OLD


@pytest.mark.parametrize("code", [403, 404, 429, 500, 503])
def test_a_refusal_is_said(server: Server, target: Path, code: int) -> None:
    server.answer = refusing(code)
    with pytest.raises(FetchError, match=rf"found {code} .*; the list can also be saved by hand"):
        fetch(target, server.address)
    assert (target.read_bytes(), len(server.asked)) == (OLD, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><html><body>Sign in</body></html>" * 500,
        b"\x00\xff\xfe" * 50_000,
        b"tag,0,1,\n" * 10,
        b"\n".join(b"t%d,0,1," % number for number in range(5_000)),
        LIST + b"<html>\n" * 2_000,
    ],
    ids=["nothing", "a page", "binary", "too short", "no characters", "mixed"],
)
def test_what_is_no_tag_list_is_refused(server: Server, target: Path, data: bytes) -> None:
    server.answer = lambda handler: send_all(handler, data)
    with pytest.raises(FetchError, match=r"found [\d,]+ tags and [\d,]+ lines that are none; allowed: "):
        fetch(target, server.address)
    assert target.read_bytes() == OLD
    assert "danbooru.csv.part" not in names(target)


def send_all(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def test_a_file_without_end_is_stopped(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag_fetch, "LARGEST", 100_000)
    with pytest.raises(FetchError, match="found over 100,000 bytes"):
        fetch(target, server.address)
    assert target.read_bytes() == OLD


def test_without_a_connection(target: Path) -> None:
    with pytest.raises(FetchError, match=r"no connection: .*; the list can also be saved by hand"):
        fetch(target, "http://127.0.0.1:9/")
    assert target.read_bytes() == OLD


def test_a_server_that_falls_silent(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.2)
    done = threading.Event()

    def silent(_: BaseHTTPRequestHandler) -> None:
        done.wait(5)

    server.answer = silent
    with pytest.raises(FetchError, match=r"broke off: .*timed out|no connection: .*timed out"):
        fetch(target, server.address)
    done.set()
    assert target.read_bytes() == OLD


def test_it_can_be_stopped_and_gone_on_with(server: Server, target: Path) -> None:
    with pytest.raises(FetchError, match="stopped; what has arrived is kept"):
        fetch(target, server.address, lambda done, _: done > 100_000)
    assert target.read_bytes() == OLD
    found = fetch(target, server.address)
    assert found.resumed > 100_000
    assert target.read_bytes() == LIST


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "danbooru.csv", ""])
def test_only_the_web(target: Path, url: str) -> None:
    with pytest.raises(FetchError, match=r"address: found .*; allowed: https://"):
        fetch(target, url)


def test_a_full_disk(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(
        FetchError, match=r"danbooru.csv: not saved, the old list stays: No space left on device"
    ):
        fetch(target, server.address)
    assert target.read_bytes() == OLD
