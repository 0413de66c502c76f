"""What the tags' completion costs: building its index in Python, and in Chromium opening it and a key press.

The browser's figures are also taken at a quarter of the machine's speed. `autocomplete.mjs` measures the
search in Node, and how good its answers are.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Route

from benchmarks import MILLISECONDS, Figure, Options
from benchmarks.vocabulary import made_up
from modelwise import completion
from modelwise.tag_files import read_csv
from tests.support import chromium

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "javascript").glob("modelwise_*.js"))
PURE = ("index", "query", "places", "names", "typos", "search")
ADDRESS = "http://modelwise.test/"
LOADS = 5
TYPED = ("long hair", "hatsnue miku", "blue h", "thighhihgs", "s", "looking at v", "zzzzqq")
OPENS = """async (inSteps) => {
    const buffer = await (await fetch("index")).arrayBuffer();
    const { port1, port2 } = new MessageChannel();
    let [last, longest, done] = [performance.now(), 0, false];
    port1.onmessage = () => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        if (!done) port2.postMessage(0);
    };
    port2.postMessage(0);
    const begin = performance.now();
    globalThis.index = inSteps ? await modelwise.openIndexInSteps(buffer) : modelwise.openIndex(buffer);
    done = true;
    return [performance.now() - begin, longest];
}"""
SEARCHES = """(texts) => {
    const times = [];
    for (const text of Array(20).fill(texts).flat()) {
        for (let at = 1; at <= text.length; at++) {
            const begin = performance.now();
            const typed = text.slice(0, at);
            for (let time = 0; time < 4; time++) Array.from(modelwise.search(index, typed, { limit: 10 }));
            times.push((performance.now() - begin) / 4);
        }
    }
    times.sort((one, other) => one - other);
    return times[Math.floor(times.length * 0.99)];
}"""


def figures(options: Options) -> Iterator[Figure]:
    """The figures of completion; those of the page only where there is a browser."""
    with tempfile.TemporaryDirectory() as name:
        csv = options.tags or made_up(Path(name) / "made_up.csv")
        begin = time.perf_counter()
        rows = completion.rows_of([read_csv(csv)])
        index = completion.build(rows)
        built = (time.perf_counter() - begin) * MILLISECONDS
    title = f"completion, {len(rows):,} tags"
    yield Figure(f"{title}: built", built, target=2000.0)
    yield Figure(f"{title}: over the wire", len(gzip.compress(index)) / 1e6, unit="MB", target=2.5)
    try:
        with chromium.running() as browser:
            for slower, opened, block, key in ((1, 30.0, 16.0, 0.5), (4, None, 16.0, 2.0)):
                at = f"{title}, CPU at 1/{slower}"
                runs = [measured(browser, index, slower) for _ in range(LOADS)]
                whole, longest, press = (median(each) for each in zip(*runs))
                yield Figure(f"{at}: opened at once", whole, target=opened)
                yield Figure(f"{at}: longest step", longest, target=block)
                yield Figure(f"{at}: search, p99", press, target=key)
    except chromium.NoBrowser as reason:
        sys.stderr.write(f"no figures of the page: {reason}\n")


def measured(browser: Browser, index: bytes, slower: int) -> tuple[float, float, float]:
    """A first opening at once, the longest of a first opening in steps, and a key press, in milliseconds."""
    at_once, _, press = opened(browser, index, slower, in_steps=False)
    _, longest, _ = opened(browser, index, slower, in_steps=True)
    return at_once, longest, press


def opened(browser: Browser, index: bytes, slower: int, *, in_steps: bool) -> tuple[float, float, float]:
    """One opening in a new page: its time, the longest time that nothing else could run, and a key press."""

    def answer(route: Route) -> None:
        is_index = route.request.url == f"{ADDRESS}index"
        route.fulfill(body=index if is_index else "<!doctype html>", content_type="text/html")

    page = browser.new_page()
    try:
        page.route(f"{ADDRESS}**", answer)
        page.goto(ADDRESS)
        for script in SCRIPTS:
            if script.stem.removeprefix("modelwise_") in PURE:
                page.add_script_tag(path=script)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        whole, longest = page.evaluate(OPENS, in_steps)
        return whole, longest, page.evaluate(SEARCHES, TYPED)
    finally:
        page.close()
