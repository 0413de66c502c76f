"""What an image's infotext says of us, and how a pasted one is read.

One key holds one JSON object. The prompt in an infotext is the text as made; the user's own words
stand in our object where they differ.
"""

from __future__ import annotations

from typing import Any

import msgspec

from modelwise.webui.choices import Choices, Pasted

KEY = "Modelwise"


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """One image's record. `prompt`, `negative`: the user's own, where compiling changed them."""

    profile: str
    version: int
    choice: str = "auto"
    mode: str = "auto"
    quality: str | None = None
    rating: str | None = None
    year: int | None = None
    preset: str | None = None
    policy: str | dict[str, str] = "fill"
    prompt: str | None = None
    negative: str | None = None


def written(
    choices: Choices, profile: str, version: int, prompt: str | None, negative: str | None
) -> str:
    """The value of our key."""
    record = Record(
        profile=profile,
        version=version,
        choice=choices.profile,
        mode=choices.mode,
        quality=choices.intent.quality,
        rating=choices.intent.rating,
        year=choices.intent.year,
        preset=choices.preset,
        policy=choices.policy,  # type: ignore[arg-type]
        prompt=prompt,
        negative=negative,
    )
    return msgspec.json.encode(record).decode()


def read(params: dict[str, Any]) -> Record | None:
    """Our record in a parsed infotext; None where there is none, or none that can be read."""
    value = params.get(KEY)
    if not isinstance(value, str):
        return None
    try:
        return msgspec.json.decode(value, type=Record)
    except msgspec.MsgspecError:
        return None


def pasted(params: dict[str, Any]) -> str:
    """What the panel keeps of a paste, for the next job; nothing where only a prompt was pasted."""
    if "Steps" not in params:
        return ""
    state = Pasted(ours=read(params) is not None, prompt=str(params.get("Prompt") or ""))
    return msgspec.json.encode(state).decode()
