"""What is asked and answered over REST, as types: they validate, and the OpenAPI document is made of them.

An empty profile, and `auto`, mean that of the checkpoint that is chosen in the host.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from modelwise.compile import LONGEST_PROMPT, Result
from modelwise.explain import Explanation
from modelwise.own_presets import MOST, OwnPreset
from modelwise.profile_problems import ProfileProblem
from modelwise.report import Entry
from modelwise.terms import Architecture, QualityLevel
from modelwise.uses import LONGEST_NAME
from modelwise.webui.choices import AUTO

Text = Annotated[str, Meta(max_length=LONGEST_PROMPT)]
Place = Annotated[int, Meta(ge=0, le=MOST)]


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The base of every request; as it is, a request for which nothing has to be said."""


class FormatRequest(Asked, frozen=True):
    """A prompt to be put in order."""

    prompt: Text
    profile: str = ""


class TranslateRequest(Asked, frozen=True, rename={"source": "from", "target": "to"}):
    """Texts to be put in another model's words. `from`: whose words they use; `auto` finds out."""

    prompt: Text
    negative: Text = ""
    source: str = AUTO
    target: str = AUTO


class ProfileQuery(Asked, frozen=True):
    """Which profile: by its id."""

    profile: str


class PresetsQuery(Asked, frozen=True):
    """Whose presets."""

    profile: str = ""


class NewPreset(Asked, frozen=True):
    """A preset to be added at the end. `version`: of the list that was seen; another is a conflict."""

    preset: OwnPreset
    profile: str = ""
    version: str | None = None


class PresetChange(Asked, frozen=True):
    """What becomes of an own preset: another name or values (`preset`), another place among the own ones."""

    name: str
    preset: OwnPreset | None = None
    place: Place | None = None
    profile: str = ""
    version: str | None = None


class PresetDeletion(Asked, frozen=True):
    """An own preset to be taken out."""

    name: str
    profile: str = ""
    version: str | None = None


class DetectQuery(Asked, frozen=True):
    """Which checkpoint: by a name that the host lists; without one, that which is chosen."""

    checkpoint: str = ""


class CompletionQuery(Asked, frozen=True):
    """Whose words: a profile's."""

    profile: str = ""


class Use(Asked, frozen=True):
    """A suggestion that was taken."""

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]


class UseCounts(msgspec.Struct, frozen=True):
    """How often each suggestion was taken."""

    uses: Mapping[str, int]


class Compiled(Result, frozen=True):
    """What the sampler should get, and whose card was followed."""

    profile: str


class Explained(Explanation, frozen=True):
    """The same piece by piece, and whose card was followed."""

    profile: str


class Formatted(msgspec.Struct, frozen=True):
    """The prompt in order."""

    prompt: str
    report: tuple[Entry, ...]
    profile: str


class ProfileSummary(msgspec.Struct, frozen=True):
    """A profile in short. `quality`: the levels that it has; `presets`: the card's and the user's."""

    id: str
    name: str
    version: int
    family: str
    architecture: Architecture
    generic: bool
    quality: tuple[QualityLevel, ...]
    presets: tuple[str, ...]


class ProfileList(msgspec.Struct, frozen=True):
    """All profiles, and what was wrong with files that were not taken."""

    profiles: tuple[ProfileSummary, ...]
    problems: tuple[ProfileProblem, ...]


class ListedPreset(OwnPreset, frozen=True, kw_only=True):
    """A preset. `own`: the user's, so that it can be changed."""

    own: bool


class PresetList(msgspec.Struct, frozen=True):
    """A profile's presets: the card's, then the user's own. `version`: changes when the own ones do."""

    profile: str
    version: str
    presets: tuple[ListedPreset, ...]


class Detected(msgspec.Struct, frozen=True):
    """The profile of a checkpoint and why. `suggestion`: a profile that it only resembles."""

    checkpoint: str
    profile: str
    name: str
    family: str | None
    architecture: str
    rule: str
    reason: str
    suggestion: str | None
    distilled: bool
    prediction: str | None


class TagListStatus(msgspec.Struct, frozen=True):
    """A tag list. `conflicts`: its tags that an earlier list has in another category."""

    name: str
    rows: int
    problems: int
    conflicts: int


class VocabularyStatus(msgspec.Struct, frozen=True):
    """The tag lists that are loaded, and how many tags they have together."""

    tags: int
    lists: tuple[TagListStatus, ...]
