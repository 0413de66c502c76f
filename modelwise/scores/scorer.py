"""One scorer in memory: where it computes, in which precision, and what happens when memory runs out."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from modelwise.scores import heads, images
from modelwise.scores.configs import Preprocessing, read_preprocessing
from modelwise.scores.known import PREPROCESSING, KnownScorer
from modelwise.scores.problems import ScorerError
from modelwise.scores.vision import Tensors

Device = Literal["auto", "cpu", "cuda"]
Say = Callable[[str], None]
Prepared = np.ndarray[Any, np.dtype[np.float32]]

_NO_MEMORY = "memory ran out"
_NO_NUMBER = "a score was no number"


class LoadedScorer:
    """A scorer that takes memory until it is closed. `say`: who is told when it moves to the processor."""

    def __init__(
        self, known: KnownScorer, folder: Path, device: Device = "auto", say: Say = lambda _: None
    ) -> None:
        self.known = known
        self.device = _chosen(device)
        self._folder = folder
        self._say = say
        self._preprocessing = _preprocessing(known, folder)
        self._score: heads.Scoring | None = None
        self._load()

    def prepared(self, image: Any) -> Prepared:
        """A plain image as this scorer takes it."""
        return images.numbers(image, self._preprocessing)

    def scores(self, prepared: Sequence[Prepared]) -> list[float]:
        """The scores of prepared images, from 0 to 1. Raises ScorerError.

        Too many for the memory are halved; one too many for the graphics card goes to the processor.
        """
        if not prepared:
            return []
        found = self._run(prepared)
        if found and all(map(math.isfinite, found)):
            return found
        if not found and len(prepared) > 1:
            middle = len(prepared) // 2
            return self.scores(prepared[:middle]) + self.scores(prepared[middle:])
        self._move(_NO_NUMBER if found else _NO_MEMORY)
        return self.scores(prepared)

    def close(self) -> None:
        """Give the memory back."""
        self._score = None
        self._free()

    def _run(self, prepared: Sequence[Prepared]) -> list[float]:
        """The scores; none where memory ran out."""
        if self._score is None:
            raise ScorerError(f"{self.known.id}: found it closed; allowed: one that is loaded")
        try:
            pixels = torch.from_numpy(np.stack(prepared)).to(self.device, self._precision)
            with torch.inference_mode(), torch.autocast(self.device.type, enabled=False):
                return [float(score) for score in self._score(pixels).cpu().tolist()]
        except (RuntimeError, MemoryError) as error:
            if not _ran_out(error):
                raise
        self._free()
        return []

    @property
    def _precision(self) -> torch.dtype:
        return torch.float16 if self.known.half and self.device.type != "cpu" else torch.float32

    def _load(self) -> None:
        try:
            self._score = heads.loaded(self.known, self._folder, self._placed)
        except (RuntimeError, MemoryError) as error:
            if not _ran_out(error):
                raise
        if self._score is None:
            self._move(_NO_MEMORY)

    def _placed(self, tensors: Tensors) -> Tensors:
        return {name: tensor.to(self.device, self._precision) for name, tensor in tensors.items()}

    def _move(self, reason: str) -> None:
        """To the processor, from the files: what stood on the card was rounded."""
        if self.device.type == "cpu":
            raise ScorerError(f"{self.known.id}: {reason}, on the processor too")
        self._say(f"{self.known.id}: {reason} on the graphics card; the processor goes on, more slowly")
        self.close()
        self.device = torch.device("cpu")
        self._load()

    def _free(self) -> None:
        gc.collect()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()


def _preprocessing(known: KnownScorer, folder: Path) -> Preprocessing:
    missing = known.missing(folder)
    if missing:
        raise ScorerError(f"{known.id}: found no {', '.join(missing)} in {folder}; allowed: all of its files")
    found = read_preprocessing(known.file(PREPROCESSING, folder))
    size = heads.image_size(known, folder)
    if found.size != (size, size):
        shown, allowed = " x ".join(map(str, found.size)), f"{size} x {size}, as config.json says"
        raise ScorerError(f"{PREPROCESSING}: size: found {shown}; allowed: {allowed}")
    return found


def _chosen(device: Device) -> torch.device:
    if device == "cuda" and not torch.cuda.is_available():
        raise ScorerError("device: found no CUDA here; allowed: auto, cpu")
    has_card = device != "cpu" and torch.cuda.is_available()
    return torch.device("cuda" if has_card else "cpu")


def _ran_out(error: Exception) -> bool:
    """Whether memory ran out: the card has an error of its own for that, the processor only words."""
    return isinstance(error, (MemoryError, torch.cuda.OutOfMemoryError)) or "memory" in str(error).lower()
