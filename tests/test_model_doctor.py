"""The doctor of the loaded model: what it says, what it changes, and when it forgets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelwise.doctor.position_ids import LENGTH
from modelwise.webui.host import LoadedModel
from modelwise.webui.model_doctor import ModelDoctor
from tests.support.encoders import DAMAGED, NAME, Encoders
from tests.support.hosts import FakeHost

EXACT = list(range(LENGTH))


class Program:
    """A host with a model in memory. `forgotten`: how often it was told to forget encoded prompts."""

    def __init__(self, folder: Path, encoders: Any) -> None:
        self.host = FakeHost(folder)
        self.forgotten = 0
        self.encoders = encoders
        self.load(encoders)

    def load(self, encoders: Any, checkpoint: str = "mine/merge.safetensors") -> None:
        self.encoders = encoders
        self.host.in_memory = LoadedModel(checkpoint, encoders, encoders, self.forget)

    def forget(self) -> None:
        self.forgotten += 1

    def values(self) -> list[float]:
        found: list[float] = self.encoders.position_ids.flatten().tolist()
        return found


def with_torch() -> Any:
    torch: Any = pytest.importorskip("torch", reason="needs torch, which every WebUI brings")
    made = torch.nn.Module()
    inner = made
    for part in NAME.split("."):
        child = torch.nn.Module()
        inner.add_module(part, child)
        inner = child
    inner.register_buffer("position_ids", torch.tensor([DAMAGED]))
    return made, inner


@pytest.fixture(params=["torch", "without torch"])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Program:
    """With a damaged model; the stand-in has to do as torch does."""
    if request.param == "without torch":
        return Program(tmp_path, Encoders())
    whole, inner = with_torch()
    made = Program(tmp_path, whole)
    made.encoders = inner
    return made


def test_damage_is_put_right_at_a_word_and_put_back_at_another(program: Program) -> None:
    doctor = ModelDoctor(program.host)
    found = doctor.check()
    assert (found.state, found.checkpoint, found.repairable) == ("damaged", "mine/merge.safetensors", True)
    assert found.findings[0].found == "position_ids is wrong in 1 of 77 places: 40 at place 41"
    assert found.changes == ()
    assert program.values() == list(DAMAGED)
    assert program.forgotten == 0
    repaired = doctor.repair()
    assert (repaired.state, repaired.repairable, repaired.findings) == ("repaired", False, ())
    assert repaired.changes == (f"{NAME}.position_ids: 1 of 77 places put right, in memory",)
    assert program.values() == EXACT
    assert program.forgotten == 1
    assert doctor.check() == repaired == doctor.repair()
    assert program.forgotten == 1
    undone = doctor.undo()
    assert (undone.state, undone.changes, program.values()) == ("damaged", (), list(DAMAGED))
    assert program.forgotten == 2
    assert undone.says == "What stood there before is back."
    assert doctor.undo().says == "There is nothing to take back."
    assert program.forgotten == 2


def test_weights_that_are_loaded_are_left_alone(program: Program) -> None:
    """As AUTOMATIC1111 loads: into the model that is there; it tells us of it."""
    doctor = ModelDoctor(program.host)
    assert program.host.load_callbacks == []
    doctor.repair()
    doctor.undo()
    doctor.repair()
    (loaded,) = program.host.load_callbacks
    loaded()
    assert doctor.check().state == "sound"
    assert doctor.undo().says == "There is nothing to take back."
    assert program.values() == EXACT


def test_another_model_is_not_that_which_was_repaired(program: Program) -> None:
    doctor = ModelDoctor(program.host)
    doctor.repair()
    first = program.encoders
    program.load(Encoders(EXACT), "other.safetensors")
    found = doctor.check()
    assert (found.state, found.checkpoint, found.changes) == ("sound", "other.safetensors", ())
    doctor.undo()
    assert program.values() == EXACT == first.position_ids.flatten().tolist()


@pytest.mark.parametrize(
    ("encoders", "state", "says"),
    [
        (Encoders(EXACT), "sound", "exactly 0 to 76"),
        (Encoders(None), "sound", "no position ids of CLIP"),
        (Encoders(is_meta=True), "unavailable", "not in memory now"),
        (Encoders(EXACT, "torch.float16"), "damaged", "not as they have to be"),
        (Encoders(range(76)), "damaged", "not as they have to be"),
    ],
)
def test_what_is_said_of_other_models(tmp_path: Path, encoders: Encoders, state: str, says: str) -> None:
    doctor = ModelDoctor(Program(tmp_path, encoders).host)
    found = doctor.check()
    assert found.state == state
    assert says in found.says
    assert found.repairable is (
        encoders.__dict__.get("position_ids") is not None
        and found.state == "damaged"
        and len(encoders.position_ids.values) == LENGTH
    )
    assert bool(doctor.repair().changes) is found.repairable


def test_without_a_model_it_says_why(tmp_path: Path) -> None:
    host = FakeHost(tmp_path)
    doctor = ModelDoctor(host)
    for act in (doctor.check, doctor.repair, doctor.undo):
        found = act()
        assert (found.state, found.says, found.repairable) == (
            "unavailable",
            "No model is loaded yet.",
            False,
        )
    assert host.load_callbacks == []


def test_an_undo_that_has_to_wait_is_not_lost(program: Program) -> None:
    doctor = ModelDoctor(program.host)
    doctor.repair()
    there, program.host.in_memory = program.host.in_memory, "It generates now."
    assert doctor.undo().says == "It generates now."
    program.host.in_memory = there
    assert doctor.undo().state == "damaged"
