"""The section Scores as a user has it before them: images dropped, pasted and picked, and what is shown of them."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page

_TRANSFER = """files => {
    const made = new DataTransfer();
    for (const { name, type, data } of files) {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        made.items.add(new File([bytes], name, { type, lastModified: 1700000000000 }));
    }
    return made;
}"""
_PASTE = """clipboardData => (document.activeElement ?? document.body)
    .dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))"""


def picture(number: int = 0, size: tuple[int, int] = (60, 80), kind: str = "png", mode: str = "RGB") -> bytes:
    """An image of noise, each number another one, brighter with each."""
    dice = np.random.default_rng(number)
    pixels = dice.integers(0, 60 * (number % 4 + 1), (size[1], size[0], 3), dtype=np.uint8)
    made = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(made, kind)
    return made.getvalue()


def folder_of(place: Path, count: int) -> Path:
    """A folder with images, one of them in a folder below, and with other files."""
    (place / "below").mkdir(parents=True)
    for number in range(count):
        at = place / "below" if number == 1 else place
        (at / f"{number:03}.png").write_bytes(picture(number))
    (place / "notes.txt").write_text("no image", encoding="utf-8")
    (place / ".hidden.png").write_bytes(picture())
    return place


def transfer(page: Page, files: Iterable[tuple[str, bytes]], kind: str = "image/png") -> object:
    """What a browser gives with a drop or a paste."""
    listed = [{"name": name, "type": kind, "data": base64.b64encode(data).decode()} for name, data in files]
    return page.evaluate_handle(_TRANSFER, listed)


def drop(section: Locator, *files: tuple[str, bytes]) -> None:
    """Drop files, as a pointer does."""
    data = transfer(section.page, files)
    place = section.locator(".modelwise-intake")
    place.dispatch_event("dragover", {"dataTransfer": data})
    place.dispatch_event("drop", {"dataTransfer": data})


def paste(page: Page, *files: tuple[str, bytes]) -> None:
    """Paste files wherever the focus is."""
    page.evaluate(_PASTE, transfer(page, files))


def row(section: Locator, name: str) -> Locator:
    """What is shown of an image."""
    return section.locator(".modelwise-scored").filter(
        has=section.page.get_by_role("heading", name=name, exact=True)
    )


def counts(histogram: Locator) -> list[int]:
    """How many images each tag has, as they stand in a table."""
    return [int(cell) for cell in histogram.locator("tbody td:nth-child(3)").all_inner_texts()]
