"""A tag list from the web, at the user's request: gone on with after a break, checked, then put in place.

What has arrived is kept beside the list until it is whole, with what the server calls this version of it. The
old list stays until the new one is checked, and as `.bak` after that.
"""

from __future__ import annotations

import os
import re
import shutil
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Protocol

from modelwise import __version__
from modelwise.tag_files import read_csv
from modelwise.vocabulary import Category

DANBOORU = "https://raw.githubusercontent.com/DominikDoom/a1111-sd-webui-tagcomplete/main/tags/danbooru.csv"
"""The list that most people have: Danbooru's tags in tagcomplete's format."""

LARGEST = 200_000_000
"""In bytes. The largest list in use has about 20 million."""

LEAST_TAGS = 1_000
MOST_BAD_LINES = 0.02
TRIES = 5
PATIENCE = 20.0
"""Seconds without a byte after which a connection counts as broken."""

_BLOCK = 65_536
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_HANDLERS = (
    *(urllib.request.ProxyHandler, urllib.request.HTTPHandler, urllib.request.HTTPSHandler),
    *(urllib.request.HTTPDefaultErrorHandler, urllib.request.HTTPRedirectHandler),
    *(urllib.request.HTTPErrorProcessor, urllib.request.UnknownHandler),
)
"""The web and nothing else: an address or a redirect must not lead to a file of this machine."""


class FetchError(Exception):
    """Why there is no new list; the message says what to do. The old list is as it was."""


class Progress(Protocol):
    """Who is told how it goes."""

    def __call__(self, done: int, total: int | None, /) -> bool | None:
        """So many bytes have arrived, of so many where the server says so; True ends the fetch."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A list that was put in place: how many tags it has, in how many bytes; `resumed`: bytes from before."""

    tags: int
    size: int
    resumed: int


def fetch(target: Path, url: str = DANBOORU, progress: Progress = lambda *_: None) -> Fetched:
    """Fetch a list to `target`. Raises FetchError."""
    if not url.startswith(("https://", "http://")):
        raise FetchError(f"address: found {url!r}; allowed: https://... or http://...")
    download = _Download(target, url, progress)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        resumed = download.run()
        tags = _checked(download.part, url)
        if target.exists():
            shutil.copy2(target, target.with_name(target.name + ".bak"))
        size = download.part.stat().st_size
        download.part.replace(target)
        download.mark.unlink(missing_ok=True)
    except OSError as error:
        raise FetchError(f"{target.name}: not saved, the old list stays: {error.strerror or error}") from None
    return Fetched(tags, size, resumed)


def arrived(target: Path, url: str = DANBOORU) -> int:
    """How many bytes of a list are there from a fetch that broke off, to be gone on from."""
    return _Download(target, url, lambda *_: None).there()


class _Download:
    """One file on its way. `part`: what has arrived; `mark`: of which address and version."""

    def __init__(self, target: Path, url: str, progress: Progress) -> None:
        self.part = target.with_name(target.name + ".part")
        self.mark = target.with_name(target.name + ".part.txt")
        self._url = url
        self._progress = progress
        self._opener = urllib.request.OpenerDirector()
        for handler in _HANDLERS:
            self._opener.add_handler(handler())

    def run(self) -> int:
        """Get all of it; gives the bytes that were there from an earlier fetch."""
        resumed = before = self.there()
        for _ in range(TRIES):
            try:
                self._get(before)
            except _Broken as broken:
                reason = str(broken)
            else:
                return resumed
            arrived = self.there()
            if arrived == before > 0:
                break
            before = arrived
        mine = f"{before / 1e6:.1f} MB have arrived and are kept: fetch again to go on" if before else ""
        raise FetchError("; ".join(filter(None, (f"{self._url}: {reason}", mine, _BY_HAND))))

    def there(self) -> int:
        """How many bytes can be gone on from: those of this address whose version is known."""
        try:
            address, version = self.mark.read_text(encoding="utf-8").split("\n")
            return self.part.stat().st_size if address == self._url and version else 0
        except (OSError, ValueError):
            return 0

    def _get(self, start: int) -> None:
        headers = {"User-Agent": f"Modelwise/{__version__}", "Accept-Encoding": "identity"}
        if start:
            version = self.mark.read_text(encoding="utf-8").split("\n")[1]
            headers |= {"Range": f"bytes={start}-", "If-Range": version}
        request = urllib.request.Request(self._url, headers=headers)  # noqa: S310 (checked; http(s) handlers only)
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                self._take(answer, start)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 416:  # longer than the file is now
                self.part.unlink(missing_ok=True)
                raise _Broken("the file is another one now") from None
            raise FetchError(f"{self._url}: found {error.code} {error.reason}; {_BY_HAND}") from None
        except urllib.error.URLError as error:
            raise _Broken(f"no connection: {error.reason}") from None
        except (HTTPException, TimeoutError, ConnectionError) as error:
            raise _Broken(f"the connection broke off: {error}") from None

    def _take(self, answer: HTTPResponse, start: int) -> None:
        found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if answer.status != 206 or found is None or int(found[1]) != start:
            start = 0
        length = answer.headers.get("Content-Length", "")
        total = start + int(length) if length.isdecimal() else None
        version = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        weak = version.startswith("W/")  # If-Range takes no weak one
        self.mark.write_text(f"{self._url}\n{'' if weak else version}", encoding="utf-8", newline="\n")
        done = start
        with self.part.open("ab" if start else "wb") as stream:
            while block := answer.read(_BLOCK):
                stream.write(block)
                done += len(block)
                if done > LARGEST:
                    raise FetchError(f"{self._url}: found over {LARGEST:,} bytes; allowed: a tag list")
                if self._progress(done, total):
                    raise FetchError("stopped; what has arrived is kept: fetch again to go on")
            stream.flush()
            os.fsync(stream.fileno())
        if total is not None and done < total:
            raise _Broken(f"the connection broke off after {done:,} of {total:,} bytes")


class _Broken(Exception):
    """A connection that may work the next time."""


_BY_HAND = "the list can also be saved by hand into the folder modelwise/tags"


def _checked(part: Path, url: str) -> int:
    """The number of tags in what has arrived; what is no tag list goes. Raises FetchError."""
    found = read_csv(part)
    categories = {category for _, category, _, _ in found.rows}
    bad = found.problem_count / max(1, len(found.rows) + found.problem_count)
    if (
        len(found.rows) >= LEAST_TAGS
        and bad <= MOST_BAD_LINES
        and {Category.GENERAL, Category.CHARACTER} <= categories
    ):
        return len(found.rows)
    part.unlink(missing_ok=True)
    said = f"found {len(found.rows):,} tags and {found.problem_count:,} lines that are none"
    allowed = f'at least {LEAST_TAGS:,} lines of name,type,count,"aliases", general ones and characters'
    raise FetchError(f"{url}: {said}; allowed: {allowed}; the old list stays")
