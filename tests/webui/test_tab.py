"""The Modelwise tab in each imitated program: one a start, with a place for each section."""

from __future__ import annotations

from importlib import import_module

from tests.webui.imitation import Imitation
from tests.webui.with_us import SCRIPT


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
