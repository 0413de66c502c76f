"""A job of the workbench: what the WebUI does to a request between our hooks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modelwise.nodes import Lines
from modelwise.webui.settings_page import LINES_OPTION
from modelwise.workbench.host import Workbench
from modelwise.workbench.job import Hires, Request, WorkbenchJob, without_comments
from tests.workbench.test_infotext import REQUEST, SETTINGS, job_of

HIRES = Hires(1.5, 0, 0, "Latent", 0, 0.5)


def test_no_lists_before_process(host: Workbench) -> None:
    with pytest.raises(RuntimeError, match="after before_process"):
        WorkbenchJob(REQUEST, host).texts()


def test_as_many_texts_as_images_each_with_its_seed(host: Workbench) -> None:
    job = job_of(host, replace(REQUEST, batch_count=2, batch_size=3, seed=40))
    assert job.seeds == [40, 41, 42, 43, 44, 45]
    assert len(job.texts().prompts) == len(job.texts().negatives) == 6


def test_a_seed_is_drawn_where_none_is_given(host: Workbench) -> None:
    seeds = {WorkbenchJob(replace(REQUEST, seed=-1), host).seeds[0] for _ in range(8)}
    assert len(seeds) > 1 and min(seeds) >= 0


def test_texts_given_out_are_copies(host: Workbench) -> None:
    job = job_of(host, REQUEST)
    texts = job.texts()
    texts.prompts[0] = "changed"
    assert job.texts().prompts == [REQUEST.prompt]
    job.set_texts(texts)
    texts.prompts[0] = "changed again"
    assert job.texts().prompts == ["changed"]


def test_an_empty_hires_prompt_is_the_first_passs(host: Workbench) -> None:
    texts = job_of(host, replace(REQUEST, hires=HIRES)).texts()
    assert (texts.hires, texts.hires_negatives) == (texts.prompts, texts.negatives)
    own = job_of(host, replace(REQUEST, hires=replace(HIRES, prompt="close-up"))).texts()
    assert own.hires == ["close-up"]


@pytest.mark.parametrize(
    ("hires", "size"),
    [
        (None, (832, 1216)),
        (HIRES, (1248, 1824)),
        (replace(HIRES, width=1664), (1664, 2432)),
        (replace(HIRES, height=2432), (1664, 2432)),
        (replace(HIRES, width=1000, height=500), (1000, 500)),
    ],
)
def test_final_size(host: Workbench, hires: Hires | None, size: tuple[int, int]) -> None:
    assert WorkbenchJob(replace(REQUEST, hires=hires), host).final_size(832, 1216) == size


def test_clip_skip_is_none_of_the_pages_values_and_can_be_taken_back(host: Workbench) -> None:
    job = WorkbenchJob(REQUEST, host)
    job.set_values({"clip_skip": 2, "steps": 9})
    assert job.values() == {**SETTINGS, "steps": 9}
    assert job.state.settings["clip_skip"] == 2
    job.set_values({"clip_skip": None})
    assert "clip_skip" not in job.state.settings


def test_a_request_is_left_as_it_is(host: Workbench) -> None:
    WorkbenchJob(REQUEST, host).set_values({"steps": 9})
    assert REQUEST.settings["steps"] == SETTINGS["steps"]


def test_an_infotext_line_is_put_in_and_taken_out(host: Workbench) -> None:
    job = WorkbenchJob(REQUEST, host)
    job.set_infotext("Key", "value")
    assert job.state.infotext == {"Key": "value"}
    job.set_infotext("Key", None)
    assert job.state.infotext == {}


def test_lines_are_regions_where_the_settings_say_so(host: Workbench) -> None:
    assert WorkbenchJob(REQUEST, host).lines() is Lines.SEPARATOR
    host.options[LINES_OPTION] = True
    assert WorkbenchJob(REQUEST, host).lines() is Lines.REGION


def test_the_second_pass_may_have_its_own_checkpoint(host: Workbench) -> None:
    name = host.checkpoint_names()[1]
    request = replace(REQUEST, hires=replace(HIRES, checkpoint=name))
    facts = WorkbenchJob(request, host).hires_checkpoint()
    assert facts and facts.file.name == name
    assert WorkbenchJob(replace(REQUEST, hires=HIRES), host).hires_checkpoint() is None
    assert WorkbenchJob(REQUEST, host).hires_checkpoint() is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a # b\nc", "a \nc"),
        ("# whole\na", "a"),
        ("a\n# whole", "a\n"),
        ("a", "a"),
        ("", ""),
        ("#", ""),
    ],
)
def test_comments(text: str, left: str) -> None:
    assert without_comments(text) == left


def test_request_of_img2img_has_its_own_strength(host: Workbench) -> None:
    job = WorkbenchJob(Request("img2img", "a", "", SETTINGS, denoising_strength=0.4), host)
    assert (job.tab, job.has_hires, job.is_api) == ("img2img", False, False)
