"""Reads what the header of a .safetensors file tells: its metadata, architecture and prediction type.

Nothing but the header is read, never a weight, and no length in the file is trusted. Whatever a file holds,
the answer is a `Header` or a `HeaderError` with a reason for a person.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

LARGEST_HEADER = 100_000_000
"""The format's own limit."""

Prediction = Literal["v", "epsilon"]
Tensors = dict[str, msgspec.Raw]

_LENGTH_BYTES = 8
_METADATA = "__metadata__"
_BODY = "model.diffusion_model."
_TEXT_ENCODERS = {
    "conditioner.embedders.": "sdxl",
    "cond_stage_model.transformer.": "sd1",
    "cond_stage_model.model.": "sd2",
}
_CONTEXT_SIZES = {768: "sd1", 1024: "sd2", 2048: "sdxl"}
# With and without the checkpoint's prefix, and as the diffusers library names it.
_FIRST_BLOCKS = (f"{_BODY}input_blocks.", "input_blocks.", "down_blocks.")
_CONTEXT_TENSOR = ".transformer_blocks.0.attn2.to_k.weight"
_LABEL_TENSORS = tuple(f"{prefix}label_emb.0.0.weight" for prefix in (_BODY, ""))
_CASCADE_MAPPERS = ("clip_txt_mapper.weight", "clip_mapper.weight")
_V_TENSORS = ("v_pred", "ztsnr")
_PREDICTION_KEYS = ("modelspec.predict_key", "modelspec.prediction_type")
_PREDICTIONS: Mapping[str, Prediction] = {
    "v": "v",
    "v_prediction": "v",
    "epsilon": "epsilon",
    "eps": "epsilon",
}
NOT_AN_OBJECT = "its header is not a JSON object, so it is no safetensors file or it is damaged"

_decode_tensors = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_metadata = msgspec.json.Decoder(dict[str, Any]).decode


class _Tensor(msgspec.Struct, frozen=True):
    shape: tuple[int, ...] = ()
    data_offsets: tuple[int, int] = (0, 0)


_decode_tensor = msgspec.json.Decoder(_Tensor).decode
_DECODING = (msgspec.MsgspecError, ValueError, RecursionError)
"""What msgspec raises for bytes that are no JSON, no UTF-8, or nested without end."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a header tells; `unknown` and none where it tells nothing."""

    metadata: Mapping[str, str]
    architecture: str
    prediction: Prediction | None


class HeaderError(Exception):
    """A header that can't be read. `reason` says why, as the end of a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_header(file: Path) -> Header:
    """The header of a .safetensors file."""
    return _header(*header_bytes(file))


def header_bytes(file: Path) -> tuple[bytes, int]:
    """The header as it stands in the file, and how many bytes of weights follow it. Raises HeaderError."""
    try:
        return _opened(file)
    except FileNotFoundError:
        raise HeaderError("the file is gone") from None
    except PermissionError:
        raise HeaderError("reading it is not permitted") from None
    except OSError as error:
        raise HeaderError(f"it can't be opened ({error.strerror or 'no access'})") from None
    except ValueError:
        raise HeaderError("its path is not valid") from None


def _opened(file: Path) -> tuple[bytes, int]:
    # Looked at before it is opened: opening a pipe would wait for a writer.
    _refuse_other_kinds(file.stat().st_mode)
    with file.open("rb", buffering=0) as stream:
        return _content(stream, os.fstat(stream.fileno()).st_size)


def _refuse_other_kinds(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise HeaderError("it is a directory")
    if not stat.S_ISREG(mode):
        raise HeaderError("it is not a regular file")


def _content(stream: io.FileIO, size: int) -> tuple[bytes, int]:
    if not size:
        raise HeaderError("the file is empty")
    if size < _LENGTH_BYTES:
        raise HeaderError(f"the file is truncated: it has only {size:,} bytes")
    length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
    _check_length(length, size - _LENGTH_BYTES)
    content = stream.read(length)
    if len(content) < length:
        raise HeaderError("the file became shorter while it was read")
    return content, size - _LENGTH_BYTES - length


def _check_length(length: int, available: int) -> None:
    if not length:
        raise HeaderError("its header has no content")
    if length > available:
        raise HeaderError(
            f"its header claims {length:,} bytes where {available:,} follow, "
            "so the file is truncated or no safetensors file"
        )
    if length > LARGEST_HEADER:
        raise HeaderError(f"its header claims {length:,} bytes; at most {LARGEST_HEADER:,} are allowed")


def _header(content: bytes, weights: int) -> Header:
    try:
        tensors = _decode_tensors(content)
    except _DECODING:
        raise HeaderError(NOT_AN_OBJECT) from None
    metadata = _metadata(tensors.pop(_METADATA, None))
    _check_weights(tensors, weights)
    return Header(metadata, _architecture(tensors), _prediction(tensors, metadata))


def _metadata(raw: msgspec.Raw | None) -> dict[str, str]:
    """The entries that are text: damaged metadata says nothing of the tensors."""
    try:
        found = {} if raw is None else _decode_metadata(raw)
    except _DECODING:
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _check_weights(tensors: Tensors, available: int) -> None:
    # Writers list the tensors as they lie in the file, so the last one tells where a whole file ends.
    end = max((_tensor(tensors[name]).data_offsets[1] for name in [*tensors][-1:]), default=0)
    if end > available:
        raise HeaderError(
            f"the file is truncated: its header promises {end:,} bytes of weights where {available:,} follow"
        )


def _tensor(raw: msgspec.Raw) -> _Tensor:
    try:
        return _decode_tensor(raw)
    except _DECODING:
        return _Tensor()


def _architecture(tensors: Tensors) -> str:
    if _is_cascade(tensors, "") or _is_cascade(tensors, _BODY):
        return "stable-cascade"
    # Names decide before shapes: a shrunken or retrained text encoder keeps its place.
    for prefix, architecture in _TEXT_ENCODERS.items():
        if any(name.startswith(prefix) for name in tensors):
            return architecture
    return _architecture_by_shape(tensors)


def _is_cascade(tensors: Tensors, prefix: str) -> bool:
    mapped = any(prefix + name in tensors for name in _CASCADE_MAPPERS)
    return mapped and f"{prefix}clf.1.weight" in tensors


def _architecture_by_shape(tensors: Tensors) -> str:
    for name in tensors:
        if name.startswith(_FIRST_BLOCKS) and name.endswith(_CONTEXT_TENSOR):
            size = _tensor(tensors[name]).shape[-1:]
            if size and size[0] in _CONTEXT_SIZES:
                return _CONTEXT_SIZES[size[0]]
    # The refiner's context has a size of its own, but only this architecture is told sizes and crops.
    return "sdxl" if any(name in tensors for name in _LABEL_TENSORS) else "unknown"


def _prediction(tensors: Tensors, metadata: Mapping[str, str]) -> Prediction | None:
    if any(name in tensors for name in _V_TENSORS):
        return "v"
    stated = (metadata.get(key, "").strip().casefold() for key in _PREDICTION_KEYS)
    return next((_PREDICTIONS[value] for value in stated if value in _PREDICTIONS), None)
