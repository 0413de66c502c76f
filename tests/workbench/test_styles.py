"""Styles are merged the way the recordings of the real WebUI show."""

from __future__ import annotations

import pytest

from modelwise.workbench.styles import STYLES, merged, named


@pytest.mark.parametrize(
    ("text", "pieces", "expected"),
    [
        ("1girl", [], "1girl"),
        ("1girl", ["night"], "1girl, night"),
        ("1girl", ["STYLE a, {prompt}, STYLE b"], "STYLE a, 1girl, STYLE b"),
        ("1girl", ["bright", "plain"], "1girl, bright, plain"),
        ("", ["night"], "night"),
        ("1girl", [""], "1girl"),
        ("", ["{prompt}"], ""),
        ("{prompt}", ["a {prompt}"], "a {prompt}"),
    ],
)
def test_merged(text: str, pieces: list[str], expected: str) -> None:
    assert merged(text, pieces) == expected


def test_named_keeps_the_users_order_and_leaves_unknown_names_out() -> None:
    last, first = STYLES[-1], STYLES[0]
    assert named([last.name, "no such style", first.name]) == (last, first)
