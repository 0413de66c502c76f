"""The images of a folder, scored in batches; what a journal has already is not scored again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from modelwise.scores.images import ENDINGS
from modelwise.scores.journal import Journal, Row
from modelwise.scores.known import KnownScorer

Progress = Callable[[int, int], None]
"""So many are done, of so many."""


class Scoring(Protocol):
    """Who scores images: a Judge."""

    def outcomes(self, known: KnownScorer, sources: Sequence[Any]) -> list[float | str]:
        """One scorer's score of each image, or why not."""

    def mark(self, known: KnownScorer) -> str:
        """What tells a scorer's files from others."""

    def close(self) -> None:
        """Give the memory back."""


def images_in(folder: Path) -> list[Path]:
    """The images of a folder and those below, hidden ones left out, in a fixed order. Raises OSError."""

    def refused(error: OSError) -> None:
        raise error

    found = []
    for place, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (Path(place, name) for name in sorted(names) if not name.startswith("."))
        found += [path for path in paths if path.suffix.lower() in ENDINGS and path.is_file()]
    return found


def shown(folder: Path, path: Path) -> str:
    """An image's name in the results: its way from the folder, with slashes, in UTF-8."""
    return os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "backslashreplace")


def score_folder(
    folder: Path,
    known: Sequence[KnownScorer],
    judge: Scoring,
    journal: Journal,
    batch: int,
    progress: Progress = lambda *_: None,
) -> list[Row]:
    """Score what is new, one scorer after the other; gives the rows of all images that are there.

    Raises ScorerError and OSError; what was scored until then is in the journal.
    """
    paths = images_in(folder)
    wanted = [
        (path, row) for scorer in known for path, row in _rows(folder, paths, scorer.id, judge.mark(scorer))
    ]
    left = [(path, row) for path, row in wanted if not journal.has(row)]
    done = len(wanted) - len(left)
    progress(done, len(wanted))
    for scorer in known:
        mine = [(path, row) for path, row in left if row.scorer == scorer.id]
        for start in range(0, len(mine), batch):
            some = mine[start : start + batch]
            outcomes = judge.outcomes(scorer, [path for path, _ in some])
            journal.add(_filled(row, outcome) for (_, row), outcome in zip(some, outcomes))
            done += len(some)
            progress(done, len(wanted))
        judge.close()
    return [journal.rows[row.file, row.scorer] for _, row in wanted]


def _rows(folder: Path, paths: Sequence[Path], scorer: str, weights: str) -> Iterator[tuple[Path, Row]]:
    for path in paths:
        facts = path.stat()
        yield path, Row(shown(folder, path), facts.st_size, facts.st_mtime_ns, scorer, weights)


def _filled(row: Row, outcome: float | str) -> Row:
    score, error = (None, outcome) if isinstance(outcome, str) else (outcome, "")
    return Row(row.file, row.size, row.modified, row.scorer, row.weights, score, error)
