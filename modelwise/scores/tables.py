"""The scores of many images with the tags of the cards: as data for JSON, and as a table for CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from modelwise.scores.histogram import Histogram, histogram
from modelwise.scores.journal import Row
from modelwise.scores.verdicts import Scale, verdicts


@dataclass(frozen=True, slots=True)
class ScoredImage:
    """One image. `scores`: by scorer; `tags`: by profile and slot, null where its card has none."""

    file: str
    scores: dict[str, float] = field(default_factory=dict)
    tags: dict[str, dict[str, str | None]] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """All images of a folder, and how many each tag would have got."""

    images: tuple[ScoredImage, ...]
    histograms: tuple[Histogram, ...]


def table(rows: Sequence[Row], scales: Sequence[Scale]) -> Table:
    """What is known of each image, in the order in which they first come."""
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        by_file.setdefault(row.file, []).append(row)
    scored = {row.scorer for row in rows}
    return Table(
        tuple(_image(file, mine, scales) for file, mine in by_file.items()),
        tuple(
            histogram(
                scale, (row.score for row in rows if row.scorer == scale.scorer and row.score is not None)
            )
            for scale in scales
            if scale.scorer in scored
        ),
    )


def _image(file: str, rows: Iterable[Row], scales: Sequence[Scale]) -> ScoredImage:
    scores: dict[str, float] = {}
    error = ""
    for row in rows:
        if row.score is None:
            error = row.error
        else:
            scores[row.scorer] = row.score
    tags: dict[str, dict[str, str | None]] = {}
    for verdict in verdicts(scales, scores):
        tags.setdefault(verdict.profile, {})[verdict.slot.value] = verdict.tag
    return ScoredImage(file, scores, tags, error)


def csv_text(found: Table, scorers: Sequence[str], scales: Sequence[Scale]) -> str:
    """One line an image: its scores by scorer, then its tags by profile and slot."""
    used = [scale for scale in scales if scale.scorer in scorers]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", *scorers, *(f"{scale.profile} {scale.slot.value}" for scale in used), "error"])
    for image in found.images:
        tags = (image.tags.get(scale.profile, {}).get(scale.slot.value) or "" for scale in used)
        scores = (image.scores.get(scorer, "") for scorer in scorers)
        writer.writerow([image.file, *scores, *tags, image.error])
    return text.getvalue()
