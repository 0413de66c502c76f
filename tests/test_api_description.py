"""What API clients are told of our arguments: every option, every value."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, get_args

import pytest

from modelwise.compile import Switches
from modelwise.intent import Intent
from modelwise.settings import Box, Field, Policy
from modelwise.terms import QualityLevel
from modelwise.webui.api_description import LABELS, OPTIONS, described
from modelwise.webui.choices import PANEL_ARGUMENTS, Mode, Options
from modelwise.words import RATINGS

COUNT = len(PANEL_ARGUMENTS)


def test_a_label_for_each_argument() -> None:
    assert len(LABELS) == COUNT == len(set(LABELS))


def test_every_option_with_every_value_is_named() -> None:
    assert tuple(OPTIONS) == Options.__struct_fields__
    assert all(f"{name}: {text}" in LABELS[0] for name, text in OPTIONS.items())
    assert all(mode in OPTIONS["mode"] for mode in get_args(Mode))
    assert all(name in OPTIONS["intent"] for name in Intent.__struct_fields__)
    assert all(value in OPTIONS["intent"] for value in (*get_args(QualityLevel), *RATINGS))
    assert all(name in OPTIONS["switches"] for name in Switches.__struct_fields__)
    assert all(value in OPTIONS["policy"] for value in (*get_args(Policy), *get_args(Field)))
    assert all(value in OPTIONS["untouched"] for value in (*get_args(Field), *get_args(Box)))


@pytest.mark.parametrize("count", [0, 3, COUNT, COUNT + 2])
def test_only_labels_change(count: int) -> None:
    arguments = [SimpleNamespace(label="as it was", value=number) for number in range(count)]
    found = described(SimpleNamespace(name="modelwise", args=arguments))
    assert [one.label for one in found.args][:COUNT] == list(LABELS[:count])
    assert [one.label for one in found.args][COUNT:] == ["as it was"] * (count - COUNT)
    assert [one.value for one in found.args] == list(range(count))


@pytest.mark.parametrize("information", [None, SimpleNamespace(), SimpleNamespace(args=None)])
def test_a_host_without_such_a_list_is_left_alone(information: Any) -> None:
    assert described(information) is information
