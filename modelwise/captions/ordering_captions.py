"""A caption in a model's trained order. A caption is no prompt: tags between commas, without any grammar.

Tags keep their spelling. A line that holds plain language stays as it is. The separator is kohya's: tags in
front of the first stay in front, tags behind the second stay at the end, what is between is shuffled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from modelwise.classify import Classifier
from modelwise.moves import moved
from modelwise.nodes import Item
from modelwise.ordering import order_segment, positions_for
from modelwise.segment import Segment

SEPARATOR = "|||"
"""What kohya's own example of `keep_tokens_separator` is, and what a caption may hold already."""

_TAG = re.compile(r"[^,]+")
_TAG_OR_QUOTE = re.compile(r'(?:[^,"]|"[^"]*")+')
_BLANK = " \t\r\f\v\ufeff"


@dataclass(frozen=True, slots=True)
class Reordered:
    """A caption in its new order. `moved`: how many tags; `held`: how many lines of plain language stayed."""

    text: str
    moved: int = 0
    held: int = 0


class CaptionOrder:
    """Orders captions for one profile. `separator`: put between what stays and what is shuffled; None: those
    that a caption has stay, and no tag crosses one."""

    def __init__(self, classifier: Classifier, separator: str | None) -> None:
        self._classifier = classifier
        self._separator = separator

    def reorder(self, text: str) -> Reordered:
        """A caption, line by line."""
        lines = [self._line(line) for line in text.split("\n")]
        changed = "\n".join(line.text for line in lines)
        return Reordered(changed, sum(line.moved for line in lines), sum(line.held for line in lines))

    def _line(self, line: str) -> Reordered:
        if not line.strip(_BLANK):
            return Reordered(line)
        if self._separator is not None:
            return self._separated(line, self._separator)
        parts = [self._part(part) for part in line.split(SEPARATOR)]
        text = SEPARATOR.join(part.text for part in parts)
        return Reordered(text, sum(part.moved for part in parts), max(part.held for part in parts))

    def _part(self, text: str) -> Reordered:
        """What stands between two separators; the gaps between its tags stay where they are."""
        tags = _tags(text)
        ends = [0, *(start + len(source) for start, source in tags)]
        starts = [*(start for start, _ in tags), len(text)]
        gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]
        segment = self._segment([source for _, source in tags], gaps)
        if any(reading.language for reading in segment.readings):
            return Reordered(text, held=1)
        count = self._ordered(segment)
        return Reordered(segment.text() if count else text, count)

    def _separated(self, line: str, separator: str) -> Reordered:
        """A whole line with its separators put anew, its gaps too where that changes it."""
        parts = [[source for _, source in _tags(part)] for part in line.split(separator)]
        sources = [source for part in parts for source in part]
        segment = self._segment(sources, [""] * (len(sources) + 1))
        if any(reading.language for reading in segment.readings):
            return Reordered(line, held=1)
        count = self._ordered(segment)
        zones = self._zones(segment)
        if zones == parts or not sources:
            return Reordered(line)
        text = f" {separator} ".join(", ".join(zone) for zone in zones).strip()
        front, end = line[: len(line) - len(line.lstrip(_BLANK))], line[len(line.rstrip(_BLANK)) :]
        return Reordered(front + text + end, count)

    def _segment(self, sources: Sequence[str], gaps: list[str]) -> Segment:
        readings = [self._classifier.read(Item(source)) for source in sources]
        return Segment("", gaps, readings, list(range(len(readings))), spelling=False)

    def _ordered(self, segment: Segment) -> int:
        order_segment(segment, self._classifier.blocks)
        return sum(1 for _ in moved(segment.origins))

    def _zones(self, segment: Segment) -> list[list[str]]:
        """What stays in front, what is shuffled, what stays at the end; as few as say so."""
        blocks = self._classifier.blocks
        positions = positions_for(segment, blocks)
        middle = positions[blocks.general]
        zones: list[list[str]] = [[], [], []]
        for reading in segment.readings:
            place = positions[reading.block]
            zones[(place > middle) - (place < middle) + 1].append(reading.source)
        head, free, tail = zones
        if tail:
            return zones
        return [head, free] if head else [free]


def _tags(text: str) -> list[tuple[int, str]]:
    """The tags of a text with their places; a comma inside quotes separates nothing."""
    pattern = _TAG_OR_QUOTE if '"' in text and text.count('"') % 2 == 0 else _TAG
    found = ((match.start(), match[0], match[0].strip(_BLANK)) for match in pattern.finditer(text))
    return [(start + whole.index(source), source) for start, whole, source in found if source]
