"""Moved: what stands outside a longest common subsequence of the old order and the new."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from modelwise.moves import moved


def longest_common(first: list[int], second: list[int]) -> int:
    """The length of a longest common subsequence, the slow and sure way."""
    row = [0] * (len(second) + 1)
    for one in first:
        above = row
        row = [0]
        for at, other in enumerate(second):
            row.append(above[at] + 1 if one == other else max(above[at + 1], row[at]))
    return row[-1]


@given(st.integers(0, 9).flatmap(lambda count: st.permutations(range(count))))
def test_moved_is_what_stands_outside_a_longest_common_subsequence(order: list[int]) -> None:
    found = [order[at] for at in moved(order)]
    assert len(found) == len(order) - longest_common(sorted(order), order)
    kept = [at for at in order if at not in found]
    assert kept == sorted(kept)
