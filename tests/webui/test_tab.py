"""The Modelwise tab in each imitated program: one a start, with a place for each section."""

from __future__ import annotations

from importlib import import_module

from tests.webui.imitation import Imitation
from tests.webui.with_us import ANYTHING, OLDER, OPT, SCRIPT, UNKNOWN


def test_the_tab_has_a_place_for_each_section(started: Imitation) -> None:
    tab = import_module("modelwise.webui.tab")
    ((blocks, title, element),) = started.callbacks["ui_tabs"][0]()
    assert (title, element) == ("Modelwise", "modelwise")
    places = [getattr(block, "value", None) for block in blocks.blocks.values()]
    held = "".join(value for value in places if isinstance(value, str))
    assert [name for name in tab.SECTIONS if f'data-section="{name}"' not in held] == []


def test_it_is_there_once_after_a_reload(started: Imitation) -> None:
    started.reload([SCRIPT])
    assert len(started.callbacks["ui_tabs"]) == 1


def test_checkpoints_by_the_names_of_the_programs_own_list(started: Imitation) -> None:
    host = import_module("modelwise.webui.register").engine().host
    listed = host.checkpoints()
    assert list(listed) == [OPT, OLDER, ANYTHING, UNKNOWN]
    assert {name: host.checkpoint(name) for name in listed} == listed
    assert listed[OLDER].shorthash == "0123456789"


def test_what_runs_in_the_background_ends_with_a_reload(started: Imitation) -> None:
    register = import_module("modelwise.webui.register")
    before = register.engine()
    started.reload([SCRIPT])
    after = import_module("modelwise.webui.register").engine()
    assert before is not after
    assert (before.closing.is_set(), after.closing.is_set()) == (True, False)


def test_features_are_found_by_looking(started: Imitation) -> None:
    host = import_module("modelwise.webui.register").engine().host
    found = {feature.name: feature.found for feature in host.features()}
    assert found["token counter"] and found["X/Y/Z plot"]
    del import_module("modules.script_callbacks").on_before_token_counter
    started.scripts_data.clear()
    found = {feature.name: feature.found for feature in host.features()}
    assert not found["token counter"] and not found["X/Y/Z plot"]
    assert host.version() == ""
