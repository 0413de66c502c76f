"""Where an added tag goes: the segment, and the place in it.

Beside its own kind, behind the nearest tag before it in the model's ranked sequence; else where its block
belongs in the profile's order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from modelwise.blocks import Blocks, Positions
from modelwise.classify import Reading
from modelwise.ordering import positions_for
from modelwise.segment import INJECTED, Segment


def place(segments: Sequence[Segment], readings: Sequence[Reading], blocks: Blocks, at_end: bool) -> None:
    """Put additions where they belong, neighbours of one block together. `at_end`: where a profile accepts
    its block at both ends, the end."""
    for block, group in groupby(readings, key=lambda reading: reading.block):
        segment = _segment_for(segments, block, blocks, at_end)
        positions = _positions(segment, blocks, at_end)
        if block == blocks.general:
            at = _general_start(segment, positions, block)
            for offset, reading in enumerate(group):
                segment.insert(at + offset, reading)
        else:
            _place_in_block(segment, block, list(group), positions)


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


def _place_in_block(segment: Segment, block: int, group: list[Reading], positions: Positions) -> None:
    """Put each behind the nearest tag before it in the model's ranked sequence, else first in its block."""
    end = len(segment.readings) - segment.tail
    members = [at for at in range(end) if segment.readings[at].block == block]
    for reading in group:
        among = _place_among(segment, members, reading) if members else None
        at = _block_start(segment, positions, block) if among is None else among
        segment.insert(at, reading)
        members = [*(member + (member >= at) for member in members), at]


def _place_among(segment: Segment, members: Sequence[int], reading: Reading) -> int:
    if not reading.ranks:
        return max(members) + 1
    rank = reading.ranks[0]
    anchors = [(near, at) for at in members for near in segment.readings[at].ranks if near < rank]
    return max(anchors)[1] + 1 if anchors else min(members)


def _block_start(segment: Segment, positions: Positions, block: int) -> int:
    """Where a block belongs that has no item yet: before the first item of a later block."""
    wanted = positions[block]
    for at, other in _visible(segment):
        if positions[other.block] > wanted:
            return _before_extras(segment, at)
    return len(segment.readings) - segment.tail


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
