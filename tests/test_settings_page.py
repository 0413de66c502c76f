"""Our section of the host's settings page: whole, told apart, and each setting one that something reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from modelwise.settings import FIELDS, Policy
from modelwise.terms import QualityLevel
from modelwise.webui import settings_page
from modelwise.webui.choices import Mode, Options, read_choices
from modelwise.webui.settings_page import FIELD_TITLES, OPTIONS, Option, policy_option
from tests.support.hosts import panel

ROOT = Path(__file__).resolve().parent.parent
BY_KEY = {option.key: option for option in OPTIONS}
POLICIES = {policy_option(field): field for field in FIELDS}
LANGUAGES = sorted((ROOT / "localizations").glob("*.json"))
every_option = pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.key)


def test_keys_and_labels_are_each_their_own() -> None:
    assert len(BY_KEY) == len(OPTIONS)
    assert len({option.label for option in OPTIONS}) == len(OPTIONS)


@every_option
def test_a_key_is_told_from_the_hosts_and_other_extensions(option: Option) -> None:
    assert option.key.startswith("modelwise_")
    assert option.key.isidentifier() and option.key.islower()


@every_option
def test_a_default_is_one_of_the_choices(option: Option) -> None:
    if option.choices:
        assert option.default in option.choices
        assert len(set(option.choices)) == len(option.choices)
    else:
        assert isinstance(option.default, bool) or option.default == ""


@every_option
def test_label_and_info_say_something(option: Option) -> None:
    """The host puts the info into brackets behind the label."""
    for text in (option.label, option.info):
        assert text and text == text.strip()
        assert not text.startswith("(") and not text.endswith((".", ":"))


def test_each_field_has_a_policy_in_the_order_of_the_page() -> None:
    assert [option.key for option in OPTIONS if option.key in POLICIES] == list(POLICIES)
    assert list(FIELD_TITLES) == list(FIELDS)
    for key, field in POLICIES.items():
        assert BY_KEY[key].label == f"Policy for {FIELD_TITLES[field]}"
        assert BY_KEY[key].choices == get_args(Policy)


def test_choices_are_all_that_the_panel_takes() -> None:
    for mode in BY_KEY[settings_page.MODE_OPTION].choices:
        assert read_choices(panel(mode)).mode == mode
    for level in BY_KEY[settings_page.QUALITY_OPTION].choices:
        assert read_choices(panel(quality=level)).intent.quality == level
    assert BY_KEY[settings_page.MODE_OPTION].choices == get_args(Mode)
    assert set(BY_KEY[settings_page.QUALITY_OPTION].choices) == set(get_args(QualityLevel))


def test_defaults_are_what_an_untouched_panel_does() -> None:
    loaded = read_choices([])
    assert BY_KEY[settings_page.MODE_OPTION].default == loaded.mode
    assert BY_KEY[settings_page.QUALITY_OPTION].default == loaded.intent.quality
    assert {BY_KEY[key].default for key in POLICIES} == {Options().policy}


def test_what_reaches_beyond_the_panel_is_off_at_first() -> None:
    """Requests that do not mention us, and the user's own boxes, are left alone until somebody says so."""
    switched_on = {option.key for option in OPTIONS if option.default is True}
    taken = {settings_page.SEPARATOR_OPTION, settings_page.USES_OPTION}  # when the user takes a suggestion
    assert switched_on == {settings_page.FIRST_RUN_OPTION, *taken}


@every_option
def test_something_reads_it(option: Option) -> None:
    constants = {value: name for name, value in vars(settings_page).items() if name.endswith("_OPTION")}
    name = "policy_option(" if option.key in POLICIES else constants[option.key]
    modules = [file for file in (ROOT / "modelwise" / "webui").glob("*.py") if file.stem != "settings_page"]
    scripts = (ROOT / "javascript").glob("*.js")
    assert any(name in file.read_text(encoding="utf-8") for file in modules) or any(
        option.key in file.read_text(encoding="utf-8") for file in scripts
    )


@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)
def test_translated_labels_are_each_their_own(file: Path) -> None:
    words = json.loads(file.read_text(encoding="utf-8"))
    assert len({words[option.label] for option in OPTIONS}) == len(OPTIONS)
