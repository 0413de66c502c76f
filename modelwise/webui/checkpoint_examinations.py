"""The doctor's findings of the checkpoints that the host lists: one at once, or many on a thread of its own.

Nothing is examined unless it is asked for. No finding holds a folder.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from modelwise.doctor.findings import Finding
from modelwise.webui.background import Progress, Work, WorkError
from modelwise.webui.engine import Engine
from modelwise.webui.host import CheckpointFacts

if TYPE_CHECKING:
    from modelwise.doctor.findings import Examination

MOST_TENSORS = 20
"""Names of tensors that a finding keeps; it says itself how many there are."""

_NEEDS = "The doctor needs {}, which every WebUI's own Python has; it is not installed here."


class FileHealth(msgspec.Struct, frozen=True):
    """A checkpoint's file, examined. `number`: a later examination has a higher one."""

    number: int
    checkpoint: str
    tensors: int
    tensors_read: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """An examination, the file, and how that was when it began."""

    health: FileHealth
    file: Path
    stamp: tuple[int, int] | None


class CheckpointExaminations:
    """What was found since the start, the last of each file."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._work = Work("modelwise doctor", engine.closing)
        self._numbers = count(1)
        self._lock = Lock()
        self._kept: dict[str, _Kept] = {}

    @property
    def progress(self) -> Progress:
        """How far it is, in files."""
        return self._work.progress

    def found(self, after: int) -> tuple[FileHealth, ...]:
        """What was found after a number, in that order; from the beginning on, of files that are still so."""
        with self._lock:
            kept = list(self._kept.values())
        if not after:
            kept = [each for each in kept if each.stamp == _stamp(each.file)]
        found = (each.health for each in kept if each.health.number > after)
        return tuple(sorted(found, key=lambda health: health.number))

    def examine(self, name: str, facts: CheckpointFacts) -> FileHealth:
        """Examine one file, by the host's name for it. Raises WorkError."""
        try:
            # Here, because it loads numpy and safetensors.
            examination = importlib.import_module("modelwise.doctor.examination")
        except ModuleNotFoundError as error:
            raise WorkError(_NEEDS.format(error.name)) from None
        stamp = _stamp(facts.file)
        detection = self._engine.detect(facts)
        profile = self._engine.profiles[detection.profile]
        examined: Examination = examination.examine(facts.file, detection, profile)
        with self._lock:
            health = FileHealth(
                next(self._numbers),
                name,
                examined.tensors,
                examined.tensors_read,
                tuple(map(_shortened, examined.findings)),
            )
            self._kept[name] = _Kept(health, facts.file, stamp)
        return health

    def start(self, files: Mapping[str, CheckpointFacts], wait: float = 0.0) -> None:
        """Examine many, unless that is being done; waits so many seconds for the end."""
        self._work.start(lambda: self._examine_each(files.items()))
        self._work.wait(wait)

    def stop(self) -> None:
        """Ask it to end; what was found stays."""
        self._work.stop()

    def _examine_each(self, files: Iterable[tuple[str, CheckpointFacts]]) -> str:
        listed = list(files)
        for done, (name, facts) in enumerate(listed):
            if self._work.advance(done, len(listed)):
                return ""
            self.examine(name, facts)
        self._work.advance(len(listed), len(listed))
        return ""


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _shortened(finding: Finding) -> Finding:
    return msgspec.structs.replace(finding, tensors=finding.tensors[:MOST_TENSORS])
