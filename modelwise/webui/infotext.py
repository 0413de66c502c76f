"""What an image's infotext says of us, and how a pasted one is read.

One key holds one JSON object. The prompt in an infotext is the text as made; the user's own words
stand in our object where they differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from modelwise.profiles import Profile
from modelwise.settings import Field, Policy
from modelwise.webui.choices import SWITCHES, Choices, Pasted

KEY = "Modelwise"


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """One image's record. `off`: switches that were off; `prompt`, `negative`: the user's own, where
    compiling changed them."""

    profile: str
    version: int
    choice: str = "auto"
    mode: str = "auto"
    quality: str | None = "standard"
    aesthetic: str | None = None
    rating: str | None = None
    year: int | None = None
    preset: str | None = None
    policy: Policy | dict[Field, Policy] = "fill"
    off: tuple[str, ...] = ()
    grouping: bool = False
    prompt: str | None = None
    negative: str | None = None
    hires: str | None = None
    hires_negative: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The user's own texts of one image, each None where compiling has not changed it."""

    prompt: str | None = None
    negative: str | None = None
    hires: str | None = None
    hires_negative: str | None = None


def written(choices: Choices, choice: str, profile: Profile, words: Words) -> str:
    """The value of our key. `choice`: the chosen profile's id, or `auto`."""
    switches = msgspec.structs.asdict(choices.switches)
    record = Record(
        profile=profile.id,
        version=profile.version,
        choice=choice,
        mode=choices.mode,
        quality=choices.intent.quality,
        aesthetic=choices.intent.aesthetic,
        rating=choices.intent.rating,
        year=choices.intent.year,
        preset=choices.clicked if choices.preset is None else choices.preset,
        policy=choices.policy,
        # `or ()`: Python 3.10 makes an empty tuple that is not the default, which would be written
        off=tuple(name for name in SWITCHES if not switches[name]) or (),
        grouping=choices.switches.grouping,
        prompt=words.prompt,
        negative=words.negative,
        hires=words.hires,
        hires_negative=words.hires_negative,
    )
    return msgspec.json.encode(record).decode()


def read(params: dict[str, Any]) -> Record | None:
    """Our record in a parsed infotext; None where there is none, or none that can be read."""
    value = params.get(KEY)
    if not isinstance(value, str):
        return None
    try:
        return msgspec.json.decode(value, type=Record)
    except (msgspec.MsgspecError, RecursionError):
        return None


def pasted(params: dict[str, Any]) -> str:
    """What the panel keeps of a paste, for the next job; nothing where only a prompt was pasted."""
    if "Steps" not in params:
        return ""
    record = read(params)
    state = Pasted(
        ours=record is not None,
        prompt=str(params.get("Prompt") or ""),
        negative=str(params.get("Negative prompt") or ""),
        words=record.prompt if record else None,
        negative_words=record.negative if record else None,
    )
    return msgspec.json.encode(state).decode()
