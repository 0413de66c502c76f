"""Scores of images by the scorers of one folder: each loaded when first needed, until all are closed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from modelwise.scores import images
from modelwise.scores.known import KnownScorer
from modelwise.scores.problems import ImageError
from modelwise.scores.scorer import Device, LoadedScorer, Prepared, Say

_END = 65_536


class Judge:
    """Scores images. `models`: the folder with a folder for each scorer."""

    def __init__(self, models: Path, device: Device = "auto", say: Say = lambda _: None) -> None:
        self._models = models
        self._device = device
        self._say = say
        self._loaded: dict[str, LoadedScorer] = {}

    def outcomes(self, known: KnownScorer, sources: Sequence[Any]) -> list[float | str]:
        """One scorer's score of each image (a path or a Pillow image), or why not. Raises ScorerError."""
        scorer = self._scorer(known)
        prepared = [_prepared(scorer, source) for source in sources]
        scores = iter(scorer.scores([each for each in prepared if not isinstance(each, str)]))
        return [each if isinstance(each, str) else next(scores) for each in prepared]

    def mark(self, known: KnownScorer) -> str:
        """What tells a scorer's files from others of the same names, without reading gigabytes."""
        digest = sha256()
        for file in known.files:
            path = known.file(file.name, self._models / known.id)
            with path.open("rb") as stream:
                size = stream.seek(0, 2)
                digest.update(f"{path.name} {size}\n".encode())
                for place in (0, max(0, size - _END)):
                    stream.seek(place)
                    digest.update(stream.read(_END))
        return digest.hexdigest()[:16]

    def close(self) -> None:
        """Give the memory back."""
        while self._loaded:
            self._loaded.popitem()[1].close()

    def _scorer(self, known: KnownScorer) -> LoadedScorer:
        if known.id not in self._loaded:
            folder = self._models / known.id
            self._loaded[known.id] = LoadedScorer(known, folder, self._device, self._say)
        return self._loaded[known.id]


def _prepared(scorer: LoadedScorer, source: Any) -> Prepared | str:
    try:
        image = images.opened(source) if isinstance(source, Path) else images.plain(source)
        return scorer.prepared(image)
    except ImageError as error:
        return str(error)
