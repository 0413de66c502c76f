"""The imitated samplers and schedulers, and what the program makes of names that it does not know."""

from __future__ import annotations

from typing import Any, NamedTuple

AUTOMATIC = "Automatic"


class Sampler(NamedTuple):
    """A sampler. `schedule`: the label of the schedule that Automatic means for it."""

    name: str
    schedule: str | None = None


class Scheduler(NamedTuple):
    """A schedule type. `name`: its short name; both are understood."""

    label: str
    name: str


all_samplers = [
    Sampler("DPM++ 2M", "Karras"),
    Sampler("DPM++ SDE", "Karras"),
    Sampler("DPM++ 2M SDE", "Exponential"),
    Sampler("Euler a"),
    Sampler("Euler"),
    Sampler("Heun"),
    Sampler("DDIM"),
]
schedulers = [
    Scheduler(AUTOMATIC, "automatic"),
    Scheduler("Uniform", "uniform"),
    Scheduler("Karras", "karras"),
    Scheduler("Exponential", "exponential"),
    Scheduler("SGM Uniform", "sgm_uniform"),
    Scheduler("Normal", "normal"),
]


def corrected(sampler: str | None, scheduler: str | None) -> tuple[str, str]:
    """Known names: the first sampler for an unknown one; an old name such as `DPM++ 2M Karras` is split."""
    name = sampler or all_samplers[0].name
    kinds = {key: one.label for one in schedulers for key in one}
    kind = kinds.get(scheduler or "", AUTOMATIC)
    for ending, label in kinds.items():
        if name.endswith(f" {ending}"):
            name, kind = name.removesuffix(f" {ending}"), label
    return _named(name).name, kind


def asked_by_api(sampler: str | None, scheduler: str | None) -> tuple[str, str | None]:
    """What an API request's names become: the sampler's own schedule is not said again."""
    name, kind = corrected(sampler, scheduler)
    said = kind if kind not in {AUTOMATIC, _named(name).schedule} else None
    return name, scheduler or said


def fix(p: Any) -> None:
    """Correct the names on a job."""
    p.sampler_name, p.scheduler = corrected(p.sampler_name, p.scheduler)


def schedule_used(p: Any) -> str | None:
    """The schedule type that sampling writes into the infotext, None where it is the sampler's own way."""
    kind = p.scheduler or AUTOMATIC
    return _named(p.sampler_name).schedule if kind == AUTOMATIC else kind


def _named(name: str) -> Sampler:
    return next((one for one in all_samplers if one.name == name), all_samplers[0])
