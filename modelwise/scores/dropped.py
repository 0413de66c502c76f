"""Scores of some images at hand, dropped in or just generated, with the tags of the cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modelwise.scores.folder import Scoring
from modelwise.scores.journal import Row
from modelwise.scores.known import KnownScorer
from modelwise.scores.tables import Table, table
from modelwise.scores.verdicts import Scale


def score_images(
    images: Sequence[tuple[str, Any]], known: Sequence[KnownScorer], judge: Scoring, scales: Sequence[Scale]
) -> Table:
    """The scores of images by name, each a path or a Pillow image. Names must differ. Raises ScorerError."""
    rows = []
    for scorer in known:
        outcomes = judge.outcomes(scorer, [image for _, image in images])
        for (name, _), outcome in zip(images, outcomes):
            score, error = (None, outcome) if isinstance(outcome, str) else (outcome, "")
            rows.append(Row(name, 0, 0, scorer.id, "", score, error))
    return table(rows, scales)
