"""A scorer's files from the web, at the user's request: each held against its SHA-256, then put in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec

from modelwise.fetching import Download, FetchError, Progress, RefusedError, Wanted
from modelwise.scores.known import KnownScorer, ScorerFile

_BLOCK = 1 << 20
Checked = Literal["known", "server", "nobody"]
CHECKED: Mapping[Checked, str] = {
    "known": "as it should be",
    "server": "as its server says",
    "nobody": "which nobody has named, so it was not checked",
}
"""What is said of a SHA-256."""


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file that was put in place. `checked`: whose word its SHA-256 was held against."""

    name: str
    size: int
    sha256: str
    checked: Checked

    @property
    def words(self) -> str:
        """What came, to be read."""
        return f"{self.name}: {self.size / 1e6:.1f} MB, SHA-256 {self.sha256}, {CHECKED[self.checked]}"


def fetch(
    known: KnownScorer,
    models: Path,
    progress: Callable[[str], Progress] = lambda _: lambda *_: None,
    place: str | None = None,
) -> list[FetchedFile]:
    """Fetch what a scorer's folder lacks. `progress`: by a file's name; `place`: a folder of the web instead
    of the known ones. Raises FetchError; files that have arrived stay."""
    folder = models / known.id
    lacking = [file for file in known.files if file.found(folder) is None]
    try:
        return [_fetched(file, _places(file, place), folder, progress(file.name)) for file in lacking]
    except OSError as error:
        raise FetchError(f"{known.id}: not saved: {error.strerror or error}") from None


def arrived(known: KnownScorer, models: Path, place: str | None = None) -> int:
    """How many bytes are there from a fetch that broke off, to be gone on from."""
    folder = models / known.id
    lacking = [file for file in known.files if file.found(folder) is None]
    return sum(
        max(_download(file, each, folder, lambda *_: None).there() for each in _places(file, place))
        for file in lacking
    )


def _places(file: ScorerFile, place: str | None) -> tuple[str, ...]:
    return (place.rstrip("/"),) if place else file.places


def _download(file: ScorerFile, place: str, folder: Path, progress: Progress) -> Download:
    by_hand = f"the file can also be saved by hand as {folder / file.name}"
    wanted = Wanted(f"{place}/{file.name}", folder / file.name, file.largest, "a scorer's file", by_hand)
    return Download(wanted, progress)


def _fetched(file: ScorerFile, places: tuple[str, ...], folder: Path, progress: Progress) -> FetchedFile:
    """From the first place that gives it."""
    refusals = []
    for place in places:
        download = _download(file, place, folder, progress)
        try:
            download.run()
        except RefusedError as error:
            refusals.append(str(error))
            continue
        found = _checked(file, download)
        download.put_in_place()
        return found
    raise RefusedError(" / ".join(refusals))


def _checked(file: ScorerFile, download: Download) -> FetchedFile:
    """What is not as it should be goes. Raises FetchError."""
    digest = _digest(download.part)
    expected = file.sha256 or download.stated
    if expected and digest != expected:
        download.drop()
        raise FetchError(f"{file.name}: found SHA-256 {digest}; allowed: {expected}; fetch it again")
    if file.name.endswith(".json"):
        _check_json(file, download)
    checked: Checked = "known" if file.sha256 else "server" if expected else "nobody"
    return FetchedFile(file.name, download.part.stat().st_size, digest, checked)


def _check_json(file: ScorerFile, download: Download) -> None:
    try:
        msgspec.json.decode(download.part.read_bytes(), type=dict)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        download.drop()
        raise FetchError(f"{file.name}: found {error}; allowed: a configuration in JSON") from None


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
