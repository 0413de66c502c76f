"""A WebUI that is started in other ways: settings frozen, without its page, without what we depend on."""

from __future__ import annotations

from pathlib import Path

from tests.real.conftest import Start
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4
from tests.real.generating import KEY, ON, generate
from tests.real.installing import choose_first, put_in_place
from tests.real.running import RunningWebUI


def test_without_its_page(start: Start, repository: Path, tmp_path: Path) -> None:
    put_in_place(repository, tmp_path / "data")
    webui = start(tmp_path / "data", ["--nowebui"])
    found = generate(webui, ON, prompt=MESSY).first
    assert (found.prompt, found.negative) == (ORDERED_4, NEGATIVE_4)
    assert KEY not in generate(webui, None, prompt=MESSY).first.params
    log = webui.log()
    assert "Traceback" not in log, log[max(0, log.index("Traceback") - 500) :][:5000]


def test_frozen_settings(start: Start, repository: Path, tmp_path: Path) -> None:
    put_in_place(repository, tmp_path / "data")
    choose_first(tmp_path / "data")
    webui = start(tmp_path / "data", ["--freeze-settings"])
    request = {"prompt": MESSY, "seed": 1, "steps": 2, "width": 64, "height": 64}
    request["alwayson_scripts"] = {
        KEY: {"args": [{"profile": "animagine-xl-4.0", "untouched": ["clip_skip"]}]}
    }
    answer = webui.post("/sdapi/v1/txt2img", request)
    assert ORDERED_4.replace("\\", "\\\\") in answer["info"]
    assert NEGATIVE_4 in answer["info"]


BLOCKER = '''"""Makes one package look as if it were not installed."""

import importlib.abc
import sys


class Blocker(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.split(".")[0] == "msgspec":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Blocker())
'''


def test_a_missing_dependency(start: Start, repository: Path, plain: RunningWebUI, tmp_path: Path) -> None:
    put_in_place(repository, tmp_path / "data")
    (tmp_path / "shim").mkdir()
    (tmp_path / "shim" / "sitecustomize.py").write_text(BLOCKER, encoding="utf-8")
    webui = start(tmp_path / "data", environment={"PYTHONPATH": str(tmp_path / "shim")})
    lines = [line for line in webui.log().splitlines() if "Modelwise" in line]
    assert len(lines) == 1
    assert "Modelwise is off: No module named 'msgspec'" in lines[0]
    assert "Traceback" not in webui.log()
    assert "Modelwise is off: No module named" in str(webui.get("/config"))
    for arguments in (None, ON):
        assert generate(webui, arguments, prompt=MESSY).files == generate(plain, None, prompt=MESSY).files
