"""What our scripts cost a page on loading and while someone types: in the workbench, by Chromium's profiler.

A sample counts as ours where one of our scripts is on the stack, so what gradio does in answer to our events
counts, too. The baseline is all script time of the same load.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from benchmarks import Figure, Options
from tests.browser.desk import Desk
from tests.browser.serving import RunningWorkbench
from tests.support import chromium

LOADS = 7
INTERVAL = 100  # microseconds between two samples
LOAD_TARGET, KEY_TARGET = 30.0, 8.0
TYPED = "smile, long_hair, 1girl, hatsune miku, (blue eyes:1.2)"
_OURS = "/workbench/javascript/modelwise_"
_IDLE = ("(idle)", "(program)", "(garbage collector)")


def figures(_options: Options) -> Iterator[Figure]:
    """The figures of the page; none where there is no browser."""
    with tempfile.TemporaryDirectory() as name:
        running = RunningWorkbench(Path(name) / "log.txt")
        try:
            with chromium.running() as browser:
                measured = [measure(browser, running.address) for _ in range(LOADS + 1)][1:]  # one to warm up
        except chromium.NoBrowser as reason:
            sys.stderr.write(f"no figures of the page: {reason}\n")
            return
        finally:
            running.stop()
    load, whole, key = (median(each) for each in zip(*measured))
    yield Figure("our scripts while the page loads", load, unit="ms", target=LOAD_TARGET, baseline=whole)
    yield Figure("our longest run while someone types", key, unit="ms", target=KEY_TARGET)


def measure(browser: Browser, address: str) -> tuple[float, float, float]:
    """One load: our milliseconds, all scripts' milliseconds, and our longest run while a prompt is typed."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    desk = Desk(context, address)
    loading = Profile(desk, desk.open)
    desk.choose_checkpoint("animagine-xl-4.0-opt")
    desk.field("prompt").click()
    typing = Profile(desk, lambda: typed(desk))
    context.close()
    return sum(loading.runs), loading.scripts, max(typing.runs, default=0.0)


def typed(desk: Desk) -> None:
    """A prompt, key by key, and the line that comes of it."""
    desk.page.keyboard.type(TYPED, delay=30)
    desk.expect_line("1 respelled")


class Profile:
    """What ran during an action. `runs`: our milliseconds at a stretch; `scripts`: all scripts' in all."""

    def __init__(self, desk: Desk, action: Callable[[], None]) -> None:
        client = desk.page.context.new_cdp_session(desk.page)
        client.send("Profiler.enable")
        client.send("Profiler.setSamplingInterval", {"interval": INTERVAL})
        client.send("Profiler.start")
        action()
        desk.page.wait_for_load_state("networkidle")
        profile = client.send("Profiler.stop")["profile"]
        client.detach()
        self.runs: list[float] = []
        self.scripts = 0.0
        self._read(profile)

    def _read(self, profile: dict[str, Any]) -> None:
        nodes = {node["id"]: node for node in profile["nodes"]}
        parents = {child: node["id"] for node in profile["nodes"] for child in node.get("children", ())}

        def ours(number: int | None) -> bool:
            while number is not None:
                if _OURS in nodes[number]["callFrame"]["url"]:
                    return True
                number = parents.get(number)
            return False

        is_ours = {number: ours(number) for number in nodes}
        went_on = False
        for number, microseconds in zip(profile["samples"], profile["timeDeltas"]):
            duration = microseconds / 1000
            if nodes[number]["callFrame"]["functionName"] not in _IDLE:
                self.scripts += duration
            if is_ours[number]:
                self.runs = [*self.runs[:-1], self.runs[-1] + duration] if went_on else [*self.runs, duration]
            went_on = is_ours[number]
