"""A choice in the box for the checkpoint reaches the page, where the program does not tell it."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from tests.webui import checkpoint_box
from tests.webui.imitation import Imitation
from tests.webui.variants import Variant
from tests.webui.with_us import OLDER, OPT, SCRIPT


def events(program: Imitation) -> list[dict[str, Any]]:
    """The page's events of which our script in the page is told."""
    dependencies = program.page.get_config_file()["dependencies"]
    return [event for event in dependencies if "checkpointChosen" in str(event["js"])]


def waits(program: Imitation) -> Callable[[str], Any]:
    """What runs on the server before that."""
    (event,) = events(program)
    function = program.page.fns[event["trigger_after"]].fn
    assert callable(function)
    return function  # type: ignore[no-any-return]


@pytest.fixture
def with_box(started: Imitation, variant: Variant) -> Imitation:
    """A program that has such a box."""
    if not variant.own_checkpoint_box:
        pytest.skip(f"{variant.name} keeps the checkpoint among its options")
    return started


def test_the_page_is_told_where_the_program_does_not(started: Imitation, variant: Variant) -> None:
    assert len(events(started)) == variant.own_checkpoint_box


def test_once_a_page(with_box: Imitation) -> None:
    with_box.reload([SCRIPT])
    assert len(events(with_box)) == 1


def test_it_waits_until_the_option_is_set(with_box: Imitation) -> None:
    later = Timer(0.3, with_box.checkpoints.choose, [OLDER])
    later.start()
    waits(with_box)(OLDER)
    assert with_box.checkpoints.select_checkpoint().name == OLDER  # type: ignore[union-attr]
    later.join()


def test_it_does_not_wait_for_ever(with_box: Imitation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("modelwise.webui.adapter.checkpoint_box"), "_PATIENCE", 0.1)
    waits(with_box)(OLDER)
    assert with_box.checkpoints.select_checkpoint().name == OPT  # type: ignore[union-attr]


def test_the_box_is_as_recorded(variant: Variant, shared_file: Callable[[str], Path]) -> None:
    if variant.recording is None:
        pytest.skip(f"there is no recording of {variant.name}")
    file = Path(variant.recording).with_name("components.json").as_posix()
    components = json.loads(shared_file(file).read_text(encoding="utf-8"))
    top = [one for one in components if checkpoint_box.CLASS in (one["elem_classes"] or ())]
    listed = [one["elem_id"] for one in components]
    assert len(top) == variant.own_checkpoint_box
    assert ("setting_sd_model_checkpoint" in listed) != variant.own_checkpoint_box
    for box in top:
        assert (box["label"], box["elem_id"]) == (checkpoint_box.LABEL, None)
        assert components[components.index(box) + 1]["elem_id"] == checkpoint_box.NEXT
