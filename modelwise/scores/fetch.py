"""A scorer's files from the web, at the user's request: each held against its SHA-256, then put in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec

from modelwise.fetching import Download, FetchError, Progress, RefusedError, Wanted
from modelwise.scores.known import KnownScorer, ScorerFile

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file that was put in place. `checked`: whose word its SHA-256 was held against."""

    name: str
    size: int
    sha256: str
    checked: Literal["known", "server", "nobody"]


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
    places = {file.name: (place.rstrip("/"),) if place else file.places for file in lacking}
    try:
        return [_fetched(file, places[file.name], folder, progress(file.name)) for file in lacking]
    except OSError as error:
        raise FetchError(f"{known.id}: not saved: {error.strerror or error}") from None


def _fetched(file: ScorerFile, places: tuple[str, ...], folder: Path, progress: Progress) -> FetchedFile:
    """From the first place that gives it."""
    by_hand = f"the file can also be saved by hand as {folder / file.name}"
    refusals = []
    for place in places:
        wanted = Wanted(f"{place}/{file.name}", folder / file.name, file.largest, "a scorer's file", by_hand)
        download = Download(wanted, progress)
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
    checked: Literal["known", "server", "nobody"] = (
        "known" if file.sha256 else "server" if expected else "nobody"
    )
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
