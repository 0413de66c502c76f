"""The imitated scripts that come with the program: sampler, seed and comments, and three that plot."""

from __future__ import annotations

import copy
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.webui.generating import Processed, process_images
from tests.webui.infotext import create_infotext
from tests.webui.options import CHECKPOINT, CLIP_SKIP
from tests.webui.runner import AlwaysVisible, Control, Script


class SamplerScript(Script):
    """The page's steps, sampler and schedule type; an API request has its own."""

    setup_for_ui_only = True

    def title(self) -> str:
        return "Sampler"

    def show(self, is_img2img: bool) -> Any:
        return AlwaysVisible

    def ui(self, is_img2img: bool) -> list[Any]:
        return [Control(20), Control("DPM++ 2M"), Control("Automatic")]

    def setup(self, p: Any, steps: int, sampler: str, scheduler: str) -> None:
        p.steps, p.sampler_name, p.scheduler = steps, sampler, scheduler


class SeedScript(Script):
    """The page's seed."""

    setup_for_ui_only = True

    def title(self) -> str:
        return "Seed"

    def show(self, is_img2img: bool) -> Any:
        return AlwaysVisible

    def ui(self, is_img2img: bool) -> list[Any]:
        return [Control(-1)]

    def setup(self, p: Any, seed: int) -> None:
        p.seed = seed


class CommentsScript(Script):
    """Takes comments out in `process`, after all extensions."""

    def title(self) -> str:
        return "Comments"

    def show(self, is_img2img: bool) -> Any:
        return AlwaysVisible

    def process(self, p: Any) -> None:
        names = ["all_prompts", "all_negative_prompts", "main_prompt", "main_negative_prompt"]
        if getattr(p, "enable_hr", False):
            names += ["all_hr_prompts", "all_hr_negative_prompts", "hr_prompt", "hr_negative_prompt"]
        without = p.program.variant.without_comments
        for name in names:
            value = getattr(p, name)
            stripped = without(value) if isinstance(value, str) else [without(text) for text in value]
            setattr(p, name, stripped)


class MatrixScript(Script):
    """Prompt matrix: one job whose prompt is a list."""

    def title(self) -> str:
        return "Prompt matrix"

    def run(self, p: Any, at_start: bool, other_seeds: bool, kind: str, gap: str, margin: int) -> Processed:
        name = "prompt" if kind == "positive" else "negative_prompt"
        first, *others = getattr(p, name).split("|")
        chosen = [
            [first, *(text.strip() for place, text in enumerate(others) if number >> place & 1)]
            for number in range(2 ** len(others))
        ]
        setattr(p, name, [", ".join(texts) for texts in chosen])
        p.n_iter, p.do_not_save_grid = -(-len(chosen) // p.batch_size), True
        p.seed = [p.seed] * len(chosen)
        result = process_images(p)
        result.infotexts.insert(0, result.infotexts[0])
        return result


class LinesScript(Script):
    """Prompts from file or textbox: one job a line, each a copy of the one that was asked for."""

    def title(self) -> str:
        return "Prompts from file or textbox"

    def run(self, p: Any, seeds: bool, same_seed: bool, place: str, lines: str) -> Processed:
        p.do_not_save_grid = True
        result = Processed()
        for line in lines.splitlines():
            given = _arguments(line) if line.startswith("--") else {"prompt": line}
            job = copy.copy(p)
            for name, value in given.items():
                both = f"{value} {getattr(p, name)}" if "prompt" in name and getattr(p, name) else value
                setattr(job, name, both)
            result.infotexts += process_images(job).infotexts
            result.close(job)
        return result


def _arguments(line: str) -> dict[str, Any]:
    words = shlex.split(line)
    pairs = zip(words[::2], words[1::2])
    return {name.removeprefix("--"): int(value) if value.isdigit() else value for name, value in pairs}


@dataclass(frozen=True)
class AxisOption:
    """What an axis varies. `kind` reads a value."""

    label: str
    kind: Callable[[str], Any]
    apply: Callable[[Any, Any, list[Any]], None]


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


NOTHING = AxisOption("Nothing", str, lambda p, value, values: None)
AXES = {
    0: NOTHING,
    4: AxisOption("Steps", int, _sets("steps")),
    6: AxisOption("CFG Scale", float, _sets("cfg_scale")),
    8: AxisOption("Prompt S/R", str, _replace),
    10: AxisOption("Sampler", str, _sets("sampler_name")),
    11: AxisOption("Checkpoint name", str, _overrides(CHECKPOINT)),
    12: AxisOption("Size", str, _set_size),
    13: AxisOption("Clip skip", int, _overrides(CLIP_SKIP)),
    14: AxisOption("Schedule type", str, _sets("scheduler")),
}


class PlotScript(Script):
    """X/Y/Z plot: one job a cell, each a shallow copy of the one that was asked for."""

    def title(self) -> str:
        return "X/Y/Z plot"

    def run(self, p: Any, *arguments: Any) -> Processed:
        p.do_not_save_grid = True
        axes = [_axis(*arguments[start : start + 2]) for start in (0, 3, 6)]
        state = p.program.state
        state.xyz_plot_x, state.xyz_plot_y, state.xyz_plot_z = axes
        result, x = Processed(), axes[0]
        for last in axes[2].values:
            for second in axes[1].values:
                for first in x.values:
                    cell = copy.copy(p)
                    for axis, value in zip(axes, (first, second, last), strict=True):
                        axis.axis.apply(cell, value, axis.values)
                    made = process_images(cell)
                    if not result.infotexts:
                        result.infotexts.append(_grid_infotext(cell, x.axis.label, arguments[1]))
                    result.infotexts.append(made.infotexts[0])
                    result.close(cell)
        return result


def plot_arguments(*axes: tuple[str, str]) -> list[Any]:
    """A plot's arguments for up to three axes: labels and values."""
    kinds = {option.label: number for number, option in AXES.items()}
    padded = [*axes, *[("Nothing", "")] * (3 - len(axes))]
    arguments: list[Any] = []
    for label, values in padded:
        arguments += [kinds[label], values, []]
    return arguments


def _axis(kind: int, values: str) -> Axis:
    option = AXES[kind]
    return Axis(option, [option.kind(value.strip()) for value in values.split(",")])


def _grid_infotext(cell: Any, label: str, values: str) -> str:
    """The grid's infotext is the first cell's, with the plot's own lines in a dictionary of its own."""
    said = {"Script": "X/Y/Z plot", "X Type": label, "X Values": values}
    cell.extra_generation_params = {**cell.extra_generation_params, **said}
    return create_infotext(cell, cell.all_prompts, cell.all_negative_prompts, cell.all_seeds)


FIRST_SCRIPTS = (MatrixScript, LinesScript, PlotScript)
LAST_SCRIPTS = (SeedScript, SamplerScript)
