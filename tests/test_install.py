"""install.py, run as the WebUI runs it: a process of its own, with a `launch` that only writes down what it is asked."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "install.py"
RECORDING = "def run_pip(command, description=None):\n    print('run_pip', command, '|', description)\n"
FORBIDDEN = "raise SystemExit('launch must not be imported')\n"
OFFLINE = "def run_pip(command, description=None):\n    raise RuntimeError('no network')\n"


def run(
    folder: Path, launch: str, requirements: str | None = None, *, isolated: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a copy of install.py; `isolated`: as if no package at all were installed."""
    folder.mkdir()
    extension = folder / "extension"
    extension.mkdir()
    (folder / "launch.py").write_text(launch, encoding="utf-8")
    (extension / "install.py").write_bytes(SCRIPT.read_bytes())
    wanted = (ROOT / "requirements.txt").read_text(encoding="utf-8") if requirements is None else requirements
    (extension / "requirements.txt").write_text(wanted, encoding="utf-8")
    flags = ["-S"] if isolated else []
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, *flags, str(extension / "install.py")]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_all_there_and_nothing_is_done(tmp_path: Path) -> None:
    done = run(tmp_path / "webui", FORBIDDEN)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_is_fast(tmp_path: Path) -> None:
    bare = [sys.executable, "-c", "from importlib import metadata"]
    begin = time.perf_counter()
    subprocess.run(bare, check=True)
    between = time.perf_counter()
    run(tmp_path / "webui", FORBIDDEN)
    ours, theirs = time.perf_counter() - between, between - begin
    assert ours < 5 * theirs + 0.5


def test_what_is_missing_is_installed_by_the_webui_s_installer(tmp_path: Path) -> None:
    done = run(tmp_path / "webui", RECORDING, isolated=True)
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    names = [re.findall(r'install "([\w-]+)', line)[0] for line in lines]
    assert names == ["msgspec", *(["tomli"] if sys.version_info < (3, 11) else []), "tomlkit"]
    assert all(line.startswith("run_pip install ") and line.endswith("for Modelwise") for line in lines)
    assert re.match(r'run_pip install "msgspec ?>= [\d.]+, < \d+" \| ', lines[0])


@pytest.mark.parametrize(
    ("requirement", "installs"),
    [
        ("msgspec >= 0.1", False),
        ("msgspec", False),
        ("msgspec >= 0.1, < 99", False),
        ("msgspec >= 98, < 99", True),
        ("msgspec >= 0.1, < 0.2", True),
        ("no-such-package-of-ours >= 1", True),
        ('no-such-package-of-ours >= 1; python_version < "3.1"', False),
        ('no-such-package-of-ours >= 1; python_version < "3.99"', True),
        ("# no-such-package-of-ours", False),
        ("", False),
    ],
)
def test_versions_and_markers(tmp_path: Path, requirement: str, *, installs: bool) -> None:
    done = run(tmp_path / "webui", RECORDING, f"# A comment.\n\n{requirement}\n")
    assert done.returncode == 0
    assert ("run_pip install" in done.stdout) is installs
    assert "python_version" not in done.stdout


def test_offline_it_names_what_is_missing_and_goes_on(tmp_path: Path) -> None:
    done = run(tmp_path / "webui", OFFLINE, "no-such-package-of-ours >= 1\nnor-this-one < 2\n")
    assert done.returncode == 0
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    assert (
        "no-such-package-of-ours" in first
        and ">= 1" in first
        and "offline?" in first
        and "no network" in first
    )
    assert "nor-this-one" in second


def test_one_failure_does_not_keep_the_others_from_being_installed(tmp_path: Path) -> None:
    launch = (
        "def run_pip(command, description=None):\n"
        "    if 'first' in command: raise RuntimeError('no network')\n"
        "    print('installed', command)\n"
    )
    done = run(tmp_path / "webui", launch, "first-of-ours\nsecond-of-ours\n")
    assert done.returncode == 0
    assert 'installed install "second-of-ours"' in done.stdout


def test_a_newer_release_counts_by_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "launch", None)
    found = runpy.run_path(str(SCRIPT))
    numbers = found["numbers"]
    assert numbers("0.22.0") >= numbers("0.19")
    assert numbers("2.0.1") == numbers("2.0.1.post1")
    assert not numbers("0.9") >= numbers("0.19")
