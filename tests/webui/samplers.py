"""The imitated samplers and schedule types, and what a program makes of names that it does not know."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Samplers:
    """What a program lists. Without schedule types, its jobs have none, and an unknown sampler ends them."""

    samplers: tuple[Sampler, ...]
    schedulers: tuple[Scheduler, ...] = ()

    def corrected(self, sampler: str | None, scheduler: str | None) -> tuple[str, str]:
        """Known names: the first sampler for an unknown one; an old name such as `DPM++ 2M Karras` is split."""
        name = sampler or self.samplers[0].name
        kinds = {key: one.label for one in self.schedulers for key in one}
        kind = kinds.get(scheduler or "", AUTOMATIC)
        for ending, label in kinds.items():
            if name.endswith(f" {ending}"):
                name, kind = name.removesuffix(f" {ending}"), label
        return self._named(name).name, kind

    def asked_by_api(self, sampler: str, scheduler: str | None) -> dict[str, str | None]:
        """What an API request's names become: the sampler's own schedule is not said again."""
        if not self.schedulers:
            return {"sampler_name": sampler}
        name, kind = self.corrected(sampler, scheduler)
        said = kind if kind not in {AUTOMATIC, self._named(name).schedule} else None
        return {"sampler_name": name, "scheduler": scheduler or said}

    def fix(self, p: Any) -> None:
        """Correct the names on a job."""
        if self.schedulers:
            p.sampler_name, p.scheduler = self.corrected(p.sampler_name, p.scheduler)
        elif p.sampler_name not in {one.name for one in self.samplers}:
            raise AssertionError(f"bad sampler name: {p.sampler_name}")

    def schedule_used(self, p: Any) -> str | None:
        """The schedule type that sampling writes into the infotext, None where it is the sampler's own way."""
        if not self.schedulers:
            return None
        kind = p.scheduler or AUTOMATIC
        return self._named(p.sampler_name).schedule if kind == AUTOMATIC else kind

    def _named(self, name: str) -> Sampler:
        return next((one for one in self.samplers if one.name == name), self.samplers[0])


APART = Samplers(
    (
        Sampler("DPM++ 2M", "Karras"),
        Sampler("DPM++ SDE", "Karras"),
        Sampler("DPM++ 2M SDE", "Exponential"),
        Sampler("Euler a"),
        Sampler("Euler"),
        Sampler("Heun"),
        Sampler("DDIM"),
    ),
    (
        Scheduler(AUTOMATIC, "automatic"),
        Scheduler("Uniform", "uniform"),
        Scheduler("Karras", "karras"),
        Scheduler("Exponential", "exponential"),
        Scheduler("SGM Uniform", "sgm_uniform"),
        Scheduler("Normal", "normal"),
    ),
)
IN_ONE_NAME = Samplers(
    (
        *(Sampler(f"{name} Karras") for name in ("DPM++ 2M", "DPM++ SDE", "DPM++ 2M SDE")),
        Sampler("DPM++ 2M SDE Exponential"),
        *(Sampler(name) for name in ("Euler a", "Euler", "Heun", "DPM++ 2M", "DPM++ SDE", "DDIM")),
    )
)
