"""Reports: what they say of moves, and how they read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from modelwise.classify import Reading
from modelwise.compile import Request
from modelwise.moves import moved
from modelwise.profiles import Slot
from modelwise.report import Entry, line, summary, warning
from tests.support.checking import check, compiler


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
    readings = [Reading(str(at), str(at), Slot.GENERAL, 0, "", ()) for at in order]
    found = [int(reading.source) for reading in moved(order, readings)]
    assert len(found) == len(order) - longest_common(sorted(order), order)
    kept = [at for at in order if at not in found]
    assert kept == sorted(kept)


def test_one_moved_tag_is_one_entry() -> None:
    result = check(compiler("animagine-xl-4.0"), Request("smile, night, hat, 1girl"))
    assert [entry.item for entry in result.report if entry.kind == "moved"] == ["1girl"]


def test_lines() -> None:
    entry = Entry("respelled", "a_b", "a b", "general", "prompt", "why")
    assert line(entry) == "~ a_b → a b [general] (prompt): why"
    assert "\x1b[33m" in line(entry, colour=True)
    assert line(warning("negative", "", "why")) == "! (negative): why"


def test_summary() -> None:
    result = check(compiler("animagine-xl-4.0"), Request("smile, 1girl"))
    assert summary(result.report, result.settings) == (
        "+4 tags · 1 moved · negative +18 · 832x1216, CFG 5, 28 steps, Euler a"
    )
    assert summary((), {}) == "nothing to change"
