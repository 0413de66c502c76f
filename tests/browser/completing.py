"""Suggestions at the caret as a user meets them: a page with a small index of our own, typing, and what is shown.

The server's lists are those that a test gives, so that no checkpoint decides what a test sees.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Route, expect

from tests.browser.desk import Desk

TAGS: tuple[tuple[str, int, int, str | None], ...] = (
    ("1girl", 0, 6_000_000, None),
    ("long_hair", 0, 4_500_000, None),
    ("smile", 0, 2_900_000, None),
    ("school_uniform", 0, 800_000, None),
    ("long_sleeves", 0, 1_700_000, None),
    ("hatsune_miku", 4, 120_000, "初音ミク"),
    ("saber_(fate)", 4, 30_000, None),
    ("fate_(series)", 3, 300_000, None),
    ("wlop", 1, 900, None),
    ("moonlit", 1, 90, None),
    ("highres", 5, 6_000_000, None),
    ("<b>bold</b>", 0, 5, None),
    ("שלום", 0, 4, None),
    ("café", 0, 3, None),
    ("^_^", 0, 20_000, None),
    *((f"page_{number:02}", 0, 1000 - number, None) for number in range(40)),
)
"""Name, category, count, and an alias that is typed."""

WORDS: dict[str, Any] = {
    "profile": "one",
    "slots": ["subject", "character", "series", "general", "quality"],
    "spelling": {"underscores": "spaces", "parentheses": "escape", "case": "lower", "artist_prefix": "by "},
    "prefixes": ["by ", "artist:", "@"],
    "specials": [
        {"tag": "masterpiece", "slot": "quality", "low": False, "says": "quality, 1 of 3"},
        {"tag": "worst quality", "slot": "quality", "low": True, "says": "quality, 3 of 3"},
    ],
    "foreign": {"score 9": "Another model"},
    "everyday": ["moonlit"],
    "networks": {"lora": ["ink & wash (v2)", "Über-Stil", "水彩", "<i>x"], "lyco": [], "hypernet": ["soft"]},
    "embeddings": ["bad(hands)_5"],
    "wildcards": ["hair/color"],
    "styles": [{"name": "Night", "prompt": "night, {prompt}, moonlight", "negative": "day"}],
    "uses": {},
    "remembers": True,
    "index": "1",
}

_SEARCH = """tags => {
    const key = text => modelwise.normalForm(text);
    modelwise.openIndex = () => ({});
    modelwise.openIndexInSteps = async () => ({});
    modelwise.search = (index, typed, { limit, uses }) => {
        const wanted = key(typed);
        const found = [];
        tags.forEach(([tag, category, count, alias], row) => {
            const name = key(tag);
            const meant = name.startsWith(wanted) || name.includes(` ${wanted}`);
            if (meant || alias?.startsWith(wanted)) {
                found.push({ tag, category, count, alias: meant ? null : alias, kind: "prefix", row });
            }
        });
        const used = match => uses?.get(match.tag) ?? 0;
        return found.sort((one, other) => used(other) - used(one)).slice(0, limit);
    };
}"""


class Completing:
    """A desk whose boxes suggest. `counted`: the names that were sent to be counted."""

    def __init__(self, desk: Desk, counted: list[str]) -> None:
        self.desk = desk
        self.page = desk.page
        self.counted = counted
        self.page.evaluate(_SEARCH, TAGS)

    def box(self, part: str = "prompt") -> Locator:
        """A text box of the tab."""
        return self.desk.field(part)

    def focus(self, part: str = "prompt") -> Locator:
        """Click into a box, and wait until there is something to suggest."""
        box = self.box(part)
        box.click()
        self.page.wait_for_function("modelwise.sources.known && modelwise.sources.index")
        return box

    def type(self, text: str, part: str = "prompt") -> Locator:
        """Type at the end of an empty box."""
        box = self.focus(part)
        box.press_sequentially(text)
        return box

    def put(self, marked: str, part: str = "prompt") -> Locator:
        """Fill a box, and put the caret to ‸."""
        box = self.focus(part)
        box.fill(marked.replace("‸", ""))
        box.evaluate("(box, at) => box.setSelectionRange(at, at)", marked.index("‸"))
        return box

    def marked(self, part: str = "prompt") -> str:
        """What a box holds, with ‸ at the caret."""
        text, at = self.box(part).evaluate("box => [box.value, box.selectionStart]")
        return f"{text[:at]}‸{text[at:]}"

    @property
    def listbox(self) -> Locator:
        """The list."""
        return self.page.locator("#modelwise_suggestions")

    def rows(self) -> Locator:
        """The rows that are shown, and reachable by scrolling, once those that are not seen are seen to."""
        self.page.evaluate("new Promise(done => modelwise.whenIdle(done))")
        return self.listbox.locator("[role=option]:not([hidden])")

    def names(self) -> list[str]:
        """The names in the rows."""
        expect(self.listbox).to_be_visible()
        return self.rows().locator(".modelwise-suggested").all_text_contents()

    def row(self, name: str) -> Locator:
        """The row of a name."""
        exactly = self.page.locator(".modelwise-suggested").filter(
            has_text=re.compile(f"^{re.escape(name)}$")
        )
        return self.rows().filter(has=exactly)

    def chosen(self) -> str:
        """The name in the chosen row."""
        row = self.rows().and_(self.page.locator("[aria-selected=true]"))
        return row.locator(".modelwise-suggested").text_content() or ""

    def expect_closed(self) -> None:
        """Wait until nothing is suggested."""
        expect(self.listbox).to_be_hidden()

    def option(self, **values: Any) -> None:
        """Set options of the page, as the settings would."""
        self.page.evaluate("values => Object.assign(opts, values)", values)


def route_for(words: dict[str, Any], counted: list[str]) -> Callable[[Route], None]:
    """Answers what completion asks for; everything else goes to the workbench."""

    def answer(route: Route) -> None:
        address = route.request.url
        if "/completion/words" in address:
            route.fulfill(json=words)
        elif "/completion/index" in address:
            route.fulfill(body=b"index")
        elif "/completion/uses" in address:
            counted.append(json.loads(route.request.post_data or "{}")["name"])
            route.fulfill(json={"uses": {}})
        else:
            route.continue_()

    return answer


def compose(context: BrowserContext, page: Any, text: str) -> None:
    """Type by an input method: letters that are not final before the end."""
    client = context.new_cdp_session(page)
    for end in range(1, len(text) + 1):
        client.send(
            "Input.imeSetComposition", {"text": text[:end], "selectionStart": end, "selectionEnd": end}
        )


Open = Callable[..., Completing]
"""Opens a page whose boxes suggest; the fixture `opened`."""
