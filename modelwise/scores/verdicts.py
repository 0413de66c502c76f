"""The tag that a profile's card would have given an image for its score, where the card states a mapping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from modelwise.profiles import Profile
from modelwise.scores.known import KNOWN
from modelwise.terms import Basis, Slot
from modelwise.thresholds import Threshold

_NAMES = {scorer.model: scorer.id for scorer in KNOWN}
_OWN = {Basis.STATED, Basis.EXAMPLE, Basis.TRAINING}
"""What is the card's own word: a related card's mapping says nothing of this model's training."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How one card makes tags of one scorer's scores. `thresholds`: the best first, the rest last."""

    profile: str
    name: str
    slot: Slot
    scorer: str
    thresholds: tuple[Threshold, ...]

    def tag(self, score: float) -> str | None:
        """The tag for a score; None where the card has none for it."""
        return next((each.tag for each in self.thresholds if _reached(each, score)), None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a profile's card says of one score; `tag` is None where the card has none for it."""

    profile: str
    slot: Slot
    scorer: str
    score: float
    tag: str | None


def scales(profiles: Iterable[Profile]) -> tuple[Scale, ...]:
    """The mappings that these profiles state for scorers of ours. Without one, a tag is unknown."""
    return tuple(
        Scale(profile.id, profile.name, scorer.slot, _NAMES[scorer.model], _ranked(scorer.thresholds))
        for profile in profiles
        for scorer in profile.scores
        if scorer.model in _NAMES and scorer.basis in _OWN
    )


def verdicts(found: Iterable[Scale], scores: Mapping[str, float]) -> tuple[Verdict, ...]:
    """What each scale says of an image's scores, which stand by scorer."""
    return tuple(
        Verdict(scale.profile, scale.slot, scale.scorer, score, scale.tag(score))
        for scale in found
        if (score := scores.get(scale.scorer)) is not None
    )


def _ranked(thresholds: tuple[Threshold, ...]) -> tuple[Threshold, ...]:
    return tuple(
        sorted(thresholds, key=lambda each: -1.0 if each.above is None else each.above, reverse=True)
    )


def _reached(threshold: Threshold, score: float) -> bool:
    above = threshold.above
    return above is None or score > above or (threshold.included and score == above)
