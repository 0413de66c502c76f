"""A model's ranked words on another model's scale: the best stays the best, the worst the worst.

The same word can stand at different heights in two models, so the height counts, not the word. Wanted and
unwanted words are scales of their own.
"""

from __future__ import annotations

from modelwise.profiles import Profile
from modelwise.spelling import normal_form
from modelwise.terms import Slot

_STANDS_IN: dict[Slot, tuple[Slot, ...]] = {
    Slot.QUALITY: (Slot.QUALITY, Slot.SCORE),
    Slot.SCORE: (Slot.SCORE, Slot.QUALITY),
    Slot.AESTHETIC: (Slot.AESTHETIC,),
}
"""The kinds that can say what a kind says, the nearest first."""

RANKED_KINDS = frozenset(_STANDS_IN)


def counterpart(key: str, kind: Slot, source: Profile, target: Profile) -> str | None:
    """The word of `target` for a word of `source`, by its normal form; None where there is none."""
    for low in (False, True):
        own = [normal_form(tag) for tag in _scale(source, kind, low=low)]
        if key not in own:
            continue
        for other in _STANDS_IN[kind]:
            found = _scale(target, other, low=low)
            if found:
                return found[_height(own.index(key), len(own), len(found), from_end=low)]
    return None


def _scale(profile: Profile, kind: Slot, *, low: bool) -> list[str]:
    words = getattr(profile.vocabulary, kind.value)
    return [word.tag for word in words.words if word.low is low] if words else []


def _height(at: int, own: int, other: int, *, from_end: bool) -> int:
    """The place on a scale of `other` words for place `at` of `own`: by share of the scale, but the second
    best stays the second. Unwanted words count from the worst."""
    if from_end:
        return other - 1 - _height(own - 1 - at, own, other, from_end=False)
    if at <= 1:
        return min(at, other - 1)
    return max(1, round(at * (other - 1) / (own - 1))) if other > 1 else 0
