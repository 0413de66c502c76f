"""Remembers what the panel has found out that a box's text will become, for the host's token counter.

The counter asks with the text alone, soon after the panel has looked at the same text. Bounded, and safe
for several threads.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from modelwise.webui.host import CheckpointFacts

LIMIT = 64
"""How many texts are remembered; one look at a page brings two."""


class CountedTexts:
    """Texts as they will be sampled, by what stands in the box and the checkpoint that is chosen."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: OrderedDict[tuple[CheckpointFacts | None, bool, str], str] = OrderedDict()

    def remember(self, facts: CheckpointFacts | None, text: str, made: str, *, positive: bool) -> None:
        """Keep what a text becomes; the longest unused goes."""
        with self._lock:
            self._made[facts, positive, text] = made
            self._made.move_to_end((facts, positive, text))
            if len(self._made) > LIMIT:
                self._made.popitem(last=False)

    def find(self, facts: CheckpointFacts | None, text: str, *, positive: bool) -> str | None:
        """What a text becomes; None where the panel has not seen it."""
        with self._lock:
            return self._made.get((facts, positive, text))

    def forget(self) -> None:
        """Let all go: what a text becomes may be another now."""
        with self._lock:
            self._made.clear()
