"""The doctor of the loaded model: looks at its position ids, puts them right in memory, and takes that back.

Acts only when it is asked. What it has changed is forgotten as soon as other weights are loaded.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from modelwise.doctor import live
from modelwise.doctor.findings import Finding
from modelwise.webui.host import Host, LoadedModel, NoModelError

State = Literal["unavailable", "sound", "damaged", "repaired"]

_SOUND = "Its position ids are exactly 0 to 76: it reads every place of a prompt."
_WITHOUT = "It has no position ids of CLIP, so none can be damaged."
_ELSEWHERE = "Its text encoders are not in memory now. Generate a picture, then check."
_DAMAGED = "Its position ids are not as they have to be."
_REPAIRED = "Its position ids were put right in memory. The file is as it was."
_UNDONE = "What stood there before is back."
_NOTHING_TO_UNDO = "There is nothing to take back."


class ModelHealth(msgspec.Struct, frozen=True):
    """The loaded model. `says`: all of it in a sentence.

    `repairable`: whether there is something to repair; `changes`: what was changed and can be taken back.
    """

    state: State
    checkpoint: str
    says: str
    repairable: bool
    findings: tuple[Finding, ...]
    changes: tuple[str, ...]


class ModelDoctor:
    """The doctor of one host's model."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._repairs: tuple[live.Repair, ...] = ()
        self._of: Callable[[], Any] = lambda: None
        self._listens = False

    def check(self) -> ModelHealth:
        """How it is."""
        return self._done(self._seen)

    def repair(self) -> ModelHealth:
        """Put damaged position ids right."""
        return self._done(self._repaired)

    def undo(self) -> ModelHealth:
        """Put back what stood there before the repair."""
        return self._done(self._undone)

    def _done(self, act: Callable[[LoadedModel], ModelHealth]) -> ModelHealth:
        try:
            with self._host.loaded_model() as loaded:
                if self._of() is not loaded.model:
                    self._forget()
                return act(loaded)
        except NoModelError as error:
            return ModelHealth("unavailable", "", str(error), repairable=False, findings=(), changes=())

    def _seen(self, loaded: LoadedModel, says: str = "") -> ModelHealth:
        found, findings = list(live.find(loaded.encoders)), live.check(loaded.encoders)
        state, word = _judged(found, findings, bool(self._repairs))
        return ModelHealth(
            state,
            loaded.checkpoint,
            says or word,
            live.is_repairable(loaded.encoders),
            findings,
            tuple(map(str, self._repairs)),
        )

    def _repaired(self, loaded: LoadedModel) -> ModelHealth:
        made = live.repair(loaded.encoders)
        if made:
            if not self._listens:  # not at the start: most users never come here
                self._host.when_model_is_loaded(self._forget)
                self._listens = True
            self._repairs, self._of = (*self._repairs, *made), weakref.ref(loaded.model)
            loaded.forget_encoded()
        return self._seen(loaded)

    def _undone(self, loaded: LoadedModel) -> ModelHealth:
        undone = live.undo(self._repairs)
        self._forget()
        if undone:
            loaded.forget_encoded()
        return self._seen(loaded, _UNDONE if undone else _NOTHING_TO_UNDO)

    def _forget(self) -> None:
        self._repairs, self._of = (), lambda: None


def _judged(
    found: Sequence[live.LiveIds], findings: Sequence[Finding], was_repaired: bool
) -> tuple[State, str]:
    if not found:
        return "sound", _WITHOUT
    if all(ids.values is None for ids in found):
        return "unavailable", _ELSEWHERE
    if findings:
        return "damaged", _DAMAGED
    return ("repaired", _REPAIRED) if was_repaired else ("sound", _SOUND)
