"""Runs the JavaScript tests with the Node of the development environment, or the system's."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TESTS = sorted((ROOT / "tests" / "javascript").glob("*.test.js"))


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
