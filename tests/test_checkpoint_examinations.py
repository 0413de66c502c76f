"""Examining the checkpoints that a host lists: one, many, and what the answers hold."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from modelwise.webui.api.doctor import (
    ExaminationOrder,
    ExaminationsQuery,
    FileQuestion,
    examinations,
    examine,
    start,
    stop,
)
from modelwise.webui.api.messages import Asked
from modelwise.webui.api.refusals import Refusal
from modelwise.webui.api.service import Service
from modelwise.webui.engine import Engine
from modelwise.webui.host import CheckpointFacts
from tests.support.checkpoints import POSITIONS, numbers, whole, write
from tests.support.encoders import DAMAGED
from tests.support.hosts import FakeHost

ROOT = Path(__file__).parent.parent

needs_numpy = pytest.mark.skipif(
    bool(
        subprocess.run(
            [sys.executable, "-c", "import numpy, safetensors"], capture_output=True, check=False
        ).returncode
    ),
    reason="needs numpy and safetensors, which every WebUI brings",
)


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    """A program with a damaged checkpoint, a sound one, a broken one and a pickle, in folders."""
    folder = tmp_path / "secret" / "models"
    folder.mkdir(parents=True)
    ids = {POSITIONS["sd1"]: numbers("I64", DAMAGED, (1, 77))}
    (folder / "broken.safetensors").write_bytes(b"<html>")
    (folder / "old.ckpt").write_bytes(b"never opened")
    files = {
        "merges/damaged.safetensors": write(folder / "damaged.safetensors", whole("sd1") | ids),
        "sound.safetensors": write(folder / "sound.safetensors", whole("sd1")),
        "broken.safetensors": folder / "broken.safetensors",
        "old.ckpt": folder / "old.ckpt",
    }
    host = FakeHost(tmp_path)
    host.listed = {name: CheckpointFacts(file) for name, file in files.items()}
    return host


@pytest.fixture
def service(host: FakeHost) -> Service:
    return Service(Engine(host))


def ended(service: Service) -> None:
    for _ in range(100):
        service.examinations._work.wait(0.1)
        if service.examinations.progress.state != "running":
            return
    pytest.fail("it goes on and on")


def worst(service: Service, after: int = 0) -> dict[str, list[str]]:
    answer = examinations(service, ExaminationsQuery(after=after))
    return {each.checkpoint: [finding.severity for finding in each.findings] for each in answer.found}


@needs_numpy
def test_one_file_by_the_hosts_name(service: Service) -> None:
    found = examine(service, FileQuestion(checkpoint="merges/damaged.safetensors"))
    (finding,) = found.findings
    assert (finding.check, finding.severity) == ("position_ids", "problem")
    assert "40 at place 41" in finding.found
    assert found.tensors_read > 100
    assert worst(service) == {"merges/damaged.safetensors": ["problem"]}


@pytest.mark.parametrize(
    "name", ["", "nobody.ckpt", "damaged.safetensors", "/etc/passwd", "../old.ckpt", "x" * 999]
)
def test_a_name_that_the_host_does_not_have(service: Service, name: str) -> None:
    with pytest.raises(Refusal) as refusal:
        examine(service, FileQuestion(checkpoint=name))
    assert (refusal.value.status, refusal.value.problem.field) == (404, "checkpoint")
    with pytest.raises(Refusal) as refusal:
        start(service, ExaminationOrder(checkpoints=("old.ckpt", name)))
    assert (refusal.value.status, refusal.value.problem.field) == (422, "checkpoints[1]")
    assert service.examinations.progress.state == "idle"


@needs_numpy
def test_all_or_some_and_nothing_by_itself(service: Service) -> None:
    assert examinations(service, ExaminationsQuery()).found == ()
    start(service, ExaminationOrder(checkpoints=("old.ckpt",)))
    ended(service)
    assert worst(service) == {"old.ckpt": ["warning"]}
    start(service, ExaminationOrder())
    ended(service)
    assert worst(service) == {
        "merges/damaged.safetensors": ["problem"],
        "sound.safetensors": [],
        "broken.safetensors": ["problem"],
        "old.ckpt": ["warning"],
    }
    progress = service.examinations.progress
    assert (progress.state, progress.done, progress.total) == ("done", 4, 4)
    latest = max(each.number for each in service.examinations.found(0))
    assert worst(service, after=latest) == {}
    assert list(worst(service, after=latest - 1)) == ["old.ckpt"]


@needs_numpy
def test_no_answer_holds_a_folder(service: Service, host: FakeHost, tmp_path: Path) -> None:
    host.listed["gone.safetensors"] = CheckpointFacts(tmp_path / "secret" / "gone.safetensors")
    host.listed["folder.safetensors"] = CheckpointFacts(tmp_path / "secret")
    start(service, ExaminationOrder())
    ended(service)
    answer = msgspec.json.encode(examinations(service, ExaminationsQuery()))
    assert len(worst(service)) == 6
    assert b"secret" not in answer
    assert tmp_path.name.encode() not in answer


@needs_numpy
def test_a_file_that_can_not_be_read_any_more_names_no_folder(
    service: Service, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    from modelwise.doctor import examination  # noqa: PLC0415 (needs numpy)

    def gone(file: Path, *_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", str(file))

    monkeypatch.setattr(examination, "read_values", gone)
    found = examine(service, FileQuestion(checkpoint="sound.safetensors"))
    assert found.findings[0].found == "it can't be read any more (No such file or directory)"


@needs_numpy
def test_a_file_that_has_changed_since_is_unknown_again(service: Service, host: FakeHost) -> None:
    examine(service, FileQuestion(checkpoint="old.ckpt"))
    assert list(worst(service)) == ["old.ckpt"]
    file = host.listed["old.ckpt"].file
    file.write_bytes(b"another one, longer than before")
    assert worst(service) == {}
    examine(service, FileQuestion(checkpoint="old.ckpt"))
    os.utime(file, ns=(1, 1))
    assert worst(service) == {}


@needs_numpy
def test_it_stops_between_two_files(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_examine: Callable[..., object] = service.examinations.examine

    def asked_to_stop(*arguments: object) -> object:
        stop(service, Asked())
        return whole_examine(*arguments)

    monkeypatch.setattr(service.examinations, "examine", asked_to_stop)
    start(service, ExaminationOrder())
    ended(service)
    assert service.examinations.progress.state == "stopped"
    assert list(worst(service)) == ["merges/damaged.safetensors"]


@needs_numpy
def test_a_finding_keeps_few_names(service: Service, host: FakeHost, tmp_path: Path) -> None:
    tensors = {name: made for name, made in whole("sd1").items() if "input_blocks.1" not in name}
    host.listed["less.safetensors"] = CheckpointFacts(write(tmp_path / "less.safetensors", tensors))
    (finding,) = examine(service, FileQuestion(checkpoint="less.safetensors")).findings
    assert len(finding.tensors) == 20
    assert int(finding.found.split()[0]) > 20


def test_without_numpy_it_says_what_it_needs(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("modelwise.doctor.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(Refusal) as refusal:
        examine(service, FileQuestion(checkpoint="old.ckpt"))
    assert "The doctor needs numpy" in str(refusal.value)
    start(service, ExaminationOrder())
    ended(service)
    progress = service.examinations.progress
    assert (progress.state, "needs numpy" in progress.message) == ("failed", True)


def test_the_routes_load_nothing_that_models_need() -> None:
    code = """
import sys
import modelwise.webui.api.routes
print(sorted({"torch", "safetensors", "numpy", "transformers"} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr
