"""What the running WebUI has of what not every one has, and which it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from modules import paths, script_callbacks, scripts, shared

from modelwise.webui.host import Feature
from modelwise.webui.neighbours import tagcomplete_lists


def version() -> str:
    """The name of the commit that runs, which the WebUI has asked git for at its start."""
    try:
        from modules import launch_utils  # noqa: PLC0415 (not in every fork)

        return str(launch_utils.git_tag())
    except (ImportError, AttributeError, OSError):
        return ""


def features(option: Callable[[str, Any], Any]) -> Sequence[Feature]:
    """Each by what it is looked for in our other modules."""
    labels = getattr(shared.opts, "data_labels", {})
    modules = [
        getattr(found.script_class, "__module__", "") for found in getattr(scripts, "scripts_data", ())
    ]
    lists = tagcomplete_lists(Path(paths.data_path) / "extensions", option)
    found = (
        ("schedulers", _has("modules.sd_schedulers"), "a scheduler apart from the sampler"),
        ("paste fields", _has("modules.infotext_utils"), "the panel follows a pasted infotext"),
        ("token counter", hasattr(script_callbacks, "on_before_token_counter"), "counts what is sampled"),
        ("X/Y/Z plot", "xyz_grid.py" in modules, "axes for profile, preset, quality, order and mode"),
        ("noise schedule", "sd_noise_schedule" in labels, "set for models that predict v"),
        ("clip skip of SDXL", "sdxl_clip_l_skip" in labels, "without it, clip skip changes no SDXL model"),
        ("tag lists of tagcomplete", bool(lists), "read beside our own"),
    )
    return tuple(Feature(name, there, use) for name, there, use in found)


def _has(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
