"""A tag list from the web, at the user's request: fetched, checked, then put in place.

The old list stays until the new one is checked, and as `.bak` after that.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from modelwise.fetching import Download, FetchError, Progress, Wanted
from modelwise.tag_files import read_csv
from modelwise.vocabulary import Category

DANBOORU = "https://raw.githubusercontent.com/DominikDoom/a1111-sd-webui-tagcomplete/main/tags/danbooru.csv"
"""The list that most people have: Danbooru's tags in tagcomplete's format."""

LARGEST = 200_000_000
"""In bytes. The largest list in use has about 20 million."""

LEAST_TAGS = 1_000
MOST_BAD_LINES = 0.02

_BY_HAND = "the list can also be saved by hand into the folder modelwise/tags"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A list that was put in place: how many tags it has, in how many bytes; `resumed`: bytes from before."""

    tags: int
    size: int
    resumed: int


def fetch(target: Path, url: str = DANBOORU, progress: Progress = lambda *_: None) -> Fetched:
    """Fetch a list to `target`. Raises FetchError."""
    download = _download(target, url, progress)
    try:
        resumed = download.run()
        tags = _checked(download, url)
        if target.exists():
            shutil.copy2(target, target.with_name(target.name + ".bak"))
        size = download.part.stat().st_size
        download.put_in_place()
    except OSError as error:
        raise FetchError(f"{target.name}: not saved, the old list stays: {error.strerror or error}") from None
    return Fetched(tags, size, resumed)


def arrived(target: Path, url: str = DANBOORU) -> int:
    """How many bytes of a list are there from a fetch that broke off, to be gone on from."""
    return _download(target, url, lambda *_: None).there()


def _download(target: Path, url: str, progress: Progress) -> Download:
    return Download(Wanted(url, target, LARGEST, "a tag list", _BY_HAND), progress)


def _checked(download: Download, url: str) -> int:
    """The number of tags in what has arrived; what is no tag list goes. Raises FetchError."""
    found = read_csv(download.part)
    categories = {category for _, category, _, _ in found.rows}
    bad = found.problem_count / max(1, len(found.rows) + found.problem_count)
    if (
        len(found.rows) >= LEAST_TAGS
        and bad <= MOST_BAD_LINES
        and {Category.GENERAL, Category.CHARACTER} <= categories
    ):
        return len(found.rows)
    download.drop()
    said = f"found {len(found.rows):,} tags and {found.problem_count:,} lines that are none"
    allowed = f'at least {LEAST_TAGS:,} lines of name,type,count,"aliases", general ones and characters'
    raise FetchError(f"{url}: {said}; allowed: {allowed}; the old list stays")
