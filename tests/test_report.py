"""Reports: how their lines read."""

from __future__ import annotations

from modelwise.compile import Request
from modelwise.report import Entry, line, summary, warning
from tests.support.checking import check, compiler


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
