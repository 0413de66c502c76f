"""Normal forms and spellings."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.profiles import Spelling
from modelwise.spelling import escaped, normal_form, spelled
from modelwise.terms import Basis
from tests.support.reading import read

USUAL = Spelling(basis=Basis.STATED, source="card")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("long_hair", "long hair"),
        ("Long Hair", "long hair"),
        ("ganyu \\(genshin impact\\)", "ganyu_(genshin_impact)"),
        ("ganyu（genshin impact）", "ganyu(genshin impact)"),
        ("ｓｍｉｌｅ", "smile"),
        ("  a   b ", "a b"),
        ("a\\\\b", "a\\b"),
    ],
)
def test_one_normal_form(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


@given(st.text(max_size=30))
def test_a_normal_form_is_stable_without_escapes(text: str) -> None:
    form = normal_form(text)
    assert "\\" in form or normal_form(form) == form


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("long_hair", "long hair"),
        ("o_o", "o_o"),
        ("^_^", "^_^"),
        (">_<", ">_<"),
        ("Foo_(Bar)", "foo \\(bar\\)"),
        (";)", ";\\)"),
        ("a[b]", "a\\[b\\]"),
    ],
)
def test_spelled(name: str, expected: str) -> None:
    assert spelled(name, USUAL) == expected


def test_a_card_may_keep_things() -> None:
    kept = Spelling(basis=Basis.STATED, source="card", underscores="keep", parentheses="keep", case="keep")
    assert spelled("Foo_(Bar)", kept) == "Foo_(Bar)"


@pytest.mark.parametrize(
    ("changed", "source", "expected"),
    [
        ({"underscores": "keep"}, "Long_Hair", "long_hair"),
        ({"underscores": "keep"}, "long hair", "long hair"),
        ({"parentheses": "keep"}, "Firefly_\\(Honkai\\)", "firefly \\(honkai\\)"),
        ({"parentheses": "keep"}, "firefly (honkai)", "firefly (honkai)"),
        ({"case": "keep"}, "Hatsune_Miku (X)", "Hatsune Miku \\(X\\)"),
        ({"case": "keep"}, "Hatsune_Miku \\(X\\)", "Hatsune Miku \\(X\\)"),
        ({}, "LONG_hair", "from the list"),
    ],
)
def test_what_a_card_keeps_is_the_users(changed: dict[str, str], source: str, expected: str) -> None:
    spelling = msgspec.structs.replace(USUAL, **changed)
    assert spelled("from the list", spelling, source) == expected


@given(st.text(alphabet="ab ()[]", min_size=1, max_size=12))
def test_what_is_escaped_has_no_weight(name: str) -> None:
    units = read(escaped(name), negative=True).units()
    assert all(weight == 1.0 for unit in units for _, weight in unit)
