"""The line of ours in an image's infotext, and how a pasted infotext is read."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.webui.choices import is_foreign, read_choices
from modelwise.webui.infotext import KEY, Record, Words, pasted, read, written
from tests.support.checking import bundled

PROFILE = bundled()["animagine-xl-4.0-opt"]
PARAMETER = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
"""The WebUI's own expression for one entry of an infotext's last line."""

TEXTS = st.one_of(
    st.text(),
    st.text(alphabet='a,:"\\\n\r{}é🎉 ', max_size=40),
    st.sampled_from(['Steps: 20, Sampler: "x"', "Negative prompt: a\nSteps: 2", "\u2028", "\x00", "\\", '"']),
)
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["auto", "on"]),
        "preset": st.one_of(st.none(), st.text(max_size=20)),
        "policy": st.one_of(st.just("force"), st.just({"size": "keep", "steps": "fill"})),
        "intent": st.fixed_dictionaries(
            {"quality": st.sampled_from([None, "standard", "light", "heavy"])},
            optional={
                "rating": st.sampled_from([None, "general", "explicit"]),
                "year": st.one_of(st.none(), st.integers(1900, 2100)),
                "aesthetic": st.sampled_from([None, "high"]),
            },
        ),
    },
)


def line_of(value: str) -> str:
    """An infotext's last line as the WebUI writes it."""
    quoted = json.dumps(value, ensure_ascii=False) if any(mark in value for mark in ",\n:") else value
    return f"Steps: 28, Sampler: Euler a, {KEY}: {quoted}, Version: v1.10.1"


def parameters(line: str) -> dict[str, Any]:
    """An infotext's last line as the WebUI reads it."""
    found: dict[str, Any] = {}
    for key, value in PARAMETER.findall(line):
        found[key] = json.loads(value) if value[:1] == '"' == value[-1:] else value
    return found


@given(CHOICES, st.one_of(st.none(), TEXTS), st.one_of(st.none(), TEXTS))
def test_round_trip_through_the_webuis_own_quoting(
    wanted: dict[str, Any], prompt: str | None, negative: str | None
) -> None:
    choices = read_choices([wanted])
    value = written(choices, "auto", PROFILE, Words(prompt, negative, negative, prompt))
    line = line_of(value)
    assert "\n" not in line
    params = parameters(line)
    assert params["Steps"] == "28" and params["Version"] == "v1.10.1"
    record = read(params)
    assert record is not None
    assert (record.profile, record.version, record.choice) == (PROFILE.id, PROFILE.version, "auto")
    assert (record.prompt, record.negative) == (prompt, negative)
    assert (record.hires, record.hires_negative) == (negative, prompt)
    assert (record.mode, record.preset, record.policy) == (choices.mode, choices.preset, choices.policy)
    intent = choices.intent
    assert (record.quality, record.rating, record.year) == (intent.quality, intent.rating, intent.year)
    assert record.aesthetic == intent.aesthetic


def test_choice_is_what_the_caller_says() -> None:
    record = read({KEY: written(read_choices([{}]), "animagine-xl-3.1", PROFILE, Words())})
    assert record is not None and record.choice == "animagine-xl-3.1"


def test_switches_that_were_off_are_told() -> None:
    choices = read_choices([{"switches": {"order": False, "negative": False}}])
    record = read({KEY: written(choices, "auto", PROFILE, Words())})
    assert record is not None and set(record.off) == {"order", "negative"}


def test_user_words_are_absent_where_nothing_differs() -> None:
    value = json.loads(written(read_choices([]), "auto", PROFILE, Words()))
    assert "prompt" not in value and "negative" not in value
    assert value["profile"] == PROFILE.id and value["version"] == PROFILE.version


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "x",
        "{}",
        "[]",
        "3",
        "null",
        '{"profile": "a"}',
        '{"profile": 1, "version": 1}',
        '{"x": ' + "[" * 100_000,
        {},
        3,
        ["a"],
    ],
)
def test_unreadable_record_is_none(value: Any) -> None:
    params = {"Steps": "20", "Prompt": "a", KEY: value}
    assert read(params) is None
    assert json.loads(pasted(params))["ours"] is False


@given(st.one_of(TEXTS, st.dictionaries(st.sampled_from(Record.__struct_fields__), TEXTS).map(json.dumps)))
def test_any_value_is_a_record_or_none(value: str) -> None:
    record = read({KEY: value})
    assert record is None or isinstance(record, Record)


def test_record_of_a_later_version_is_read() -> None:
    record = read({KEY: '{"profile": "a", "version": 9, "mood": "sad", "rating": "explicit"}'})
    assert record is not None and (record.version, record.rating) == (9, "explicit")


def test_paste_of_ours() -> None:
    value = written(read_choices([]), "auto", PROFILE, Words("my words", "my negative"))
    state = pasted({"Steps": "28", "Prompt": "as made", "Negative prompt": "as made too", KEY: value})
    found = read_choices(["auto", "", "", "", "", "", state]).pasted
    assert found is not None
    assert (found.ours, found.prompt, found.negative) == (True, "as made", "as made too")
    assert (found.words, found.negative_words) == ("my words", "my negative")
    assert not is_foreign(state)


def test_paste_of_another_program() -> None:
    state = pasted({"Steps": "20", "Prompt": "a, b", "Software": "another"})
    found = read_choices(["auto", "", "", "", "", "", state]).pasted
    assert found is not None and (found.ours, found.prompt) == (False, "a, b")
    assert is_foreign(state)


@pytest.mark.parametrize("params", [{}, {"Prompt": "1girl, smile"}, {"Prompt": "a", "Negative prompt": "b"}])
def test_bare_prompt_is_no_paste(params: dict[str, Any]) -> None:
    assert pasted(params) == ""


@given(TEXTS, TEXTS)
def test_state_of_a_paste_carries_any_text(prompt: str, negative: str) -> None:
    state = pasted({"Steps": "1", "Prompt": prompt, "Negative prompt": negative})
    found = read_choices(["auto", "", "", "", "", "", state]).pasted
    assert found is not None and (found.prompt, found.negative) == (prompt, negative)


def test_missing_texts_are_empty_ones() -> None:
    assert msgspec.json.decode(pasted({"Steps": "1", "Prompt": None}))["prompt"] == ""
