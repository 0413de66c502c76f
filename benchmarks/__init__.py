"""Benchmarks: every figure is a ratio against a baseline that is measured in the same run.

A module of this package that measures something has `figures(options)`, which yields `Figure`s;
`run` prints them as one table.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

MILLISECONDS = 1e3


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, in `unit`. `target`: what it must not exceed, or with `at_least` must reach, where
    there is such a bound.

    `baseline` is what the value is held against, in the same unit.
    """

    name: str
    value: float
    unit: str = "ms"
    target: float | None = None
    baseline: float | None = None
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times the baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def ok(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target


Options = argparse.Namespace


def timed(work: Callable[[], object]) -> float:
    """How many milliseconds one call takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * MILLISECONDS


def median_time(work: Callable[[], object], repeats: int) -> float:
    """The median of several calls, in milliseconds."""
    return statistics.median(timed(work) for _ in range(repeats))


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]
