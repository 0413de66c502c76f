"""A profile's order as numbers: the block of each slot, and each block's place in every accepted order.

Character and series form one block wherever they are neighbours. Slots that the profile does not
list are general.
"""

from __future__ import annotations

from modelwise.profiles import Block, Order, Profile
from modelwise.terms import Slot

Positions = tuple[int, ...]
"""The place of each block, by the block's number."""


class Blocks:
    """The blocks of a profile's order, numbered front to back in the card's own order."""

    def __init__(self, profile: Profile) -> None:
        main = _blocks(profile.order)
        self._block_of = {slot: number for number, block in enumerate(main) for slot in block}
        self._general = self._block_of.setdefault(Slot.GENERAL, len(main))
        self._alone = {block[0] for block in main if len(block) == 1}
        self.main: Positions = tuple(range(len(main)))
        accepted = profile.order.accepted if profile.order else ()
        self.accepted = tuple(self._positions(order) for order in accepted)
        self.moves = len(main) > 1

    def block_of(self, slot: Slot) -> int:
        """The number of the block that a slot stands in."""
        return self._block_of.get(slot, self._general)

    def listed(self, slot: Slot, own: bool) -> Slot:
        """The slot that counts: general unless listed; in a block only the model's own meta words."""
        if slot not in self._block_of or (slot is Slot.META and not own and slot not in self._alone):
            return Slot.GENERAL
        return slot

    @property
    def general(self) -> int:
        """The number of the general block."""
        return self._general

    @property
    def identity(self) -> int:
        """The number of the block of characters and series, or -1."""
        return self._block_of.get(Slot.CHARACTER, -1)

    def _positions(self, order: tuple[Block, ...]) -> Positions:
        numbers = [self.block_of(block[0]) for block in _joined(order)]
        return tuple(numbers.index(number) for number in self.main)


def _blocks(order: Order | None) -> list[tuple[Slot, ...]]:
    return _joined(order.slots) if order else [(Slot.GENERAL,)]


def _joined(order: tuple[Block, ...]) -> list[tuple[Slot, ...]]:
    """The blocks as tuples, character and series joined."""
    joined: list[tuple[Slot, ...]] = []
    for block in order:
        slots = (block,) if isinstance(block, Slot) else block
        identity = {Slot.CHARACTER, Slot.SERIES}
        if joined and identity.issuperset(slots) and identity.issuperset(joined[-1]):
            joined[-1] += slots
        else:
            joined.append(slots)
    return joined
