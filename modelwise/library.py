"""What is known across profiles: whose special words are whose."""

from __future__ import annotations

from collections.abc import Iterable

from modelwise.profiles import Profile
from modelwise.tag_files import special_words
from modelwise.terms import Slot
from modelwise.words import OwnWords

_SPECIAL = frozenset({Slot.QUALITY, Slot.SCORE, Slot.AESTHETIC, Slot.RATING, Slot.YEAR})


def foreign_words(profiles: Iterable[Profile], own: Profile) -> dict[str, str]:
    """Quality, score, aesthetic, rating and year words of other families, with a model that has each."""
    words = special_words()
    for profile in sorted(profiles, key=lambda profile: profile.id):
        if profile.family != own.family:
            for key, word in OwnWords(profile):
                if word.slot in _SPECIAL:
                    words.setdefault(key, profile.name)
    return words
