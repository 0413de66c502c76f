"""The axes of an X/Y/Z plot: their values, what each means for a cell, and that it wins over the panel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelwise.intent import Intent
from modelwise.own_presets import OwnPreset
from modelwise.webui import hooks
from modelwise.webui.choices import Choices, WrongChoice, read_choices
from modelwise.webui.engine import Engine
from modelwise.webui.infotext import Record, pasted, read
from modelwise.webui.xyz import AXES, Axis, Picked, varied
from tests.support.hosts import ANIMAGINE, ANIMAGINE_3, AS_LOADED, UNKNOWN, FakeHost, FakeJob, panel

QUALITY = "masterpiece, high score, great score, absurdres"
MADE = f"1girl, smile, {QUALITY}"
THEIRS = {"Steps": "20", "Prompt": "smile, 1girl", "Sampler": "Euler"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    host = FakeHost(tmp_path)
    host.current = ANIMAGINE
    return Engine(host)


def axis(title: str) -> Axis:
    return next(axis for axis in AXES if axis.title == title)


def cell(engine: Engine, job: FakeJob, picked: Picked, *arguments: Any) -> Record | None:
    """All hooks of a cell; the record in its infotext."""
    generation = hooks.before_process(engine, job, arguments or panel(), None, picked)
    hooks.process(generation)
    hooks.before_every_sampling(generation)
    hooks.postprocess_image(generation)
    return read(dict(job.infotext))


def test_labels_and_legends() -> None:
    titles = ["Profile", "Preset", "Quality", "Order", "Mode"]
    assert [axis.label for axis in AXES] == [f"[Modelwise] {title}" for title in titles]
    assert axis("Profile").legend("Animagine XL 4.0 Opt") == "Profile: Animagine XL 4.0 Opt"


def test_offered_values(engine: Engine) -> None:
    names = sorted(profile.name for profile in engine.profiles.values())
    assert list(axis("Profile").offered(engine)) == ["Auto", *names]
    assert list(axis("Preset").offered(engine))[:3] == ["none", "Card defaults", "Portrait"]
    assert list(axis("Quality").offered(engine)) == ["standard", "light", "heavy", "off"]
    assert list(axis("Order").offered(engine)) == ["on", "off"]
    assert list(axis("Mode").offered(engine)) == ["auto", "on", "off"]


def test_presets_offered_are_those_of_the_chosen_model_with_the_users_own(engine: Engine) -> None:
    engine.own_presets.save("animagine-xl-3.1", OwnPreset("Mine"))
    assert "Mine" not in axis("Preset").offered(engine)
    assert isinstance(engine.host, FakeHost)
    engine.host.current = ANIMAGINE_3
    assert {"Mine", "Card defaults"} <= set(axis("Preset").offered(engine))
    engine.host.current = None
    assert list(axis("Preset").offered(engine)) == ["none"]


@pytest.mark.parametrize(
    ("title", "text", "value"),
    [
        ("Profile", " animagine xl 3.1", "Animagine XL 3.1"),
        ("Profile", "animagine-xl-3.1", "animagine-xl-3.1"),
        ("Profile", "AUTO", "Auto"),
        ("Preset", "card defaults", "Card defaults"),
        ("Preset", "Card example", "Card example"),  # another model's, which another axis may choose
        ("Preset", "None", "none"),
        ("Quality", "Heavy", "heavy"),
        ("Order", "ON ", "on"),
        ("Mode", "Off", "off"),
    ],
)
def test_values_are_read_in_any_case(engine: Engine, title: str, text: str, value: str) -> None:
    assert axis(title).read(engine, text) == value


@pytest.mark.parametrize(
    ("title", "text", "allowed"),
    [
        ("Profile", "nobody", "Auto, AOM3A1, "),
        ("Preset", "nothing", "none, Card defaults, Portrait, "),
        ("Quality", "best", "standard, light, heavy, off"),
        ("Order", "1", "on, off"),
        ("Mode", "", "auto, on, off"),
    ],
)
def test_wrong_value_is_named_with_what_is_allowed(
    engine: Engine, title: str, text: str, allowed: str
) -> None:
    with pytest.raises(WrongChoice) as told:
        axis(title).read(engine, text)
    assert str(told.value).startswith(f"[Modelwise] {title}: found {text!r}; allowed: {allowed}")


def test_no_axis_changes_no_choice() -> None:
    choices = read_choices(panel())
    assert varied(choices, ()) is choices


def test_what_is_picked_is_joined_and_never_changed() -> None:
    first = axis("Order").picked((), "off")
    second = axis("Mode").picked(first, "on")
    assert (first, second) == ((("Order", "off"),), (("Order", "off"), ("Mode", "on")))


def test_profile_axis_wins_over_panel_and_object(engine: Engine) -> None:
    named: Any
    for named in (panel(profile="Anything V3.1"), [{"profile": "anything-v3.1"}]):
        job = FakeJob()
        record = cell(engine, job, (("Profile", "Animagine XL 3.1"),), *named)
        assert record is not None and (record.profile, record.choice) == ("animagine-xl-3.1",) * 2
        assert job.now.main == "masterpiece, best quality, very aesthetic, absurdres, 1girl, smile"


def test_auto_profile_is_the_recognised_one(engine: Engine) -> None:
    record = cell(engine, FakeJob(), (("Profile", "Auto"),), *panel(profile="Anything V3.1"))
    assert record is not None and (record.profile, record.choice) == ("animagine-xl-4.0-opt", "auto")


def test_preset_axis_sets_its_values_although_the_fields_are_touched(engine: Engine) -> None:
    job = FakeJob()
    record = cell(engine, job, (("Preset", "2007 retro"),), *panel(touched=["size", "cfg_scale", "steps"]))
    assert record is not None and record.preset == "2007 retro"
    assert "year 2007" in job.now.main


def test_preset_axis_sets_the_size(engine: Engine) -> None:
    found = []
    for value in ("none", "Landscape", "Portrait"):
        job = FakeJob()
        cell(engine, job, (("Preset", value),), *panel(touched=["size"]))
        found.append((job.settings["width"], job.settings["height"]))
    assert found == [(512, 512), (1216, 832), (832, 1216)]


def test_preset_axis_leaves_what_is_to_be_kept_and_what_the_plot_varies(engine: Engine) -> None:
    kept, varied_by_another = FakeJob(), FakeJob()
    varied_by_another.others = {"size"}
    cell(engine, kept, (("Preset", "Landscape"),), *panel(policies={"size": "keep"}))
    cell(engine, varied_by_another, (("Preset", "Landscape"),))
    for job in (kept, varied_by_another):
        assert (job.settings["width"], job.settings["height"]) == (512, 512)
        assert job.settings["steps"] == 28


def test_no_preset_also_means_none_of_the_api_clients_or_the_clicked_one(engine: Engine) -> None:
    for arguments in ([{"preset": "2007 retro"}], panel(clicked="2007 retro")):
        job = FakeJob()
        record = cell(engine, job, (("Preset", "none"),), *arguments)
        assert record is not None and record.preset is None
        assert "2007" not in job.now.main


def test_preset_that_the_cells_profile_lacks_is_told(engine: Engine) -> None:
    job = FakeJob()
    before = job.state()
    cell(engine, job, (("Profile", "Anything V3.1"), ("Preset", "Portrait")))
    assert job.state() == before
    (comment,) = job.comments
    assert "preset: found 'Portrait'; allowed for Anything V3.1: Card example" in comment


def test_quality_axis(engine: Engine) -> None:
    found = {}
    for value in ("standard", "light", "heavy", "off"):
        job = FakeJob()
        job.chosen = ANIMAGINE_3
        switches = ["order", "negative"] if value != "off" else panel()[7]
        cell(engine, job, (("Quality", value),), *panel(switches=switches))
        found[value] = job.now.main
    assert found["off"] == "1girl, smile"
    assert len(set(found.values())) == 4


def test_quality_axis_wins_over_a_preset(engine: Engine) -> None:
    engine.own_presets.save("animagine-xl-3.1", OwnPreset("Mine", quality="heavy"))
    made = []
    for picked in ((("Preset", "Mine"), ("Quality", "light")), (("Quality", "light"), ("Preset", "Mine"))):
        job = FakeJob()
        job.chosen = ANIMAGINE_3
        record = cell(engine, job, picked)
        assert record is not None and (record.quality, record.preset) == ("light", "Mine")
        made.append(job.now.main)
    heavy = FakeJob()
    heavy.chosen = ANIMAGINE_3
    cell(engine, heavy, (("Preset", "Mine"),))
    assert made[0] == made[1] != heavy.now.main


@pytest.mark.parametrize("switched", [["quality"], ["quality", "order"]])
def test_order_axis_wins_over_the_switch(engine: Engine, switched: list[str]) -> None:
    found = []
    for value in ("on", "off"):
        job = FakeJob()
        record = cell(engine, job, (("Order", value),), *panel(switches=switched))
        assert record is not None and ("order" in record.off) is (value == "off")
        found.append(job.now.main)
    assert found == [MADE, f"smile, 1girl, {QUALITY}"]


@pytest.mark.parametrize(
    ("arguments", "is_api"),
    [
        (panel("off"), False),
        (["off"], True),
        ([{"mode": "off"}], True),
        ([], True),
        (panel(pasted=pasted(THEIRS)), False),
        (panel(pasted=pasted({"Prompt": "smile, 1girl", "Negative prompt": "blurry", **THEIRS})), False),
    ],
    ids=["panel", "api", "object", "api without us", "foreign paste", "foreign paste of both"],
)
def test_an_axis_works_where_the_job_would_be_off(engine: Engine, arguments: list[Any], is_api: bool) -> None:
    for picked in ((("Order", "on"),), (("Mode", "on"),)):
        job = FakeJob()
        job.is_api = is_api
        cell(engine, job, picked, *(arguments or [None]))
        assert job.now.main == MADE, picked


@pytest.mark.parametrize(
    "picked", [(("Mode", "off"),), (("Mode", "off"), ("Order", "on")), (("Order", "on"), ("Mode", "off"))]
)
def test_mode_axis_off_is_off(engine: Engine, picked: Picked) -> None:
    for arguments in (panel("on"), [{"mode": "on"}]):
        job = FakeJob()
        before = job.state()
        cell(engine, job, picked, *arguments)
        assert job.state() == before


def test_mode_axis_auto_means_what_the_panels_auto_means(engine: Engine) -> None:
    foreign = FakeJob()
    cell(engine, foreign, (("Mode", "auto"),), *panel("on", pasted=pasted(THEIRS)))
    assert foreign.now.main == "smile, 1girl"
    plain = FakeJob()
    cell(engine, plain, (("Mode", "auto"),), *panel("off"))
    assert plain.now.main == MADE


def test_an_axis_varies_a_pasted_prompt_of_ours(engine: Engine) -> None:
    ours = {"Steps": "28", "Prompt": "smile, 1girl", "Negative prompt": "blurry"}
    state = pasted({**ours, "Modelwise": '{"profile": "animagine-xl-4.0-opt", "version": 1}'})
    untouched, changed = FakeJob(), FakeJob()
    cell(engine, untouched, (), *panel(pasted=state))
    cell(engine, changed, (("Quality", "standard"),), *panel(pasted=state))
    assert (untouched.now.main, changed.now.main) == ("smile, 1girl", MADE)


def test_an_unknown_model_stays_as_it_is(engine: Engine) -> None:
    job = FakeJob()
    job.chosen = UNKNOWN
    cell(engine, job, (("Mode", "on"), ("Order", "on")))
    assert (job.now.main, job.settings) == ("smile, 1girl", AS_LOADED)


def test_choices_that_no_axis_varies_stay() -> None:
    before = read_choices(panel("off", rating="explicit", year="2007", policies={"steps": "keep"}))
    after = varied(before, (("Order", "off"),))
    assert isinstance(after, Choices)
    assert after.intent == Intent(rating="explicit", year=2007)
    assert (after.policy, after.untouched, after.profile) == (before.policy, before.untouched, "auto")
    assert (after.mode, after.switches.order, after.switches.quality) == ("on", False, True)
