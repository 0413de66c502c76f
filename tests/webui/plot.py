"""The imitated X/Y/Z plot: a module with a list of axes that extensions may lengthen before its boxes are made."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tests.webui.generating import Processed, process_images
from tests.webui.infotext import create_infotext
from tests.webui.options import CHECKPOINT, CLIP_SKIP
from tests.webui.runner import Script

MODULE = "xyz_grid.py"


def _with_label(_p: Any, option: AxisOption, value: Any) -> str:
    return f"{option.label}: {value}"


class AxisOption:
    """What an axis varies. `type` reads a value, `confirm` looks at all of them before the first image."""

    def __init__(  # noqa: PLR0917 (the host's own signature)
        self,
        label: str,
        type: Callable[[str], Any],  # noqa: A002 (the host's own name)
        apply: Callable[[Any, Any, list[Any]], None],
        format_value: Callable[[Any, Any, Any], str] = _with_label,
        confirm: Callable[[Any, list[Any]], None] | None = None,
        cost: float = 0.0,
        choices: Callable[[], list[str]] | None = None,
        prepare: Callable[[str], list[str]] | None = None,
    ) -> None:
        self.label = label
        self.type = type
        self.apply = apply
        self.format_value = format_value
        self.confirm = confirm
        self.cost = cost
        self.prepare = prepare
        self.choices = choices


@dataclass(frozen=True)
class Axis:
    """What a plot leaves on the program's state, and never takes away."""

    axis: AxisOption
    values: list[Any]


def _sets(field: str) -> Callable[[Any, Any, list[Any]], None]:
    return lambda p, value, _values: setattr(p, field, value)


def _overrides(key: str) -> Callable[[Any, Any, list[Any]], None]:
    """In the dictionary that all cells share."""
    return lambda p, value, _values: p.override_settings.__setitem__(key, value)


def _set_size(p: Any, value: str, _values: list[Any]) -> None:
    p.width, p.height = map(int, value.split("x"))


def _replace(p: Any, value: str, values: list[Any]) -> None:
    p.prompt = p.prompt.replace(values[0], value)
    p.negative_prompt = p.negative_prompt.replace(values[0], value)


def _do_nothing(_p: Any, _value: Any, _values: list[Any]) -> None:
    """The axis that is none."""


def _own_axes() -> list[AxisOption]:
    """A few of the real ones; `Steps` stands where the recorded requests ask for it."""
    seeds = [AxisOption(label, int, _do_nothing) for label in ("Seed", "Var. seed", "Var. strength")]
    return [
        AxisOption("Nothing", str, _do_nothing),
        *seeds,
        AxisOption("Steps", int, _sets("steps")),
        AxisOption("CFG Scale", float, _sets("cfg_scale")),
        AxisOption("Prompt S/R", str, _replace),
        AxisOption("Sampler", str, _sets("sampler_name")),
        AxisOption("Checkpoint name", str, _overrides(CHECKPOINT)),
        AxisOption("Size", str, _set_size),
        AxisOption("Clip skip", int, _overrides(CLIP_SKIP)),
        AxisOption("Schedule type", str, _sets("scheduler")),
    ]


class PlotScript(Script):
    """X/Y/Z plot: one job a cell, each a shallow copy of the one that was asked for. `legends`: of each axis."""

    axis_options: list[AxisOption]
    current_axis_options: list[AxisOption]
    legends: list[list[str]]

    def title(self) -> str:
        return "X/Y/Z plot"

    def ui(self, is_img2img: bool) -> None:
        """The boxes list the axes that there are by now."""
        self.current_axis_options = list(self.axis_options)

    def run(self, p: Any, *arguments: Any) -> Processed:
        p.do_not_save_grid = True
        as_text = bool(arguments[-1])
        axes = [self._axis(as_text, *arguments[start : start + 3]) for start in (0, 3, 6)]
        state = p.program.state
        state.xyz_plot_x, state.xyz_plot_y, state.xyz_plot_z = axes
        self.legends = [
            [axis.axis.format_value(p, axis.axis, value) for value in axis.values] for axis in axes
        ]
        result = Processed()
        for last in axes[2].values:
            for second in axes[1].values:
                for first in axes[0].values:
                    cell = copy.copy(p)
                    for axis, value in zip(axes, (first, second, last), strict=True):
                        axis.axis.apply(cell, value, axis.values)
                    made = process_images(cell)
                    if not result.infotexts:
                        result.infotexts.append(_grid_infotext(cell, axes[0].axis.label, arguments[1]))
                    result.infotexts.append(made.infotexts[0])
                    result.close(cell)
        return result

    def _axis(self, as_text: bool, kind: int, text: str, chosen: list[str]) -> Axis:
        option = self.current_axis_options[kind]
        if option.label == "Nothing":
            return Axis(option, [0])
        listed = option.choices is not None and not as_text
        read = chosen if listed else next(csv.reader([text], skipinitialspace=True), [])
        values = [option.type(value.strip()) for value in read]
        if option.confirm:
            option.confirm(None, values)
        return Axis(option, values)

    def arguments(self, *axes: tuple[str, str]) -> list[Any]:
        """The plot's arguments for up to three axes: labels and values, these as text."""
        labels = [option.label for option in self.current_axis_options]
        padded = [*axes, *[("Nothing", "")] * (3 - len(axes))]
        chosen: list[Any] = []
        for label, values in padded:
            chosen += [labels.index(label), values, []]
        # legend, lone images, sub grids, no fixed seeds, varied seeds on each axis, margin, values as text
        return [*chosen, True, True, False, False, False, False, False, 0, True]


def plot_module() -> ModuleType:
    """The plot as the program has just executed it: with its own axes alone."""
    module = ModuleType(MODULE)
    options = _own_axes()
    members = {"__module__": MODULE, "axis_options": options}
    script = type("PlotScript", (PlotScript,), members)
    module.__dict__.update(AxisOption=AxisOption, axis_options=options, Script=script)
    return module


def _grid_infotext(cell: Any, label: str, values: str) -> str:
    """The grid's infotext is the first cell's, with the plot's own lines in a dictionary of its own."""
    said = {"Script": "X/Y/Z plot", "X Type": label, "X Values": values}
    cell.extra_generation_params = {**cell.extra_generation_params, **said}
    return create_infotext(cell, cell.all_prompts, cell.all_negative_prompts, cell.all_seeds)
