"""Reports: how their lines read, and the one line that says all."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from modelwise.compile import Request
from modelwise.report import Entry, Kind, line, settings_text, summary, warning
from tests.support.checking import check, compiler


def entry(kind: Kind = "added", where: Any = "prompt", item: str = "smile", **more: Any) -> Entry:
    return msgspec.structs.replace(Entry(kind, item, None, None, where, "because"), **more)


def test_one_moved_tag_is_one_entry() -> None:
    result = check(compiler("animagine-xl-4.0"), Request("smile, night, hat, 1girl"))
    assert [entry.item for entry in result.report if entry.kind == "moved"] == ["1girl"]


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (entry(), "+ smile (prompt): because"),
        (entry("moved", slot="general"), "↕ smile [general] (prompt): because"),
        (entry("respelled", to="a b", item="a_b", slot="general"), "~ a_b → a b [general] (prompt): because"),
        (entry("left_out", "negative"), "- smile (negative): because"),
        (entry("kept"), "= smile (prompt): because"),
        (entry("added", "settings", "steps", to="28"), "+ steps → 28 (settings): because"),
        (warning("prompt", "", "left alone"), "! (prompt): left alone"),
    ],
)
def test_line(found: Entry, text: str) -> None:
    assert line(found) == text


@pytest.mark.parametrize("kind", get_args(Kind))
def test_colour_changes_nothing_but_the_colour(kind: Kind) -> None:
    coloured = line(entry(kind, slot="general"), colour=True)
    assert coloured != line(entry(kind, slot="general"))
    start, head, rest = coloured.split("\x1b[", 2)
    assert start == "" and rest.startswith("0m [general]")
    assert head.split("m", 1)[1] + rest[2:] == line(entry(kind, slot="general"))


def test_every_kind_has_its_own_sign() -> None:
    assert len({line(entry(kind))[0] for kind in get_args(Kind)}) == len(get_args(Kind))


def test_report_is_written_with_all_its_keys() -> None:
    assert list(msgspec.to_builtins(entry())) == ["kind", "item", "to", "slot", "where", "reason"]


def test_summary_of_a_result() -> None:
    result = check(compiler("animagine-xl-4.0"), Request("smile, 1girl"))
    assert summary(result.report, result.settings) == (
        "+4 tags · 1 moved · negative +18 · 832x1216, CFG 5, 28 steps, Euler a"
    )


@pytest.mark.parametrize(
    ("entries", "settings", "text"),
    [
        ((), {}, "nothing to change"),
        ((entry("kept"), entry("warning")), {}, "nothing to change"),
        ((entry(),), {}, "+1 tag"),
        ((entry(), entry(), entry("added", "negative")), {}, "+2 tags · negative +1"),
        ((entry("moved"), entry("moved"), entry("respelled")), {}, "2 moved · 1 respelled"),
        ((entry("left_out", "negative"), entry("left_out")), {}, "2 left out"),
        ((entry(item=","),), {}, "nothing to change"),
        ((entry("added", "settings"),), {"cfg_scale": 5.0}, "CFG 5"),
    ],
)
def test_summary(entries: tuple[Entry, ...], settings: dict[str, Any], text: str) -> None:
    assert summary(entries, settings) == text


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({}, ""),
        ({"width": 832, "height": 1216}, "832x1216"),
        ({"cfg_scale": 5.5, "steps": 28}, "CFG 5.5, 28 steps"),
        ({"sampler": "Euler a", "scheduler": "Automatic"}, "Euler a"),
        ({"clip_skip": 2}, "clip skip 2"),
    ],
)
def test_settings_in_a_few_words(settings: dict[str, Any], text: str) -> None:
    assert settings_text(settings) == text


def test_warning() -> None:
    assert warning("settings", "size", "big") == Entry("warning", "size", None, None, "settings", "big")
