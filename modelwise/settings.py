"""The generation settings that a profile sets: size, CFG, steps, sampler with scheduler, clip skip.

A field that the user has touched is never changed under the policy `fill`; it may get a warning.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import log
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from modelwise.profiles import Number, Profile, Settings, Size
from modelwise.report import Entry, warning
from modelwise.terms import Basis

Field = Literal["size", "cfg_scale", "steps", "sampler", "clip_skip", "noise_schedule"]
Box = Literal["width", "height", "scheduler"]
Policy = Literal["keep", "fill", "force"]
_NAMES = {"propertyNames": {"enum": list(get_args(Field))}}
"""msgspec checks the keys of a dictionary, but leaves them out of its schema."""
Policies = Annotated[dict[Field, Policy], Meta(extra_json_schema=_NAMES)]
FIELDS: tuple[Field, ...] = ("size", "cfg_scale", "steps", "sampler", "clip_skip")
"""The fields of a page. The noise schedule has none: it is an option of the host, and nobody touches it."""
_LARGEST = 1_000_000_000
"""Of a value that a client sends; what is larger is no setting, and nothing is said of it."""
_FILLED = frozenset({Basis.STATED, Basis.TRAINING})
_HALVES = {"width": "size", "height": "size", "scheduler": "sampler"}


class SettingsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings as they are, and the fields that nobody has touched (None: all of them)."""

    values: dict[str, Any] = {}
    untouched: tuple[Field | Box, ...] | None = None
    policy: Policy | Policies = "fill"


def untouched_fields(names: Collection[str] | None) -> frozenset[str]:
    """Fields by their names; a field of two boxes counts only where none of both is touched."""
    if names is None:
        return frozenset(FIELDS)
    fields = {name for name in names if name not in _HALVES}
    if {"width", "height"}.issubset(names):
        fields.add("size")
    return frozenset(fields)


def decide(
    profile: Profile, request: SettingsRequest, *, distilled: bool = False
) -> tuple[dict[str, Any], list[Entry]]:
    """The values to set, by the WebUI's field names, and why."""
    if distilled:
        reason = "a distilled variant wants its own steps and CFG: nothing is set"
        return {}, [warning("settings", "", reason)]
    untouched = untouched_fields(request.untouched)
    values: dict[str, Any] = {}
    entries: list[Entry] = []
    for field in FIELDS:
        policy = request.policy if isinstance(request.policy, str) else request.policy.get(field, "fill")
        stated = _stated(profile.settings, field)
        if stated and (policy == "force" or (policy == "fill" and field in untouched)):
            values |= stated[0]
            entries.append(_added(field, *stated, profile))
        elif field not in untouched or policy == "keep":
            entries += _outside(profile.settings, field, request.values)
    values |= _noise_schedule(profile, request, entries)
    return values, entries


def _noise_schedule(profile: Profile, request: SettingsRequest, entries: list[Entry]) -> dict[str, Any]:
    """The noise schedule, unless it is to be kept; the host has to see that the model is v-prediction."""
    policy = (
        request.policy if isinstance(request.policy, str) else request.policy.get("noise_schedule", "fill")
    )
    stated = _stated(profile.settings, "noise_schedule")
    if stated is None or policy == "keep":
        return {}
    entries.append(_added("noise_schedule", *stated, profile))
    return stated[0]


def _stated(settings: Settings, field: Field) -> tuple[dict[str, Any], Basis] | None:
    """A field's values and their basis, if they are founded well enough to be set unasked."""
    stated = getattr(settings, field)
    if stated is None or not (stated.basis in _FILLED or _within_family(stated.basis)):
        return None
    if field == "size":
        return {"width": stated.width, "height": stated.height}, stated.basis
    if field == "sampler":
        return {"sampler": stated.sampler, "scheduler": stated.scheduler}, stated.basis
    return ({field: stated.value}, stated.basis) if stated.value is not None else None


def _within_family(basis: Basis) -> bool:
    # A related value comes from `extends` alone, which the loader allows inside a family only.
    return basis is Basis.RELATED


def _added(field: Field, values: dict[str, Any], basis: Basis, profile: Profile) -> Entry:
    shown = "x".join(map(str, values.values())) if field == "size" else _shown(*values.values())
    reason = f"{profile.name}: {basis.value.replace('_', ' ')}"
    return Entry("added", field, shown, None, "settings", reason)


def _shown(*values: object) -> str:
    return ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)


def _outside(settings: Settings, field: Field, values: Mapping[str, Any]) -> list[Entry]:
    """A warning where the user's own value lies outside what the card names."""
    if field == "size":
        return _size_outside(settings, values)
    stated = getattr(settings, field)
    value = values.get(field)
    if not isinstance(stated, Number) or not isinstance(value, (int, float)) or abs(value) > _LARGEST:
        return []
    low, high = stated.minimum, stated.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return []
    allowed = f"{low:g} to {high:g}" if low and high else f"up to {high:g}" if high else f"from {low:g}"
    return [warning("settings", field, f"{value:g} is outside the card's range, {allowed}")]


def _size_outside(settings: Settings, values: Mapping[str, Any]) -> list[Entry]:
    width, height = values.get("width"), values.get("height")
    sizes = settings.sizes.sizes if settings.sizes else ()
    if not sizes or not isinstance(width, int) or not isinstance(height, int):
        return []
    if min(width, height) < 1 or max(width, height) > _LARGEST:
        return []
    if any((size.width, size.height) == (width, height) for size in sizes):
        return []
    near = nearest_size(sizes, width, height)
    reason = f"{width}x{height} is not among the trained sizes; the nearest is {near.width}x{near.height}"
    return [warning("settings", "size", reason)]


def nearest_size(sizes: Collection[Size], width: int, height: int) -> Size:
    """The trained size in pixels whose shape is nearest, then whose area is."""
    return min(
        sizes,
        key=lambda size: (
            abs(log(size.width / size.height) - log(width / height)),
            abs(size.width * size.height - width * height),
        ),
    )


def is_over_area(profile: Profile, values: Mapping[str, Any]) -> bool:
    """Whether the size in pixels is larger than every trained one."""
    sizes = profile.settings.sizes.sizes if profile.settings.sizes else ()
    width, height = values.get("width"), values.get("height")
    if not sizes or not isinstance(width, int) or not isinstance(height, int):
        return False
    return width * height > max(size.width * size.height for size in sizes)
