"""Which items moved: those outside a longest run that kept its order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise


def moved(origins: Sequence[int]) -> Iterator[int]:
    """The new places of the items outside a longest common subsequence of the old order and the new."""
    user = [at for at, origin in enumerate(origins) if origin >= 0]
    places = [origins[at] for at in user]
    if all(left < right for left, right in pairwise(places)):
        return
    kept = set(_longest_rising(places))
    for at in user:
        if origins[at] not in kept:
            yield at


def _longest_rising(places: Sequence[int]) -> Iterator[int]:
    """A longest strictly rising subsequence of distinct numbers, last first (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, place in enumerate(places):
        pile = bisect_left(tops, place)
        tops[pile : pile + 1] = [place]
        ends[pile : pile + 1] = [at]
        before.append(ends[pile - 1] if pile else -1)
    at = ends[-1] if ends else -1
    while at >= 0:
        yield places[at]
        at = before[at]
