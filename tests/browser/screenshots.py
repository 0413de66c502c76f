"""`python -m tests.browser.screenshots`: takes the pictures in docs/images again, the same ones each time."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser import previewing
from tests.browser.desk import Desk
from tests.browser.serving import ROOT, RunningWorkbench
from tests.support import chromium

IMAGES = ROOT / "docs" / "images"
CHECKPOINT = "animagine-xl-4.0-opt"
PROMPT = "smile, long_hair, 1girl, looking at viewer, hatsune miku, (blue eyes:1.2), vocaloid"
SEED = 20240


def main(arguments: Sequence[str]) -> int:
    """Take all pictures; `arguments`: another folder than docs/images."""
    folder = Path(arguments[0]) if arguments else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        running = RunningWorkbench(Path(name) / "log.txt")
        try:
            with chromium.running() as browser:
                for shot in SHOTS:
                    take(browser, running.address, shot, folder)
        except chromium.NoBrowser as reason:
            return failed(str(reason))
        finally:
            running.stop()
    return 0


def failed(message: str) -> int:
    """Say why there are no pictures."""
    sys.stderr.write(f"screenshots: {message}\n")
    return 2


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture. `show`: what is done before it is taken; `width`: of the window, in pixels; `part`: the
    element that is in it, in place of the whole page; `height`: of the window, which then is what is in it,
    with the focus where it is."""

    name: str
    show: Callable[[Desk], None]
    theme: str = "light"
    width: int = 1400
    part: str = ""
    height: int = 0


def take(browser: Browser, address: str, shot: Shot, folder: Path) -> None:
    """Take one picture of the whole page, animations off, the pointer away and nothing in focus."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height or 400},
        device_scale_factor=1,
        reduced_motion="reduce",
    )
    desk = Desk(context, address)
    desk.open(f"?__theme={shot.theme}")
    desk.choose_checkpoint(CHECKPOINT)
    shot.show(desk)
    desk.page.mouse.move(0, 0)
    if not shot.height:
        desk.page.evaluate("document.activeElement?.blur()")
    desk.page.wait_for_load_state("networkidle")
    file = folder / f"{shot.name}.png"
    if shot.part:
        desk.page.locator(shot.part).screenshot(path=file, animations="disabled", caret="hide")
    else:
        desk.page.screenshot(path=file, full_page=not shot.height, animations="disabled", caret="hide")
    context.close()
    if desk.problems:
        raise RuntimeError(f"{shot.name}: {desk.problems}")
    sys.stdout.write(f"{file}\n")


def typed(desk: Desk) -> None:
    """A prompt in any order, and the panel open."""
    desk.open_panel()
    desk.number("seed", SEED)
    desk.write(PROMPT)
    desk.expect_line("1 respelled")


def with_presets(desk: Desk) -> None:
    """A preset that was pressed, and one of the user's own."""
    typed(desk)
    desk.open_part("presets")
    desk.panel_part("preset_name").locator("textarea, input").fill("My posters")
    desk.panel_part("preset_save").click()
    expect(desk.action("preset", "My posters")).to_be_visible()
    desk.action("preset", "2007 retro").click()
    desk.action("preset", "Landscape").click()
    expect(desk.action("preset", "Landscape")).to_have_attribute("aria-pressed", "true")
    expect(desk.field("width")).to_have_value("1216")
    desk.expect_line("+5 tags")


def pointed_at(desk: Desk) -> None:
    """A chip of the preview that says why it was moved."""
    typed(desk)
    chip = previewing.chip(desk, "hatsune miku")
    chip.hover()
    expect(previewing.word(desk)).to_contain_text("moved")


def generated(desk: Desk) -> None:
    """What came of it."""
    typed(desk)
    desk.generate()
    expect(desk.element("gallery").locator("img").first).to_be_visible()


def sent_to_img2img(desk: Desk) -> None:
    """The picture in img2img, with its settings."""
    generated(desk)
    desk.press("send_to_img2img")
    desk.is_open("img2img")
    expect(desk.element("image").locator("img")).to_be_visible()
    desk.open_panel()


def png_info(desk: Desk) -> None:
    """What a picture's file says."""
    generated(desk)
    with tempfile.TemporaryDirectory() as name:
        desk.upload(desk.picture_file(Path(name)))
        expect(desk.page.locator("#pnginfo_html_info").first).to_contain_text("Steps: ")
        expect(desk.page.locator("#pnginfo_image img")).to_be_visible()


def suggesting(desk: Desk) -> None:
    """Suggestions for two letters."""
    box = desk.field("prompt")
    desk.write("1girl, ")
    box.press("ControlOrMeta+End")
    desk.page.wait_for_function("modelwise.sources.known && modelwise.sources.index")
    box.press_sequentially("ma")
    expect(desk.page.locator("#modelwise_suggestions")).to_be_visible()


SHOTS = (
    Shot("txt2img-light", generated),
    Shot("txt2img-dark", generated, theme="dark"),
    Shot("txt2img-phone", typed, width=360),
    Shot("panel", with_presets, part="#modelwise_txt2img", width=1800),
    Shot("preview", pointed_at, part="#modelwise_txt2img_preview .modelwise-preview", width=1800),
    Shot("suggestions", suggesting, width=1000, height=410),
    Shot("img2img", sent_to_img2img),
    Shot("png-info", png_info),
)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
