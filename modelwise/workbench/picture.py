"""Placeholder pictures: the size to scale, the prompt as text, the infotext inside. Nothing is generated."""

from __future__ import annotations

import textwrap
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

INFOTEXT_KEY = "parameters"
"""Where the WebUI keeps an image's infotext in a PNG."""

_FONTS = (
    *("NotoSansCJK-Regular.ttc", "msgothic.ttc", "YuGothM.ttc", "Hiragino Sans GB.ttc"),
    *("DejaVuSans.ttf", "arial.ttf", "Arial.ttf", "Helvetica.ttc"),
)
_LONGEST_SIDE = 2048


def drawn(size: tuple[int, int], title: str, prompt: str, negative: str, tint: int) -> Image.Image:
    """A picture in the shape of `size` (pixels), at most 2048 on the long side; `tint`: any number."""
    scale = min(1.0, _LONGEST_SIDE / max(size))
    width, height = (max(8, round(side * scale)) for side in size)
    image = Image.new("RGB", (width, height), _colour(tint, lightness=93))
    draw = ImageDraw.Draw(image)
    margin = max(4, min(width, height) // 24)
    draw.rectangle(
        (margin, margin, width - margin, height - margin), outline=_colour(tint, lightness=65), width=2
    )
    letters = max(11, min(width, height) // 30)
    font, heading = _font(letters), _font(letters * 2)
    ink = _colour(tint, lightness=22)
    top = margin * 2
    top = _write(draw, (margin * 2, top), f"{size[0]} x {size[1]}", heading, ink, width - 4 * margin)
    for text in (title, prompt, f"Negative: {negative}" if negative else ""):
        top = _write(draw, (margin * 2, top + letters), text, font, ink, width - 4 * margin)
    return image


def saved(image: Image.Image, infotext: str, file: Path) -> Path:
    """Write a PNG with its infotext, as the WebUI does."""
    information = PngImagePlugin.PngInfo()
    information.add_text(INFOTEXT_KEY, infotext)
    image.save(file, pnginfo=information)
    return file


def infotext_of(image: Any) -> str:
    """The infotext inside a picture; empty where it has none."""
    return str((getattr(image, "info", None) or {}).get(INFOTEXT_KEY, ""))


def _write(
    draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, font: Any, ink: str, room: int
) -> int:
    """Write a text in lines that fit into `room` pixels; the pixel row below it."""
    letter = max(1.0, draw.textlength("n", font=font))
    for line in textwrap.wrap(text, max(4, int(room / letter))):
        draw.text(place, line, font=font, fill=ink)
        place = place[0], place[1] + int(letter * 2.4)
    return place[1]


def _colour(tint: int, *, lightness: int) -> str:
    return f"hsl({tint * 47 % 360}, 35%, {lightness}%)"


def _font(pixels: int) -> Any:
    """A font with many scripts; the last resort comes with matplotlib, which gradio needs."""
    for name in (*_FONTS, *_of_matplotlib()):
        try:
            return ImageFont.truetype(name, pixels)
        except OSError:
            continue
    return ImageFont.load_default()


def _of_matplotlib() -> tuple[str, ...]:
    found = find_spec("matplotlib")
    folder = Path(found.origin).parent if found and found.origin else None
    return (str(folder / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"),) if folder else ()
