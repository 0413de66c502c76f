"""A compiled request as plain text, for apps that read no weights, such as those for Core ML models.

The size of a Core ML model is fixed and stands in its file name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from modelwise.export.exported import Compiled, Exported
from modelwise.export.flattening import flatten

_SIZE = re.compile(r"(?<!\d)(\d{3,4})x(\d{3,4})(?!\d)")
_LINES = {"steps": "Steps", "cfg_scale": "Guidance scale", "sampler": "Sampler"}
_FIXED = "coreml"


def export(compiled: Compiled) -> Exported:
    """Both prompts and the settings, line by line."""
    prompt, negative = flatten(compiled.result.prompt), flatten(compiled.result.negative, negative=True)
    settings = compiled.settings
    size = named_size(compiled.model or "") or _asked_size(compiled)
    lines = ["Prompt:", prompt.plain(), "", "Negative prompt:", negative.plain(), ""]
    lines += [f"{title}: {settings[name]}" for name, title in _LINES.items() if name in settings]
    lines += [f"Size: {size[0]}x{size[1]}"] if size else []
    notes = [f"prompt: {loss}" for loss in prompt.losses] + [f"negative: {loss}" for loss in negative.losses]
    return Exported("\n".join(lines).rstrip("\n") + "\n", (*notes, *_size_notes(compiled)))


def named_size(name: str) -> tuple[int, int] | None:
    """The width and height in a model's file name."""
    found = _SIZE.findall(name)
    return (int(found[-1][0]), int(found[-1][1])) if found else None


def _asked_size(compiled: Compiled) -> tuple[int, int] | None:
    settings = compiled.settings
    return (settings["width"], settings["height"]) if "width" in settings else None


def _size_notes(compiled: Compiled) -> Iterator[str]:
    named, asked = named_size(compiled.model or ""), _asked_size(compiled)
    if named and asked and named != asked:
        yield (
            f"size: the model's file name says {named[0]}x{named[1]}, and it is fixed there; "
            f"the card says {asked[0]}x{asked[1]}"
        )
    if not named and compiled.profile.architecture == _FIXED:
        where = "name the file with --model" if compiled.model is None else f"{compiled.model} names none"
        yield f"size: fixed in the model, and named in its file's name; {where}"
