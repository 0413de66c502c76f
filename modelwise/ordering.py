"""The order of a segment's items: the profile's blocks front to back, the user's order inside each.

An order that the profile accepts is left alone. What a plain-language line holds keeps its place.
"""

from __future__ import annotations

from collections.abc import Sequence

from modelwise.blocks import Blocks, Positions
from modelwise.classify import Reading
from modelwise.segment import Segment
from modelwise.terms import Slot


def positions_for(segment: Segment, blocks: Blocks) -> Positions:
    """The accepted order that fits a segment: another than the card's first only where its last block
    already stands at the end, all of it."""
    for positions in blocks.accepted:
        last = positions.index(len(positions) - 1)
        if _ends_with(segment.readings[: len(segment.readings) - segment.tail], last):
            return positions
    return blocks.main


def _ends_with(readings: Sequence[Reading], block: int) -> bool:
    """Whether all items of a block, one at least, are the last ones; extra networks don't count."""
    inside = True
    found = False
    for reading in reversed(readings):
        if reading.only_extras:
            continue
        if reading.block != block:
            inside = False
        elif inside:
            found = True
        else:
            return False
    return found


def order_segment(segment: Segment, blocks: Blocks, *, grouping: bool = False) -> bool:
    """Bring a segment's items into the profile's order; whether that took away who of several characters has
    which attributes. `grouping`: move the subjects alone, so that it does not."""
    if segment.frozen or not blocks.moves or len(segment.readings) < 2:
        return False
    grouped = _has_groups(segment.readings)
    order = _order(segment, blocks, positions_for(segment, blocks), grouping=grouping)
    if order is not None:
        segment.permute(order)
    return grouped and not _has_groups(segment.readings)


def _has_groups(readings: Sequence[Reading]) -> bool:
    """Whether attributes stand between the first and the last of several characters."""
    characters = [at for at, reading in enumerate(readings) if reading.character]
    if len({readings[at].keys for at in characters}) < 2:
        return False
    between = readings[characters[0] : characters[-1]]
    return any(reading.slot is Slot.GENERAL and not reading.only_extras for reading in between)


def _order(segment: Segment, blocks: Blocks, positions: Positions, *, grouping: bool) -> list[int] | None:
    """The new order as old places, or None where the items are in an accepted order already."""
    readings = segment.readings
    free = _free_places(segment)
    if grouping:
        wanted = _subjects_placed(free, readings, positions, blocks.block_of(Slot.SUBJECT))
    else:
        wanted = sorted(free, key=lambda at: positions[readings[at].block])
        wanted = _with_identity(wanted, readings, blocks.identity)
    visible = [at for at in free if not readings[at].only_extras]
    if [at for at in wanted if not readings[at].only_extras] == visible:
        return None
    order = list(range(len(readings)))
    for place, at in zip(free, wanted, strict=True):
        order[place] = at
    return order


def _subjects_placed(
    free: list[int], readings: Sequence[Reading], positions: Positions, block: int
) -> list[int]:
    """The order with the subjects alone in their place: before the first item of a later block."""
    others = [at for at in free if readings[at].slot is not Slot.SUBJECT]
    later = [place for place, at in enumerate(others) if positions[readings[at].block] > positions[block]]
    start = later[0] if later else len(others)
    subjects = [at for at in free if readings[at].slot is Slot.SUBJECT]
    return [*others[:start], *subjects, *others[start:]]


def _free_places(segment: Segment) -> list[int]:
    """The places of the items that may move: not a weight at the end, not on a plain-language line."""
    end = len(segment.readings) - segment.tail
    if not any(reading.language for reading in segment.readings):
        return list(range(end))
    line = 0
    lines: list[int] = []
    held: set[int] = set()
    for gap, reading in zip(segment.gaps, segment.readings):
        line += gap.count("\n")
        lines.append(line)
        if reading.language:
            held.add(line)
    return [at for at in range(end) if lines[at] not in held]


def _with_identity(wanted: list[int], readings: Sequence[Reading], block: int) -> list[int]:
    """The order with each series directly behind its first character, where it stood before it."""
    members = [at for at in wanted if readings[at].block == block]
    if len(members) < 2:
        return wanted
    arranged = iter(arrange_identity(members, readings))
    return [next(arranged) if readings[at].block == block else at for at in wanted]


def arrange_identity(members: Sequence[int], readings: Sequence[Reading]) -> list[int]:
    """Characters, series and what stands with them in the user's order, but a series that stands before its
    first character goes directly behind it: the first known to belong to it, else the first of all."""
    characters = [(place, at) for place, at in enumerate(members) if readings[at].character]
    if not characters:
        return list(members)
    known: dict[str, tuple[int, int]] = {}
    for place, at in characters:
        for series in readings[at].series:
            known.setdefault(series, (place, at))
    behind: dict[int, list[int]] = {}
    stay: list[int] = []
    for place, at in enumerate(members):
        first, owner = known.get(readings[at].keys[0], characters[0])
        # An alternation of a character and a series is a series by its first: it belongs to no other.
        if readings[at].slot is not Slot.SERIES or readings[at].character or first < place:
            stay.append(at)
        else:
            behind.setdefault(owner, []).append(at)
    return [at for member in stay for at in (member, *behind.get(member, ()))]
