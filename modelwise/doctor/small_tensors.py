"""Reads the values of a file's small tensors: never a large one, never many.

safetensors opens the file and says whether a loader would. The values are read at their places, because its
mapping makes the system read up to megabytes around each of them where the file is in no cache yet.
The only module of the doctor that imports safetensors and numpy.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open

from modelwise.doctor.contents import Contents, Tensor

LARGEST = 65_536
"""Bytes of a tensor that is still read."""
MOST = 4_096
"""Tensors of a file that are read at most."""

_FLOATS = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "BF16": "<u2"}
_READABLE = {**_FLOATS, "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "<i1", "U8": "<u1"}


class UnreadableError(Exception):
    """safetensors refuses the file; the message is its own."""


@dataclass(frozen=True, slots=True)
class Values:
    """The values that were wanted, the names of all that are not finite, and how many were read."""

    wanted: Mapping[str, tuple[float, ...]]
    not_finite: tuple[str, ...]
    read: int


def read_values(file: Path, contents: Contents, wanted: frozenset[str]) -> Values:
    """Read the wanted tensors and every other small one of one dimension. Raises UnreadableError, OSError."""
    _check_opens(file)
    with file.open("rb", buffering=0) as stream:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
        read = [(name, _at_place(stream, contents, tensor)) for name, tensor in _chosen(contents, wanted)]
    not_finite = tuple(name for name, values in read if not np.isfinite(values).all())
    return Values(
        {name: tuple(values.tolist()) for name, values in read if name in wanted}, not_finite, len(read)
    )


def _check_opens(file: Path) -> None:
    try:
        with safe_open(file, framework="np"):
            pass
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 (its error has another module in each release)
        raise UnreadableError(str(error)) from None


def _chosen(contents: Contents, wanted: frozenset[str]) -> Iterator[tuple[str, Tensor]]:
    """What is read: the wanted ones first, then small vectors, in the order of the file."""
    small = [(name, tensor) for name, tensor in contents.tensors.items() if _is_small(tensor)]
    vectors = [entry for entry in small if entry[0] not in wanted and len(entry[1].shape) < 2]
    yield from ([entry for entry in small if entry[0] in wanted] + vectors)[:MOST]


def _is_small(tensor: Tensor) -> bool:
    return tensor.dtype in _READABLE and tensor.size <= LARGEST and prod(tensor.shape) > 0


def _at_place(stream: io.FileIO, contents: Contents, tensor: Tensor) -> Any:
    stream.seek(contents.start + tensor.data_offsets[0])
    content = stream.read(tensor.size)
    if len(content) < tensor.size:
        raise UnreadableError("the file became shorter while it was read")
    values = np.frombuffer(content, _READABLE[tensor.dtype])
    # numpy has no such type: it is the upper half of a float of 32 bits.
    return (values.astype("<u4") << 16).view("<f4") if tensor.dtype == "BF16" else values
