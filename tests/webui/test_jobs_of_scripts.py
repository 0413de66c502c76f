"""Jobs that come more than once: plots, prompt files, a matrix and a loopback, with our script."""

from __future__ import annotations

from typing import Any

import pytest

from modelwise.webui.infotext import pasted
from tests.support.hosts import panel
from tests.webui.asking import acting, looping
from tests.webui.imitation import Imitation
from tests.webui.options import CLIP_SKIP
from tests.webui.with_us import (
    ANYTHING,
    AS_LOADED,
    MADE,
    OF_THE_CARD,
    OLDER,
    OPT,
    QUALITY,
    SCRIPT,
    TITLE,
    UNKNOWN,
    UNTOUCHED,
    compiled,
    generate,
    read,
    record,
    settings,
)


def plot(program: Imitation, *axes: tuple[str, str], **fields: Any) -> list[dict[str, Any]]:
    """The cells of a plot, without its grid."""
    arguments = program.runners["txt2img"].named("X/Y/Z plot").arguments(*axes)
    return read(generate(program, scripts={"X/Y/Z plot": arguments}, **fields))[1:]


def test_prompts_of_a_plot(started: Imitation) -> None:
    cells = plot(started, ("Prompt S/R", "smile, frown, hat"))
    texts = ["smile, 1girl", "frown, 1girl", "hat, 1girl"]
    assert [cell["Prompt"] for cell in cells] == [compiled(text).prompt for text in texts]
    assert [record(cell)["prompt"] for cell in cells] == texts
    assert all(settings(cell) == OF_THE_CARD for cell in cells)


@pytest.mark.parametrize(
    ("axis", "values", "field", "expected"),
    [
        ("Steps", "4, 5", "Steps", ["4", "5"]),
        ("CFG Scale", "3, 4", "CFG scale", ["3.0", "4.0"]),
        ("Sampler", "Heun, DDIM", "Sampler", ["Heun", "DDIM"]),
        ("Size", "64x64, 64x96", "Size", ["64x64", "64x96"]),
    ],
)
def test_what_a_plot_varies_is_the_plots(
    started: Imitation, axis: str, values: str, field: str, expected: list[str]
) -> None:
    cells = plot(started, (axis, values))
    assert [cell[field] for cell in cells] == expected
    others = {name: value for name, value in OF_THE_CARD.items() if name != field}
    assert all({**settings(cell), **others} == settings(cell) for cell in cells)
    assert {cell["Prompt"] for cell in cells} == {MADE}


def test_two_axes(started: Imitation) -> None:
    cells = plot(started, ("Steps", "4, 5"), ("CFG Scale", "3, 4"))
    found = [(cell["Steps"], cell["CFG scale"]) for cell in cells]
    assert found == [("4", "3.0"), ("5", "3.0"), ("4", "4.0"), ("5", "4.0")]


def test_each_checkpoint_of_a_plot_has_its_profile(started: Imitation) -> None:
    names = [UNKNOWN, OPT, OLDER, ANYTHING, UNKNOWN, OPT]
    cells = plot(started, ("Checkpoint name", ", ".join(names)))
    known = {name: compiled("smile, 1girl", "blurry", name).prompt for name in (OPT, OLDER, ANYTHING)}
    assert [cell["Prompt"] for cell in cells] == [known.get(name, "smile, 1girl") for name in names]
    unknown = [cell for cell in cells if cell["Model"] == "snailMix"]
    assert [settings(cell) for cell in unknown] == [AS_LOADED, AS_LOADED]
    assert all("animagine" not in cell.get(TITLE, "") for cell in unknown)


def test_a_clip_skip_axis_is_no_ones_afterwards(started: Imitation) -> None:
    started.options.add_option(CLIP_SKIP, started.options.data_labels[CLIP_SKIP])
    cells = plot(started, ("Clip skip", "3, 1, 2"))
    assert [cell.get("Clip skip") for cell in cells] == ["3", None, "2"]
    assert started.options.data[CLIP_SKIP] == 1


def test_prompts_from_a_text_box(started: Imitation) -> None:
    lines = [
        "smile, 1girl",
        '--prompt "hat, 1boy" --negative_prompt fog --steps 3',
    ]
    script = {"Prompts from file or textbox": [False, False, "start", "\n".join(lines)]}
    arguments = panel(touched=["steps"])
    first, second = read(generate(started, *arguments, prompt="", negative_prompt="", scripts=script))
    assert (first["Prompt"], first["Steps"]) == (MADE, "20")
    assert (second["Prompt"], second["Steps"]) == (f"1boy, hat, {QUALITY}", "3")
    assert second["Negative prompt"].endswith("fog")
    assert [record(found)["prompt"] for found in (first, second)] == ["smile, 1girl", "hat, 1boy"]


def test_prompt_matrix(started: Imitation) -> None:
    script = {"Prompt matrix": [False, False, "positive", "comma", 0]}
    _, *cells = read(generate(started, prompt="smile, 1girl|night|rain", scripts=script))
    texts = ["smile, 1girl", "smile, 1girl, night", "smile, 1girl, rain", "smile, 1girl, night, rain"]
    assert [cell["Prompt"] for cell in cells] == [compiled(text).prompt for text in texts]
    assert [record(cell)["prompt"] for cell in cells] == texts


def test_matrix_of_negatives(started: Imitation) -> None:
    script = {"Prompt matrix": [False, False, "negative", "comma", 0]}
    _, *cells = read(generate(started, negative_prompt="fog|rain", scripts=script))
    texts = ["fog", "fog, rain"]
    assert [cell["Negative prompt"] for cell in cells] == [
        compiled("smile, 1girl", text).negative for text in texts
    ]
    assert [record(cell)["negative"] for cell in cells] == texts


@pytest.fixture
def looped(executing: Imitation) -> Imitation:
    """A program with a script that runs one job three times."""
    executing.add_extension(looping(3))
    executing.execute(SCRIPT)
    executing.build()
    return executing


def test_the_same_job_again_is_the_same_again(looped: Imitation) -> None:
    once = generate(looped)
    again = generate(looped, scripts={"Again and again": []})
    assert again.infotexts == once.infotexts * 3
    assert again.comments == once.comments


def test_the_same_job_again_with_an_unknown_checkpoint(looped: Imitation) -> None:
    looped.checkpoints.choose(UNKNOWN)
    cells = read(generate(looped, scripts={"Again and again": []}))
    assert [cell["Prompt"] for cell in cells] == ["smile, 1girl"] * 3


def test_a_round_that_is_not_ours_carries_nothing_of_the_round_before(executing: Imitation) -> None:
    """A loopback may add words to the prompt; a foreign paste with words is left alone."""
    executing.add_extension(looping(2))
    executing.add_extension(acting(postprocess=lambda p: setattr(p, "prompt", "words, added")))
    executing.execute(SCRIPT)
    executing.build()
    arguments = panel(pasted=pasted({"Steps": "20", "Prompt": "words"}), touched=UNTOUCHED)
    result = generate(executing, *arguments, prompt="", scripts={"Again and again": []})
    first, second = read(result)
    assert TITLE in first and "masterpiece" in first["Prompt"]
    assert (second["Prompt"], TITLE in second) == ("words, added", False)
