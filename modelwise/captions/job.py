"""What a run is to do, as data that every process gets, and what it has done."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import msgspec

from modelwise.captions.ordering_captions import CaptionOrder
from modelwise.session import Session


@dataclass(frozen=True, slots=True)
class Job:
    """What a run is to do. `separator`: as `CaptionOrder` takes it; `dry`: nothing is written."""

    profile: str
    folders: tuple[Path, ...]
    vocabularies: tuple[Path, ...]
    separator: str | None
    dry: bool

    def order(self) -> CaptionOrder:
        """The order, made once in each process; problems of lists and profiles are told elsewhere."""
        session = Session(self.folders, self.vocabularies, StringIO())
        return CaptionOrder(session.compiler(self.profile).classifier(None), self.separator)


class Change(msgspec.Struct, frozen=True):
    """A caption that is, or would be, another: its file, or its line in a table."""

    place: str
    before: str
    after: str


class Problem(msgspec.Struct, frozen=True):
    """A caption that was left alone, and why."""

    place: str
    reason: str


class Done(msgspec.Struct, frozen=True):
    """What was done with captions. `held`: lines of plain language that stayed; `changes`: in a dry run."""

    captions: int = 0
    changed: int = 0
    moved: int = 0
    held: int = 0
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()

    def __add__(self, other: Done) -> Done:
        return Done(*(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__))
