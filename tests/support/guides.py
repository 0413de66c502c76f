"""The calls that a guide in docs shows, with the answers that it shows, and what they answer here."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.support.commands import ROOT, environment

_EXAMPLE = re.compile(r"^```\n\$ python (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(name: str) -> list[tuple[str, str]]:
    """The calls of a guide, without `python`, and their answers."""
    found = _EXAMPLE.findall((ROOT / "docs" / name).read_text(encoding="utf-8"))
    assert found
    return found


def answer(call: str, folder: Path) -> str:
    """What a call says, both streams, where the guide's files are."""
    done = subprocess.run(
        [sys.executable, *shlex.split(call)],
        cwd=folder,
        env=environment({"PYTHONPATH": str(ROOT)}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout
