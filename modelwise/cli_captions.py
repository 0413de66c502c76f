"""The command `captions`: a folder or a table of training captions in a model's trained order."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from pathlib import Path
from typing import Any

from modelwise.session import Session, json_text

OK, FAILED, INTERRUPTED = 0, 1, 130
_MOST_PROBLEMS = 20
_WIDTH = 30


def add_commands(commands: Any) -> None:
    """Add it to a parser's commands."""
    captions = commands.add_parser("captions", help="training captions in the model's trained order")
    captions.add_argument(
        "path", type=Path, metavar="PATH", help="a folder, or a table: one JSON object a line"
    )
    captions.add_argument("--profile", required=True, metavar="ID")
    captions.add_argument("--dry-run", action="store_true", help="only show what would change")
    separator = captions.add_mutually_exclusive_group()
    separator.add_argument("--separator", metavar="TEXT", help="kohya's keep_tokens_separator: '|||'")
    separator.add_argument(
        "--no-separator", action="store_true", help="put none in, even if the profile has one"
    )
    captions.add_argument("--ending", default=".txt", help="how the names of captions end")
    captions.add_argument("--alone", action="store_true", help="also files that have no image beside them")
    captions.add_argument("--field", help="where a table has its captions; else caption, tags or text")
    captions.add_argument("--workers", type=int, metavar="N", help="processes; else one a processor")
    captions.add_argument("--vocabulary", action="append", default=[], metavar="CSV")
    captions.add_argument("--json", action="store_true", help="machine-readable output")
    captions.set_defaults(run=_captions)


def _captions(session: Session, options: argparse.Namespace) -> int:
    """Exit code 1 where a caption had to be left alone, 130 where Ctrl+C ended it."""
    # Here, because no other command needs it.
    runs = importlib.import_module("modelwise.captions.runs")
    job = _job(session, options)
    workers = runs.processors() if options.workers is None else options.workers
    choices = runs.Choices(options.ending, options.alone, options.field, workers)
    bar = _Bar()
    order = runs.order_folder if options.path.is_dir() else runs.order_table
    try:
        report = order(job, options.path, choices, bar)
    finally:
        bar.end()
    sys.stdout.write(json_text(report) if options.json else _readable(report))
    if report.interrupted:
        return INTERRUPTED
    return FAILED if report.done.problems else OK


def _job(session: Session, options: argparse.Namespace) -> Any:
    """What is to be done. Raises ValueError for what can't be."""
    if not options.path.exists():
        raise ValueError(f"{options.path}: found nothing; allowed: a folder, or a table of captions")
    profile = session.profile(options.profile)
    if profile.order is None or len(profile.order.slots) < 2:
        raise ValueError(f"profile: found {options.profile!r}, which has no order; allowed: one that has")
    separator = None if options.no_separator else options.separator or profile.order.separator or None
    if separator and ("," in separator or separator != separator.strip()):
        raise ValueError(f"--separator: found {separator!r}; allowed: without comma and space, such as '|||'")
    session.load()  # problems of lists and profiles are told here, once
    job = importlib.import_module("modelwise.captions.job")
    folders = tuple(Path(folder) for folder in options.profiles)
    vocabularies = tuple(Path(file) for file in options.vocabulary)
    return job.Job(options.profile, folders, vocabularies, separator, options.dry_run)


def _readable(report: Any) -> str:
    done = report.done
    lines = []
    for change in done.changes:
        lines.append(f"--- {change.place}")
        lines += [f"- {line}" for line in change.before.split("\n")]
        lines += [f"+ {line}" for line in change.after.split("\n")]
    lines += [f"{each.place}: left alone: {each.reason}" for each in done.problems[:_MOST_PROBLEMS]]
    if len(done.problems) > _MOST_PROBLEMS:
        lines.append(f"and {len(done.problems) - _MOST_PROBLEMS:,} more; --json names all")
    change = "would change" if report.dry else "changed"
    lines.append(f"{done.captions:,} captions: {done.changed:,} {change}, {done.moved:,} tags moved")
    notes = (
        (done.held, f"{done.held:,} lines of plain language left as they are"),
        (len(done.problems), f"{len(done.problems):,} files or lines left alone"),
        (report.lonely, f"{report.lonely:,} files without an image not looked at (--alone takes them)"),
        (report.resumed, f"{report.resumed:,} lines were finished by an earlier run"),
        (report.kept, f"as they were: {report.kept}"),
        (
            report.interrupted,
            f"interrupted after {done.captions:,} of {report.total:,}; run it again to go on",
        ),
    )
    return "\n".join([*lines, *(text for holds, text in notes if holds)]) + "\n"


class _Bar:
    """How far it is, on a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._start = time.monotonic()
        self._next = 0.0

    def __call__(self, done: int, total: int, /) -> None:
        now = time.monotonic()
        if not self._shown or (now < self._next and done < total):
            return
        self._next = now + 0.1
        filled = "#" * (_WIDTH * done // max(total, 1))
        speed = done / max(now - self._start, 0.001)
        sys.stderr.write(f"\r[{filled:{_WIDTH}}] {done:,} of {total:,}, {speed:,.0f} a second ")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._shown and self._next:
            sys.stderr.write("\n")
