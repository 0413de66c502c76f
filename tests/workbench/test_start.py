"""Starting and ending the workbench as a program."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The workbench with its temporary files in a folder."""
    command = [sys.executable, "-W", "ignore", "-m", "modelwise.workbench", *arguments]
    environment = os.environ | {"TMPDIR": str(folder), "TEMP": str(folder), "PYTHONUTF8": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, encoding="utf-8", **pipes)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    """What it prints until it says where it is."""
    assert process.stdout
    lines = []
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and (line := process.stdout.readline()):
        lines.append(line)
        if "workbench is at" in line:
            return "".join(lines)
    raise AssertionError(f"{''.join(lines)}\n{process.stderr.read() if process.stderr else ''}")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT], ids=["terminated", "interrupted"])
def test_says_an_example_and_where_it_is_and_leaves_nothing_behind(
    gradio: object, tmp_path: Path, ending: signal.Signals
) -> None:
    with started(tmp_path) as process:
        text = said(process)
        assert "sampler     " in text and "you write   " in text
        address = re.search(r"http://127\.0\.0\.1:\d+", text)
        assert address
        with urllib.request.urlopen(address[0], timeout=PATIENCE) as answer:  # noqa: S310 (our own)
            assert answer.status == 200
        assert list(tmp_path.glob("modelwise-workbench-*/models/*.safetensors"))
        process.send_signal(signal.SIGTERM if os.name == "nt" else ending)
        _, error = process.communicate(timeout=PATIENCE)
    if os.name != "nt":  # a killed program on Windows can't clean up
        assert not list(tmp_path.glob("modelwise-workbench-*"))
        assert "Traceback" not in error


def test_the_users_own_checkpoints_are_only_read(gradio: object, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.ckpt").write_bytes(b"")
    with started(tmp_path, "--checkpoints", str(own)) as process:
        assert "checkpoint  mine.ckpt" in said(process)
    assert [file.name for file in own.iterdir()] == ["mine.ckpt"]


def test_a_folder_that_is_not_there_is_said(gradio: object, tmp_path: Path) -> None:
    with started(tmp_path, "--checkpoints", str(tmp_path / "none")) as process:
        _, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "--checkpoints: found" in error and "allowed: a folder that exists" in error


def test_a_taken_port_is_left_alone(gradio: object, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with started(tmp_path, "--port", port) as process:
            _, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "address already in use" in error.lower() or "10048" in error


@pytest.mark.parametrize("option", ["--theme=blue", "--port=x", "--nothing"])
def test_wrong_options_are_said(gradio: object, tmp_path: Path, option: str) -> None:
    with started(tmp_path, option) as process:
        _, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2 and option.split("=", maxsplit=1)[0] in error


def test_files_of_the_users_own_stay_where_they_are_wanted(gradio: object, tmp_path: Path) -> None:
    own = tmp_path / "own"
    with started(tmp_path, "--data", str(own)) as process:
        address = re.search(r"http://127\.0\.0\.1:\d+", said(process))
        assert address
        headers = {"Content-Type": "text/csv"}
        place = f"{address[0]}/modelwise/v1/tags/lists?name=mine.csv"
        request = urllib.request.Request(place, b"zz_hat,0,3,\n", headers)  # noqa: S310 (our own)
        urllib.request.urlopen(request, timeout=PATIENCE).close()  # noqa: S310
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    assert (own / "tags" / "mine.csv").read_bytes() == b"zz_hat,0,3,\n"
