"""A file as a request's body: written to the disk as it arrives, never held as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Protocol

from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

BLOCK = 1_000_000
"""Bytes that are gathered before a thread writes them."""

LARGEST_SWALLOWED = 100_000_000
"""What is still read, and dropped, of a body that was refused: who sends it can read our answer then."""


class Upload(Protocol):
    """Where a body goes. `close` comes last in any case, and drops what was not finished."""

    def take(self, block: bytes, /) -> None:
        """The next part."""

    def finish(self) -> Any:
        """All has arrived; gives the answer."""

    def close(self) -> None:
        """Let go of it."""


async def received(parts: AsyncIterator[bytes], upload: Upload) -> Any:
    """Give the parts of a body to an upload; gives its answer."""
    gathered = bytearray()
    try:
        async for part in parts:
            gathered += part
            if len(gathered) >= BLOCK:
                await run_in_threadpool(upload.take, bytes(gathered))
                gathered.clear()
        await run_in_threadpool(upload.take, bytes(gathered))
        return await run_in_threadpool(upload.finish)
    finally:
        upload.close()  # at once, even where we are being cancelled


async def swallow(parts: AsyncIterator[bytes]) -> None:
    """Read what is left of a body."""
    size = 0
    with suppress(ClientDisconnect):
        async for part in parts:
            size += len(part)
            if size > LARGEST_SWALLOWED:
                break
