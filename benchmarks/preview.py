"""How soon the preview follows a key press, and how long it holds up the page: in the workbench, panel open.

From the key press to the chips on the screen, less the time that the page waits for another key. The baseline
is our server's answer to the same question, asked by the page alone.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from benchmarks import Figure, Options
from benchmarks.page import KEY_TARGET, Profile
from tests.browser.desk import Desk
from tests.browser.serving import RunningWorkbench
from tests.support import chromium

LOADS = 5
KEYS = 11
TAGS = 75
WAITED = 150  # milliseconds after the last key, in javascript/modelwise_preview.js
TARGET = 60.0
_PROMPTS = Path(__file__).parent / "prompts.txt"
_WATCH = """() => {
    const box = document.querySelector("#txt2img_prompt textarea");
    const body = document.querySelector("#modelwise_txt2img_preview .modelwise-body");
    const channel = new MessageChannel();
    let pressed = 0;
    globalThis.followed = [];
    channel.port1.onmessage = () => followed.push(performance.now() - pressed);
    box.addEventListener("keydown", () => { pressed = performance.now(); }, true);
    new MutationObserver(() => requestAnimationFrame(() => channel.port2.postMessage(0)))
        .observe(body, { childList: true });
}"""
_ANSWERED = """async () => {
    const { modelwise } = globalThis;
    const body = { tab: "txt2img", page: modelwise.pageOf("txt2img"), arguments: ["auto"] };
    const start = performance.now();
    await modelwise.request("preview", body);
    return performance.now() - start;
}"""


def figures(_options: Options) -> Iterator[Figure]:
    """The figures of the preview; none where there is no browser."""
    with tempfile.TemporaryDirectory() as name:
        running = RunningWorkbench(Path(name) / "log.txt")
        try:
            with chromium.running() as browser:
                loads = [measured(browser, running.address) for _ in range(LOADS)]
        except chromium.NoBrowser as reason:
            sys.stderr.write(f"no figures of the preview: {reason}\n")
            return
        finally:
            running.stop()
    followed, answered, run = (median(each) for each in zip(*loads))
    name = f"preview, key press to chips, {TAGS} tags"
    yield Figure(name, followed - WAITED, target=TARGET, baseline=answered)
    yield Figure(f"our longest run while someone types, {TAGS} tags", run, target=KEY_TARGET)


def measured(browser: Browser, address: str) -> tuple[float, float, float]:
    """A prompt of many tags whose last one grows key by key: from the key to the chips, the server's answer
    alone, our longest run; in milliseconds."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    desk = Desk(context, address)
    desk.open()
    desk.choose_checkpoint("animagine-xl-4.0-opt")
    desk.open_panel()
    desk.write(", ".join(islice(tags(), TAGS)))
    desk.page.locator(".modelwise-chip").nth(TAGS).wait_for()
    desk.page.evaluate(_WATCH)
    followed: list[float] = []
    profile = Profile(desk, lambda: followed.extend(typed(desk)))
    answers = [desk.page.evaluate(_ANSWERED) for _ in range(KEYS)]
    context.close()
    return median(followed), median(answers), max(profile.runs)


def typed(desk: Desk) -> list[float]:
    """One key after the other, each when the chips have followed the one before; the first one to warm up."""
    desk.field("prompt").press("End")
    for number in range(1, KEYS + 1):
        desk.page.keyboard.press("x")
        desk.page.wait_for_function("number => followed.length === number", arg=number)
    return list(desk.page.evaluate("followed"))[1:]


def tags() -> Iterator[str]:
    """Tags from the benchmark's prompts, each once."""
    found = dict.fromkeys(
        text
        for line in _PROMPTS.read_text(encoding="utf-8").splitlines()
        for text in line.split(", ")
        if text.replace(" ", "").isalpha()
    )
    yield from found
