"""What a card says of the image scorers that its tags came from."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from modelwise.terms import Slot, Sourced, Struct, Tag


class Threshold(Struct, frozen=True):
    """The tag of a score greater than `above` (0 to 1), `included`: or equal; without `above`: the rest."""

    tag: Tag
    above: Annotated[float, Meta(ge=0, le=1)] | None = None
    included: bool = False


class Scorer(Sourced, frozen=True):
    """An image scorer that the card's tags came from."""

    model: str
    slot: Slot
    thresholds: tuple[Threshold, ...]
    url: str = ""
