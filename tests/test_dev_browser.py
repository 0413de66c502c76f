"""Where dev.py looks for a browser, what it installs where there is none, and what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import dev


class Machine:
    """Which browsers start, and what each installer brings."""

    def __init__(self, *names: str, brings: dict[str, str] | None = None) -> None:
        self.names = list(names)
        self.brings = brings or {}
        self.installers: list[str] = []
        self.playwrights = "playwright's"

    def which(self, name: str) -> str | None:
        return name if name in self.names else None

    def run(self, command: tuple[str, ...], **_options: object) -> subprocess.CompletedProcess[str]:
        if "-c" in command:
            return subprocess.CompletedProcess(command, 0, f"{self.playwrights}\n", "")
        self.installers.append(" ".join(command))
        self.names += [new for part, new in self.brings.items() if part in self.installers[-1]]
        return subprocess.CompletedProcess(command, 0)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Machine]:
    def prepare(*names: str, root: bool = False, brings: dict[str, str] | None = None) -> Machine:
        made = Machine(*names, brings=brings)
        monkeypatch.delenv("MODELWISE_BROWSER", raising=False)
        monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000, raising=False)
        monkeypatch.setattr(shutil, "which", made.which)
        monkeypatch.setattr(os.path, "isfile", lambda path: path in made.names)
        monkeypatch.setattr(subprocess, "run", made.run)
        monkeypatch.setattr(dev, "starts", lambda browser: browser in made.names)
        return made

    return prepare


CHROME = dev.BROWSER_PLACES[0]


@pytest.mark.parametrize(
    ("there", "found"),
    [
        (["playwright's", CHROME, "msedge", "google-chrome", "chromium"], "chromium"),
        (["playwright's", CHROME, "msedge", "google-chrome"], "google-chrome"),
        (["playwright's", CHROME, "msedge"], "msedge"),
        (["playwright's", CHROME], CHROME),
        (["playwright's"], "playwright's"),
    ],
)
def test_the_order_in_which_a_browser_is_looked_for(
    machine: Callable[..., Machine], there: list[str], found: str
) -> None:
    here = machine(*there)
    assert dev.ready_browser(Path("python")) == found
    assert here.installers == []


def test_a_named_browser_is_taken_or_an_error(
    machine: Callable[..., Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine("chromium", "mine")
    monkeypatch.setenv("MODELWISE_BROWSER", "mine")
    assert dev.ready_browser(Path("python")) == "mine"
    monkeypatch.setenv("MODELWISE_BROWSER", "nowhere")
    with pytest.raises(dev.SetupError, match="MODELWISE_BROWSER: found nowhere"):
        dev.ready_browser(Path("python"))


APT = ["apt-get update -qq", "apt-get install -y -qq chromium"]


def test_as_root_on_debian_a_browser_is_installed(machine: Callable[..., Machine]) -> None:
    here = machine("apt-get", root=True, brings={"install -y": "chromium"})
    assert dev.ready_browser(Path("python")) == "chromium"
    assert here.installers == APT


def test_where_the_package_is_a_stub_playwright_brings_its_own(machine: Callable[..., Machine]) -> None:
    here = machine("apt-get", root=True, brings={"playwright install": "playwright's"})
    assert dev.ready_browser(Path("python")) == "playwright's"
    assert here.installers == [*APT, "python -m playwright install --with-deps chromium"]


def test_elsewhere_playwright_brings_its_own(machine: Callable[..., Machine]) -> None:
    here = machine("apt-get", brings={"playwright": "playwright's"})
    assert dev.ready_browser(Path("python")) == "playwright's"
    assert here.installers == ["python -m playwright install chromium"]


def test_without_a_browser_the_way_out_is_said(
    machine: Callable[..., Machine], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine()
    monkeypatch.setattr(dev, "ready_environment", lambda: Path("python"))
    assert dev.main(["test"]) == 2
    assert '-m "not browser"' in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="there, a browser is only looked at")
def test_a_browser_that_ends_with_an_error_or_is_none_does_not_start(tmp_path: Path) -> None:
    assert dev.starts(sys.executable)
    assert not dev.starts("")
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    stub.chmod(0o755)
    assert not dev.starts(str(stub))
