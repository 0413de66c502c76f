"""Images from files, whatever they hold, and as the numbers that a scorer takes.

What is too large is refused by its header, before it is decompressed. Nothing but plain formats is opened.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from modelwise.scores.configs import Preprocessing
from modelwise.scores.problems import ImageError

LARGEST = 80_000_000
"""In pixels. Pillow itself warns from 89 million on."""

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
_ALLOWED = "PNG, JPEG, WebP, GIF, BMP or TIFF"
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_DEEPEST = 65_535


def opened(source: Path | BinaryIO) -> Any:
    """An image as plain RGB, upright, the first frame of several. Raises ImageError."""
    try:
        # A file is ours to close: Pillow leaves it open where it is interrupted while it looks what it is.
        file = source.open("rb") if isinstance(source, Path) else nullcontext(source)
        with file as stream, Image.open(stream, formats=_FORMATS) as found:
            _check_size(found.size)
            found.load()
            return plain(_upright(found))
    except ImageError:
        raise
    except _TOO_LARGE:
        raise ImageError(f"found over {LARGEST:,} pixels; allowed: at most that") from None
    except UnidentifiedImageError:
        raise ImageError(f"found no image; allowed: {_ALLOWED}") from None
    except Exception as error:  # noqa: BLE001 (a damaged file makes Pillow's readers raise errors of all kinds)
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ImageError(f"can't be read: {reason}; allowed: {_ALLOWED}") from None


def plain(image: Any) -> Any:
    """An image in RGB; what shows through is white. Raises ImageError."""
    _check_size(image.size)
    if image.mode.startswith("I"):
        image = _shallow(image)
    if image.mode == "F":
        raise ImageError("found pixels of 32-bit fractions; allowed: 8 or 16 bits a channel")
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        front = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, front).convert("RGB")
    return image.convert("RGB")


def numbers(image: Any, preprocessing: Preprocessing) -> np.ndarray[Any, np.dtype[np.float32]]:
    """A plain image as channels, rows and columns, prepared as the scorer's files say."""
    wide, high = preprocessing.size
    if preprocessing.edge is None:
        resized = image.resize((wide, high), preprocessing.resample)
    else:
        size = _by_shorter_side(image.size, preprocessing.edge)
        left, top = (size[0] - wide) // 2, (size[1] - high) // 2
        resized = image.resize(size, preprocessing.resample).crop((left, top, left + wide, top + high))
    pixels = np.asarray(resized, dtype=np.float32) * np.float32(preprocessing.factor)
    mean, deviation = (np.array(each, np.float32) for each in (preprocessing.mean, preprocessing.deviation))
    return np.ascontiguousarray(((pixels - mean) / deviation).transpose(2, 0, 1), dtype=np.float32)


def _check_size(size: tuple[int, int]) -> None:
    wide, high = size
    if wide * high > LARGEST:
        raise ImageError(f"found {wide} x {high} pixels; allowed: at most {LARGEST:,} in all")
    if not wide or not high:
        raise ImageError("found an empty image; allowed: at least one pixel")


def _upright(image: Any) -> Any:
    """As the camera's note says; a damaged note says nothing."""
    try:
        return ImageOps.exif_transpose(image) or image
    except Exception:  # noqa: BLE001 (Pillow's reader of such notes raises errors of all kinds)
        return image


def _shallow(image: Any) -> Any:
    """16 bits a pixel as 8. Pillow's own conversion cuts off what is above 255."""
    values = np.asarray(image).astype(np.int64)
    if values.min() < 0 or values.max() > _DEEPEST:
        raise ImageError("found pixels of 32 bits; allowed: 8 or 16 bits a channel")
    return Image.fromarray(np.round(values * (255 / _DEEPEST)).astype(np.uint8))


def _by_shorter_side(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """The size whose shorter side is `edge`; the longer one is cut down to whole pixels."""
    wide, high = size
    if wide <= high:
        return edge, int(edge * high / wide)
    return int(edge * wide / high), edge
