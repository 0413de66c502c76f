"""The command line as other programs call it: a process with bytes in and bytes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PLAIN = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "LANG": "C"}
"""A machine without UTF-8 anywhere."""

WINDOWS = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}
"""Streams as Windows opens them."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a call has left."""

    code: int
    output: str
    errors: str

    def json(self) -> Any:
        """The whole output, read as JSON."""
        return json.loads(self.output)

    def lines(self) -> list[Any]:
        """Each line of the output, read as JSON."""
        return [json.loads(line) for line in self.output.split("\n")[:-1]]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """This process's own without what would colour or translate, and more."""
    dropped = ("PYTHON", "LC_", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "PYTHONWARNINGS": "error", **more}


def started(*arguments: str | Path, **more: str) -> subprocess.Popen[bytes]:
    """A running call, its streams open."""
    return subprocess.Popen(
        [sys.executable, "-m", "modelwise", *map(str, arguments)],
        cwd=ROOT,
        env=environment(more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def called(*arguments: str | Path, given: str | bytes = b"", **more: str) -> Done:
    """A finished call; it must not have ended with a traceback."""
    with started(*arguments, **more) as process:
        content = given.encode() if isinstance(given, str) else given
        output, errors = (stream.decode() for stream in process.communicate(content))
    assert "Traceback" not in errors, errors
    return Done(process.returncode, output, errors)


def in_terminal(*arguments: str, **more: str) -> str:
    """The output of a call that writes to a terminal."""
    master, slave = os.openpty()
    command = [sys.executable, "-m", "modelwise", *arguments]
    output = b""
    with subprocess.Popen(command, cwd=ROOT, env=environment(more), stdout=slave):
        os.close(slave)
        try:
            while chunk := os.read(master, 65536):
                output += chunk
        except OSError:  # Linux's way to say that the other end is closed
            pass
    os.close(master)
    return output.decode()


def batch(*requests: object, options: Iterable[str | Path] = (), **more: str) -> list[Any]:
    """The answers of the batch interface; a request that is text or bytes is a line as it stands."""
    lines = (
        line
        if isinstance(line, bytes)
        else line.encode()
        if isinstance(line, str)
        else json.dumps(line).encode()
        for line in requests
    )
    done = called("compile", "--jsonl", *options, given=b"".join(line + b"\n" for line in lines), **more)
    assert done.code == 0, done.errors
    return done.lines()
