"""A segment at work: its readings with the gaps between them, while items are moved and put in.

Gaps keep their places when items move, so commas, line ends and comments stay where the user put them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from modelwise.classify import Reading
from modelwise.nodes import Chunk

_COMMENT = re.compile(r"#[^\n]*")
_SEPARATOR = re.compile(r"[,，、]")
INJECTED = -1
"""The origin of an item that the user did not write."""


def has_comma(gap: str) -> bool:
    """Whether a comma, of whichever script, stands in a gap outside its comments."""
    return _SEPARATOR.search(_COMMENT.sub("", gap)) is not None


@dataclass(slots=True)
class Segment:
    """`origins`: each reading's place in the user's text; `tail`: how many last items are a branch's
    weight and stay; `frozen`: nothing may move here; `follows_bracket`, `precedes_bracket`: the neighbour is
    a bracket with a BREAK in it, and no keyword stands between; `line_ends`: commas put at line ends."""

    lead: str
    gaps: list[str]
    readings: list[Reading]
    origins: list[int] = field(default_factory=list)
    region: bool = False
    frozen: bool = False
    follows_bracket: bool = False
    precedes_bracket: bool = False
    tail: int = 0
    line_ends: int = 0
    spelling: bool = True

    @classmethod
    def of(cls, chunk: Chunk, readings: list[Reading], spelling: bool) -> Segment:
        """A segment for a chunk of the tree."""
        frozen = any(item.breaks for item in chunk.body.items)
        origins = list(range(len(readings)))
        gaps = list(chunk.body.gaps)
        return cls(chunk.lead, gaps, readings, origins, chunk.region, frozen, spelling=spelling)

    def permute(self, order: Sequence[int]) -> None:
        """Put the items into a new order; a line end between new neighbours gets its comma."""
        readings, origins, gaps = self.readings, self.origins, self.gaps
        self.readings = [readings[at] for at in order]
        self.origins = [origins[at] for at in order]
        for at in range(1, len(order)):
            if (order[at - 1] != at - 1 or order[at] != at) and "\n" in gaps[at]:
                self._separate(at)

    def insert(self, at: int, reading: Reading) -> None:
        """Put an item in front of the one at `at`."""
        gaps = self.gaps
        if not self.readings:
            gaps[:] = self._first_gaps(gaps[0])
        elif at == 0:
            gaps.insert(1, ", ")
        else:
            gaps.insert(at, ", ")
            if at < len(self.readings):
                self._separate(at + 1)
        self.readings.insert(at, reading)
        self.origins.insert(at, INJECTED)

    def _first_gaps(self, blank: str) -> tuple[str, str]:
        """Where the first item goes in a segment of white space and comments."""
        if self.follows_bracket:
            return (blank if _SEPARATOR.search(blank) else ", " + blank), ""
        behind = blank.lstrip()
        before = blank[: len(blank) - len(behind)]
        if behind.startswith("#"):
            behind = " " + behind
        if self.precedes_bracket:
            behind = ", " + behind
        return before, behind

    def _separate(self, at: int) -> None:
        if not has_comma(self.gaps[at]):
            self.gaps[at] = "," + self.gaps[at]
            self.line_ends += 1

    def texts(self) -> list[str]:
        """The items as they will be written."""
        if self.spelling:
            return [reading.text for reading in self.readings]
        return [reading.source for reading in self.readings]

    def text(self) -> str:
        """The segment's text without its lead."""
        pieces = [self.gaps[0]]
        for text, gap in zip(self.texts(), self.gaps[1:], strict=True):
            pieces += (text, gap)
        return "".join(pieces)
