"""The profile of every checkpoint that the host lists, looked for on a thread of its own.

Headers alone are read, and each only when its file has changed. One that is broken is a row like the others.
"""

from __future__ import annotations

from itertools import islice

import msgspec

from modelwise.detect import Detection
from modelwise.webui.background import Progress, Work
from modelwise.webui.engine import Engine
from modelwise.webui.host import CheckpointFacts

MOST = 20_000
"""Checkpoints that are looked at; nobody has so many."""


class CheckpointRow(msgspec.Struct, frozen=True):
    """A checkpoint by the host's name for it, with its profile (`name`: the profile's) and the reason.

    `recognised`: whether a rule has told which model it is; `chosen`: whether the user has said so.
    """

    checkpoint: str
    profile: str
    name: str
    architecture: str
    rule: str
    reason: str
    suggestion: str | None
    recognised: bool
    chosen: bool


class CheckpointScan:
    """One look after the other, never two at once. `rows`: what the last whole one has found."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._work = Work("modelwise checkpoints", engine.closing)
        self.rows: tuple[CheckpointRow, ...] = ()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._work.progress

    def start(self, wait: float = 0.0) -> None:
        """Look again, unless that is being done; waits so many seconds for the end."""
        self._work.start(self._look)
        self._work.wait(wait)

    def of(self, name: str, facts: CheckpointFacts) -> CheckpointRow:
        """One checkpoint as it is now."""
        return self._row(name, self._engine.detect(facts))

    def _look(self) -> str:
        listed = dict(islice(self._engine.host.checkpoints().items(), MOST))
        rows = []
        for name, detection in self._engine.detect_each(listed):
            rows.append(self._row(name, detection))
            if self._work.advance(len(rows), len(listed)) and len(rows) < len(listed):
                return ""
        self.rows = tuple(rows)
        return ""

    def _row(self, name: str, found: Detection) -> CheckpointRow:
        profile = self._engine.profiles.get(found.profile)  # None: the profiles have changed just now
        return CheckpointRow(
            name,
            found.profile,
            profile.name if profile else found.profile,
            found.architecture,
            found.rule,
            found.reason,
            found.suggestion,
            recognised=found.family is not None or found.rule == "choice",
            chosen=found.rule == "choice",
        )
