"""A sampler and its schedule in a host's names: with a box for the schedule, and in one name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.own_presets import OwnPreset
from modelwise.profiles import PresetSettings
from modelwise.webui.engine import Engine
from modelwise.webui.host import CheckpointFacts
from modelwise.webui.page_job import Page
from modelwise.webui.panel_actions import Action, Actions, Asked
from modelwise.webui.preview import PreviewRequest, preview
from modelwise.webui.sampler_names import as_named
from tests.support.hosts import AS_LOADED, SAMPLERS, SCHEDULES, FakeHost, FakeJob, panel, run

KARRAS = CheckpointFacts(Path("AbyssOrangeMix2_sfw.ckpt"))
"""Its card: DPM++ SDE, Karras."""

IN_ONE_NAME = ("DPM++ 2M Karras", "DPM++ SDE Karras", *SAMPLERS)
NAMES = ("a", "b", "c d")
TYPES = ("Automatic", "Karras", "d")


def host(folder: Path, samplers: Sequence[str] = IN_ONE_NAME, schedules: Sequence[str] = ()) -> FakeHost:
    found = FakeHost(folder, samplers=samplers, schedules=schedules)
    found.current = KARRAS
    return found


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Of a host that carries schedules in its samplers' names."""
    return Engine(host(tmp_path))


def job() -> FakeJob:
    """As such a host makes it."""
    made = FakeJob()
    made.chosen = KARRAS
    del made.settings["scheduler"]
    return made


@pytest.mark.parametrize(
    ("samplers", "expected"),
    [
        (IN_ONE_NAME, "DPM++ SDE Karras"),
        (("DPM++ 2M Karras", *SAMPLERS), "DPM++ SDE"),
        (("Euler a",), AS_LOADED["sampler"]),
    ],
    ids=["in one name", "without its schedule", "not at all"],
)
def test_a_cards_sampler_where_schedules_are_in_the_names(
    tmp_path: Path, samplers: tuple[str, ...], expected: str
) -> None:
    made = job()
    run(Engine(host(tmp_path, samplers)), made, *panel())
    assert made.settings["sampler"] == expected
    assert "scheduler" not in made.settings
    assert not [comment for comment in made.comments if "another extension" in comment]


def test_a_box_of_its_own_gets_the_schedule(tmp_path: Path) -> None:
    made = FakeJob()
    made.chosen = KARRAS
    run(Engine(host(tmp_path, SAMPLERS, SCHEDULES)), made, *panel())
    assert (made.settings["sampler"], made.settings["scheduler"]) == ("DPM++ SDE", "Karras")


def test_a_touched_sampler_stays(engine: Engine) -> None:
    made = job()
    run(engine, made, *panel(touched=["sampler"]))
    assert made.settings["sampler"] == AS_LOADED["sampler"]


def test_the_preview_says_the_one_name(engine: Engine) -> None:
    page = Page("1girl", values={"sampler": "DPM++ 2M"})
    found = preview(engine, PreviewRequest("txt2img", page, tuple(panel())))
    shown = {setting.name: setting.value for setting in found.settings}
    assert shown["sampler and scheduler"] == "DPM++ SDE Karras"
    assert (found.values["sampler"], "scheduler" in found.values) == ("DPM++ SDE Karras", False)
    assert "DPM++ SDE Karras" in found.line


def act(engine: Engine, kind: str, name: str = "") -> dict[str, Any]:
    """What an action writes into the boxes."""
    asked = Asked("1girl", values={"sampler": "Euler"}, action=Action(kind, name))
    return dict(Actions(engine, "txt2img").run(asked, panel()).boxes)


def test_the_boxes_are_filled_with_the_one_name(engine: Engine) -> None:
    assert act(engine, "fill")["sampler"] == "DPM++ SDE Karras"
    boxes = act(engine, "preset", engine.presets(engine.profiles["aom2"])[0].name)
    assert (boxes["sampler"], "scheduler" in boxes) == ("DPM++ SDE Karras", False)


@pytest.mark.parametrize("sampler", ["DPM++ SDE", "DPM++ 2M Karras", "Euler"])
def test_an_own_presets_sampler_is_taken_as_it_was_saved(engine: Engine, sampler: str) -> None:
    """The card's schedule is none of it: where there is no box for one, the name says all."""
    engine.own_presets.save("aom2", OwnPreset(name="Mine", settings=PresetSettings(sampler=sampler)))
    assert act(engine, "preset", "Mine") == {"sampler": sampler}
    made = job()
    run(engine, made, {"preset": "Mine", "untouched": ["sampler"]})
    assert made.settings["sampler"] == sampler


@given(
    st.frozensets(st.sampled_from([*NAMES, *(f"{name} {kind}" for name in NAMES for kind in TYPES)])),
    st.sampled_from([(), TYPES]),
    st.fixed_dictionaries(
        {},
        optional={
            "sampler": st.sampled_from(NAMES),
            "scheduler": st.sampled_from(TYPES),
            "steps": st.integers(1, 9),
        },
    ),
    st.lists(st.sampled_from(NAMES), max_size=2),
)
def test_whatever_a_host_lists_only_its_names_come_out(
    known: frozenset[str], schedules: tuple[str, ...], values: dict[str, Any], fallback: list[str]
) -> None:
    """And nothing else changes; what is named once is named the same again."""
    listing = host(Path(), sorted(known), schedules)
    found = as_named(listing, values, fallback)
    assert found.get("steps") == values.get("steps")
    assert found.get("sampler") in {None, *known}
    assert "scheduler" not in found or (schedules and found["scheduler"] == values["scheduler"])
    assert as_named(listing, found, fallback) == found
    sampler, schedule = values.get("sampler"), values.get("scheduler")
    if sampler in known and (schedules or f"{sampler} {schedule}" not in known):
        assert found["sampler"] == sampler
    if not schedules and sampler and f"{sampler} {schedule}" in known:
        assert found["sampler"] == f"{sampler} {schedule}"
