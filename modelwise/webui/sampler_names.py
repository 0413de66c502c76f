"""A sampler and its schedule type in a host's own names.

Some hosts have a box for each. Others carry the schedule in their samplers' names, such as `DPM++ 2M Karras`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from modelwise.webui.host import Host


def as_named(host: Host, values: Mapping[str, Any], fallback: Sequence[str] = ()) -> dict[str, Any]:
    """Values whose sampler is the first of the chain that the host has, with its schedule; where it has none
    of them, both are left out."""
    others = dict(values)
    sampler, schedule = others.pop("sampler", None), others.pop("scheduler", None)
    apart = bool(host.schedules())
    own = {"scheduler": schedule} if apart and schedule is not None else {}
    if sampler is None:
        return {**others, **own}
    known = set(host.samplers())
    named = (name for each in (sampler, *fallback) for name in _names(each, None if apart else schedule))
    found = next((name for name in named if name in known), None)
    return others if found is None else {**others, "sampler": found, **own}


def _names(sampler: str, schedule: str | None) -> Iterator[str]:
    """What a sampler may be called, the schedule's own first."""
    if schedule is not None:
        yield f"{sampler} {schedule}"
    yield sampler
