"""The WebUI's own scripts: what they vary is theirs, and every image has its own prompt and record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.real.expected import MESSY, NEGATIVE_3, NEGATIVE_4, ORDERED_3, ORDERED_4, QUALITY_3, QUALITY_4
from tests.real.generating import (
    ANYTHING,
    KEY,
    OLDER,
    ON,
    OPT,
    UNKNOWN,
    Images,
    axis_labels,
    generate,
    plot_arguments,
    script_arguments,
)
from tests.real.running import RunningWebUI

FILL = [{"untouched": ["cfg_scale", "sampler", "steps"], "policy": {"steps": "keep"}}]


def plot(server: RunningWebUI, arguments: Any, axes: list[tuple[str, str]], **more: Any) -> Images:
    """An X/Y/Z plot; one infotext a cell, the grids left out."""
    chosen = plot_arguments(server, axes, ["Include Sub Images"])
    images = generate(server, arguments, script_name="X/Y/Z plot", script_args=chosen, **more)
    return images._replace(infotexts=images.infotexts[1:])


def test_prompts_of_a_plot(server: RunningWebUI) -> None:
    cells = plot(server, ON, [("Prompt S/R", "smile, frown, 2girls")], prompt="smile, 1girl").infotexts
    assert [cell.prompt for cell in cells] == [
        f"1girl, smile, {QUALITY_4}",
        f"1girl, frown, {QUALITY_4}",
        f"2girls, 1girl, {QUALITY_4}",
    ]
    assert [cell.record["prompt"] for cell in cells] == ["smile, 1girl", "frown, 1girl", "2girls, 1girl"]


def test_the_axes_of_a_plot_win(server: RunningWebUI) -> None:
    cells = plot(
        server,
        [{"policy": {"cfg_scale": "force", "steps": "force", "sampler": "force"}}],
        [("Steps", "1, 2"), ("CFG Scale", "3, 4")],
        prompt=MESSY,
    ).infotexts
    assert [cell.settings for cell in cells] == [
        "64x64, Euler a, Automatic, 3.0, 1",
        "64x64, Euler a, Automatic, 3.0, 2",
        "64x64, Euler a, Automatic, 4.0, 1",
        "64x64, Euler a, Automatic, 4.0, 2",
    ]
    assert {cell.prompt for cell in cells} == {ORDERED_4}


def test_the_axes_of_a_plot_win_over_a_preset(server: RunningWebUI) -> None:
    choices = [{"preset": "Card defaults", "policy": {"size": "keep"}}]
    axes = [("Steps", "1, 2"), ("CFG Scale", "3, 4"), ("Sampler", "DDIM")]
    cells = plot(server, choices, axes, prompt=MESSY).infotexts
    found = {(cell.params["Steps"], cell.params["CFG scale"], cell.params["Sampler"]) for cell in cells}
    assert found == {(steps, scale, "DDIM") for steps in ("1", "2") for scale in ("3.0", "4.0")}


def test_a_size_axis_wins_over_a_preset(server: RunningWebUI) -> None:
    if "Size" not in axis_labels(server):
        pytest.skip("this host's plot has no axis for the size")
    choices = [{"preset": "Card defaults", "policy": {"steps": "keep"}}]
    cells = plot(server, choices, [("Size", "64x64, 64x96")], prompt=MESSY).infotexts
    assert [cell.params["Size"] for cell in cells] == ["64x64", "64x96"]


def test_a_sampler_axis_wins(server: RunningWebUI) -> None:
    cells = plot(server, FILL, [("Sampler", "DDIM, Heun")], prompt=MESSY).infotexts
    assert [cell.params["Sampler"] for cell in cells] == ["DDIM", "Heun"]
    assert {cell.params["CFG scale"] for cell in cells} == {"5"}


def test_each_checkpoint_of_a_plot_has_its_profile(server: RunningWebUI) -> None:
    names = [UNKNOWN, OPT, OLDER, ANYTHING, UNKNOWN, OPT]
    cells = plot(server, FILL, [("Checkpoint name", ", ".join(names))], prompt=MESSY).infotexts
    profiles = [cell.record["profile"] if cell.prompt != MESSY else None for cell in cells]
    opt, older, anything = "animagine-xl-4.0-opt", "animagine-xl-3.1", "anything-v3.1"
    assert profiles == [None, opt, older, anything, None, opt]
    assert [cell.params["CFG scale"] for cell in cells] == ["7.0", "5", "7", "7.0", "7.0", "5"]
    assert [cell.params["Sampler"] for cell in cells] == [
        "Euler",
        "Euler a",
        "Euler a",
        "Euler",
        "Euler",
        "Euler a",
    ]
    unknown = [cell for cell in cells if cell.params["Model"] == UNKNOWN.removesuffix(".safetensors")]
    assert [cell.prompt for cell in unknown] == [MESSY, MESSY]
    assert not any("animagine" in cell.params.get(KEY, "") for cell in unknown)
    assert (cells[2].prompt, cells[2].negative) == (ORDERED_3, NEGATIVE_3)


def test_a_plot_that_does_not_ask_for_us(server: RunningWebUI) -> None:
    cells = plot(server, None, [("Prompt S/R", "smile, frown")], prompt="smile, 1girl").infotexts
    assert [cell.prompt for cell in cells] == ["smile, 1girl", "frown, 1girl"]
    assert not any(KEY in cell.params for cell in cells)


def test_prompt_matrix(server: RunningWebUI) -> None:
    script: dict[str, Any] = {
        "script_name": "Prompt matrix",
        "script_args": [False, False, "positive", "comma", 0],
    }
    found = generate(server, ON, prompt="smile, 1girl|night|rain", **script).infotexts[1:]
    assert [one.prompt for one in found] == [
        f"1girl, smile, {QUALITY_4}",
        f"1girl, smile, night, {QUALITY_4}",
        f"1girl, smile, rain, {QUALITY_4}",
        f"1girl, smile, night, rain, {QUALITY_4}",
    ]
    assert [one.record["prompt"] for one in found] == [
        "smile, 1girl",
        "smile, 1girl, night",
        "smile, 1girl, rain",
        "smile, 1girl, night, rain",
    ]


def test_a_matrix_of_negatives(server: RunningWebUI) -> None:
    script: dict[str, Any] = {
        "script_name": "Prompt matrix",
        "script_args": [False, False, "negative", "comma", 0],
    }
    found = generate(server, ON, prompt="smile, 1girl", negative_prompt="fog|rain", **script).infotexts[1:]
    assert [one.negative for one in found] == [f"{NEGATIVE_4}, fog", f"{NEGATIVE_4}, fog, rain"]
    assert [one.record["negative"] for one in found] == ["fog", "fog, rain"]


def test_prompts_from_a_text_box(server: RunningWebUI) -> None:
    name = "Prompts from file or textbox"
    lines = [
        "smile, 1girl",
        '--prompt "outdoors, 1boy" --negative_prompt "fog" --steps 3 --cfg_scale 4',
        f'--prompt "night, 1girl" --sd_model {OLDER}',
    ]
    script: dict[str, Any] = {
        "script_name": name,
        "script_args": script_arguments(server, name, [False, False, "start", "\n".join(lines)]),
    }
    first, second, third = generate(server, ON, prompt="", **script).infotexts
    assert (first.prompt, first.negative) == (f"1girl, smile, {QUALITY_4}", NEGATIVE_4)
    assert (second.prompt, second.negative) == (f"1boy, outdoors, {QUALITY_4}", f"{NEGATIVE_4}, fog")
    assert second.settings == "64x64, Euler, Automatic, 4.0, 3"
    assert (third.prompt, third.negative) == (f"{QUALITY_3}, 1girl, night", NEGATIVE_3)
    assert [one.record["prompt"] for one in (first, second, third)] == [
        "smile, 1girl",
        "outdoors, 1boy",
        "night, 1girl",
    ]
