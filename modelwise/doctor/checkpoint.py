"""One checkpoint as the checks see it: header, table, small values, and what it was recognised as."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from modelwise.checkpoint_header import Header
from modelwise.detect import Detection
from modelwise.doctor.contents import Contents
from modelwise.doctor.layouts import Part, layout
from modelwise.doctor.small_tensors import Values
from modelwise.profiles import Profile

# The names of early SD 1.x files, which every loader reads as the others.
_OLD = "cond_stage_model.transformer."
_OLD_NAMES = tuple(f"{_OLD}{part}." for part in ("embeddings", "encoder", "final_layer_norm"))
# SDXL's second model, which only refines pictures: by its header it is SDXL, but it has parts of its own.
_REFINER = "conditioner.embedders.0.model."


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One checkpoint as the checks see it."""

    file: Path
    header: Header
    contents: Contents
    values: Values
    detection: Detection
    profile: Profile

    @property
    def names(self) -> frozenset[str]:
        """The names of its tensors as loaders read them."""
        return frozenset(map(canonical, self.contents.tensors))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that its architecture has; none where its layout is not known here."""
        refines = any(name.startswith(_REFINER) for name in self.contents.tensors)
        return () if refines else layout(self.header.architecture)


def canonical(name: str) -> str:
    """A tensor's name as loaders read it."""
    if name.startswith(_OLD_NAMES):
        return f"{_OLD}text_model.{name.removeprefix(_OLD)}"
    return name
