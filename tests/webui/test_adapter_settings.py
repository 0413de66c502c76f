"""The adapter's settings: values of a job, whose fields they are, and an override that ends with its job."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.webui.asking import SECOND_PASS, acting, always, job_of, selectable
from tests.webui.imitation import Imitation
from tests.webui.options import CLIP_SKIP
from tests.webui.variants import Variant

VALUES = {
    "width": 512,
    "height": 512,
    "cfg_scale": 7.0,
    "steps": 20,
    "sampler": "DPM++ 2M",
    "scheduler": "Automatic",
}
LINES = "modelwise_lines_are_regions"


def sets(adapter: ModuleType, **values: Any) -> Any:
    return lambda p: adapter.WebUIJob(p).set_values(values)


def sets_once(adapter: ModuleType, **values: Any) -> Any:
    """For the first job alone."""
    left = [values]
    return lambda p: adapter.WebUIJob(p).set_values(left.pop()) if left else None


def values(program: Imitation) -> dict[str, Any]:
    """A job's at first; a program that carries schedules in its samplers' names has one fewer."""
    apart = bool(program.variant.samplers.schedulers)
    return {name: value for name, value in VALUES.items() if apart or name != "scheduler"}


def test_values_by_our_names(program: Imitation, adapter: ModuleType) -> None:
    assert job_of(program, adapter)[1].values() == values(program)


def test_lists_and_missing_fields_are_left_out(program: Imitation, adapter: ModuleType) -> None:
    p, job = job_of(program, adapter)
    p.cfg_scale, p.scheduler = [1, 2], None
    del p.steps
    assert job.values() == {name: VALUES[name] for name in ("width", "height", "sampler")}


def test_values_are_set_where_the_program_has_a_field(program: Imitation, adapter: ModuleType) -> None:
    p, job = job_of(program, adapter)
    if hasattr(p, "scheduler"):
        del p.scheduler
    job.set_values(
        {"width": 832, "height": None, "sampler": "Euler a", "scheduler": "Karras", "cfg_scale": 5}
    )
    assert (p.width, p.height, p.sampler_name, p.cfg_scale) == (832, 512, "Euler a", 5)
    assert not hasattr(p, "scheduler")
    assert p.override_settings == {}


def test_values_of_before_process_are_those_of_the_image(program: Imitation, adapter: ModuleType) -> None:
    values = {"width": 832, "height": 1216, "cfg_scale": 5, "steps": 28, "sampler": "Euler a"}
    program.add_extension(acting(before_process=sets(adapter, **values)))
    program.build()
    result = program.press_generate(prompt="1girl")
    schedule = "Schedule type: Automatic, " if program.variant.samplers.schedulers else ""
    assert f"Steps: 28, Sampler: Euler a, {schedule}CFG scale: 5" in result.infotexts[0]
    assert result.images == [(832, 1216)]


def clip_skips(program: Imitation, count: int = 2) -> list[bool]:
    return ["Clip skip: 2" in program.press_generate(prompt="a").infotexts[0] for _ in range(count)]


@pytest.mark.parametrize("held", [{}, {CLIP_SKIP: 1}], ids=["fresh", "held"])
def test_clip_skip_ends_with_its_job(program: Imitation, adapter: ModuleType, held: dict[str, int]) -> None:
    """The program restores only what its configuration holds; a fresh one holds little."""
    program.options.data.update(held)
    program.add_extension(acting(before_process=sets_once(adapter, clip_skip=2)))
    program.build()
    assert clip_skips(program) == [True, False]
    assert program.options.data[CLIP_SKIP] == 1


def test_without_us_a_fresh_configuration_would_keep_it(program: Imitation) -> None:
    """The leak that the adapter stops up."""
    first = program.press_generate(prompt="a", override_settings={CLIP_SKIP: 2})
    assert "Clip skip: 2" in first.infotexts[0]
    assert clip_skips(program, 1) == [True]


def test_clip_skip_ends_with_a_job_that_fails(program: Imitation, adapter: ModuleType) -> None:
    program.add_extension(acting(before_process=sets_once(adapter, clip_skip=2)))
    program.build()
    with pytest.raises(RuntimeError, match="1 prompts and 2 negatives"):
        program.press_generate(prompt=["a"], negative_prompt=["b", "c"])
    assert program.options.data[CLIP_SKIP] == 1
    assert clip_skips(program, 1) == [False]


def test_clip_skip_that_the_user_overrides_stays(program: Imitation, adapter: ModuleType) -> None:
    overrides = {CLIP_SKIP: 3}
    p, job = job_of(program, adapter, override_settings=overrides)
    job.set_values({"clip_skip": 2})
    assert p.override_settings == {CLIP_SKIP: 3}
    job.set_values({"clip_skip": None})
    assert p.override_settings == {CLIP_SKIP: 3}


@pytest.mark.parametrize("hook", ["before_process", "process"])
def test_clip_skip_can_be_taken_back_within_the_job(
    program: Imitation, adapter: ModuleType, hook: str
) -> None:
    """By `process` the program has set the option: to take the override away would not be enough."""
    jobs: list[Any] = []

    def begin(p: Any) -> None:
        jobs.append(adapter.WebUIJob(p))
        jobs[-1].set_values({"clip_skip": 2})

    def take_back(_p: Any) -> None:
        jobs[-1].set_values({"clip_skip": None})

    program.add_extension(acting(before_process=begin))
    program.add_extension(acting(**{hook: take_back}))
    program.build()
    assert clip_skips(program) == [False, False]
    assert program.options.data[CLIP_SKIP] == 1


def test_shared_overrides_of_a_plot_are_never_written(program: Imitation, adapter: ModuleType) -> None:
    shared: dict[str, Any] = {}
    p, job = job_of(program, adapter)
    p.override_settings = shared
    job.set_values({"clip_skip": 2})
    assert (shared, p.override_settings) == ({}, {CLIP_SKIP: 2})


@pytest.mark.parametrize(
    "frozen",
    [
        {"freeze_settings": True},
        {"freeze_specific_settings": f"x, {CLIP_SKIP}"},
        {"freeze_settings_in_sections": "ui, sd"},
    ],
    ids=lambda frozen: next(iter(frozen)),
)
def test_frozen_clip_skip_is_left(program: Imitation, adapter: ModuleType, frozen: dict[str, Any]) -> None:
    vars(program.command_line).update(frozen)
    program.add_extension(acting(before_process=sets(adapter, clip_skip=2)))
    program.build()
    assert clip_skips(program, 1) == [False]
    assert CLIP_SKIP not in program.options.data


def test_other_frozen_settings_do_not_matter(program: Imitation, adapter: ModuleType) -> None:
    program.command_line.freeze_specific_settings = "eta_ancestral"
    program.command_line.freeze_settings_in_sections = "ui"
    program.add_extension(acting(before_process=sets(adapter, clip_skip=2)))
    program.build()
    assert clip_skips(program, 1) == [True]


def plotted(program: Imitation, *labels: str) -> dict[str, list[Any]]:
    """A plot with these axes."""
    values = {"Size": "64x64", "Sampler": "Heun"}
    axes = [(label, values.get(label, "1")) for label in labels]
    return {"X/Y/Z plot": program.runners["txt2img"].named("X/Y/Z plot").arguments(*axes)}


def seen_fields(program: Imitation, adapter: ModuleType, scripts: Any, **fields: Any) -> set[str]:
    """What the adapter sees in the jobs of a click."""
    seen: set[str] = set()
    program.add_extension(
        acting(before_process=lambda p: seen.update(adapter.WebUIJob(p).fields_of_others()))
    )
    program.build()
    program.press_generate(scripts=scripts, **fields)
    return seen


@pytest.mark.parametrize(
    ("axis", "field"),
    [
        ("Steps", "steps"),
        ("CFG Scale", "cfg_scale"),
        ("Sampler", "sampler"),
        ("Schedule type", "sampler"),
        ("Size", "size"),
        ("Clip skip", "clip_skip"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2], ids="xyz")
def test_axes_of_a_plot_are_the_plots(
    program: Imitation, adapter: ModuleType, axis: str, field: str, place: int
) -> None:
    found = seen_fields(program, adapter, plotted(program, *["Nothing"] * place, axis), prompt="a")
    assert found == {field}


def test_other_axes_and_an_earlier_plot_take_nothing(program: Imitation, adapter: ModuleType) -> None:
    assert seen_fields(program, adapter, plotted(program, "Prompt S/R"), prompt="1") == set()
    assert seen_fields(program, adapter, plotted(program, "Steps", "Size"), prompt="a") == {"steps", "size"}
    assert job_of(program, adapter)[1].fields_of_others() == set(), "the plot is over, its state is not"
    lines = {"Prompts from file or textbox": [False, False, "start", "a"]}
    assert job_of(program, adapter, scripts=lines)[1].fields_of_others() == set()


@pytest.mark.parametrize(
    "title",
    [
        "SD upscale",
        "Ultimate SD upscale",
        "Outpainting mk2",
        "Poor man's outpainting",
        "Loopback",
        "Tiled VAE",
    ],
)
def test_scripts_that_work_in_tiles_own_the_size(program: Imitation, adapter: ModuleType, title: str) -> None:
    program.add_extension(selectable(title))
    program.build()
    assert job_of(program, adapter, "img2img", {title: []})[1].fields_of_others() == {"size"}
    assert job_of(program, adapter, "img2img")[1].fields_of_others() == set()


@pytest.mark.parametrize("mark", [{"txt2img_upscale": True}, {"firstpass_image": object()}])
def test_the_button_that_upscales_a_finished_image_owns_the_size(
    program: Imitation, adapter: ModuleType, mark: dict[str, Any]
) -> None:
    p, job = job_of(program, adapter)
    vars(p).update(mark)
    assert job.fields_of_others() == {"size"}


@pytest.mark.parametrize("arguments", [(), None, (99,), ("1",)])
def test_a_job_within_a_job_may_have_no_scripts(adapter: ModuleType, arguments: Any) -> None:
    """As detailers make them."""
    for scripts in (None, SimpleNamespace(selectable_scripts=[]), SimpleNamespace()):
        job = adapter.WebUIJob(SimpleNamespace(scripts=scripts, script_args=arguments))
        assert job.fields_of_others() == set()
        assert job.lines().name == "SEPARATOR"


def test_lines_are_regions_where_the_user_says_so(program: Imitation, adapter: ModuleType) -> None:
    job = job_of(program, adapter)[1]
    assert job.lines().name == "SEPARATOR"
    program.options.data[LINES] = True
    assert job.lines().name == "REGION"


@pytest.mark.parametrize("title", ["Forge Couple", "Regional Prompter", "Latent Couple extension", "Other"])
@pytest.mark.parametrize("value", [True, False, None, "on"])
def test_lines_are_regions_where_an_extension_that_reads_them_so_is_on(
    program: Imitation, adapter: ModuleType, title: str, value: Any
) -> None:
    program.add_extension(always("First", True))
    program.add_extension(always(title, value, True))
    program.build()
    is_on = value is True and title != "Other"
    assert job_of(program, adapter)[1].lines().name == ("REGION" if is_on else "SEPARATOR")


def test_an_extension_without_controls_is_no_regions(program: Imitation, adapter: ModuleType) -> None:
    program.add_extension(always("Regional Prompter"))
    program.build()
    assert job_of(program, adapter)[1].lines().name == "SEPARATOR"


@pytest.mark.parametrize(
    "asked",
    [{"hr_scale": 1.5}, {"hr_scale": 1}, {"hr_resize_x": 1000}, {"hr_resize_y": 1000}, {"hr_scale": "2"}],
    ids=str,
)
def test_final_size_is_what_the_second_pass_makes(
    program: Imitation, adapter: ModuleType, variant: Variant, asked: dict[str, Any]
) -> None:
    p, job = job_of(program, adapter, **SECOND_PASS, **asked)
    p.width, p.height, p.hr_scale = 832, 1216, float(p.hr_scale)
    p.init()
    assert job.final_size(832, 1216) == (p.hr_upscale_to_x, p.hr_upscale_to_y)


def test_both_sides_given_are_the_final_size(program: Imitation, adapter: ModuleType) -> None:
    job = job_of(program, adapter, **SECOND_PASS, hr_resize_x=1000, hr_resize_y=1200)[1]
    assert job.final_size(832, 1216) == (1000, 1200)


@pytest.mark.parametrize(("second", "follows"), [(7, 5), (3, 3)], ids=["the first's", "its own"])
def test_the_second_cfg_stays_the_first_s_where_it_was(
    program: Imitation, adapter: ModuleType, variant: Variant, second: int, follows: int
) -> None:
    if "hr_cfg" not in variant.own_fields:
        pytest.skip(f"{variant.name} has one CFG scale for both passes")
    p, job = job_of(program, adapter, cfg_scale=7, hr_cfg=second, **SECOND_PASS)
    job.set_values({"cfg_scale": 5})
    assert (p.cfg_scale, p.hr_cfg) == (5, follows)
    job.set_values({"cfg_scale": 7})
    assert (p.cfg_scale, p.hr_cfg) == (7, second)


def test_without_a_second_pass_its_cfg_is_left(program: Imitation, adapter: ModuleType) -> None:
    p, job = job_of(program, adapter, cfg_scale=7, hr_cfg=7)
    before = getattr(p, "hr_cfg", None)
    job.set_values({"cfg_scale": 5})
    assert getattr(p, "hr_cfg", None) == before
