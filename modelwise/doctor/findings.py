"""What the doctor says: one finding, and all that is known of one file, as data and as lines to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

Severity = Literal["problem", "warning", "note"]
Certainty = Literal["certain", "likely", "possible"]

_SIGNS: dict[str, tuple[str, str]] = {"problem": ("x", "31"), "warning": ("!", "33"), "note": ("-", "36")}
_MOST_NAMES = 3


class Finding(msgspec.Struct, frozen=True):
    """One thing that was found. `tensors` are all that it is about."""

    check: str
    severity: Severity
    certainty: Certainty
    found: str
    meaning: str
    advice: str
    tensors: tuple[str, ...] = ()


class Examination(msgspec.Struct, frozen=True):
    """One file, examined. `profile` with its `reason` as `detect` gives them; `tensors_read`: how many
    of its tensors."""

    file: str
    profile: str
    reason: str
    architecture: str
    tensors: int
    tensors_read: int
    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Whether no problem was found; warnings and notes are none."""
        return all(finding.severity != "problem" for finding in self.findings)


def lines(examination: Examination, colour: bool = False) -> Iterator[str]:
    """An examination as text, with ANSI colours where wanted."""
    yield f"{examination.file}: {examination.profile}, {examination.architecture}"
    if not examination.findings:
        read = f"{examination.tensors:,} tensors, {examination.tensors_read:,} small ones read"
        yield f"  nothing found ({read})"
    for finding in examination.findings:
        sign, code = _SIGNS[finding.severity]
        head = f"{sign} {finding.found}"
        yield f"  \x1b[{code}m{head}\x1b[0m" if colour else f"  {head}"
        yield f"    {finding.certainty}: {finding.meaning}"
        yield f"    {finding.advice}"


def named(names: tuple[str, ...]) -> str:
    """The first of some names, and how many more there are."""
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")


def size_text(size: int) -> str:
    """A number of bytes as people say it."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
