"""From a key press to the list of suggestions in the page, laid out: in the workbench, in Chromium.

Timed twice: from the `input` event, which is when a script can first know what was typed, and from the
`keydown` event, with what the browser itself does for a letter in between. Also at a quarter of the machine's
speed, and in a prompt of 50,000 characters. The baseline is the least list that a page can have, one line
that shows what was typed and moves where a tag begins, with our own at rest.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Route

from benchmarks import Figure, Options, percentile
from benchmarks.page import Profile
from benchmarks.vocabulary import made_up
from modelwise import completion
from modelwise.tag_files import bundled_lists, read_csv
from tests.browser.desk import Desk
from tests.browser.serving import RunningWorkbench
from tests.support import chromium

KEY_TARGETS = {1: 2.0, 4: 5.0}
"""Milliseconds from the input to the list, 99 of 100, by how many times slower the machine is made."""
LONG_TARGET = 2.0
BLOCK_TARGET = 16.0
LONG = 50_000
WORDS = (
    *("long hair", "smile", "hatsune m", "masterp", "school uni", "ma", "looking at", "blue", "bleu eyes"),
    *("sitting on", "m", "s", "1g", "hatsnue", "thighh", "white sh", "zzzq"),
)
ROUNDS = 4
PAUSE = 80  # milliseconds between two keys: somebody who types fast
_WATCH = """() => {
    globalThis.pressed = [];
    let [key, input] = [0, 0];
    window.addEventListener("keydown", () => { key = performance.now(); }, true);
    window.addEventListener("input", () => { input = performance.now(); }, true);
    document.addEventListener("input", ({ target }) => {
        const least = document.getElementById("least_list");
        (least ?? document.getElementById("modelwise_suggestions"))?.offsetHeight;
        target.offsetHeight;
        const now = performance.now();
        pressed.push([now - key, now - input]);
    }, true);
}"""
Key = tuple[float, float]
"""The milliseconds to the list from a key, and from its input."""

_READY = "modelwise.sources.known && modelwise.sources.index"
_REST = "modelwise.isWriting = true"
_LEAST = """() => {
    modelwise.isWriting = true;
    const line = document.createElement("div");
    line.id = "least_list";
    line.style.cssText = "position: fixed; top: 0; left: 0; width: 300px; height: 28px; z-index: 9999";
    line.style.contain = "strict";
    const text = document.createTextNode("");
    line.append(text);
    document.body.append(line);
    let tags = 0;
    window.addEventListener("input", ({ target }) => {
        text.data = target.value.slice(-20);
        if (/, .$/.test(target.value)) line.style.transform = `translate(${++tags % 50}px, 5px)`;
    }, true);
}"""


def figures(options: Options) -> Iterator[Figure]:
    """The figures of the list; none where there is no browser."""
    with tempfile.TemporaryDirectory() as name:
        csv = options.tags or made_up(Path(name) / "made_up.csv")
        index = completion.build(completion.rows_of([*bundled_lists(), read_csv(csv)]))
        running = RunningWorkbench(Path(name) / "log.txt")
        try:
            with chromium.running() as browser:
                yield from measured(browser, running.address, index)
        except chromium.NoBrowser as reason:
            sys.stderr.write(f"no figures of the list: {reason}\n")
        finally:
            running.stop()


def measured(browser: Browser, address: str, index: bytes) -> Iterator[Figure]:
    """Each of them in a page of its own."""
    for slower, target in KEY_TARGETS.items():
        at = f"suggestions, CPU at 1/{slower}"
        block, ours, least = in_page(browser, address, index, slower, _LEAST)
        for share, bound in ((0.5, None), (0.99, target)):
            for name, which, wanted in (("input", 1, bound), ("key", 0, None)):
                value, baseline = (percentile([key[which] for key in keys], share) for keys in (ours, least))
                yield Figure(
                    f"{at}: {name} to list, p{share:.0%}"[:-1], value, target=wanted, baseline=baseline
                )
        yield Figure(f"{at}: our longest run while loading", block, target=BLOCK_TARGET)
    _, ours, browsers = in_page(browser, address, index, 1, _REST, LONG)
    added = percentile([key for key, _ in ours], 0.99) - percentile([key for key, _ in browsers], 0.99)
    yield Figure(f"suggestions, {LONG:,} characters: added to a key, p99", added, target=LONG_TARGET)


def in_page(
    browser: Browser, address: str, index: bytes, slower: int, instead: str, characters: int = 0
) -> tuple[float, list[Key], list[Key]]:
    """Our longest run while loading, then the keys with our list, then those with what a script puts in its
    place; in milliseconds."""

    def answer(route: Route) -> None:
        if "/completion/index" in route.request.url:
            route.fulfill(body=index)
        else:
            route.continue_()

    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.route("**/*", answer)
    desk = Desk(context, address)
    desk.open()
    desk.choose_checkpoint("animagine-xl-4.0-opt")
    box = desk.field("prompt")
    if characters:
        box.fill(("long hair, standing in the rain, " * characters)[:characters] + ", ")
    desk.page.evaluate(_WATCH)
    context.new_cdp_session(desk.page).send("Emulation.setCPUThrottlingRate", {"rate": slower})

    def load() -> None:
        box.click()
        desk.page.wait_for_function(_READY)
        desk.page.wait_for_timeout(500 * slower)

    loading = Profile(desk, load)
    box.press("ControlOrMeta+End")
    keys(desk, WORDS)  # to warm up
    ours = keys(desk, WORDS * ROUNDS)
    desk.page.evaluate(instead)
    others = keys(desk, WORDS * ROUNDS)
    context.close()
    return max(loading.runs, default=0.0), ours, others


def keys(desk: Desk, words: tuple[str, ...]) -> list[Key]:
    """Type words, and see how long each letter took."""
    desk.page.evaluate("pressed.length = 0")
    for word in words:
        desk.page.keyboard.type(f"{word}, ", delay=PAUSE)
    return [(key, typed) for key, typed in desk.page.evaluate("pressed")]
