"""A loaded model's text encoder without torch: as much of a module and of its buffer as the doctor asks for.

`tests/test_model_doctor.py` holds it against torch where there is torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

NAME = "cond_stage_model.wrapped.transformer.text_model.embeddings"
"""Where AUTOMATIC1111 has it."""
DAMAGED = (*range(41), 40, *range(42, 77))
"""Position ids as a merge in half precision leaves them."""


class Buffer:
    """Numbers in memory. `is_meta`: they are not."""

    def __init__(self, values: Iterable[float], dtype: str = "torch.int64", *, is_meta: bool = False) -> None:
        self.values = list(values)
        self.dtype = dtype
        self.is_meta = is_meta
        self.device = "cpu"
        self._version = 0

    def detach(self) -> Buffer:
        return self

    def flatten(self) -> Buffer:
        return self

    def tolist(self) -> list[float]:
        return list(self.values)

    def clone(self) -> Buffer:
        return Buffer(self.values, self.dtype)

    def long(self) -> Buffer:
        return Buffer(self.values)

    def new_tensor(self, values: Iterable[float]) -> Buffer:
        return Buffer(values)

    def view_as(self, _other: Buffer) -> Buffer:
        return self

    def copy_(self, other: Buffer) -> None:
        """As `load_state_dict` puts a file's values in."""
        self.values = list(other.values)
        self._version += 1

    def to(self, _device: str) -> Buffer:
        return self


class Encoders:
    """A module with one text encoder; without values it has no position ids."""

    def __init__(
        self, values: Sequence[float] | None = DAMAGED, dtype: str = "torch.int64", *, is_meta: bool = False
    ) -> None:
        if values is not None:
            self.position_ids = Buffer(values, dtype, is_meta=is_meta)

    def named_modules(self) -> Iterator[tuple[str, Any]]:
        yield NAME, self

    def named_buffers(self, *, recurse: bool) -> Iterator[tuple[str, Buffer]]:
        assert not recurse
        yield from ((name, kept) for name, kept in vars(self).items() if isinstance(kept, Buffer))

    def get_buffer(self, name: str) -> Buffer:
        found = getattr(self, name)
        assert isinstance(found, Buffer)
        return found
