"""CLIP's position ids: which they have to be, and what damaged ones mean, in a file and in a loaded model.

Averaging two checkpoints in half precision turns 41 into 40.97, and a loader cuts that to 40. It reads the
numbers of one tensor, wherever they come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modelwise.doctor.findings import Finding

NAME = "position_ids"
LENGTH = 77
"""The places that CLIP reads at once."""

_MOST_SHOWN = 5
_MEANING = (
    "the text encoder takes these places of a prompt for others, so what stands there works too weakly or "
    "as if it stood elsewhere"
)
_ADVICE = (
    "Modelwise can put them right in the loaded model, in memory. For good: reset the CLIP position ids with "
    "a model editor and save a new file."
)


def is_position_ids(name: str) -> bool:
    """Whether a tensor's name is that of CLIP's position ids."""
    return name.endswith(f"embeddings.{NAME}") or name == NAME


def position_findings(name: str, values: Sequence[float], dtype: str) -> Iterator[Finding]:
    """What is wrong with one tensor of position ids; `dtype` as safetensors names types."""
    if len(values) != LENGTH:
        found = f"{NAME} holds {len(values)} places where {LENGTH} belong"
        meaning = "the text encoder can't be loaded with it, or reads prompts at wrong places"
        yield Finding(NAME, "problem", "certain", found, meaning, _ADVICE, (name,))
        return
    wrong = [place for place, value in enumerate(values) if _cut(value) != place]
    inexact = [place for place, value in enumerate(values) if value != place]
    if wrong:
        found = f"{NAME} is wrong in {_counted(wrong)}: {_shown(values, wrong)}"
        yield Finding(NAME, "problem", "certain", found, _MEANING, _ADVICE, (name,))
    elif inexact:
        found = f"{NAME} is not exact in {_counted(inexact)}: {_shown(values, inexact)}"
        meaning = "harmless where a loader cuts them to whole numbers, as AUTOMATIC1111 does"
        yield Finding(NAME, "warning", "likely", found, meaning, _ADVICE, (name,))
    elif dtype != "I64":
        found = f"{NAME} is exact, but of the type {dtype} where I64 is usual"
        meaning = "harmless: loaders convert it; a merge in that precision is where it gets damaged"
        yield Finding(NAME, "note", "certain", found, meaning, "Nothing needs to be done.", (name,))


def _cut(value: float) -> int | None:
    """A number as a loader puts it into whole numbers; none for what is no number."""
    return int(value) if abs(value) < 2**31 else None


def _counted(places: Sequence[int]) -> str:
    return f"{len(places)} of {LENGTH} places"


def _shown(values: Sequence[float], places: Sequence[int]) -> str:
    shown = [f"{values[place]:g} at place {place}" for place in places[:_MOST_SHOWN]]
    return ", ".join(shown) + (", ..." if len(places) > _MOST_SHOWN else "")
