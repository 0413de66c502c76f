"""Tensors from a scorer's files, checked before a score is computed with them.

A `.pth` or `.bin` is a pickle: only the form that PyTorch reads as plain tensors is opened, and only as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from modelwise.scores.problems import ScorerError

Shapes = Mapping[str, tuple[int, ...]]
_ZIP = b"PK\x03\x04"
"""How the files begin that PyTorch has written since 1.6. The older form is never opened: reading it ran code
in PyTorch before 2.6, even as plain tensors."""


def read(path: Path, shapes: Shapes) -> dict[str, torch.Tensor]:
    """The tensors of these names and shapes; others are left. Raises ScorerError."""
    reader = _from_safetensors if path.suffix == ".safetensors" else _from_pickle
    try:
        found = reader(path, shapes)
    except OSError as error:
        raise ScorerError(f"{path.name}: can't be read: {error.strerror or error}") from None
    for name, tensor in found.items():
        if not tensor.is_floating_point():
            raise ScorerError(f"{path.name}: {name}: found {tensor.dtype}; allowed: floating point")
        if not bool(torch.isfinite(tensor).all()):
            raise ScorerError(f"{path.name}: {name}: found NaN or infinity; allowed: numbers")
    return found


def _from_safetensors(path: Path, shapes: Shapes) -> dict[str, torch.Tensor]:
    try:
        with safe_open(path, framework="pt", device="cpu") as file:  # type: ignore[no-untyped-call,unused-ignore]
            names = set(file.keys())
            there = {name: tuple(file.get_slice(name).get_shape()) for name in shapes if name in names}
            _check(path, shapes, there)
            return {name: file.get_tensor(name) for name in shapes}
    except SafetensorError as error:
        raise ScorerError(f"{path.name}: {error}; allowed: a whole safetensors file") from None


def _from_pickle(path: Path, shapes: Shapes) -> dict[str, torch.Tensor]:
    with path.open("rb") as stream:
        if stream.read(len(_ZIP)) != _ZIP:
            raise ScorerError(
                f"{path.name}: found no zip archive; allowed: weights as PyTorch 1.6 or later saves them"
            )
    try:
        found: Any = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # noqa: BLE001 (what a damaged or hostile file makes PyTorch raise)
        first = (str(error) or type(error).__name__).split("\n")[0]
        raise ScorerError(f"{path.name}: {first}; allowed: a whole file of plain tensors") from None
    tensors = found if isinstance(found, dict) else {}
    there = {
        name: tuple(tensors[name].shape) for name in shapes if isinstance(tensors.get(name), torch.Tensor)
    }
    _check(path, shapes, there)
    return {name: tensors[name] for name in shapes}


def _check(path: Path, shapes: Shapes, there: Shapes) -> None:
    missing = [name for name in shapes if name not in there]
    if missing:
        more = f" and {len(missing) - 1:,} others" if len(missing) > 1 else ""
        raise ScorerError(
            f"{path.name}: found no tensor {missing[0]}{more}; allowed: all {len(shapes)} of the model's"
        )
    for name, shape in shapes.items():
        if there[name] != shape:
            found, allowed = (" x ".join(map(str, each)) or "one number" for each in (there[name], shape))
            raise ScorerError(f"{path.name}: {name}: found {found}; allowed: {allowed}, as config.json says")
