"""What compiling over REST costs: in the workbench, asked 100 times a second over connections that stay open.

A request counts from when it was due, so that one that has to wait for others is not counted as fast. The
baseline is the host's own least request in the same run. `--memory` also sends 100,000 requests.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

from benchmarks import MILLISECONDS, Figure, Options, percentile
from benchmarks.make_prompts import read
from tests.browser.serving import ADDRESS, RunningWorkbench

RATE, SECONDS = 100, 15
"""Requests a second, and for how long."""
WARM_UP = 2_000
"""Requests of each kind. Python's first full garbage collection after the start holds everything up for a
quarter of a second, whoever asks; it is over by then."""
CONNECTIONS = 8
P99_TARGET = 25.0
MANY, SETTLED = 100_000, 5_000
"""Requests for the memory's sake, and how many go before."""
GROWTH_TARGET = 10.0


def figures(options: Options) -> Iterator[Figure]:
    """The figures of the interface."""
    with tempfile.TemporaryDirectory() as name:
        running = RunningWorkbench(Path(name) / "log.txt")
        try:
            yield from asyncio.run(latency(running.port))
            if options.memory:
                yield asyncio.run(growth(running))
        finally:
            running.stop()


async def latency(port: int) -> list[Figure]:
    """The slowest of a hundred and the median, at a steady rate."""
    least = asking(port, "GET", "/sdapi/v1/options")
    await answered(port, [*islice(cycle(compiling(port)), WARM_UP), *[least] * WARM_UP])
    baseline = await steadily(port, [least])
    found = await steadily(port, compiling(port))
    return [
        Figure(
            f"compile over REST at {RATE} a second, 99th percentile",
            percentile(found, 0.99),
            target=P99_TARGET,
            baseline=percentile(baseline, 0.99),
        ),
        Figure("compile over REST, median", percentile(found, 0.5), baseline=percentile(baseline, 0.5)),
    ]


async def growth(running: RunningWorkbench) -> Figure:
    """What the workbench's memory grows by."""
    requests = cycle(compiling(running.port))
    await answered(running.port, list(islice(requests, SETTLED)))
    before = running.memory()
    await answered(running.port, list(islice(requests, MANY)))
    name = f"memory after {MANY:,} requests, growth"
    return Figure(name, (running.memory() - before) / 1e6, unit="MB", target=GROWTH_TARGET)


def compiling(port: int) -> list[bytes]:
    """Requests for all prompts that the benchmarks share."""
    _, prompts = read()
    bodies = [json.dumps({"prompt": prompt, "profile": "auto"}).encode() for prompt in prompts]
    return [asking(port, "POST", "/modelwise/v1/compile", body) for body in bodies]


def asking(port: int, method: str, path: str, body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    head = f"{method} {path} HTTP/1.1\r\nHost: {ADDRESS}:{port}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/json\r\n\r\n".encode() + body


async def steadily(port: int, requests: Sequence[bytes]) -> list[float]:
    """Milliseconds of each request at the rate, each from when it was due."""
    async with connections(port, RATE) as free:
        start = perf_counter()

        async def one(number: int) -> float:
            due = start + number / RATE
            await asyncio.sleep(due - perf_counter())
            await ask(free, requests[number % len(requests)])
            return (perf_counter() - due) * MILLISECONDS

        return await asyncio.gather(*map(one, range(RATE * SECONDS)))


async def answered(port: int, requests: Sequence[bytes]) -> None:
    """Send requests as fast as they are answered."""
    left = iter(requests)
    async with connections(port, CONNECTIONS) as free:

        async def work() -> None:
            for request in left:
                await ask(free, request)

        await asyncio.gather(*(work() for _ in range(CONNECTIONS)))


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connections(port: int, count: int) -> AsyncIterator[asyncio.Queue[Connection]]:
    """Open connections, to take from and give back to; in turn, as the server closes idle ones."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    opened = [await asyncio.open_connection(ADDRESS, port) for _ in range(count)]
    for connection in opened:
        free.put_nowait(connection)
    yield free
    for _, writer in opened:
        writer.close()
        await writer.wait_closed()


async def ask(free: asyncio.Queue[Connection], request: bytes) -> bytes:
    """One request over a free connection; what is answered."""
    reader, writer = connection = await free.get()
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    body = await reader.readexactly(int(length.partition(b":")[2]))
    if b" 200 " not in head[:16]:
        raise RuntimeError(f"{head.decode()}{body[:500].decode()}")
    free.put_nowait(connection)
    return body
