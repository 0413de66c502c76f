"""A whole run over a folder or a table: who works, what is put aside, how far it is, what comes out of it.

Running again after an interruption goes on: a file that is in order is left alone, a table's finished lines
are kept. Ctrl+C ends a run between two captions, and the report says how far it came.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import msgspec

from modelwise.captions import caption_files
from modelwise.captions.caption_files import CaptionFileError
from modelwise.captions.crew import answers
from modelwise.captions.folder_run import FolderShare
from modelwise.captions.job import Done, Job
from modelwise.captions.table_run import Lines, Part, TableShare

Progress = Callable[[int, int], None]
"""Called with how many captions are done, of how many."""

_FEWEST = 1_000
"""Captions from which on another process is worth its start."""


class Report(msgspec.Struct, frozen=True):
    """What a run has done. `lonely`: files without an image, which were not looked at; `resumed`: lines that
    an earlier run had finished; `kept`: where changed files are as they were."""

    path: str
    profile: str
    separator: str | None
    dry: bool
    done: Done
    total: int
    lonely: int
    resumed: int
    kept: str | None
    seconds: float
    interrupted: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """How a run goes about it. `alone`: files without an image are captions too."""

    ending: str = ".txt"
    alone: bool = False
    field: str | None = None
    workers: int = 1


class _Tally:
    """What is done so far, and who wants to know."""

    def __init__(self, total: int, progress: Progress) -> None:
        self.done = Done()
        self.total = total
        self._progress = progress
        self.interrupted = False

    def follow(self, found: Iterator[Done]) -> None:
        """Add everything up, until it ends or somebody ends it."""
        try:
            for done in found:
                self.done += done
                self._progress(self.done.captions, self.total)
        except KeyboardInterrupt:
            self.interrupted = True


def order_folder(job: Job, folder: Path, choices: Choices, progress: Progress) -> Report:
    """Order every caption of a folder. Raises CrewError."""
    start = time.monotonic()
    files, lonely = caption_files.caption_files(folder, choices.ending, alone=choices.alone)
    kept = folder / caption_files.KEPT / _now()
    tally = _Tally(len(files), progress)
    workers = _workers(choices, len(files))
    with closing(answers(FolderShare(job, folder, files, kept), workers)) as found:
        tally.follow(found)
    where = str(kept) if kept.exists() else None
    return _report(job, folder, tally, start, lonely=lonely, kept=where)


def order_table(job: Job, table: Path, choices: Choices, progress: Progress) -> Report:
    """Order every line of a table. Raises CrewError, CaptionFileError, OSError."""
    start = time.monotonic()
    if table.is_symlink() or not table.is_file():
        raise CaptionFileError(f"{table}: found no regular file; allowed: a folder, or a table, no link")
    total = _lines(table)
    part = Part(job, table, choices.field)
    resumed = 0 if job.dry else part.finished()
    tally = _Tally(total - resumed, progress)
    workers = _workers(choices, total - resumed)
    kept: Path | None = None
    with closing(answers(TableShare(job, table, choices.field, resumed), workers)) as found:
        tally.follow(_appended(found, part, dry=job.dry))
    if not job.dry and not tally.interrupted:
        kept = table.parent / caption_files.KEPT / _now() / table.name
        caption_files.keep(table, kept)
        part.take_place()
    return _report(job, table, tally, start, resumed=resumed, kept=str(kept) if kept else None)


def _appended(found: Iterator[Lines], part: Part, *, dry: bool) -> Iterator[Done]:
    for lines in found:
        if not dry:
            part.append(lines.content)
        yield lines.done


def _report(
    job: Job, path: Path, tally: _Tally, start: float, *, lonely: int = 0, resumed: int = 0, kept: str | None
) -> Report:
    seconds = round(time.monotonic() - start, 3)
    parts = (str(path), job.profile, job.separator, job.dry, tally.done, tally.total)
    return Report(*parts, lonely, resumed, kept, seconds, tally.interrupted)


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S-%f")


def _lines(table: Path) -> int:
    with table.open("rb") as stream:
        return sum(1 for _ in stream)


def _workers(choices: Choices, captions: int) -> int:
    return max(1, min(choices.workers, captions // _FEWEST))


def processors() -> int:
    """How many processes this machine can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
