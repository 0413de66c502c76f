"""Plain tag -> slot, with the reason: the model's words first, then tag lists, then rules, then general."""

from __future__ import annotations

import re

import msgspec

from modelwise.profiles import Profile
from modelwise.qualifiers import by_qualifier, version_of
from modelwise.spelling import normal_form, spelled
from modelwise.terms import Slot
from modelwise.vocabulary import Category, Vocabulary, cut_qualifier
from modelwise.words import OwnWord, OwnWords, prefixes

_CATEGORY_SLOTS = {
    Category.ARTIST: Slot.ARTIST,
    Category.SERIES: Slot.SERIES,
    Category.CHARACTER: Slot.CHARACTER,
    Category.META: Slot.META,
    Category.GENERAL: Slot.GENERAL,
}
LONGEST_TAG = 200
_SIGNS = re.compile(r"[,:|\[\]{}<>]")
_YEAR = re.compile(r"year \d{4}")
_NAMED = re.compile(r"[^()\\]+(?=\\?\)\s*$)")


class Tag(msgspec.Struct, frozen=True, gc=False):
    """What one plain tag is. `text`: as it is written for the model; `own`: the model's word that it is."""

    key: str
    slot: Slot
    reason: str
    text: str
    known: bool = False
    own: OwnWord | None = None


class Tags:
    """Reads plain tags for one profile with one vocabulary."""

    def __init__(self, profile: Profile, vocabulary: Vocabulary, own: OwnWords) -> None:
        self.profile = profile
        self.vocabulary = vocabulary
        self.own = own
        self._prefixes = prefixes(profile)

    def tag(self, source: str) -> Tag:
        """What a plain tag is, by the first that knows it."""
        key = normal_form(source)
        return (
            self._own_tag(source, key)
            or self._misspelled_tag(source, key)
            or self._listed_tag(source, key)
            or self._ruled_tag(source, key)
            or Tag(key, Slot.GENERAL, "not in any list", source)
        )

    def is_name(self, key: str) -> bool:
        """Whether brackets that are not escaped belong to a name; else they are emphasis: `angel (halo)`."""
        if self.vocabulary.find(key):
            return True
        name, qualified = cut_qualifier(key)
        if version_of(name, self.vocabulary) or cut_qualifier(name)[1]:
            series = self.vocabulary.series_named(qualified)
            return bool(series) or not (_SIGNS.search(qualified) or self.own.find(qualified, qualified))
        return not self.vocabulary.is_ordinary(qualified)

    def _own_tag(self, source: str, key: str) -> Tag | None:
        own = self.own.find(key, source)
        if own is None:
            return None
        text = source
        if own.literal and self.profile.spelling:
            text = own.tag
        return Tag(key, own.slot, f"a word of {self.profile.name}", text, known=own.literal, own=own)

    def _misspelled_tag(self, source: str, key: str) -> Tag | None:
        """What the tag is that is meant: no model knows the misspelling."""
        meant = self.vocabulary.misspelled(key) or self._well_named(source, key)
        if meant is None:
            return None
        tag = self.tag(meant)
        text = tag.text if self.profile.spelling else source
        return msgspec.structs.replace(tag, text=text, reason=f"{meant}, misspelled: {tag.reason}")

    def _well_named(self, source: str, key: str) -> str | None:
        """A tag as the user wrote it, with what stands in its last brackets put right."""
        named = cut_qualifier(key)[1]
        meant = self.vocabulary.misspelled(named) if named and not self.vocabulary.find(key) else None
        found = _NAMED.search(source) if meant else None  # none: brackets of another width
        if not meant or not found:
            return None
        return source[: found.start()] + cut_qualifier(meant)[0] + source[found.end() :]

    def _listed_tag(self, source: str, key: str) -> Tag | None:
        found = self.vocabulary.find(key)
        if found is None:
            return None
        slot = _CATEGORY_SLOTS[found.category]
        claims = not found.exact or found.category is Category.ARTIST
        kind = found.category.name.lower()
        if claims and self.vocabulary.is_ordinary(key):
            return Tag(key, Slot.GENERAL, f"an everyday word, not taken for {kind}", source, found.exact)
        if not found.exact:
            return Tag(key, slot, f"{kind} by the lists, as {found.name}", source)
        text = source
        if self.profile.spelling:
            text = spelled(found.name, self.profile.spelling, source)
            if found.category is Category.ARTIST:
                text = (self.profile.spelling.artist_prefix or "") + text
        return Tag(key, slot, f"{kind} by the lists", text, known=True)

    def _ruled_tag(self, source: str, key: str) -> Tag | None:
        if _YEAR.fullmatch(key):
            return Tag(key, Slot.YEAR, "a year", source)
        for prefix in self._prefixes:
            if prefix and key.startswith(prefix) and len(key) > len(prefix):
                artist = self._artist(source, key, prefix)
                if artist is not None:
                    return artist
        if len(key) > LONGEST_TAG or self.own.find(name := cut_qualifier(key)[0], name):
            return None
        qualified = by_qualifier(key, self.vocabulary)
        return Tag(key, *qualified, source) if qualified else None

    def _artist(self, source: str, key: str, prefix: str) -> Tag | None:
        """`by name`, `artist:name`, `@name`; a `by` before everyday words is plain language."""
        name = key[len(prefix) :].strip()
        found = self.vocabulary.find(name)
        listed = bool(found and found.exact and found.category is Category.ARTIST)
        everyday = any(map(self.vocabulary.is_ordinary, name.split(" ")))
        if not name or (prefix.endswith("by ") and everyday and not listed):
            return None
        text = source
        own_prefix = self.profile.spelling.artist_prefix if self.profile.spelling else None
        if listed and own_prefix is not None and self.profile.spelling:
            written = source.strip()[len(prefix) :].strip() if source.lower().startswith(prefix) else name
            text = own_prefix + spelled(name, self.profile.spelling, written)
        return Tag(key, Slot.ARTIST, f"an artist by its prefix {prefix!r}", text, known=listed)
