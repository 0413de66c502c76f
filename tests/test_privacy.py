"""What a bug report may hold: no folders, no names of people or machines; everything else as it was."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest

from modelwise.webui.privacy import Privacy, of_this_machine

DATA = Path("/srv/sd webui/modelwise")


@pytest.fixture
def privacy() -> Privacy:
    folders = {"webui": DATA.parent, "data": DATA, "home": Path("/home/aiko")}
    return Privacy(folders.items(), {"user": "aiko", "machine": "tower-7", "short": "ab"})


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (f"read {DATA}/tags/mine.csv", "read <data>/tags/mine.csv"),
        (f"{DATA.parent}/config.json", "<webui>/config.json"),
        ('File "/home/aiko/x/y.py", line 3', 'File "<home>/x/y.py", line 3'),
        ("/mnt/disk/models/a.safetensors is broken", "…/a.safetensors is broken"),
        ("C:\\Users\\Aiko\\sd\\a.csv", "…/a.csv"),
        ("'D:\\\\art\\\\mine.csv'", "'…/mine.csv'"),
        ("\\\\server\\share\\a.csv", "…/a.csv"),
        ("~/art/mine.csv", "…/mine.csv"),
        ("by Aiko on TOWER-7", "by <user> on <machine>"),
    ],
)
def test_what_is_private(privacy: Privacy, text: str, cleaned: str) -> None:
    assert privacy.cleaned(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "mine.csv: line 2: found 'a,b'; allowed: name,type,count",
        "https://example.org/tags/danbooru.csv: found 404",
        "1.2 s, 3/4 done, and/or, 832x1216, about half",
        "no answer to POST /compile",
        "raikou, aikobo: tags that hold the name",
        "\\(o\\)_\\(o\\)",
    ],
)
def test_what_is_not(privacy: Privacy, text: str) -> None:
    assert privacy.cleaned(text) == text


def test_a_second_time_changes_nothing(privacy: Privacy) -> None:
    once = privacy.cleaned(f"{DATA}/tags/mine.csv, /mnt/a/b.csv and C:\\Users\\aiko\\c.csv")
    assert privacy.cleaned(once) == once


def test_windows_folders(privacy: Privacy) -> None:
    folder = PureWindowsPath("E:\\sd\\webui")
    known = Privacy([("webui", folder)], {})
    for written in (str(folder), folder.as_posix(), repr(str(folder))[1:-1]):
        assert known.cleaned(f"{written}/a.csv") == "<webui>/a.csv"


def test_this_machine(tmp_path: Path) -> None:
    found = of_this_machine(tmp_path / "modelwise")
    here = Path(__file__).resolve()
    assert found.cleaned(str(here)) == "<modelwise>/tests/test_privacy.py"
    assert found.cleaned(f"{tmp_path}/modelwise/tags/a.csv") == "<data>/tags/a.csv"
