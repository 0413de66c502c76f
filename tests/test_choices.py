"""What the panel's arguments and an API client's object mean, and what is said of wrong ones."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.compile import Switches
from modelwise.intent import Intent
from modelwise.settings import FIELDS
from modelwise.webui.choices import PANEL_ARGUMENTS, Pasted, is_foreign, read_choices

PANEL = ["on", "Animagine XL 3.1", "light", "explicit", "2007", '["size"]', '{"ours": true, "prompt": "a"}']
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.lists(st.text(), max_size=2),
    st.dictionaries(st.sampled_from(["mode", "intent", "x"]), st.text(), max_size=2),
    st.sampled_from(["auto", "on", "off", "standard", "explicit", "2007", "[]", "{}", "[1]", '{"ours": 1}']),
)


def test_order_of_the_panels_arguments() -> None:
    """A contract with API clients: new ones come last."""
    choices = read_choices(PANEL)
    assert choices.mode == "on"
    assert choices.profile == "Animagine XL 3.1"
    assert choices.intent == Intent(quality="light", rating="explicit", year=2007)
    assert choices.untouched == tuple(field for field in FIELDS if field != "size")
    assert choices.pasted is not None and (choices.pasted.ours, choices.pasted.prompt) == (True, "a")
    assert not choices.named


@pytest.mark.parametrize("length", range(len(PANEL)))
def test_short_list_means_the_defaults_of_the_rest(length: int) -> None:
    short = read_choices(PANEL[:length])
    assert short == read_choices([*PANEL[:length], *[None] * (len(PANEL) - length)])
    assert short.mode == ("on" if length else "auto")
    assert short.intent.year is None or length > 4
    assert short.untouched == (() if length < 6 else FIELDS[1:])


def test_longer_list_than_we_know_is_fine() -> None:
    whole = [*PANEL, *[None] * (len(PANEL_ARGUMENTS) - len(PANEL))]
    assert read_choices([*whole, "of a later version", 3]) == read_choices(PANEL)


@pytest.mark.parametrize("arguments", [[], [None], [""], [None] * 7, ["auto", "Auto", "", "", "", "", ""]])
def test_nothing_given_is_auto_with_nothing_filled(arguments: list[Any]) -> None:
    choices = read_choices(arguments)
    assert (choices.mode, choices.profile, choices.intent) == ("auto", "auto", Intent())
    assert (choices.untouched, choices.pasted, choices.preset) == ((), None, None)
    assert choices.switches == Switches()


@pytest.mark.parametrize("rating", ["", None, "not set"])
def test_no_rating(rating: Any) -> None:
    assert read_choices(["on", "", "", rating]).intent.rating is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("", None),
        ("  ", None),
        (None, None),
        ("2007", 2007),
        (" 2007 ", 2007),
        (2007, 2007),
        ("２００７", 2007),
    ],
)
def test_year_text(text: Any, year: int | None) -> None:
    assert read_choices(["on", "", "", "", text]).intent.year == year


@pytest.mark.parametrize("text", ["soon", "2007.5", "-3", "20 07", "²", "1e3", "9" * 5000])
def test_year_that_is_none_says_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)year.*found .*allowed"):
        read_choices(["on", "", "", "", text])


@pytest.mark.parametrize("sent", ["", None, "x", "{}", "3", "null", "[1]", '["size"', '"size"', [], 7])
def test_no_touched_information_fills_nothing(sent: Any) -> None:
    assert read_choices(["on", "", "", "", "", sent]).untouched == ()


def test_touched_fields_that_we_do_not_know_are_no_news() -> None:
    sent = json.dumps(["seed", "size", "steps"])
    choices = read_choices(["on", "", "", "", "", sent])
    assert set(choices.untouched) == set(FIELDS) - {"size", "steps"}


NO_PASTE: list[Any] = [
    "",
    None,
    "x",
    "[]",
    "3",
    "null",
    '{"prompt": "a"}',
    '{"ours": 3}',
    {},
    7,
    '{"x": ' + "[" * 100_000,
]


@pytest.mark.parametrize("sent", NO_PASTE, ids=lambda sent: str(sent)[:24])
def test_garbage_about_a_paste_is_no_paste(sent: Any) -> None:
    assert read_choices(["on", "", "", "", "", "", sent]).pasted is None
    assert not is_foreign(sent)


@pytest.mark.parametrize(("ours", "foreign"), [(True, False), (False, True)])
def test_foreign_paste(ours: bool, foreign: bool) -> None:
    sent = json.dumps({"ours": ours, "prompt": "a"})
    assert is_foreign(sent) is foreign
    assert read_choices(["auto", "", "", "", "", "", sent]).pasted == Pasted(ours=ours, prompt="a")


@pytest.mark.parametrize(
    ("index", "value", "named"),
    [
        (0, "yes", "mode: found 'yes'; allowed: auto, off, on"),
        (0, 3, "allowed: a mode"),
        (0, ["on"], "allowed: a mode"),
        (1, 5, "profile"),
        (1, ["x"], "profile"),
        (2, "best", r"intent\.quality: found 'best'; allowed: heavy, light, standard"),
        (2, 7, "quality"),
        (3, "r18", "rating"),
        (4, "x", "year"),
    ],
)
def test_wrong_value_is_named(index: int, value: Any, named: str) -> None:
    arguments = list(PANEL)
    arguments[index] = value
    with pytest.raises(ValueError, match=named):
        read_choices(arguments)


@given(st.lists(ANYTHING, max_size=9))
def test_any_arguments_are_choices_or_a_value_error(arguments: list[Any]) -> None:
    try:
        choices = read_choices(arguments)
    except ValueError as error:
        assert "allowed" in str(error)
    else:
        assert choices.mode in ("auto", "on", "off")


def test_object_with_every_key() -> None:
    switches = {"order": False, "quality": False, "negative": False, "settings": False, "spelling": False}
    intent = {"quality": "heavy", "aesthetic": "high", "rating": "general", "year": 2020}
    policy = dict.fromkeys(("size", "cfg_scale", "steps", "sampler", "clip_skip", "noise_schedule"), "force")
    values = {
        "mode": "auto",
        "profile": "animagine-xl-4.0",
        "intent": intent,
        "switches": switches,
        "preset": "Portrait",
        "policy": policy,
        "untouched": ["size", "width", "height", "cfg_scale", "steps", "sampler", "scheduler", "clip_skip"],
    }
    choices = read_choices([values])
    assert (choices.mode, choices.profile, choices.preset) == ("auto", "animagine-xl-4.0", "Portrait")
    assert choices.intent == Intent("heavy", "high", "general", 2020)
    assert choices.switches == Switches(**switches)
    assert choices.policy == policy
    assert list(choices.untouched) == values["untouched"]
    assert choices.named


def test_empty_object_turns_it_on() -> None:
    choices = read_choices([{}])
    assert (choices.mode, choices.profile, choices.policy, choices.untouched) == ("on", "auto", "fill", ())
    assert choices.intent == Intent() and choices.switches == Switches()
    assert choices.named


@pytest.mark.parametrize(
    ("given_object", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"mode": "maybe"}, "mode: found 'maybe'; allowed: auto, off, on$"),
        (
            {"intent": {"mood": "sad"}},
            "intent.mood: found an unknown key; allowed: quality, aesthetic, rating, year$",
        ),
        (
            {"intent": {"rating": "r18"}},
            "intent.rating: found 'r18'; allowed: explicit, general, questionable, ",
        ),
        ({"intent": {"aesthetic": "bogus"}}, "intent.aesthetic: found 'bogus'; allowed: high$"),
        ({"intent": {"year": "x"}}, "intent.year: found 'x'; allowed: a whole number$"),
        ({"intent": None}, "intent: found nothing; allowed: a table with quality, aesthetic, rating, year$"),
        ({"switches": {"order": "yes"}}, "switches.order: found 'yes'; allowed: true, false$"),
        (
            {"switches": {"ordering": True}},
            "switches.ordering: found an unknown key; allowed: order, quality, ",
        ),
        (
            {"policy": "always"},
            "policy: found 'always'; allowed: fill, force, keep or a table with cfg_scale, ",
        ),
        (
            {"policy": {"width": "keep"}},
            "policy.width: found an unknown key; allowed: cfg_scale, clip_skip, ",
        ),
        (
            {"policy": {"size": "keep", "steps": "often"}},
            "policy.steps: found 'often'; allowed: fill, force, keep$",
        ),
        ({"untouched": ["size", "stepz"]}, r"untouched\[1\]: found 'stepz'; allowed: cfg_scale, clip_skip, "),
        ({"untouched": "steps"}, "untouched: found 'steps'; allowed: a list of cfg_scale, clip_skip, "),
        ({"preset": 3}, "preset: found 3; allowed: a text"),
        ({"pasted": {"ours": True, "prompt": ""}}, "pasted"),
        ({"named": True}, "named"),
    ],
)
def test_wrong_object_names_the_key(given_object: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named) as caught:
        read_choices([given_object])
    assert "allowed" in str(caught.value)


def test_object_is_not_changed() -> None:
    given_object: dict[str, Any] = {"mode": "on", "intent": {"year": 2007}}
    read_choices([given_object])
    assert given_object == {"mode": "on", "intent": {"year": 2007}}


@pytest.mark.parametrize(
    ("touched", "of_page"), [("[]", True), ('["size"]', True), ("", False), (None, False)]
)
def test_what_a_page_sends_is_known_by_its_touched_fields(touched: Any, of_page: bool) -> None:
    arguments = ["auto", None, None, None, None, touched]
    assert read_choices(arguments).of_page is of_page
