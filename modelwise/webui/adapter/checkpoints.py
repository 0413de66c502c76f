"""The host's checkpoints as facts of ours."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from modules import sd_models

from modelwise.webui.host import CheckpointFacts


def info_listed(name: object) -> Any:
    """The host's own record of a checkpoint, by one of its names; None where it lists none of that name."""
    home = sys.modules.get("modules.sd_checkpoint", sd_models)  # SD.Next keeps its list apart
    return home.checkpoint_aliases.get(name)


def info_named(name: object) -> Any:
    """The same; where it lists none of that name, the one with the nearest, in hosts that look for it."""
    if not isinstance(name, str) or not name:
        return None
    nearest = getattr(sd_models, "get_closet_checkpoint_match", None)
    return info_listed(name) or (nearest(name) if nearest else None)


def facts(info: Any) -> CheckpointFacts | None:
    """The host's record in our words; None where it has no file."""
    filename = getattr(info, "filename", None)
    if not filename:
        return None
    sha256, shorthash = getattr(info, "sha256", None), getattr(info, "shorthash", None)
    return CheckpointFacts(Path(filename), sha256 or None, shorthash or None)
