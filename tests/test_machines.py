"""The core on other people's machines: other locales, Windows' line ends in every file, folders with any letters."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import PLAIN, ROOT, WINDOWS, environment

TURKISH = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "tr_TR.ISO-8859-9", "LANG": "tr_TR"}
"""Where I and i are not the same letter. A machine without that locale takes C's."""

NO_DEFAULT = {"PYTHONWARNDEFAULTENCODING": "1"}
"""A file that is opened in the machine's own encoding is an error (all warnings are)."""

FOLDER = "Işık klasörü 日本 (1)"
COPIED = ("modelwise", "presets")
TEXTS = (".py", ".toml", ".csv", ".txt", ".json")
PROMPT = "SMILE, HATSUNE_MIKU, 1GIRL, VOCALOID, Işık, İLK KAR, 初音ミク, zz_ılık hat, café"
MINE = 'schema = 1\nid = "isik"\nversion = 1\nname = "Işık 初音"\nextends = "animagine-xl-4.0"\n'
LISTED = 'zz_ılık_hat,0,12,"İLK ŞAPKA"\nhatsune_miku,4,120000,初音ミク\n'


def with_windows_ends(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project under another name, every text in it with Windows' line ends; with a profile and a list."""
    folder = tmp_path_factory.mktemp("machine") / FOLDER
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in folder.rglob("*"):
        if file.suffix in TEXTS:
            file.write_bytes(with_windows_ends(file.read_bytes().decode()))
    (folder / "Kendi" / "ışık.toml").parent.mkdir()
    (folder / "Kendi" / "ışık.toml").write_bytes(with_windows_ends(MINE))
    (folder / "Kendi" / "İLK.csv").write_bytes(with_windows_ends(LISTED))
    return folder


def compiled(folder: Path, own: Path, profile: str, **machine: str) -> Any:
    """What the project in a folder makes of the prompt."""
    options = ["--profile", profile, "--vocabulary", own / "İLK.csv", "--json"]
    command = [sys.executable, "-m", "modelwise", "--profiles", own, "compile", PROMPT, *options]
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env=environment(machine), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.decode(errors="replace")) == (0, "")
    return json.loads(done.stdout)


@pytest.mark.parametrize("profile", ["animagine-xl-4.0-opt", "anything-v3.1", "isik"])
@pytest.mark.parametrize("machine", [PLAIN, TURKISH, WINDOWS], ids=["C locale", "turkish", "windows"])
def test_the_same_prompt_comes_out(elsewhere: Path, machine: dict[str, str], profile: str) -> None:
    there = compiled(elsewhere, elsewhere / "Kendi", profile, **machine, **NO_DEFAULT)
    assert there == compiled(ROOT, elsewhere / "Kendi", profile)
    assert "hatsune miku" in there["prompt"] and "Işık" in there["prompt"]
