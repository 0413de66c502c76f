"""A page of the workbench as a user has it before them: what is typed, clicked and read.

Nothing here sleeps: each action ends when the page shows what comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Request, expect

from tests.browser.serving import ADDRESS
from tests.real.generating import Infotext, read_infotext

LIMIT = 15_000
"""Milliseconds until a condition must have come true."""

expect.set_options(timeout=LIMIT)

_LOCAL = ("data:", "blob:", "about:")
_SHOWN = "() => [...document.querySelectorAll('#txt2img_gallery img, #img2img_gallery img')].map(i => i.src)"
_NEW_PICTURE = """([tab, known]) => {
    const shown = [...document.querySelectorAll(`#${tab}_gallery img`)].map(image => image.src);
    return shown.length > 0 && !shown.some(source => known.includes(source));
}"""
_GREETED = """() => document.querySelector('#modelwise_txt2img_touched textarea')?.value === '[]'
    && document.querySelector('#modelwise_txt2img_summary') && globalThis.opts?.sd_model_checkpoint"""
# Playwright's own waiting takes the promise of an async function for its answer.
_KEPT = """async ([name, value, limit]) => {
    const end = performance.now() + limit;
    while (performance.now() < end) {
        const kept = await (await fetch("sdapi/v1/options")).json();
        if (kept[name] === value) return;
        await new Promise((later) => setTimeout(later, 50));
    }
    throw new Error(`the server has never had ${value} as ${name}`);
}"""


class Desk:
    """A fresh page. `tab`: the one that the user looks at; `problems`: what no page should do."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.tab = "txt2img"
        self.problems: list[str] = []
        context.set_default_timeout(LIMIT)
        self.page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}"))
        self.page.on("request", self._request)

    def _console(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.problems.append(f"console: {said.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(_LOCAL) and urlsplit(request.url).hostname != ADDRESS:
            self.problems.append(f"asked for {request.url}")

    def open(self, query: str = "") -> None:
        """Open the page, or load it again, and wait until the server has heard of it."""
        self.page.goto(f"{self.address}/{query}")
        self.page.wait_for_function(_GREETED)

    def open_tab(self, title: str) -> None:
        """Go to one of the page's tabs."""
        self.page.locator("#tabs > .tab-nav > button").get_by_text(title, exact=True).click()
        if title in {"txt2img", "img2img"}:
            self.tab = title
            expect(self._line()).not_to_be_empty()

    def open_section(self, title: str) -> Locator:
        """Go to a section of our tab; gives its place."""
        self.open_tab("Modelwise")
        self.page.locator("#modelwise_sections > .tab-nav > button").get_by_text(title, exact=True).click()
        place = self.page.locator(f".modelwise-section[data-section='{title.lower()}']")
        expect(place).not_to_be_empty()
        return place

    def is_open(self, title: str) -> None:
        """Wait until a tab is the one shown."""
        expect(self.page.locator("#tabs > .tab-nav > button.selected")).to_have_text(title)
        self.tab = title

    # What is typed and clicked

    def element(self, part: str) -> Locator:
        """A part of the tab, by the rest of its id. gradio 3 gives the id of an HTML part twice."""
        return self.page.locator(f"#{self.tab}_{part}").first

    def choose_checkpoint(self, name: str) -> None:
        """Choose a checkpoint in the box at the top, if it is not chosen, and wait for the panel's line."""
        box = self.page.locator("#setting_sd_model_checkpoint input").first
        file = f"{name}.safetensors"
        if box.input_value() == file:
            return
        before = self.line()
        pick(self.page.locator("#setting_sd_model_checkpoint"), file)
        self.page.wait_for_function("name => opts.sd_model_checkpoint === name", arg=file)
        expect(self._line()).not_to_have_text(before)

    def write(self, text: str, part: str = "prompt") -> None:
        """Write into a prompt box."""
        self.element(part).locator("textarea").fill(text)

    def number(self, part: str, value: float) -> None:
        """Type a number as a user does."""
        field = self.element(part).locator("input[type=number]").first
        field.click()
        field.press("Control+a")
        field.press_sequentially(str(value))
        field.press("Tab")

    def choose(self, part: str, text: str) -> None:
        """Choose from a drop-down box."""
        pick(self.element(part), text)

    def value(self, part: str) -> str:
        """What stands in a field."""
        return self.field(part).input_value()

    def field(self, part: str) -> Locator:
        """The box of a field, for conditions."""
        return self.element(part).locator("textarea, input:not([type=range])").first

    def press(self, part: str) -> None:
        """Press one of the tab's buttons."""
        self.element(part).click()

    def paste(self, text: str | None = None) -> None:
        """Read an infotext: this one, or, with an empty prompt, the last one made. Fills all in one go."""
        if text is not None:
            self.write(text)
        before = self.value("prompt")
        self.page.locator(f"#{self.tab}_tools #paste").click()
        expect(self.field("prompt")).not_to_have_value(before)

    def upload(self, file: Path) -> None:
        """Show a picture's file to PNG Info."""
        self.open_tab("PNG Info")
        self.page.locator("#pnginfo_image input[type=file]").set_input_files(file)

    def apply_setting(self, name: str, *, on: bool) -> None:
        """Set a checkbox of the settings page, apply, and come back to the tab."""
        tab = self.tab
        self.open_tab("Settings")
        self.page.locator(f"#setting_{name} input").set_checked(on)
        self.page.locator("#settings_submit").click()
        self.page.wait_for_function("([name, on]) => opts[name] === on", arg=[name, on])
        self.open_tab(tab)

    def expect_setting(self, name: str, value: object) -> None:
        """Wait until the server has a value for a setting."""
        self.page.evaluate(_KEPT, [name, value, LIMIT])

    # Generate, and what it shows

    def generate(self, press: Callable[[], None] | None = None) -> Infotext:
        """Generate, wait for the new picture, and read its infotext. `press`: another way to start."""
        known = self.page.evaluate(_SHOWN)
        (press or self.element("generate").click)()
        self.page.wait_for_function(_NEW_PICTURE, arg=[self.tab, known])
        return self.infotext()

    def infotext(self) -> Infotext:
        """The infotext under the picture."""
        return read_infotext(self.infotext_source())

    def infotext_source(self) -> str:
        """The infotext under the picture, as it is written."""
        lines = self.page.locator(f"#html_info_{self.tab}").first.locator("p")
        return "\n".join(text or "" for text in lines.all_text_contents())

    def shown(self, name: str = "prompt") -> str:
        """A text that the sampler would get: prompt, negative, hires prompt, hires negative."""
        return self.sampler_input().locator(f"dd[data-text='{name}']").text_content() or ""

    def settings(self) -> str:
        """The settings that the sampler would get."""
        return self.sampler_input().locator(".workbench-settings").text_content() or ""

    def sampler_input(self) -> Locator:
        """All that the sampler would get."""
        return self.page.locator(f"#workbench_{self.tab}_shown").first.locator(".workbench-shown")

    def comments(self) -> list[str]:
        """What is said beside the picture."""
        return self.page.locator(f"#html_log_{self.tab}").first.locator("p.comments").all_text_contents()

    def picture_file(self, folder: Path) -> Path:
        """The first picture of the gallery, saved."""
        source = self.element("gallery").locator("img").first.get_attribute("src") or ""
        file = folder / "picture.png"
        file.write_bytes(self.page.request.get(source).body())
        return file

    # The panel

    def line(self) -> str:
        """The panel's line; it is in the page while the panel is closed."""
        return self._line().text_content() or ""

    def _line(self) -> Locator:
        return self.page.locator(f"#modelwise_{self.tab}_summary")

    def expect_line(self, text: str) -> None:
        """Wait until the panel's line holds a text."""
        expect(self._line()).to_contain_text(text)

    def open_panel(self) -> None:
        """Open our accordion."""
        panel = self.page.locator(f"#modelwise_{self.tab}")
        if not self.panel_part("mode").is_visible():
            panel.locator("> .label-wrap").click()
        expect(self.panel_part("mode")).to_be_visible()

    def open_part(self, name: str) -> None:
        """Open one of the panel's own accordions."""
        self.panel_part(name).locator("> .label-wrap:not(.open)").click()

    def panel_part(self, name: str) -> Locator:
        """A control of the panel."""
        return self.page.locator(f"#modelwise_{self.tab}_{name}").first

    def action(self, kind: str, name: str | None = None) -> Locator:
        """One of the panel's own buttons, by what it does and to what."""
        named = "" if name is None else f"[data-name='{name}']"
        buttons = self.page.locator(f"#modelwise_{self.tab} button[data-modelwise={kind}]{named}")
        return buttons.locator("visible=true").first

    def set_mode(self, mode: str) -> None:
        """Choose a mode."""
        label = self.panel_part("mode").locator(f"label:has(input[value={mode}])")
        label.click()
        expect(label.locator("input")).to_be_checked()

    def set_panel(self, **values: str) -> None:
        """Set controls of the panel: drop-down boxes; the year's takes any text."""
        for name, value in values.items():
            if name == "year":
                field = self.panel_part(name).locator("input")
                field.click()
                field.fill(value)
                field.press("Enter")
                field.press("Tab")
            else:
                pick(self.panel_part(name), value)

    def panel(self) -> dict[str, str]:
        """What the panel shows."""
        boxes = {name: self.panel_part(name) for name in ("profile", "quality", "rating", "year")}
        mode = self.panel_part("mode").locator("input:checked").input_value()
        return {
            "mode": mode,
            **{name: box.locator("textarea, input").first.input_value() for name, box in boxes.items()},
        }


def pick(box: Locator, text: str) -> None:
    """Choose from a drop-down box as a user does: type, and click the choice."""
    field = box.locator("input").first
    field.click()
    field.fill(text)
    option(box, text).click()
    expect(field).to_have_value(text)


def option(box: Locator, text: str) -> Locator:
    """A choice in an open list; gradio puts a tick before the one that is chosen."""
    choices = box.page.locator("ul.options li:visible")
    return choices.filter(has_text=re.compile(rf"^\s*✓?\s*{re.escape(text)}\s*$")).first
