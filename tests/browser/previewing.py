"""The preview as a user reads it: chips, what is said of them, its tools, and what asking for it costs the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Request, expect

from tests.browser.desk import Desk

_PIECES = """list => [...list.querySelectorAll("li:not(.modelwise-missing)")].map(each =>
    [each.querySelector(".modelwise-sign")?.textContent ?? "",
     [...each.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join("")])"""
_WATCH_SHIFTS = """() => {
    globalThis.shifts = [];
    new PerformanceObserver(list => list.getEntries().forEach(entry => globalThis.shifts.push(
        [entry.value, entry.sources.map(source => source.node?.outerHTML?.slice(0, 80) ?? String(source.node))])))
        .observe({ type: "layout-shift" });
}"""


def place(desk: Desk) -> Locator:
    """The preview of the tab that is shown."""
    return desk.panel_part("preview").locator(".modelwise-preview")


def texts(desk: Desk) -> Locator:
    """The titles of the texts that are shown."""
    return place(desk).locator("h4 > span")


def chips(desk: Desk, title: str = "Prompt") -> Locator:
    """The list of a text's chips."""
    return place(desk).locator(f"ul[aria-label='{title}']")


def pieces(desk: Desk, title: str = "Prompt") -> list[tuple[str, str]]:
    """A text's pieces with their signs; what was left out is no piece of it."""
    return [(sign, text) for sign, text in chips(desk, title).evaluate(_PIECES)]


def shown(desk: Desk, title: str = "Prompt") -> str:
    """A text as its chips say it."""
    return ", ".join(text for _, text in pieces(desk, title))


def chip(desk: Desk, text: str, title: str = "Prompt") -> Locator:
    """One chip, by what stands in it."""
    return chips(desk, title).locator(".modelwise-chip").filter(has_text=text).first


def word(desk: Desk) -> Locator:
    """Where a chip's word stands."""
    return place(desk).locator(".modelwise-word")


def tool(desk: Desk, label: str) -> Locator:
    """A button of the preview."""
    return place(desk).get_by_role("button", name=label, exact=True)


def expect_said(desk: Desk, text: str) -> None:
    """Wait until a tool has said this."""
    expect(place(desk).locator(".modelwise-said")).to_contain_text(text)


def expect_chips(desk: Desk, *wanted: str, title: str = "Prompt") -> None:
    """Wait until a text's chips are these, signs and all."""
    expect(chips(desk, title).locator("li")).to_have_text(list(wanted))


@contextmanager
def requests(desk: Desk) -> Iterator[list[str]]:
    """The addresses that the page asks for meanwhile, without the server's name."""
    found: list[str] = []

    def note(request: Request) -> None:
        found.append(request.url.removeprefix(f"{desk.address}/"))

    desk.page.on("request", note)
    yield found
    desk.page.remove_listener("request", note)


@contextmanager
def layout_shifts(desk: Desk) -> Iterator[list[Any]]:
    """What has moved on the page meanwhile by itself, by Chromium's own measure, also just after a key."""
    found: list[Any] = []
    desk.page.evaluate(_WATCH_SHIFTS)
    yield found
    desk.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
    found += desk.page.evaluate("shifts")


def signs(desk: Desk, wanted: str, title: str = "Prompt") -> Sequence[str]:
    """The pieces with a sign."""
    return [text for sign, text in pieces(desk, title) if wanted in sign]
