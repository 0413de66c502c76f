"""The routes as data: to add one is to add an entry here, and its example to examples.json."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from modelwise.compile import Request
from modelwise.profiles import Profile
from modelwise.translate import Translated
from modelwise.webui.api import about, checkpoints, doctor, lab, own_profiles, scores, tag_lists
from modelwise.webui.api.messages import (
    Asked,
    Compiled,
    CompletionQuery,
    Detected,
    DetectQuery,
    Explained,
    FormatRequest,
    Formatted,
    NewPreset,
    PresetChange,
    PresetDeletion,
    PresetList,
    PresetsQuery,
    ProfileList,
    ProfileQuery,
    TranslateRequest,
    Use,
    UseCounts,
    VocabularyStatus,
)
from modelwise.webui.api.route import Route
from modelwise.webui.api.service import Service
from modelwise.webui.completion_words import CompletionWords
from modelwise.webui.preview import Preview, PreviewRequest

PREFIX = "/modelwise/v1"
_EXAMPLES = Path(__file__).parent / "examples.json"


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A route's example: what is asked, and (of long answers the beginning) what is answered."""

    asked: dict[str, Any]
    answered: dict[str, Any]


ROUTES = (
    Route(
        *("compile", "POST", "/compile", Request, Compiled, Service.compile),
        "What the sampler should get for a prompt: texts, settings, and a report of every change",
    ),
    Route(
        *("explain", "POST", "/explain", Request, Explained, Service.explain),
        "The same with every item's slot, who says so, what the card says of it, and what would change it",
    ),
    Route(
        *("preview", "POST", "/preview", PreviewRequest, Preview, Service.preview),
        "What Generate would do with a page's boxes and the panel's arguments, as the panel shows it",
    ),
    Route(
        *("format", "POST", "/format", FormatRequest, Formatted, Service.format),
        "A prompt in the model's order and spelling, line by line; nothing is added",
    ),
    Route(
        *("translate", "POST", "/translate", TranslateRequest, Translated, Service.translate),
        "A prompt for one model in the words of another",
    ),
    Route(
        *("profiles", "GET", "/profiles", Asked, ProfileList, Service.profiles),
        "All profiles in short",
    ),
    Route(
        *("profile", "GET", "/profiles/{profile}", ProfileQuery, Profile, Service.profile),
        "One profile, whole: everything that the model's card says",
    ),
    Route(
        *("presets", "GET", "/presets", PresetsQuery, PresetList, Service.presets),
        "A profile's presets: the card's, then your own",
    ),
    Route(
        *("create_preset", "POST", "/presets", NewPreset, PresetList, Service.create_preset),
        "Add an own preset at the end",
        writes=True,
        status=201,
    ),
    Route(
        *("change_preset", "PATCH", "/presets", PresetChange, PresetList, Service.change_preset),
        "Rename an own preset, give it other values, or put it at another place",
        writes=True,
    ),
    Route(
        *("delete_preset", "DELETE", "/presets", PresetDeletion, PresetList, Service.delete_preset),
        "Take an own preset out",
        writes=True,
    ),
    Route(
        *("detect", "GET", "/detect", DetectQuery, Detected, Service.detect),
        "The profile of the chosen checkpoint, or of one that the host lists, and why",
    ),
    Route(
        *("vocabulary", "GET", "/vocabulary", Asked, VocabularyStatus, Service.vocabulary),
        "The tag lists that are loaded",
    ),
    Route(
        *("completion_words", "GET", "/completion/words", CompletionQuery, CompletionWords, Service.words),
        "What a page completes beside the tag lists: the model's own words, and names that the host has",
    ),
    Route(
        *("count_use", "POST", "/completion/uses", Use, UseCounts, Service.count_use),
        "Count that a suggestion was taken",
        writes=True,
    ),
    Route(
        *("forget_uses", "DELETE", "/completion/uses", Asked, UseCounts, Service.forget_uses),
        "Forget what was taken",
        writes=True,
    ),
    *lab.ROUTES,
    *own_profiles.ROUTES,
    *checkpoints.ROUTES,
    *doctor.ROUTES,
    *tag_lists.ROUTES,
    *scores.ROUTES,
    *about.ROUTES,
)


def examples() -> dict[str, Example]:
    """Each route's example, by its name."""
    return msgspec.json.decode(_EXAMPLES.read_bytes(), type=dict[str, Example])
