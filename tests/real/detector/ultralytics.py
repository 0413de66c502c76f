"""Stands in for ADetailer's detector, whose weights are not ours to have: it finds one face, in the middle."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np


class _Found:
    """An array that can be taken off a graphics card."""

    def __init__(self, values: list[Any]) -> None:
        self._array = np.array(values)

    def cpu(self) -> _Found:
        """Itself: it was never on one."""
        return self

    def numpy(self) -> Any:
        """The array."""
        return self._array


class YOLO:
    """Asked as the real one is."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, image: Any, **_more: Any) -> list[Any]:
        """One box over the middle half of the image."""
        width, height = image.size
        box = [width / 4, height / 4, width * 3 / 4, height * 3 / 4]
        boxes = SimpleNamespace(xyxy=_Found([box]), conf=_Found([1.0]))
        turned = np.asarray(image)[:, :, ::-1]  # blue first
        return [SimpleNamespace(boxes=boxes, masks=None, plot=turned.copy)]
