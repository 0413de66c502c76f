"""A page of the WebUI in a real browser: what a user clicks and types, and what comes of it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from tests.real.expected import at_first
from tests.real.generating import Infotext, read_infotext
from tests.real.running import JOB_LIMIT, RunningWebUI

KNOWN_ERRORS = ("reading 'props'", "net::ERR_", "Failed to load resource")
"""What the page of 1.10.1 logs without any extension; the last two: a script from another server."""
RELOAD_ERRORS = (
    *("Element is not in the DOM", "Failed to fetch", "Connection errored out"),
    "Server stopped unexpectedly",
)
"""What gradio 4 logs without any extension while "Reload UI" takes its page and its server away. The last one comes
over the stream of its queue, which none of our events goes through."""


class Desk:
    """A fresh page."""

    def __init__(self, browser: Any, webui: RunningWebUI) -> None:
        self.webui = webui
        self.errors: list[str] = []
        self.page = browser.new_page(viewport={"width": 1300, "height": 1300})
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.open()

    def open(self) -> None:
        """Open the page, or load it again, and wait until scripts have seen it."""
        self.page.goto(self.webui.address, timeout=90_000)
        self.wait_until_loaded()

    def wait_until_loaded(self) -> None:
        """Wait until our script has written its first state into the page."""
        self.page.wait_for_selector("#txt2img_generate", timeout=90_000)
        self.page.wait_for_function(
            "document.querySelector('#modelwise_txt2img_touched textarea')?.value === '[]'", timeout=90_000
        )
        expected = at_first(self.webui)
        end = time.monotonic() + 60
        while self.fields() != expected:  # some hosts write them over the boxes when the page has loaded
            assert time.monotonic() < end, f"{self.fields()} after a minute, not {expected}"
            self.page.wait_for_timeout(200)
        self.page.wait_for_timeout(500)

    def reload_ui(self) -> None:
        """Press "Reload UI", and wait for the new page."""
        known, self.errors = self.errors, []
        self.page.locator("#footer").get_by_text("Reload UI").click()
        self.page.wait_for_timeout(4000)
        self.wait_until_loaded()
        self.errors = known + [error for error in self.errors if not _holds(error, RELOAD_ERRORS)]

    def own_errors(self) -> list[str]:
        """Errors in the console that are not the host's."""
        return [error for error in self.errors if not _holds(error, KNOWN_ERRORS)]

    def choose_checkpoint(self, name: str) -> None:
        """Choose a checkpoint in the box at the top, and wait until it is loaded."""
        as_option = self.page.locator("#setting_sd_model_checkpoint").count() > 0
        self.pick("#setting_sd_model_checkpoint" if as_option else "#quicksettings .model_selection", name)
        end = time.monotonic() + 60
        while name not in str(self.webui.get("/sdapi/v1/options")["sd_model_checkpoint"]):
            assert time.monotonic() < end, f"{name} was not chosen in a minute"
            self.page.wait_for_timeout(200)
        if as_option:
            self.page.wait_for_function(f"opts.sd_model_checkpoint?.includes({name!r})", timeout=60_000)
        self.page.wait_for_timeout(500)

    def pick(self, box: str, text: str) -> None:
        """Choose from a drop-down box."""
        field = self.page.locator(f"{box} input").first
        field.click()
        field.fill(text)
        self.page.wait_for_timeout(300)
        field.press("Enter")
        self.page.wait_for_timeout(300)

    def write(self, part: str, text: str) -> None:
        """Write into a text box of txt2img."""
        self.page.fill(f"#txt2img_{part} textarea", text)
        self.page.wait_for_timeout(300)

    def number(self, part: str, value: float) -> None:
        """Type a number as a user does."""
        field = self.page.locator(f"#txt2img_{part} input[type=number]")
        field.click()
        field.press("Control+a")
        field.press_sequentially(str(value))
        field.press("Tab")
        self.page.wait_for_timeout(300)

    def value(self, part: str) -> str:
        """What stands in a field of txt2img."""
        return str(self.page.locator(f"#txt2img_{part} :is(textarea, input)").first.input_value())

    def open_panel(self) -> None:
        """Open our accordion."""
        if not self.page.locator("#modelwise_txt2img_mode").is_visible():
            self.page.click("#modelwise_txt2img > .label-wrap")
            self.page.locator("#modelwise_txt2img_mode").wait_for(state="visible")

    def set_mode(self, mode: str) -> None:
        """Choose a mode in our panel."""
        self.page.click(f"#modelwise_txt2img_mode label:has(input[value={mode}])")
        self.page.wait_for_timeout(300)

    def panel(self) -> dict[str, str]:
        """What our panel shows."""
        boxes = {name: f"#modelwise_txt2img_{name} input" for name in ("profile", "quality", "rating")}
        shown = {name: str(self.page.input_value(box)) for name, box in boxes.items()}
        mode = self.page.locator("#modelwise_txt2img_mode input:checked").input_value()
        year = self.page.locator("#modelwise_txt2img_year :is(textarea, input)").input_value()
        return {"mode": mode, **shown, "year": year}

    def line(self) -> str:
        """Our panel's line."""
        return str(self.page.locator("#modelwise_txt2img_summary").inner_text())

    def waits_for_line(self, part: str) -> str:
        """The line, once it says this."""
        self.page.wait_for_function(
            "part => document.querySelector('#modelwise_txt2img_summary')?.textContent.includes(part)",
            arg=part,
            timeout=15_000,
        )
        return self.line()

    def press(self, selector: str) -> None:
        """Press a button of the panel that has words of its own."""
        self.page.locator(f"#modelwise_txt2img {selector}").first.click()
        self.page.wait_for_timeout(1500)

    def message(self) -> str:
        """What the panel says of the last action."""
        return str(self.page.locator("#modelwise_txt2img_message").first.inner_text())

    def touched(self) -> set[str]:
        """The fields that count as touched."""
        return set(json.loads(self.page.input_value("#modelwise_txt2img_touched textarea")))

    def fields(self) -> dict[str, str]:
        """The visible fields that we may fill."""
        return {part: self.value(part) for part in ("width", "height", "steps", "cfg_scale", "sampling")}

    def small(self) -> None:
        """Touch size and steps, so that a test is quick."""
        for part, value in (("width", 64), ("height", 64), ("steps", 2)):
            self.number(part, value)

    def paste(self) -> None:
        """Read generation parameters from the prompt, or from the last generation."""
        self.page.locator("#txt2img_tools #paste").click()
        self.page.wait_for_timeout(2000)

    def generate(self) -> Infotext:
        """Generate, and read what the page then says of the image."""
        box = self.page.locator("#generation_info_txt2img textarea")
        before = box.input_value()
        self.page.click("#txt2img_generate")
        self.page.wait_for_function(
            "before => { const now = document.querySelector('#generation_info_txt2img textarea').value;"
            " return now && now !== before; }",
            arg=before,
            timeout=JOB_LIMIT * 1000,
        )
        self.page.wait_for_timeout(500)
        return read_infotext(json.loads(box.input_value())["infotexts"][0])

    def said(self) -> str:
        """What stands under the image."""
        return str(self.page.locator("#html_log_txt2img").first.inner_text())

    def newest_image(self) -> bytes:
        """The colours of the image that was saved last."""
        files = self.webui.data.glob("output*/**/*.png")  # the folder's name is the host's own
        with Image.open(max(files, key=_age)) as image:
            return bytes(image.tobytes())


def _holds(text: str, parts: Sequence[str]) -> bool:
    return any(part in text for part in parts)


def _age(file: Path) -> tuple[int, str]:
    return file.stat().st_mtime_ns, file.name
