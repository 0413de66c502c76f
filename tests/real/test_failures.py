"""When something of ours fails the image comes as the user asked, and the log says so once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real.conftest import Start
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4
from tests.real.generating import KEY, ON, generate
from tests.real.installing import put_in_place
from tests.real.running import RunningWebUI

BROKEN = "smile, breakmodelwise, 1girl"
FAILED = "left the prompt and the settings as they were"


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"batch_size": 2, "n_iter": 2},
        {"enable_hr": True, "hr_scale": 1.5, "hr_upscaler": "Latent", "denoising_strength": 0.5},
    ],
)
def test_an_error_in_our_hook(server: RunningWebUI, more: dict[str, object]) -> None:
    known = server.log()
    choices = [{"untouched": ["cfg_scale", "sampler", "steps"], "policy": {"size": "keep"}}]
    ours = generate(server, choices, prompt=BROKEN, **more)
    said = server.log().removeprefix(known)
    theirs = generate(server, None, prompt=BROKEN, **more)
    assert said.count(FAILED) == 1
    assert said.count("RuntimeError: made to fail") == 1
    assert ours.files == theirs.files
    assert ours.raw == theirs.raw


def test_after_an_error_all_is_well(server: RunningWebUI) -> None:
    generate(server, ON, prompt=BROKEN)
    assert generate(server, ON, prompt=MESSY).first.prompt == ORDERED_4


def test_frozen_settings(start: Start, repository: Path, tmp_path: Path) -> None:
    put_in_place(repository, tmp_path / "data")
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
