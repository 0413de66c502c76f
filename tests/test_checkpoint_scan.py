"""The profiles of all checkpoints: many, broken ones among them, seen before, chosen by hand."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from modelwise.detect import Detection, Detector
from modelwise.webui.api import checkpoints
from modelwise.webui.api.checkpoints import CheckpointChoice
from modelwise.webui.api.messages import Asked
from modelwise.webui.api.refusals import Refusal
from modelwise.webui.api.service import Service
from modelwise.webui.checkpoint_scan import CheckpointScan
from modelwise.webui.engine import Engine
from modelwise.webui.host import CheckpointFacts
from modelwise.workbench.checkpoints import sample_header
from tests.support.hosts import FakeHost

OPT = "animagine-xl-4.0-opt"
BROKEN = (
    struct.pack("<Q", 1 << 40) + b'{"model.diff',
    b"",
    struct.pack("<Q", 20) + b"no json at all, none",
    b"\x00" * 8,
    struct.pack("<Q", 2) + b"[]",
)
LIMIT = 60.0


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    host = FakeHost(tmp_path / "data")
    (tmp_path / "models" / "old").mkdir(parents=True)
    return host


@pytest.fixture
def engine(host: FakeHost) -> Engine:
    return Engine(host)


def listed(host: FakeHost, folder: Path, files: dict[str, bytes]) -> None:
    """Write checkpoints, and let the host list them."""
    for name, content in files.items():
        (folder / "models" / name).write_bytes(content)
        host.listed[name] = CheckpointFacts(folder / "models" / name)


def test_each_row_says_the_profile_and_why(host: FakeHost, engine: Engine, tmp_path: Path) -> None:
    header = sample_header("sdxl")
    names = [f"{OPT}.safetensors", "old/mine.safetensors", "my_animagine_mix.safetensors", "half.safetensors"]
    listed(host, tmp_path, dict(zip(names, (header, header, header, BROKEN[0]))))
    scan = CheckpointScan(engine)
    assert (scan.progress.state, scan.rows) == ("idle", ())
    scan.start(LIMIT)
    known, unknown, alike, half = scan.rows
    assert (known.checkpoint, known.profile, known.name) == (names[0], OPT, "Animagine XL 4.0 Opt")
    assert (known.architecture, known.recognised, known.chosen) == ("sdxl", True, False)
    assert (unknown.checkpoint, unknown.recognised) == ("old/mine.safetensors", False)
    assert alike.suggestion is not None and not alike.recognised
    assert not half.recognised and "the file is truncated" in half.reason
    assert str(tmp_path) not in str(scan.rows)


def test_two_thousand_of_which_fifty_are_broken(host: FakeHost, engine: Engine, tmp_path: Path) -> None:
    header = sample_header("sd1")
    files = {f"mix {n}.safetensors": header for n in range(1950)}
    files |= {f"broken {n}.safetensors": BROKEN[n % len(BROKEN)] for n in range(50)}
    listed(host, tmp_path, files)
    scan = CheckpointScan(engine)
    scan.start(LIMIT)
    assert (scan.progress.done, scan.progress.total) == (2000, 2000)
    assert [row.checkpoint for row in scan.rows] == list(files)
    assert {row.architecture for row in scan.rows[:1950]} == {"sd1"}
    assert {row.architecture for row in scan.rows[1950:]} == {"unknown"}
    assert all(len(row.reason) > 20 for row in scan.rows)


def test_a_file_is_read_again_only_when_it_has_changed(
    host: FakeHost, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = sample_header("sdxl")
    listed(host, tmp_path, {"one.safetensors": header, "two.safetensors": header})
    scan = CheckpointScan(engine)
    scan.start(LIMIT)
    read: list[str] = []

    def failing(file: Path) -> None:
        read.append(file.name)
        raise RuntimeError("read again")

    monkeypatch.setattr("modelwise.detect.read_header", failing)
    scan.start(LIMIT)
    assert (scan.progress.state, read) == ("done", [])
    os.utime(host.listed["two.safetensors"].file, (1, 1))
    scan.start(LIMIT)
    assert (scan.progress.state, read) == ("failed", ["two.safetensors"])
    assert len(scan.rows) == 2  # what was found before stays


def test_a_list_of_the_host_that_goes_while_it_is_looked_at(host: FakeHost, engine: Engine) -> None:
    host.listed = {"gone.safetensors": CheckpointFacts(Path("/nowhere/gone.safetensors"))}
    scan = CheckpointScan(engine)
    scan.start(LIMIT)
    assert [row.checkpoint for row in scan.rows] == ["gone.safetensors"]
    host.listed = {}
    scan.start(LIMIT)
    assert scan.rows == ()


def test_it_ends_with_the_engine(
    host: FakeHost, engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listed(host, tmp_path, {f"{n}.safetensors": sample_header("sd1") for n in range(5)})
    detect, seen = Detector.detect, []

    def closing(detector: Detector, file: Path, *known: object) -> Detection:
        seen.append(file.name)
        engine.close()
        return detect(detector, file, *known)  # type: ignore[arg-type]

    monkeypatch.setattr(Detector, "detect", closing)
    scan = CheckpointScan(engine)
    scan.start(LIMIT)
    assert (scan.progress.state, scan.rows, len(seen)) == ("stopped", (), 1)


def test_choosing_and_forgetting(host: FakeHost, engine: Engine, tmp_path: Path) -> None:
    listed(host, tmp_path, {"old/mine.safetensors": sample_header("sdxl")})
    host.current = host.listed["old/mine.safetensors"]
    service = Service(engine)
    engine.counted_texts.remember(host.current, "1girl", "1girl", positive=True)
    chosen = checkpoints.choose(service, CheckpointChoice(checkpoint="old/mine.safetensors", profile=OPT))
    assert (chosen.profile, chosen.chosen, chosen.recognised) == (OPT, True, True)
    assert engine.detect(host.current).profile == OPT
    assert engine.counted_texts.find(host.current, "1girl", positive=True) is None
    assert checkpoints.look(service, Asked()).checkpoints == (chosen,)
    forgotten = checkpoints.choose(service, CheckpointChoice(checkpoint="old/mine.safetensors"))
    assert (forgotten.chosen, forgotten.recognised) == (False, False)
    assert engine.checkpoint_choices.all() == {}


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        (CheckpointChoice(checkpoint="/etc/passwd", profile=OPT), 404, "checkpoint"),
        (CheckpointChoice(checkpoint="../mine.safetensors"), 404, "checkpoint"),
        (CheckpointChoice(checkpoint="mine.safetensors", profile="nobody"), 422, "profile"),
    ],
)
def test_what_is_not_there_can_not_be_chosen(
    host: FakeHost, engine: Engine, tmp_path: Path, asked: CheckpointChoice, status: int, field: str
) -> None:
    listed(host, tmp_path, {"mine.safetensors": sample_header("sdxl")})
    with pytest.raises(Refusal) as refusal:
        checkpoints.choose(Service(engine), asked)
    assert (refusal.value.status, refusal.value.problem.field) == (status, field)
    assert engine.checkpoint_choices.all() == {}


def test_choices_that_can_not_be_read_are_said_once_and_stop_nothing(
    host: FakeHost, engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listed(host, tmp_path, {f"{n}.safetensors": sample_header("sd1") for n in range(5)})
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "checkpoints.toml").write_text("[[checkpoints", encoding="utf-8")
    scan = CheckpointScan(engine)
    scan.start(LIMIT)
    assert len(scan.rows) == 5
    assert caplog.text.count("choices for checkpoints not read") == 1
