"""The adapter on each imitated program: folder, options, and which checkpoint counts when."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from modelwise.webui.settings_page import API_OPTION, OPTIONS
from tests.webui.asking import SECOND_PASS, acting, job_of
from tests.webui.imitation import Imitation
from tests.webui.options import CHECKPOINT
from tests.webui.variants import FORGE
from tests.webui.with_us import ANYTHING, OLDER, OPT, UNKNOWN


def name(facts: Any) -> str | None:
    return facts.file.name if facts else None


def test_data_stands_under_the_programs_own_data(
    program: Imitation, adapter: ModuleType, tmp_path: Path
) -> None:
    assert adapter.WebUI().data_folder() == tmp_path / "modelwise"


def test_option_that_is_not_registered_has_the_given_default(adapter: ModuleType) -> None:
    assert adapter.WebUI().option(API_OPTION, False) is False
    assert adapter.WebUI().option(API_OPTION, "given") == "given"


def test_option_is_registered_once_and_keeps_its_value(program: Imitation, adapter: ModuleType) -> None:
    for option in OPTIONS:
        adapter.add_option(option)
    program.options.set(API_OPTION, True)
    labels = {option.key: program.options.data_labels[option.key].comment_after for option in OPTIONS}
    for option in OPTIONS:
        adapter.add_option(option)
    assert adapter.WebUI().option(API_OPTION, False) is True
    for option in OPTIONS:
        info = program.options.data_labels[option.key]
        assert (info.default, info.label, info.section) == (
            option.default,
            option.label,
            ("modelwise", "Modelwise"),
        )
        assert info.comment_after == labels[option.key] == f"({option.info})"


def test_samplers_are_the_programs(adapter: ModuleType) -> None:
    assert {"DPM++ 2M", "Euler a", "DDIM"} <= set(adapter.WebUI().samplers())


def test_schedules_are_the_programs_or_none(program: Imitation, adapter: ModuleType) -> None:
    found = adapter.WebUI().schedules()
    if program.variant.samplers.schedulers:
        assert {"Automatic", "Karras", "SGM Uniform"} <= set(found)
    else:
        assert list(found) == []


@pytest.mark.parametrize("chosen", [OLDER, "animagine-xl-3.1", f"{OLDER} [0123456789]", "0123456789"])
def test_current_checkpoint_is_the_chosen_one_by_any_of_its_names(
    program: Imitation, adapter: ModuleType, chosen: str
) -> None:
    program.checkpoints.reload()
    program.checkpoints.choose(chosen)
    facts = adapter.WebUI().current_checkpoint()
    assert facts.file == Path(f"/models/{OLDER}")
    assert (facts.shorthash, facts.sha256) == ("0123456789", "0123456789".ljust(64, "0"))


def test_a_wrong_hash_behind_the_name_is_forgiven(program: Imitation, adapter: ModuleType) -> None:
    program.checkpoints.choose(f"{OLDER} [fedcba9876]")
    assert name(adapter.WebUI().current_checkpoint()) == OLDER


def test_current_checkpoint_loads_nothing(program: Imitation, adapter: ModuleType) -> None:
    facts = adapter.WebUI().current_checkpoint()
    assert name(facts) == OPT
    assert (facts.sha256, facts.shorthash) == (None, None), "not computed before it is loaded"
    assert program.checkpoints.loads == 0


def test_a_program_that_keeps_its_list_in_a_module_of_its_own(
    program: Imitation, adapter: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    models, home = sys.modules["modules.sd_models"], ModuleType("modules.sd_checkpoint")
    home.__dict__["checkpoint_aliases"] = program.checkpoints.checkpoint_aliases
    monkeypatch.setitem(sys.modules, home.__name__, home)
    for name in ("checkpoint_aliases", "get_closet_checkpoint_match"):
        monkeypatch.delattr(models, name)
    program.checkpoints.choose(OLDER)
    assert name_of_each(program, adapter, OLDER) == [OLDER, OLDER, OLDER]
    program.options.data[CHECKPOINT] = "gone.safetensors"
    assert adapter.WebUI().current_checkpoint() is None
    assert adapter.WebUI().checkpoint("gone.safetensors") is None


def name_of_each(program: Imitation, adapter: ModuleType, chosen: str) -> list[str | None]:
    """The chosen checkpoint, one by its name, and a job's by its override."""
    job = job_of(program, adapter, override_settings={CHECKPOINT: chosen})[1]
    host = adapter.WebUI()
    return [
        name(one)
        for one in (host.current_checkpoint(), host.checkpoint(chosen), job.checkpoint(loaded=False))
    ]


@pytest.mark.parametrize("chosen", [None, "", "gone.safetensors"])
def test_current_checkpoint_is_the_loaded_one_where_the_option_names_none(
    program: Imitation, adapter: ModuleType, chosen: Any
) -> None:
    program.options.data[CHECKPOINT] = chosen
    assert adapter.WebUI().current_checkpoint() is None
    program.checkpoints.reload(program.checkpoints.checkpoint_aliases[ANYTHING])
    assert name(adapter.WebUI().current_checkpoint()) == ANYTHING


def test_the_option_may_be_missing_from_a_fresh_configuration(
    program: Imitation, adapter: ModuleType
) -> None:
    del program.options.data[CHECKPOINT]
    assert adapter.WebUI().current_checkpoint() is None


def test_job_knows_its_tab_and_where_it_comes_from(program: Imitation, adapter: ModuleType) -> None:
    first, second = (job_of(program, adapter, tab)[1] for tab in ("txt2img", "img2img"))
    assert (first.tab, second.tab) == ("txt2img", "img2img")
    assert not first.is_api and not first.has_hires and not second.has_hires
    p, arguments = program.api_job("txt2img", **SECOND_PASS)
    p.begin(program.runners["txt2img"], arguments, is_api=True)
    asked = adapter.WebUIJob(p)
    assert asked.is_api and asked.has_hires


def test_raw_texts_are_those_of_the_boxes(program: Imitation, adapter: ModuleType) -> None:
    job = job_of(program, adapter, prompt="a # b", negative_prompt="c", styles=["night"])[1]
    assert (job.raw_prompt(), job.raw_negative()) == ("a # b", "c")
    listed = job_of(program, adapter, prompt=["a", "b"], negative_prompt=["c", "d"])[1]
    assert (listed.raw_prompt(), listed.raw_negative()) == ("", "")


def test_before_a_job_the_chosen_checkpoint_counts_and_not_the_loaded_one(
    program: Imitation, adapter: ModuleType
) -> None:
    program.checkpoints.reload()
    program.checkpoints.choose(OLDER)
    job = job_of(program, adapter)[1]
    assert name(job.checkpoint(loaded=False)) == OLDER
    assert name(job.checkpoint(loaded=True)) == OPT


@pytest.mark.parametrize("written", [ANYTHING, "anything-v3-1"])
def test_an_override_counts_more(program: Imitation, adapter: ModuleType, written: str) -> None:
    job = job_of(program, adapter, override_settings={CHECKPOINT: written})[1]
    assert name(job.checkpoint(loaded=False)) == ANYTHING


@pytest.mark.parametrize(
    "overrides",
    [None, {}, {CHECKPOINT: None}, {CHECKPOINT: "gone.safetensors"}, {CHECKPOINT: "animagine-xl-3"}],
)
def test_an_override_that_the_program_will_drop_counts_nothing(
    program: Imitation, adapter: ModuleType, overrides: Any
) -> None:
    p, job = job_of(program, adapter)
    p.override_settings = overrides
    assert name(job.checkpoint(loaded=False)) == OPT


def test_where_nothing_is_loaded_the_chosen_one_stands_for_it(adapter: ModuleType) -> None:
    late = Imitation(FORGE, [])
    p = SimpleNamespace(sd_model=late.checkpoints.current_model(), override_settings={})
    assert name(adapter.WebUIJob(p).checkpoint(loaded=True)) == OPT


def test_both_questions_have_one_answer_within_a_job(program: Imitation, adapter: ModuleType) -> None:
    """What is chosen in `before_process` is what is loaded in `process`, whatever was loaded before."""
    answers: list[tuple[str, str | None]] = []

    def ask(hook: str, loaded: bool) -> Any:
        return lambda p: answers.append((hook, name(adapter.WebUIJob(p).checkpoint(loaded=loaded))))

    program.add_extension(acting(before_process=ask("before", False), process=ask("process", True)))
    program.build()
    program.press_generate(prompt="1girl")
    program.press_generate(prompt="1girl", override_settings={CHECKPOINT: ANYTHING})
    program.press_generate(prompt="1girl", override_settings={CHECKPOINT: "gone.ckpt"})
    program.checkpoints.choose(UNKNOWN)
    program.press_generate(prompt="1girl")
    assert [answer for hook, answer in answers if hook == "before"] == [OPT, ANYTHING, OPT, UNKNOWN]
    assert [answer for hook, answer in answers if hook == "process"] == [OPT, ANYTHING, OPT, UNKNOWN]


@pytest.mark.parametrize("written", [OLDER, f"{OLDER} [0123456789]", "animagine-xl-3"])
def test_checkpoint_of_the_second_pass(program: Imitation, adapter: ModuleType, written: str) -> None:
    job = job_of(program, adapter, hr_checkpoint_name=written, **SECOND_PASS)[1]
    assert name(job.hires_checkpoint()) == OLDER


@pytest.mark.parametrize("written", [None, "", "Use same checkpoint", "gone"])
def test_second_pass_has_no_checkpoint_of_its_own(
    program: Imitation, adapter: ModuleType, written: Any
) -> None:
    assert job_of(program, adapter, hr_checkpoint_name=written, **SECOND_PASS)[1].hires_checkpoint() is None
    assert job_of(program, adapter, hr_checkpoint_name=OLDER)[1].hires_checkpoint() is None, "not asked for"
    assert job_of(program, adapter, "img2img")[1].hires_checkpoint() is None


def test_a_line_under_the_image_where_the_program_has_such_lines(
    program: Imitation, adapter: ModuleType
) -> None:
    p, job = job_of(program, adapter)
    job.comment("said")
    assert list(p.comments) == ["said"]
    adapter.WebUIJob(SimpleNamespace()).comment("nowhere to say it")


def test_the_turn_is_the_programs_own_lock_and_is_never_waited_for(
    program: Imitation, adapter: ModuleType
) -> None:
    with adapter.WebUI().turn() as is_ours:
        assert is_ours and program.queue_lock.locked()
        with adapter.WebUI().turn() as again:
            assert not again
        assert program.queue_lock.locked()
    with program.queue_lock, adapter.WebUI().turn() as while_generating:
        assert not while_generating
    with pytest.raises(ZeroDivisionError), adapter.WebUI().turn():
        raise ZeroDivisionError
    assert not program.queue_lock.locked()


def test_without_such_a_lock_the_turn_is_ours(adapter: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("modules.call_queue.queue_lock")
    with adapter.WebUI().turn() as is_ours:
        assert is_ours
