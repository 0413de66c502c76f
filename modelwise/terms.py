"""What all tables of a profile are made of: the closed sets of words, bounded values, and the base tables."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Slot(str, Enum):
    """A place in a trained order."""

    QUALITY = "quality"
    SCORE = "score"
    AESTHETIC = "aesthetic"
    RATING = "rating"
    YEAR = "year"
    CUSTOM = "custom"
    SUBJECT = "subject"
    CHARACTER = "character"
    SERIES = "series"
    ARTIST = "artist"
    META = "meta"
    GENERAL = "general"


class Basis(str, Enum):
    """How well founded a value is, best first."""

    STATED = "stated"
    EXAMPLE = "example"
    TRAINING = "training"
    RELATED = "related"
    THIRD_PARTY = "third_party"


Architecture = Literal["sd1", "sdxl", "stable-cascade", "cosmos-predict2", "lumina-2", "coreml", "unknown"]
Rating = Literal["general", "sensitive", "questionable", "explicit"]
QualityLevel = Literal["standard", "light", "heavy"]
Positive = Annotated[int, Meta(gt=0)]
Pixels = Annotated[int, Meta(ge=64, le=8192)]
Tag = Annotated[str, Meta(min_length=1)]


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The base of every table: frozen, and an unknown key is an error."""


class Sourced(Struct, frozen=True):
    """A table that states something: where that stands (an id of `sources`) and how well founded it is."""

    basis: Basis
    source: str
