"""What is known across profiles: whose special words are whose."""

from __future__ import annotations

from collections.abc import Iterable

from modelwise.profiles import Profile
from modelwise.tag_files import special_words
from modelwise.terms import Slot
from modelwise.words import OwnWords

_SPECIAL = frozenset({Slot.QUALITY, Slot.SCORE, Slot.AESTHETIC, Slot.RATING, Slot.YEAR})


def foreign_words(profiles: Iterable[Profile], own: Profile) -> dict[str, str]:
    """Quality, score, aesthetic, rating and year words of other families, with a model that has each.

    A single word that one family alone counts as quality, such as `illustration`, is an everyday one.
    """
    profiles = sorted(profiles, key=lambda profile: profile.id)
    words = special_words()
    relatives = {profile.name for profile in profiles if profile.family == own.family}
    known = {key for key, name in words.items() if name in relatives}
    families: dict[str, set[str]] = {}
    everyday: set[str] = set()
    for profile in profiles:
        for key, word in OwnWords(profile):
            families.setdefault(key, set()).add(profile.family)
            if word.slot is Slot.QUALITY and " " not in key:
                everyday.add(key)
            if profile.family == own.family:
                known.add(key)
            elif word.slot in _SPECIAL:
                words.setdefault(key, profile.name)
    lone = {key for key in everyday if len(families[key]) == 1}
    return {key: name for key, name in words.items() if key not in lone and key not in known}
