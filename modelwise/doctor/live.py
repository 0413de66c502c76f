"""CLIP's position ids in a model that is loaded (torch): found, checked, put right in memory, and put back.

Nothing is ever written to a file. A repair keeps what stood there before, and no model alive.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from modelwise.doctor.findings import Finding
from modelwise.doctor.position_ids import LENGTH, NAME, is_position_ids, position_findings

_WHOLE = "torch.int64"
_NAMES = {"torch.int64": "I64", "torch.float16": "F16", "torch.bfloat16": "BF16", "torch.float32": "F32"}


@dataclass(frozen=True, slots=True)
class LiveIds:
    """Position ids of a loaded model. `owner`: the module whose buffer they are; `values`: none where they
    are not in memory."""

    name: str
    owner: Any
    dtype: str
    values: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Repair:
    """One buffer that was put right. `owner`: a weak reference; `before`: what stood there; `version`:
    torch's count of changes in `after` when it was put in; `changed`: how many places are others now."""

    name: str
    owner: weakref.ref[Any]
    before: Any
    after: Any
    version: int
    changed: int

    def __str__(self) -> str:
        return f"{self.name}: {self.changed} of {LENGTH} places put right, in memory"


def find(model: Any) -> Iterator[LiveIds]:
    """The position ids of a torch module, each once."""
    for path, owner in model.named_modules():
        buffer = dict(owner.named_buffers(recurse=False)).get(NAME)
        name = f"{path}.{NAME}" if path else NAME
        if buffer is None or not is_position_ids(name):
            continue
        values = None if buffer.is_meta else tuple(buffer.detach().flatten().tolist())
        yield LiveIds(name, owner, str(buffer.dtype), values)


def check(model: Any) -> tuple[Finding, ...]:
    """What is wrong with the position ids of a loaded model."""
    return tuple(
        finding
        for ids in find(model)
        if ids.values is not None
        for finding in position_findings(ids.name, ids.values, _NAMES.get(ids.dtype, ids.dtype))
    )


def is_repairable(model: Any) -> bool:
    """Whether there is something for a repair to change."""
    return any(map(_is_repairable, find(model)))


def repair(model: Any) -> tuple[Repair, ...]:
    """Put the damaged position ids of a loaded model right, in memory; what was changed."""
    return tuple(_repaired(ids) for ids in find(model) if _is_repairable(ids))


def undo(repairs: tuple[Repair, ...]) -> tuple[str, ...]:
    """Put back what stood there, wherever the model still has what the repair put in; the names of those.

    Repairs are to be forgotten when another checkpoint is loaded: its own ids belong there then.
    """
    return tuple(each.name for each in repairs if _put_back(each))


def _is_repairable(ids: LiveIds) -> bool:
    """Damaged, and as many as there have to be: another number means another kind of model."""
    if ids.values is None or len(ids.values) != LENGTH:
        return False
    return ids.dtype != _WHOLE or ids.values != tuple(range(LENGTH))


def _repaired(ids: LiveIds) -> Repair:
    before = ids.owner.get_buffer(NAME)
    after = before.detach().clone().long()
    after.copy_(after.new_tensor(range(LENGTH)).view_as(after))
    setattr(ids.owner, NAME, after)
    changed = sum(value != place for place, value in enumerate(ids.values or ()))
    return Repair(ids.name, weakref.ref(ids.owner), before, after, after._version, changed)


def _put_back(each: Repair) -> bool:
    owner = each.owner()
    current = getattr(owner, NAME, None)
    if current is None or current.flatten().tolist() != list(range(LENGTH)):
        return False
    # A checkpoint that was loaded since has written into the buffer; one that only moved is another buffer.
    if current is each.after and current._version != each.version:
        return False
    setattr(owner, NAME, each.before.to(current.device))
    return True
