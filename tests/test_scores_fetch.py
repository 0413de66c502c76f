"""Fetching a scorer from a server on this machine: checked, gone on with, from another place."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from modelwise.fetching import FetchError, Progress
from modelwise.scores.fetch import fetch
from modelwise.scores.known import KNOWN, KnownScorer, ScorerFile
from tests.support.tag_server import Answer, Server, refusing, whole

WEIGHTS = bytes(range(256)) * 2_000
CONFIG = b'{"hidden_size": 8}'
DIGEST = sha256(WEIGHTS).hexdigest()


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    found.answer = files()
    yield found
    found.stop()


def files(
    weights: bytes = WEIGHTS, config: bytes = CONFIG, stated: str | None = None, cut: int | None = None
) -> Answer:
    """A server with both files; `stated`: it names a SHA-256 and sends one on, as the large hosts do."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.startswith("/gone"):
            refusing(404)(handler)
        elif handler.path.endswith("config.json"):
            whole(config)(handler)
        elif stated and not handler.path.startswith("/bytes"):
            handler.send_response(302)
            handler.send_header("Location", "/bytes")
            handler.send_header("X-Linked-ETag", f'"{stated}"')
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        else:
            whole(weights, cut=cut)(handler)

    return answer


def scorer(server: Server, sha: str = "", largest: int = 10_000_000, first: str = "") -> KnownScorer:
    places = (*([server.address + first] if first else []), server.address)
    return KnownScorer(
        "small",
        "someone/small",
        "classifier",
        half=False,
        files=(
            ScorerFile("config.json", places, 1_000),
            ScorerFile("model.safetensors", places, largest, sha),
        ),
    )


def test_what_is_missing_is_fetched(server: Server, tmp_path: Path) -> None:
    heard: list[tuple[str, int]] = []

    def progress(name: str) -> Progress:
        return lambda done, _: heard.append((name, done))

    found = fetch(scorer(server, DIGEST), tmp_path, progress)
    assert [(file.name, file.size, file.checked) for file in found] == [
        ("config.json", len(CONFIG), "nobody"),
        ("model.safetensors", len(WEIGHTS), "known"),
    ]
    assert found[1].sha256 == DIGEST
    assert (tmp_path / "small" / "model.safetensors").read_bytes() == WEIGHTS
    assert heard[-1] == ("model.safetensors", len(WEIGHTS))
    assert sorted(path.name for path in (tmp_path / "small").iterdir()) == [
        "config.json",
        "model.safetensors",
    ]
    assert fetch(scorer(server, DIGEST), tmp_path) == []


def test_the_servers_own_digest_counts_where_none_is_known(server: Server, tmp_path: Path) -> None:
    server.answer = files(stated=DIGEST)
    assert fetch(scorer(server), tmp_path)[1].checked == "server"


@pytest.mark.parametrize("stated", [None, sha256(b"other").hexdigest()])
def test_other_bytes_are_thrown_away(server: Server, tmp_path: Path, stated: str | None) -> None:
    """By the digest that is known, or else by the server's."""
    server.answer = files(stated=stated)
    known = scorer(server, "" if stated else "0" * 64)
    with pytest.raises(FetchError, match=rf"model\.safetensors: found SHA-256 {DIGEST}; allowed: "):
        fetch(known, tmp_path)
    assert [path.name for path in (tmp_path / "small").iterdir()] == ["config.json"]


def test_a_broken_connection_is_gone_on_with(server: Server, tmp_path: Path) -> None:
    server.answer = files(cut=150_000)
    assert fetch(scorer(server, DIGEST), tmp_path)[1].size == len(WEIGHTS)
    assert [asked.get("range") for asked in server.asked[-2:]] == ["bytes=300000-", "bytes=450000-"]


def test_a_stopped_fetch_is_gone_on_with_and_checked_as_a_whole(server: Server, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="stopped; what has arrived is kept"):
        fetch(scorer(server, DIGEST), tmp_path, lambda _: lambda done, _: done > 100_000)
    server.asked.clear()
    assert fetch(scorer(server, DIGEST), tmp_path)[0].sha256 == DIGEST
    assert server.asked[0]["range"].startswith("bytes=1")


def test_another_place_is_asked_where_one_refuses(server: Server, tmp_path: Path) -> None:
    assert len(fetch(scorer(server, DIGEST, first="/gone"), tmp_path)) == 2


def test_all_places_refuse(server: Server, tmp_path: Path) -> None:
    server.answer = refusing(401)
    with pytest.raises(FetchError, match=r"found 401 .* can also be saved by hand as .*config\.json / http"):
        fetch(scorer(server, first="/a"), tmp_path)


def test_a_place_of_the_users_own(server: Server, tmp_path: Path) -> None:
    known = scorer(server, DIGEST)
    assert len(fetch(known, tmp_path, place=f"{server.address}/mine/")) == 2
    with pytest.raises(FetchError, match=r"address: found 'ftp://x/config\.json'; allowed: https"):
        fetch(known, tmp_path / "other", place="ftp://x")


@pytest.mark.parametrize("config", [b"<!doctype html>", b"[]", b"\xff"])
def test_a_page_is_no_config(server: Server, tmp_path: Path, config: bytes) -> None:
    server.answer = files(config=config)
    with pytest.raises(FetchError, match=r"config\.json: found .*; allowed: a configuration in JSON"):
        fetch(scorer(server), tmp_path)
    assert list((tmp_path / "small").iterdir()) == []


def test_a_file_without_end_is_stopped(server: Server, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"found over 1,000 bytes; allowed: a scorer's file"):
        fetch(scorer(server, largest=1_000), tmp_path)


def test_a_folder_that_cannot_be_made(server: Server, tmp_path: Path) -> None:
    (tmp_path / "small").write_bytes(b"")
    with pytest.raises(FetchError, match="small: not saved: "):
        fetch(scorer(server), tmp_path)


def test_every_known_file_comes_over_a_safe_connection() -> None:
    """A pickle from the web is fetched from a fixed revision with a known digest, or is small and stated."""
    for known in KNOWN:
        assert len({file.name for file in known.files}) == len(known.files)
        for file in known.files:
            assert file.places and all(place.startswith("https://huggingface.co/") for place in file.places)
            assert not file.sha256 or (len(file.sha256) == 64 and "/resolve/main" not in file.places[0])
