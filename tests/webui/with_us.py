"""A program with us in it: its checkpoints and styles, what is asked of it, and what its infotexts say."""

from __future__ import annotations

import json
from typing import Any

from modelwise.compile import Request, Result
from tests.support import checking
from tests.support.hosts import panel
from tests.webui.checkpoints import CheckpointInfo
from tests.webui.generating import Processed
from tests.webui.imitation import REPOSITORY, Imitation
from tests.webui.infotext import read_infotext

SCRIPT = REPOSITORY / "scripts" / "modelwise_script.py"
OPT, OLDER, ANYTHING, UNKNOWN = (
    "animagine-xl-4.0-opt.ckpt",
    "animagine-xl-3.1.ckpt",
    "anything-v3-1.ckpt",
    "snailMix.ckpt",
)
STYLES = {"night": ("night, {prompt}, outdoors", "fog"), "rain": ("rain", "")}
TITLE = "Modelwise"
QUALITY = "masterpiece, high score, great score, absurdres"
MADE = f"1girl, smile, {QUALITY}"
PROFILES = {OPT: "animagine-xl-4.0-opt", OLDER: "animagine-xl-3.1", ANYTHING: "anything-v3.1"}
UNTOUCHED = ["size", "cfg_scale", "sampler", "steps", "clip_skip"]
AS_LOADED = {"Size": "512x512", "Steps": "20", "Sampler": "DPM++ 2M", "CFG scale": "7"}
OF_THE_CARD = {"Size": "832x1216", "Steps": "28", "Sampler": "Euler a", "CFG scale": "5"}


def checkpoints() -> list[CheckpointInfo]:
    """The checkpoints that stand beside each other in every test; the first is chosen."""
    return [
        CheckpointInfo(f"/models/{OPT}"),
        CheckpointInfo(f"/models/{OLDER}", "0123456789"),
        CheckpointInfo(f"/models/{ANYTHING}", is_sdxl=False),
        CheckpointInfo(f"/models/{UNKNOWN}"),
    ]


def generate(
    program: Imitation, *arguments: Any, tab: str = "txt2img", scripts: Any = None, **fields: Any
) -> Processed:
    """A click on Generate, with the panel's arguments; the prompt is in no order, unless it is given."""
    asked = {"prompt": "smile, 1girl", "negative_prompt": "blurry", "cfg_scale": 7, **fields}
    return program.press_generate(tab, {TITLE: arguments or panel(), **(scripts or {})}, **asked)


def request(program: Imitation, *arguments: Any, tab: str = "txt2img", **fields: Any) -> Processed:
    """A request to the API that names us where it has arguments."""
    asked = {"prompt": "smile, 1girl", "negative_prompt": "blurry", "seed": 1, "steps": 20, **fields}
    named = {"alwayson_scripts": {TITLE: {"args": list(arguments)}}} if arguments else {}
    return program.api(tab, **asked, **named)


def compiled(prompt: str, negative: str = "", checkpoint: str = OPT) -> Result:
    """What the core makes of a pair."""
    return checking.compiler(PROFILES[checkpoint]).compile(Request(prompt, negative))


def read(result: Processed) -> list[dict[str, Any]]:
    """The infotexts, read."""
    return [read_infotext(text) for text in result.infotexts]


def record(found: dict[str, Any]) -> Any:
    """Our record in an infotext."""
    return json.loads(found[TITLE])


def settings(found: dict[str, Any]) -> dict[str, Any]:
    """The settings of an image."""
    return {name: found[name] for name in AS_LOADED}
