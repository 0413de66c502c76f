"""The adapter's texts: all prompt lists of a job together, its infotext, and which image is being finished."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from modelwise.webui.host import Texts
from tests.webui.asking import SECOND_PASS, acting, job_of
from tests.webui.imitation import Imitation

MADE = Texts(["a", "b"], ["c", "d"], "a", "c")
KEY = "Ours"


def prepared(program: Imitation, adapter: ModuleType, **fields: Any) -> tuple[Any, Any]:
    """A job as it stands in `process`."""
    p, job = job_of(program, adapter, **fields)
    p.setup_prompts()
    return p, job


def test_texts_are_all_lists_with_their_styles(program: Imitation, adapter: ModuleType) -> None:
    job = prepared(program, adapter, prompt="1girl", negative_prompt="x", styles=["night", "rain"], n_iter=2)[
        1
    ]
    prompt, negative = "night, 1girl, outdoors, rain", "x, fog"
    assert job.texts() == Texts([prompt] * 2, [negative] * 2, prompt, negative)


def test_texts_of_the_second_pass(program: Imitation, adapter: ModuleType) -> None:
    job = prepared(program, adapter, prompt="1girl", hr_prompt="close-up", styles=["rain"], **SECOND_PASS)[1]
    assert job.texts() == Texts(["1girl, rain"], [""], "1girl, rain", "", ["close-up, rain"], [""])
    inherited = prepared(program, adapter, prompt="1girl", negative_prompt="x", **SECOND_PASS)[1].texts()
    assert (inherited.hires, inherited.hires_negatives) == (["1girl"], ["x"])


def test_texts_of_a_list_of_prompts(program: Imitation, adapter: ModuleType) -> None:
    job = prepared(program, adapter, prompt=["a", "b"], negative_prompt="c")[1]
    assert job.texts() == Texts(["a", "b"], ["c", "c"], "a", "c")


def test_a_program_without_main_prompts_has_the_first(program: Imitation, adapter: ModuleType) -> None:
    p, job = prepared(program, adapter, prompt="a", negative_prompt="b")
    del p.main_prompt, p.main_negative_prompt
    assert (job.texts().main, job.texts().main_negative) == ("a", "b")
    p.all_prompts, p.all_negative_prompts = [], []
    assert job.texts() == Texts([], [], "", "")


def test_texts_are_copies(program: Imitation, adapter: ModuleType) -> None:
    p, job = prepared(program, adapter, prompt="a", negative_prompt="b", **SECOND_PASS)
    texts = job.texts()
    for listed in (texts.prompts, texts.negatives, texts.hires, texts.hires_negatives):
        listed.append("c")
    assert p.all_prompts == p.all_hr_prompts == ["a"]
    assert p.all_negative_prompts == p.all_hr_negative_prompts == ["b"]


def test_all_texts_are_set_together(program: Imitation, adapter: ModuleType) -> None:
    p, job = prepared(program, adapter, n_iter=2)
    job.set_texts(MADE)
    assert (p.all_prompts, p.all_negative_prompts) == (["a", "b"], ["c", "d"])
    assert (p.main_prompt, p.main_negative_prompt) == ("a", "c")
    assert p.all_hr_prompts is None, "no lists of a second pass that is not asked for"


def test_texts_that_are_set_are_those_of_image_and_infotext(program: Imitation, adapter: ModuleType) -> None:
    """In both passes: the prompts that were encoded, and those that the infotext names."""
    encoded: list[Any] = []
    made = Texts(["a", "b"], ["c", "d"], "a", "c", ["e", "f"], ["g", "h"])
    program.add_extension(
        acting(
            process=lambda p: adapter.WebUIJob(p).set_texts(made),
            postprocess_image=lambda p: adapter.WebUIJob(p).set_infotext("Ours", None),
            before_hr=lambda p: encoded.append(
                (p.prompts, p.negative_prompts, p.hr_prompts, p.hr_negative_prompts)
            ),
        )
    )
    program.build()
    result = program.api(prompt="z", n_iter=2, **SECOND_PASS)
    assert encoded == [(["a"], ["c"], ["e"], ["g"]), (["b"], ["d"], ["f"], ["h"])]
    assert [text.split("\nSteps")[0] for text in result.infotexts] == [
        "a\nNegative prompt: c",
        "b\nNegative prompt: d",
    ]
    assert "Hires prompt: e, Hires negative prompt: g" in result.infotexts[0]


def test_a_key_in_the_infotext_comes_and_goes(program: Imitation, adapter: ModuleType) -> None:
    p, job = job_of(program, adapter)
    p.extra_generation_params["Theirs"] = "kept"
    job.set_infotext(KEY, "1")
    job.set_infotext(KEY, "2")
    assert p.extra_generation_params == {"Theirs": "kept", KEY: "2"}
    job.set_infotext(KEY, None)
    job.set_infotext(KEY, None)
    assert p.extra_generation_params == {"Theirs": "kept"}


@pytest.mark.parametrize("value", ["second", None])
def test_a_key_of_one_cell_is_in_no_other(program: Imitation, adapter: ModuleType, value: str | None) -> None:
    """The cells of a plot begin with one dictionary in common."""
    values = {"a z": "first", "b z": value}

    def put(p: Any) -> None:
        if p.prompt in values:
            adapter.WebUIJob(p).set_infotext(KEY, values[p.prompt])

    program.add_extension(acting(process=put))
    program.build()
    lines = {"Prompts from file or textbox": [False, False, "start", "a\nb\nc"]}
    first, second, third = program.press_generate(scripts=lines, prompt="z").infotexts
    assert f"{KEY}: first" in first
    assert (f"{KEY}: {value}" in second) == (value is not None)
    assert KEY not in third


@pytest.mark.parametrize(("batches", "size"), [(1, 1), (1, 3), (3, 1), (2, 2)])
def test_image_index_runs_through_all_batches(
    program: Imitation, adapter: ModuleType, batches: int, size: int
) -> None:
    indexes: list[int] = []
    program.add_extension(
        acting(postprocess_image=lambda p: indexes.append(adapter.WebUIJob(p).image_index()))
    )
    program.build()
    program.press_generate(prompt="a", n_iter=batches, batch_size=size)
    assert indexes == list(range(batches * size))


def test_image_index_before_any_batch_is_the_first(program: Imitation, adapter: ModuleType) -> None:
    p, job = job_of(program, adapter, batch_size=4)
    p.batch_index = p.iteration = None
    assert job.image_index() == 0


def test_comments_that_are_gone_before_us_are_the_users_still(
    program: Imitation, adapter: ModuleType
) -> None:
    job = prepared(program, adapter, prompt=" a # b\nc", negative_prompt="d # e", **SECOND_PASS)[1]
    texts = job.texts()
    written = texts.written or texts
    assert (written.prompts, written.negatives) == ([" a # b\nc"], ["d # e"])
    assert (written.main, written.main_negative) == (" a # b\nc", "d # e")
    assert (written.hires, written.hires_negatives) == ([" a # b\nc"], ["d # e"])
    assert (texts.written is not None) == program.variant.comments_with_styles


def test_a_text_with_styles_is_as_the_program_makes_it(program: Imitation, adapter: ModuleType) -> None:
    texts = prepared(program, adapter, prompt="a # b\nc", negative_prompt="d", styles=["rain"])[1].texts()
    assert texts.written is None or texts.written.prompts == texts.prompts
