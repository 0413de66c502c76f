"""Our axes in each imitated program's plot: there before its boxes, once, and each cell by its own values."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from modelwise.webui.choices import WrongChoice
from modelwise.webui.xyz import AXES
from tests.support.hosts import panel
from tests.webui import plot
from tests.webui.imitation import Imitation
from tests.webui.with_us import (
    AS_LOADED,
    MADE,
    OF_THE_CARD,
    OLDER,
    OPT,
    QUALITY,
    SCRIPT,
    TITLE,
    UNTOUCHED,
    compiled,
    generate,
    read,
    record,
    request,
    settings,
)

LABELS = [f"[Modelwise] {title}" for title in ("Profile", "Preset", "Quality", "Order", "Mode")]
TABS = ("txt2img", "img2img")


def plotter(program: Imitation, tab: str = "txt2img") -> Any:
    return program.runners[tab].named("X/Y/Z plot")


def ours(program: Imitation, tab: str = "txt2img") -> list[str]:
    labels = [option.label for option in plotter(program, tab).current_axis_options]
    return [label for label in labels if "Modelwise" in label]


def cells(program: Imitation, *axes: tuple[str, str], arguments: Any = None, **fields: Any) -> Any:
    """The infotexts of a click with these axes of ours or the program's, without the grid's."""
    chosen = [(f"[Modelwise] {label}" if label in TITLES else label, values) for label, values in axes]
    script = {"X/Y/Z plot": plotter(program).arguments(*chosen)}
    return read(generate(program, *(arguments or panel()), scripts=script, **fields))[1:]


TITLES = {axis.title for axis in AXES}


@pytest.mark.parametrize("tab", TABS)
def test_the_boxes_list_our_axes_once(started: Imitation, tab: str) -> None:
    assert ours(started, tab) == LABELS
    started.build()
    assert ours(started, tab) == LABELS


def test_they_survive_a_reload(started: Imitation) -> None:
    started.reload([SCRIPT])
    for tab in TABS:
        assert ours(started, tab) == LABELS
    (cell,) = cells(started, ("Order", "off"))
    assert cell["Prompt"] == f"smile, 1girl, {QUALITY}"


def test_a_program_without_us_has_none(program: Imitation) -> None:
    assert ours(program) == []


def _other_options(module: ModuleType) -> None:
    module.AxisOption = type("AxisOption", (), {"__init__": lambda self, label, tipe, apply, fmt: None})  # type: ignore[attr-defined]


def _no_options(module: ModuleType) -> None:
    del module.axis_options


@pytest.mark.parametrize("change", [_other_options, _no_options])
def test_a_plot_of_another_build_is_left_alone(program: Imitation, adapter: ModuleType, change: Any) -> None:
    module = program.scripts_data[0].module
    options = list(module.axis_options)
    change(module)
    adapter.add_axes(AXES, None)
    assert getattr(module, "axis_options", options) == options


def test_a_program_that_keeps_its_scripts_elsewhere_is_left_alone(
    program: Imitation, adapter: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter.plots, "scripts", SimpleNamespace())
    adapter.add_axes(AXES, None)
    assert len(program.scripts_data[0].module.axis_options) == len(plot.plot_module().axis_options)


def test_a_script_of_another_name_is_left_alone(program: Imitation, adapter: ModuleType) -> None:
    other = SimpleNamespace(axis_options=[], AxisOption=plot.AxisOption)
    script = type("Other", (), {"__module__": "other_plot.py"})
    program.scripts_data.append(SimpleNamespace(script_class=script, module=other))
    adapter.add_axes(AXES, None)
    assert other.axis_options == []


def test_profile_by_order(started: Imitation) -> None:
    names = ("Animagine XL 4.0 Opt", "Animagine XL 3.1")
    found = cells(started, ("Profile", ", ".join(names)), ("Order", "on, off"))
    older = "masterpiece, best quality, very aesthetic, absurdres"
    assert [cell["Prompt"] for cell in found] == [
        MADE,
        f"{older}, 1girl, smile",
        f"smile, 1girl, {QUALITY}",
        f"{older}, smile, 1girl",
    ]
    profiles = ["animagine-xl-4.0-opt", "animagine-xl-3.1"] * 2
    assert [record(cell)["profile"] for cell in found] == [record(cell)["choice"] for cell in found]
    assert [record(cell)["profile"] for cell in found] == profiles
    assert [record(cell).get("off", []) for cell in found] == [[], [], ["order"], ["order"]]
    legends = plotter(started).legends
    assert legends[0] == [f"Profile: {name}" for name in names]
    assert legends[1] == ["Order: on", "Order: off"]


def test_nothing_of_a_cell_is_in_the_next(started: Imitation) -> None:
    found = cells(started, ("Mode", "on, off, on, off"), arguments=panel("off"))
    assert [cell["Prompt"] for cell in found] == [MADE, "smile, 1girl"] * 2
    assert [TITLE in cell for cell in found] == [True, False] * 2
    assert [settings(cell) for cell in found] == [OF_THE_CARD, AS_LOADED] * 2


def test_nothing_is_left_for_the_next_job(started: Imitation) -> None:
    cells(started, ("Order", "off"))
    (found,) = read(generate(started))
    assert found["Prompt"] == MADE


def test_the_panels_profile_gives_way(started: Imitation) -> None:
    found = cells(started, ("Profile", "Auto, Animagine XL 3.1"), arguments=panel(profile="Anything V3.1"))
    assert [cell["Prompt"] for cell in found] == [
        compiled("smile, 1girl", "blurry", name).prompt for name in (OPT, OLDER)
    ]


def test_our_axis_with_axes_of_the_program(started: Imitation) -> None:
    found = cells(started, ("Preset", "none, Landscape"), ("Steps", "4, 5"), ("Prompt S/R", "smile, hat"))
    assert [cell["Steps"] for cell in found] == ["4", "4", "5", "5"] * 2
    assert [cell["Size"] for cell in found] == ["832x1216", "1216x832"] * 4
    assert [cell["Prompt"] for cell in found] == [MADE] * 4 + [f"1girl, hat, {QUALITY}"] * 4
    assert {cell["CFG scale"] for cell in found} == {"5"}


def test_a_size_axis_wins_over_our_presets(started: Imitation) -> None:
    found = cells(started, ("Preset", "Portrait, Landscape"), ("Size", "64x64, 64x96"))
    assert [cell["Size"] for cell in found] == ["64x64", "64x64", "64x96", "64x96"]


def test_preset_over_touched_fields(started: Imitation) -> None:
    arguments = panel(touched=UNTOUCHED)
    found = cells(started, ("Preset", "none, Landscape, Card defaults"), arguments=arguments)
    assert [settings(cell) for cell in found] == [
        AS_LOADED,
        {**AS_LOADED, "Size": "1216x832"},
        {**OF_THE_CARD, "CFG scale": "5.0"},
    ]


def test_a_wrong_value_ends_the_plot_before_its_first_image(started: Imitation) -> None:
    with pytest.raises(WrongChoice, match=r"\[Modelwise\] Quality: found 'best'; allowed: standard, light"):
        cells(started, ("Quality", "standard, best"))


def test_values_from_the_drop_down_box(started: Imitation) -> None:
    script = plotter(started)
    arguments = script.arguments(("[Modelwise] Profile", ""))
    option = next(one for one in script.current_axis_options if one.label == "[Modelwise] Profile")
    assert option.choices()[0] == "Auto" and "Animagine XL 3.1" in option.choices()
    arguments[2], arguments[-1] = ["Animagine XL 3.1"], False
    _, cell = read(generate(started, scripts={"X/Y/Z plot": arguments}))
    assert record(cell)["profile"] == "animagine-xl-3.1"


def test_over_the_api_without_a_word_of_us(started: Imitation) -> None:
    arguments = plotter(started).arguments(("[Modelwise] Order", "on, off"))
    result = request(started, script_name="x/y/z plot", script_args=arguments)
    found = read(result)[1:]
    assert [cell["Prompt"] for cell in found] == [MADE, f"smile, 1girl, {QUALITY}"]
    assert {cell["Steps"] for cell in found} == {"20"}, "all fields count as touched"


def test_over_the_api_the_axis_wins_over_the_object(started: Imitation) -> None:
    arguments = plotter(started).arguments(("[Modelwise] Mode", "off, on"))
    named = {"script_name": "x/y/z plot", "script_args": arguments}
    found = read(request(started, {"mode": "on", "switches": {"quality": False}}, **named))[1:]
    assert [cell["Prompt"] for cell in found] == ["smile, 1girl", "1girl, smile"]


def test_img2img(started: Imitation) -> None:
    arguments = plotter(started, "img2img").arguments(("[Modelwise] Order", "on, off"))
    fields: dict[str, Any] = {"tab": "img2img", "init_images": ["a picture"]}
    found = read(generate(started, scripts={"X/Y/Z plot": arguments}, **fields))[1:]
    assert [cell["Prompt"] for cell in found] == [MADE, f"smile, 1girl, {QUALITY}"]


def test_the_imitated_axis_is_made_like_the_real_one(webui: Path) -> None:
    source = (webui / "scripts" / "xyz_grid.py").read_text(encoding="utf-8")
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    real = next(node for node in classes if node.name == "AxisOption").body[0]
    assert isinstance(real, ast.FunctionDef)
    imitated = inspect.signature(plot.AxisOption).parameters
    assert [argument.arg for argument in real.args.args[1:]] == list(imitated)
    assert len(real.args.defaults) == sum(one.default is not one.empty for one in imitated.values())
