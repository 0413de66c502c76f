"""The host's checkpoints as facts of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from modules import sd_models

from modelwise.webui.host import CheckpointFacts


def info_named(name: object) -> Any:
    """The host's own record of a checkpoint, by any of its names or the nearest; None where none is near."""
    if not isinstance(name, str) or not name:
        return None
    return sd_models.checkpoint_aliases.get(name) or sd_models.get_closet_checkpoint_match(name)


def facts(info: Any) -> CheckpointFacts | None:
    """The host's record in our words; None where it has no file."""
    filename = getattr(info, "filename", None)
    if not filename:
        return None
    sha256, shorthash = getattr(info, "sha256", None), getattr(info, "shorthash", None)
    return CheckpointFacts(Path(filename), sha256 or None, shorthash or None)
