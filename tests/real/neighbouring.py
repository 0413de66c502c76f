"""Other people's extensions beside ours: which there are, and a data folder that has them.

`--neighbours DIR` names a folder with a checkout of each, under its repository's name. Python packages that they
need and the WebUI's own Python lacks may lie in its folder `packages` (`pip install --target`).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.real.running import RunningWebUI

TAGCOMPLETE = "a1111-sd-webui-tagcomplete"
DYNAMIC_PROMPTS = "sd-dynamic-prompts"
ADETAILER = "adetailer"
POSTPROCESSOR = "sd-webui-prompt-postprocessor"
REGIONAL_PROMPTER = "sd-webui-regional-prompter"
FORGE_COUPLE = "sd-forge-couple"
CONFIG_PRESETS = "Config-Presets"
STATE = "stable-diffusion-webui-state"
DISTRIBUTED = "stable-diffusion-webui-distributed"
ALL = (
    *(TAGCOMPLETE, DYNAMIC_PROMPTS, ADETAILER, POSTPROCESSOR, REGIONAL_PROMPTER, FORGE_COUPLE),
    *(CONFIG_PRESETS, STATE, DISTRIBUTED),
)
MASTER = {"master": {"avg_ipm": 60, "master": True}}
"""A speed that nobody has to measure first."""
_DYNAMIC_PROMPTS_SETTINGS = {
    "dp_ignore_whitespace": False,
    "dp_write_prompts_to_file": False,
    "dp_write_raw_template": False,
    "dp_limit_jinja_prompts": False,
    "dp_auto_purge_cache": False,
    "dp_magicprompt_batch_size": 1,
    "dp_magicprompt_default_model": "",
    "dp_parser_variant_start": "{",
    "dp_parser_variant_end": "}",
    "dp_parser_wildcard_wrap": "__",
    "dp_wildcard_manager_no_dedupe": False,
    "dp_wildcard_manager_no_sort": False,
    "dp_wildcard_manager_shuffle": False,
}
"""What it has by itself; with a fresh config.json it finds none of it (its issue 754) and expands nothing."""
_HERE = Path(__file__).resolve().parent
_OFFLINE = {ADETAILER: ("--ad-no-huggingface",)}


def beside(*names: str) -> pytest.MarkDecorator:
    """Run a test with these extensions beside ours, then with all of them."""
    return pytest.mark.parametrize(
        "neighboured", [names, ALL], ids=["+".join(names), "together"], indirect=True, scope="session"
    )


def move_in(neighbours: Path, names: Sequence[str], data: Path) -> None:
    """Put extensions into a data folder, with what stands in for what they would download or measure."""
    for name in names:
        source = neighbours / name
        if not source.is_dir():
            pytest.skip(f"needs a checkout of {name} in {neighbours}")
        shutil.copytree(source, data / "extensions" / name, ignore=shutil.ignore_patterns(".git"))
    if ADETAILER in names:
        models = data / "models" / "adetailer"
        models.mkdir(parents=True)
        (models / "middle.pt").write_bytes(b"the detector of the tests needs no weights")
    if DYNAMIC_PROMPTS in names:
        wildcards = data / "extensions" / DYNAMIC_PROMPTS / "wildcards"
        wildcards.mkdir(exist_ok=True)
        (wildcards / "place.txt").write_text("outdoors\n", encoding="utf-8")
        settings = json.dumps(_DYNAMIC_PROMPTS_SETTINGS)
        (data / "config.json").write_text(settings, encoding="utf-8")
    if DISTRIBUTED in names:
        share_with(data)


def share_with(data: Path, *workers: RunningWebUI) -> None:
    """Tell stable-diffusion-webui-distributed its machines, all of one speed."""
    others = [
        {f"worker {worker.port}": {"avg_ipm": 60, "address": "127.0.0.1", "port": worker.port}}
        for worker in workers
    ]
    file = data / "extensions" / DISTRIBUTED / "distributed-config.json"
    config: dict[str, Any] = {"workers": [MASTER, *others], "benchmark_payload": {}}
    file.write_text(json.dumps(config), encoding="utf-8")


def arguments(names: Sequence[str]) -> list[str]:
    """The command line's words that keep them off the network."""
    return [word for name in names for word in _OFFLINE.get(name, ())]


def environment(neighbours: Path) -> dict[str, str]:
    """Where they find their packages, and ADetailer a detector without weights."""
    return {"PYTHONPATH": os.pathsep.join((str(_HERE / "detector"), str(neighbours / "packages")))}
