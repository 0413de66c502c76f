"""The loaded model through the adapter: found where each program has it, never loaded, never while it works."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest

from modelwise.doctor.position_ids import LENGTH
from modelwise.webui.host import NoModelError
from modelwise.webui.model_doctor import ModelDoctor
from tests.support.encoders import DAMAGED, Encoders
from tests.webui.checkpoints import FakeInitialModel
from tests.webui.imitation import Imitation
from tests.webui.loaded_model import KEPT
from tests.webui.variants import Variant
from tests.webui.with_us import OLDER, OPT

EXACT = list(range(LENGTH))


@pytest.fixture
def encoders(program: Imitation) -> Encoders:
    """Those of the model that is loaded: damaged."""
    program.checkpoints.reload()
    found = Encoders()
    program.memory.put_encoders(program.checkpoints.model_data.sd_model, found)
    return found


@pytest.fixture
def doctor(adapter: ModuleType) -> ModelDoctor:
    return ModelDoctor(adapter.WebUI())


def test_it_is_found_and_named_as_the_host_names_it(doctor: ModelDoctor, encoders: Encoders) -> None:
    found = doctor.check()
    assert (found.state, found.checkpoint) == ("damaged", OPT)
    assert "/" not in found.checkpoint
    assert encoders.position_ids.values == list(DAMAGED)


def test_a_repair_forgets_what_was_encoded(
    program: Imitation, doctor: ModelDoctor, encoders: Encoders, variant: Variant
) -> None:
    model = program.checkpoints.model_data.sd_model
    kept = program.memory.jobs[0].cached_c
    doctor.check()
    assert set(program.memory.kept()) == {KEPT}
    assert doctor.repair().state == "repaired"
    assert encoders.position_ids.values == EXACT
    assert set(program.memory.kept()) == {None}
    assert kept is program.memory.jobs[0].cached_c  # jobs that are there have the list itself
    assert hasattr(model, "cond_stage_model_empty_prompt") is variant.keeps_empty_prompt
    if variant.keeps_empty_prompt:
        assert list(model.cond_stage_model_empty_prompt.ids) == EXACT
    kept[0] = KEPT
    assert doctor.undo().state == "damaged"
    assert set(program.memory.kept()) == {None}
    if variant.keeps_empty_prompt:
        assert model.cond_stage_model_empty_prompt.ids == DAMAGED


def test_an_empty_prompt_that_can_not_be_encoded_stops_nothing(
    doctor: ModelDoctor, encoders: Encoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_model: Any) -> None:
        raise RuntimeError("no tokenizer")

    monkeypatch.setattr(sys.modules["modules"].sd_models, "get_empty_cond", fail)
    assert doctor.repair().state == "repaired"


def test_another_checkpoint_makes_it_forget(
    program: Imitation, doctor: ModelDoctor, encoders: Encoders
) -> None:
    doctor.repair()
    (told,) = program.callbacks["model_loaded"]
    assert callable(told)
    program.checkpoints.choose(OLDER)
    program.checkpoints.reload()
    program.memory.put_encoders(program.checkpoints.model_data.sd_model, Encoders(EXACT))
    found = doctor.check()
    assert (found.state, found.checkpoint, found.changes) == ("sound", OLDER, ())


def test_weights_loaded_into_the_same_model_make_it_forget(
    program: Imitation, doctor: ModelDoctor, encoders: Encoders
) -> None:
    doctor.repair()
    for hook in program.checkpoints.loaded_hooks:
        hook(program.checkpoints.model_data.sd_model)
    assert doctor.check().changes == ()
    assert doctor.undo().says == "There is nothing to take back."
    assert encoders.position_ids.values == EXACT


def test_nothing_is_registered_before_a_repair(
    program: Imitation, doctor: ModelDoctor, encoders: Encoders
) -> None:
    doctor.check()
    assert program.callbacks["model_loaded"] == []


def test_not_while_the_program_works(program: Imitation, doctor: ModelDoctor, encoders: Encoders) -> None:
    program.queue_lock.acquire()
    for act in (doctor.check, doctor.repair, doctor.undo):
        found = act()
        assert (found.state, "generating or loading now" in found.says) == ("unavailable", True)
    assert encoders.position_ids.values == list(DAMAGED)
    assert program.queue_lock.locked()
    program.queue_lock.release()
    assert doctor.check().state == "damaged"
    assert not program.queue_lock.locked()


def test_a_program_that_works_waits_until_we_are_done(
    program: Imitation, adapter: ModuleType, encoders: Encoders
) -> None:
    with adapter.WebUI().loaded_model():
        assert program.queue_lock.locked()
    assert not program.queue_lock.locked()
    with suppress(RuntimeError), adapter.WebUI().loaded_model():
        raise RuntimeError("whatever")
    assert not program.queue_lock.locked()


def test_without_a_model_none_is_loaded(program: Imitation, doctor: ModelDoctor, variant: Variant) -> None:
    placeholder = program.checkpoints.model_data.sd_model
    assert isinstance(placeholder, FakeInitialModel) is variant.lazy_model
    for act in (doctor.check, doctor.repair, doctor.undo):
        found = act()
        assert (found.state, "No model is loaded yet" in found.says) == ("unavailable", True)
    assert program.checkpoints.loads == 0
    assert program.checkpoints.model_data.sd_model is placeholder


def unknown(program: Imitation, _monkeypatch: pytest.MonkeyPatch) -> None:
    program.checkpoints.reload()


def without_lock(_program: Imitation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "modules.call_queue", None)


@pytest.mark.parametrize(
    ("prepare", "says"), [(unknown, "text encoders are not known here"), (without_lock, "is left alone")]
)
def test_what_is_not_known_is_left_alone(
    program: Imitation,
    adapter: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    prepare: Callable[[Imitation, pytest.MonkeyPatch], None],
    says: str,
) -> None:
    prepare(program, monkeypatch)
    with pytest.raises(NoModelError, match=says), adapter.WebUI().loaded_model():
        pytest.fail("there is none")
    assert says in ModelDoctor(adapter.WebUI()).check().says
