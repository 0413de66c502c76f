"""The table of a .safetensors file: each tensor's type, shape and place, and what contradicts itself there.

Nothing in the table is trusted: the places have to follow each other without a hole, to the end of the file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from modelwise.checkpoint_header import NOT_AN_OBJECT, HeaderError, header_bytes

BITS = {
    **dict.fromkeys(("F4",), 4),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("BOOL", "U8", "I8"), 8),
    **dict.fromkeys(("F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 16),
    **dict.fromkeys(("I32", "U32", "F32"), 32),
    **dict.fromkeys(("I64", "U64", "F64", "C64"), 64),
}
"""The types that the format knows, with their bits."""

_METADATA = "__metadata__"
_LENGTH_BYTES = 8
_MOST_TENSORS = 100_000
_MOST_SIZES = 16
_MOST_DAMAGE = 20
_Natural = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class Tensor(msgspec.Struct, frozen=True):
    """A tensor's entry in the table."""

    dtype: str
    shape: Annotated[tuple[_Natural, ...], Meta(max_length=_MOST_SIZES)]
    data_offsets: tuple[_Natural, _Natural]

    @property
    def size(self) -> int:
        """How many bytes it takes in the file."""
        return self.data_offsets[1] - self.data_offsets[0]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds. `start`: where in the file the weights begin; `damage`: why no loader opens it."""

    tensors: Mapping[str, Tensor]
    start: int
    damage: tuple[str, ...]


_decode_table = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_entry = msgspec.json.Decoder(Tensor).decode


def read_contents(file: Path) -> Contents:
    """The table of a file. Raises HeaderError where there is none to be read."""
    content, weights = header_bytes(file)
    try:
        table = _decode_table(content)
        names = json.loads(content, object_pairs_hook=_names_of_largest)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise HeaderError(NOT_AN_OBJECT) from None
    table.pop(_METADATA, None)
    if len(table) > _MOST_TENSORS:
        raise HeaderError(f"found {len(table):,} tensors in it; a checkpoint has at most some thousands")
    counts = Counter(names).items()
    damage = [f"the name {name} stands there {count} times" for name, count in counts if count > 1]
    tensors: dict[str, Tensor] = {}
    for name, raw in table.items():
        try:
            tensors[name] = _decode_entry(raw)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            damage.append(f"the entry of {name} can't be read: {error}")
    damage += _contradictions(tensors, weights)
    return Contents(tensors, _LENGTH_BYTES + len(content), tuple(damage[:_MOST_DAMAGE]))


def _names_of_largest(pairs: list[tuple[str, Any]]) -> list[str]:
    # Called for every object, the outermost last; only that one's names are wanted.
    return [name for name, _ in pairs]


def _contradictions(tensors: Mapping[str, Tensor], weights: int) -> Iterator[str]:
    """What the places of the tensors say against each other, in the order of the file."""
    end = 0
    for name, tensor in sorted(tensors.items(), key=lambda entry: (entry[1].data_offsets, entry[0])):
        first, last = tensor.data_offsets
        if tensor.dtype not in BITS:
            yield f"{name} has the type {tensor.dtype}, which the format does not know"
        elif prod(tensor.shape) * BITS[tensor.dtype] != (last - first) * 8:
            yield f"{name} has {last - first:,} bytes, which its type and shape contradict"
        if first != end:
            yield f"{name} begins at byte {first:,} of the weights, where {end:,} is next"
        end = max(end, last)
    if end > weights:
        yield f"the table promises {end:,} bytes of weights where {weights:,} follow: the file is truncated"
    elif end < weights:
        yield f"{weights - end:,} bytes behind the last tensor belong to none"
