"""One command for working on Modelwise: `python3 dev.py demo|test|bench|lint|format`.

Runs on a fresh machine with nothing but Python: it makes its own virtual environment inside the repository
from the pinned requirements, and makes it again when those, or the Python, have changed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
REQUIREMENTS = (ROOT / "requirements-dev.txt",)
OLDEST = (3, 10)
STAMP = "modelwise-requirements.sha256"
LINTERS = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",))
COMMANDS = {
    "demo": "detect sample checkpoints and compile sample prompts, in colour",
    "test": "ruff, mypy, then pytest with the arguments that follow",
    "bench": "measure, and print one table; `bench --help` shows its options",
    "lint": "ruff and mypy only",
    "format": "let ruff put the layout right",
}


class SetupError(Exception):
    """The environment can't be made; the message says why and what to do."""


def main(arguments: Sequence[str]) -> int:
    """Make the environment ready and run a command in it."""
    command, rest = parsed(arguments)
    if sys.version_info < OLDEST:
        return failed(
            f"Python {'.'.join(map(str, OLDEST))} or later is needed; this is {sys.version.split()[0]}."
        )
    try:
        python = ready_environment()
    except SetupError as error:
        return failed(str(error))
    if command == "test":
        return test(python, rest)
    if command == "lint":
        return lint(python)
    if command == "format":
        return run(python, "ruff", "check", "--fix-only", "--quiet", ".") or run(
            python, "ruff", "format", "."
        )
    module = {"demo": "modelwise.demo", "bench": "benchmarks.run"}[command]
    return run(python, module, *rest)


def parsed(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """The command, and what follows it, untouched."""
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="|".join(COMMANDS))
    for name, description in COMMANDS.items():
        commands.add_parser(name, help=description, add_help=False)
    options, rest = parser.parse_known_args(arguments[:1])
    return options.command, [*rest, *arguments[1:]]


def failed(message: str) -> int:
    """Say why nothing was run."""
    sys.stderr.write(f"dev.py: {message}\n")
    return 2


def ready_environment() -> Path:
    """The environment's Python; the environment is made where it is missing, outdated or broken."""
    folder = ROOT / f".venv-{sys.version_info[0]}.{sys.version_info[1]}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / STAMP
    wanted = fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted and works(python):
        return python
    sys.stderr.write(f"dev.py: making {folder.name} (once; about a minute)\n")
    make_environment(folder, python)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def fingerprint() -> str:
    """What an environment depends on: the exact Python and the requirements."""
    digest = hashlib.sha256(sys.version.encode())
    for path in REQUIREMENTS:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def works(python: Path) -> bool:
    """Whether an environment still runs: its Python may have been removed, or the folder moved."""
    check = "import hypothesis, lark, msgspec, mypy, pytest, ruff, tomlkit"
    try:
        done = subprocess.run([str(python), "-c", check], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def make_environment(folder: Path, python: Path) -> None:
    """Make the environment from nothing."""
    if folder.exists():
        shutil.rmtree(folder)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        advice = "On Debian and Ubuntu: apt-get install python3-venv."
        raise SetupError(f"Python can't make a virtual environment.\n{made.stdout}{made.stderr}{advice}")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    for path in REQUIREMENTS:
        pip += ["--requirement", str(path)]
    if subprocess.run(pip, check=False, cwd=ROOT).returncode:
        advice = "Is this machine online? pip's own message stands above; run the same command again later."
        raise SetupError(f"pip could not install {REQUIREMENTS[0].name}. {advice}")


def run(python: Path, module: str, *arguments: str) -> int:
    """Run a module in the environment, from the repository's root; its exit code."""
    sys.stdout.flush()
    environment = os.environ | {"PYTHONPATH": "", "PYTHONUTF8": "1"}
    process = subprocess.Popen([str(python), "-m", module, *arguments], cwd=ROOT, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the child got it too, and ends in its own way
            continue


def lint(python: Path) -> int:
    """Style and types; every linter runs, whatever the one before it said."""
    codes = [run(python, *linter) for linter in LINTERS]
    return next((code for code in codes if code), 0)


def test(python: Path, arguments: Sequence[str]) -> int:
    """Style, types and tests. pytest comes last, so that its summary is the last line."""
    style = lint(python)
    if style:
        sys.stdout.write("dev.py: ruff or mypy failed (above): the run will fail, whatever the tests say\n")
    return run(python, "pytest", "-c", "pyproject.toml", *arguments) or style


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
