"""A file from the web, at the user's request: gone on with after a break, put in place by who has checked it.

What has arrived is kept beside the target until it is whole, with what the server calls this version of it.
"""

from __future__ import annotations

import os
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, Protocol

from modelwise import __version__

TRIES = 5
PATIENCE = 20.0
"""Seconds without a byte after which a connection counts as broken."""

_BLOCK = 65_536
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_SHA256 = re.compile("[0-9a-f]{64}")
_HANDLERS = (
    *(urllib.request.ProxyHandler, urllib.request.HTTPHandler, urllib.request.HTTPSHandler),
    *(urllib.request.HTTPDefaultErrorHandler, urllib.request.HTTPErrorProcessor),
    urllib.request.UnknownHandler,
)
"""The web and nothing else: an address or a redirect must not lead to a file of this machine."""


class FetchError(Exception):
    """Why there is no new file; the message says what to do. What was there before is as it was."""


class RefusedError(FetchError):
    """The server doesn't give the file: another address may."""


class Progress(Protocol):
    """Who is told how it goes."""

    def __call__(self, done: int, total: int | None, /) -> bool | None:
        """So many bytes have arrived, of so many where the server says so; True ends the fetch."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to fetch, and where to. `largest`: in bytes; `kind`: what it should be, `a tag list`; `by_hand`:
    what to do where it can't be fetched."""

    url: str
    target: Path
    largest: int
    kind: str
    by_hand: str


class Download:
    """One file on its way. `part`: what has arrived; `mark`: of which address and version."""

    def __init__(self, wanted: Wanted, progress: Progress = lambda *_: None) -> None:
        if not wanted.url.startswith(("https://", "http://")):
            raise FetchError(f"address: found {wanted.url!r}; allowed: https://... or http://...")
        self.part = wanted.target.with_name(wanted.target.name + ".part")
        self.mark = wanted.target.with_name(wanted.target.name + ".part.txt")
        self._wanted = wanted
        self._url = wanted.url
        self._progress = progress
        self._redirects = _Redirects()
        self._opener = urllib.request.OpenerDirector()
        for handler in (*(kind() for kind in _HANDLERS), self._redirects):
            self._opener.add_handler(handler)

    @property
    def stated(self) -> str:
        """The SHA-256 that a server has named on the way to the file; nothing where none has."""
        return self._redirects.stated

    def run(self) -> int:
        """Get all of it; gives the bytes that were there before. Raises FetchError and OSError."""
        self.part.parent.mkdir(parents=True, exist_ok=True)
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
        raise FetchError("; ".join(filter(None, (f"{self._url}: {reason}", mine, self._wanted.by_hand))))

    def put_in_place(self) -> None:
        """Let what has arrived take the target's place."""
        self.part.replace(self._wanted.target)
        self.mark.unlink(missing_ok=True)

    def drop(self) -> None:
        """Take away what has arrived."""
        self.part.unlink(missing_ok=True)
        self.mark.unlink(missing_ok=True)

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
            found = f"found {error.code} {error.reason}"
            raise RefusedError(f"{self._url}: {found}; {self._wanted.by_hand}") from None
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
        done, largest = start, self._wanted.largest
        with self.part.open("ab" if start else "wb") as stream:
            while block := answer.read(_BLOCK):
                stream.write(block)
                done += len(block)
                if done > largest:
                    allowed = f"allowed: {self._wanted.kind}"
                    raise FetchError(f"{self._url}: found over {largest:,} bytes; {allowed}")
                if self._progress(done, total):
                    raise FetchError("stopped; what has arrived is kept: fetch again to go on")
            stream.flush()
            os.fsync(stream.fileno())
        if total is not None and done < total:
            raise _Broken(f"the connection broke off after {done:,} of {total:,} bytes")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows, and keeps the SHA-256 that a server names before it sends one on to where the bytes are."""

    def __init__(self) -> None:
        self.stated = ""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """As any redirect, with a look at the headers."""
        named = headers.get("X-Linked-ETag", "").strip('"').lower()
        if _SHA256.fullmatch(named):
            self.stated = named
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Broken(Exception):
    """A connection that may work the next time."""
