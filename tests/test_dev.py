"""dev.py, the demo and the benchmarks: what is run, what is made again, what is said when it can't be."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import dev
from benchmarks import Figure, make_prompts, percentile
from benchmarks.run import table_row
from modelwise import demo

ROOT = Path(dev.__file__).parent


class Ran:
    """Stands in for the programs that dev.py starts, and gives each the exit code that a test wants."""

    def __init__(self, codes: dict[str, int]) -> None:
        self.codes = codes
        self.commands: list[tuple[str, ...]] = []

    def __call__(self, _python: Path, *command: str) -> int:
        self.commands.append(command)
        return self.codes.get(command[0], 0)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    def prepare(**codes: int) -> Ran:
        stand_in = Ran(codes)
        monkeypatch.setattr(dev, "run", stand_in)
        monkeypatch.setattr(dev, "ready_environment", lambda: Path("python"))
        return stand_in

    return prepare


def test_test_runs_the_linters_and_passes_arguments_to_pytest_last(ran: Callable[..., Ran]) -> None:
    programs = ran()
    assert dev.main(["test", "-k", "parser", "--webui", "folder"]) == 0
    assert [command[0] for command in programs.commands] == ["ruff", "ruff", "mypy", "pytest"]
    assert programs.commands[-1] == ("pytest", "-c", "pyproject.toml", "-k", "parser", "--webui", "folder")


@pytest.mark.parametrize("linter", ["ruff", "mypy"])
def test_a_failing_linter_fails_the_run_but_the_tests_still_run(ran: Callable[..., Ran], linter: str) -> None:
    programs = ran(**{linter: 1})
    assert dev.main(["test"]) == 1
    assert programs.commands[-1] == ("pytest", "-c", "pyproject.toml")


def test_the_tests_exit_code_is_the_runs(ran: Callable[..., Ran]) -> None:
    ran(pytest=3, mypy=1)
    assert dev.main(["test"]) == 3


def test_arguments_that_look_like_ours_reach_the_command(ran: Callable[..., Ran]) -> None:
    programs = ran()
    assert dev.main(["bench", "--help"]) == 0
    assert programs.commands == [("benchmarks.run", "--help")]


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
    lines = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert all(re.match(r"[a-z]+ == [\d.]+(\s|;|$)", line) for line in wanted)


def test_requirements_have_bounds_and_are_the_projects_own() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for line in wanted:
        assert re.match(r"[a-z]+ >= [\d.]+, < \d", line)
        assert f'"{line}"'.replace('"3.11"', "'3.11'") in project


def test_the_demo_finds_every_models_sample_and_stays_within_its_width(tmp_path: Path) -> None:
    lines = list(demo.tour(tmp_path, demo.Paint({}, terminal=False)))
    text = "\n".join(lines)
    for file in tmp_path.iterdir():
        assert f"{file.name}  →" in text
    assert text.count("→  Unknown model") == 1
    assert text.count("by name:") >= 5
    assert max(map(len, lines)) <= demo.WIDTH


@pytest.mark.parametrize(
    ("environment", "terminal", "coloured"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
    ],
)
def test_the_demo_paints_where_it_is_wanted(
    environment: dict[str, str], terminal: bool, coloured: bool
) -> None:
    assert ("\x1b" in demo.Paint(environment, terminal)("text", "1")) is coloured


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


def test_percentiles_are_values_of_the_list() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([1.0], 0.99) == 1.0
