"""Made-up checkpoints: whole files of any size whose weights are holes, with the values that a test wants."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from struct import pack

from modelwise.doctor.contents import BITS
from modelwise.doctor.layouts import layout

POSITIONS = {
    "sd1": "cond_stage_model.transformer.text_model.embeddings.position_ids",
    "sdxl": "conditioner.embedders.0.transformer.text_model.embeddings.position_ids",
}
_LETTERS = {"I64": "q", "I32": "i", "F64": "d", "F32": "f", "F16": "e"}


@dataclass(frozen=True, slots=True)
class Made:
    """A tensor to write: its type, shape and bytes; without bytes it is all zeros."""

    dtype: str
    shape: tuple[int, ...]
    content: bytes = b""

    @property
    def size(self) -> int:
        return prod(self.shape) * BITS[self.dtype] // 8


def numbers(dtype: str, values: Iterable[float], shape: tuple[int, ...] | None = None) -> Made:
    """A tensor of numbers; BF16 is cut from 32 bits, as programs do."""
    listed = list(values)
    if dtype == "BF16":
        content = b"".join(pack("<f", value)[2:] for value in listed)
    else:
        content = pack(f"<{len(listed)}{_LETTERS[dtype]}", *listed)
    return Made(dtype, (len(listed),) if shape is None else shape, content)


def whole(architecture: str, dtype: str = "F16", width: int = 8) -> dict[str, Made]:
    """A checkpoint with every tensor of its architecture, each small, and exact position ids."""
    needed = sorted(name for part in layout(architecture) for name in part.needed)
    tensors = {name: Made(dtype, (width,) if is_vector(name) else (width, width)) for name in needed}
    if architecture in POSITIONS:
        tensors[POSITIONS[architecture]] = numbers("I64", range(77), (1, 77))
    return tensors


def is_vector(name: str) -> bool:
    """Whether a tensor has one dimension, as biases and normalisations have."""
    return name.endswith("bias") or any(
        mark in name for mark in ("norm", "ln_", "in_layers.0", "out_layers.0")
    )


def write(file: Path, tensors: Mapping[str, Made], metadata: Mapping[str, str] | None = None) -> Path:
    """A whole file; what is zero takes no room on the disk."""
    table: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    places: list[tuple[int, bytes]] = []
    end = 0
    for name, tensor in tensors.items():
        start, end = end, end + tensor.size
        table[name] = {"dtype": tensor.dtype, "shape": [*tensor.shape], "data_offsets": [start, end]}
        if tensor.content:
            places.append((start, tensor.content))
    text = json.dumps(table).encode()
    text += b" " * (-len(text) % 8)
    with file.open("wb") as stream:
        stream.write(len(text).to_bytes(8, "little") + text)
        begin = stream.tell()
        for start, content in places:
            stream.seek(begin + start)
            stream.write(content)
        stream.truncate(begin + end)
    return file
