"""How long each kind of work took when it was last done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter


class Timings:
    """Milliseconds by the name of the work; an entry is replaced as a whole, so threads need no lock."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    @contextmanager
    def measured(self, name: str) -> Iterator[None]:
        """Measure what is done inside; what fails counts too."""
        start = perf_counter()
        try:
            yield
        finally:
            self._last[name] = (perf_counter() - start) * 1000

    def last(self) -> Mapping[str, float]:
        """What was measured last, by name."""
        return dict(self._last)
