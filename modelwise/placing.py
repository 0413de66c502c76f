"""Where an added tag goes: the segment, and the place in it.

Beside its own kind, behind the nearest tag before it in the model's ranked sequence; else where its block
belongs in the profile's order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modelwise.blocks import Blocks, Positions
from modelwise.classify import Reading
from modelwise.ordering import positions_for
from modelwise.segment import INJECTED, Segment


def place(segments: Sequence[Segment], reading: Reading, blocks: Blocks, at_end: bool) -> None:
    """Put one addition into the segment and the place where it belongs."""
    block = reading.block
    segment = _segment_for(segments, block, blocks, at_end)
    positions = _positions(segment, blocks, at_end)
    if block == blocks.general:
        segment.insert(_general_start(segment, positions, block), reading)
    else:
        segment.insert(_place_in_block(segment, reading, positions), reading)


def _positions(segment: Segment, blocks: Blocks, at_end: bool) -> Positions:
    positions = positions_for(segment, blocks)
    if at_end and blocks.accepted and positions is blocks.main:
        last = blocks.accepted[0].index(len(positions) - 1)
        if not any(reading.block == last for reading in segment.readings):
            return blocks.accepted[0]
    return positions


def _segment_for(segments: Sequence[Segment], block: int, blocks: Blocks, at_end: bool) -> Segment:
    """Where tags of the block stand already, if in one segment; else the first, or for a block behind
    the general tags the last."""
    holders = [
        segment
        for segment in segments
        if block != blocks.general and any(reading.block == block for reading in segment.readings)
    ]
    if len(holders) == 1:
        return holders[0]
    positions = _positions(segments[-1], blocks, at_end)
    return segments[-1 if positions[block] > positions[blocks.general] else 0]


def _general_start(segment: Segment, positions: Positions, general: int) -> int:
    """The place before the user's first general item, behind what was put there before."""
    for at, reading in _visible(segment):
        injected = segment.origins[at] == INJECTED and reading.block == general
        if positions[reading.block] >= positions[general] and not injected:
            return _before_extras(segment, at)
    return len(segment.readings) - segment.tail


def _place_in_block(segment: Segment, reading: Reading, positions: Positions) -> int:
    readings = segment.readings
    end = len(readings) - segment.tail
    members = [at for at in range(end) if readings[at].block == reading.block]
    if not members:
        wanted = positions[reading.block]
        behind = (at for at, other in _visible(segment) if positions[other.block] > wanted)
        found = next(behind, end)
        return _before_extras(segment, found) if found < end else end
    if not reading.ranks:
        return members[-1] + 1
    rank = reading.ranks[0]
    anchors = [(near, at) for at in members for near in readings[at].ranks if near < rank]
    return max(anchors)[1] + 1 if anchors else members[0]


def _visible(segment: Segment) -> Iterator[tuple[int, Reading]]:
    """The items that may get a new neighbour, extra networks aside: the model does not see those."""
    for at in range(len(segment.readings) - segment.tail):
        if not segment.readings[at].only_extras:
            yield at, segment.readings[at]


def _before_extras(segment: Segment, at: int) -> int:
    """A place before the extra networks that stand directly in front of an item."""
    while at and segment.readings[at - 1].only_extras:
        at -= 1
    return at
