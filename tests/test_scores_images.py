"""Images as files hold them: every kind of pixel, the wrong way up, moving, damaged, far too large."""

from __future__ import annotations

import struct
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from modelwise.scores.configs import Preprocessing, read_preprocessing
from modelwise.scores.images import numbers, opened, plain
from modelwise.scores.problems import ImageError, ScorerError

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
MEAN, DEVIATION = (0.5, 0.25, 0.75), (0.5, 0.25, 0.125)


def saved(folder: Path, image: Any, name: str, **more: Any) -> Path:
    path = folder / name
    image.save(path, **more)
    return path


def png(width: int, height: int, data: bytes = b"", depth: int = 8, colour: int = 2) -> bytes:
    """A PNG of any size that it claims, whatever its data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def corner(image: Any) -> tuple[int, ...]:
    found: tuple[int, ...] = image.getpixel((0, 0))
    return found


def test_cmyk(tmp_path: Path) -> None:
    image = opened(saved(tmp_path, Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "a.jpg", quality=100))
    assert image.mode == "RGB"
    assert np.abs(np.subtract(corner(image), RED)).max() <= 3


def test_palettes(tmp_path: Path) -> None:
    own = Image.new("P", (4, 4), 1)
    own.putpalette([*RED, *GREEN, *BLUE])
    assert corner(opened(saved(tmp_path, own, "a.png"))) == GREEN
    assert corner(opened(saved(tmp_path, own, "b.png", transparency=1))) == WHITE
    assert corner(opened(saved(tmp_path, own, "c.png", transparency=bytes([255, 0, 255])))) == WHITE
    assert corner(opened(saved(tmp_path, own, "d.gif"))) == GREEN


@pytest.mark.parametrize(
    ("mode", "colour", "shown"),
    [
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("RGBA", (255, 0, 0, 255), RED),
        ("RGBA", (0, 0, 0, 51), (204, 204, 204)),
        ("LA", (0, 0), WHITE),
        ("LA", (9, 255), (9, 9, 9)),
        ("L", 7, (7, 7, 7)),
        ("1", 1, WHITE),
        ("RGB", BLUE, BLUE),
    ],
)
def test_what_shows_through_is_white(tmp_path: Path, mode: str, colour: Any, shown: tuple[int, ...]) -> None:
    assert corner(opened(saved(tmp_path, Image.new(mode, (4, 4), colour), "a.png"))) == shown


def test_the_first_frame_of_an_animation(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (6, 6), colour) for colour in (GREEN, RED, BLUE)]
    for name in ("a.gif", "a.png", "a.webp"):
        more = {"lossless": True} if name == "a.webp" else {}
        path = saved(tmp_path, frames[0], name, save_all=True, append_images=frames[1:], **more)
        assert corner(opened(path)) == GREEN


@pytest.mark.parametrize(
    ("orientation", "where"),
    [(1, (0, 0)), (3, (19, 9)), (6, (9, 0)), (8, (0, 19)), (2, (19, 0)), (99, (0, 0))],
)
def test_as_the_camera_says(tmp_path: Path, orientation: int, where: tuple[int, int]) -> None:
    image = Image.new("RGB", (20, 10), WHITE)
    image.putpixel((0, 0), RED)
    exif = Image.new("RGB", (1, 1)).getexif()
    exif[0x0112] = orientation
    found = opened(saved(tmp_path, image, "a.png", exif=exif))
    assert found.size == ((10, 20) if orientation in {6, 8} else (20, 10))
    assert found.getpixel(where) == RED


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")  # Pillow says so, and goes on
def test_a_damaged_note_of_the_camera_is_no_matter(tmp_path: Path) -> None:
    path = saved(
        tmp_path, Image.new("RGB", (4, 4), RED), "a.jpg", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x7f"
    )
    assert opened(path).size == (4, 4)


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (65_535, 255), (32_896, 128), (257, 1), (300, 1)])
def test_sixteen_bits(tmp_path: Path, value: int, shown: int) -> None:
    """A conversion that cuts off would make 300 white."""
    image = Image.fromarray(np.full((4, 4), value, np.uint16))
    for name in ("a.png", "a.tif"):
        assert corner(opened(saved(tmp_path, image, name))) == (shown, shown, shown)


def test_sixteen_bits_in_colour(tmp_path: Path) -> None:
    row = b"\x00" + struct.pack(">3H", 65_535, 32_896, 0) * 2
    (tmp_path / "a.png").write_bytes(png(2, 2, row * 2, depth=16))
    assert corner(opened(tmp_path / "a.png")) == (255, 128, 0)


@pytest.mark.parametrize("kind", [np.int32, np.float32])
def test_deeper_pixels_are_refused(tmp_path: Path, kind: Any) -> None:
    path = saved(tmp_path, Image.fromarray(np.full((4, 4), 70_000, kind)), "a.tif")
    with pytest.raises(ImageError, match=r"found pixels of 32.bit.*; allowed: 8 or 16 bits a channel"):
        opened(path)


@pytest.mark.parametrize(
    ("width", "height"), [(20_000, 20_000), (9_500, 9_500), (8_945, 8_945), (60_000, 1_400)]
)
def test_what_is_too_large_is_refused_by_its_header(tmp_path: Path, width: int, height: int) -> None:
    """Its data would never do: whoever decompressed it would say something else."""
    (tmp_path / "a.png").write_bytes(png(width, height, b"\x00" * 1_000_000))
    start = time.perf_counter()
    with pytest.raises(ImageError, match=r"found (over|\d+ x \d+).*pixels; allowed: at most"):
        opened(tmp_path / "a.png")
    assert time.perf_counter() - start < 0.5


def test_a_generated_image_is_held_to_the_same_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelwise.scores.images.LARGEST", 15)
    assert plain(Image.new("RGBA", (3, 5), (0, 0, 0, 0))).getpixel((0, 0)) == WHITE
    with pytest.raises(ImageError, match=r"found 4 x 4 pixels; allowed: at most 15 in all"):
        plain(Image.new("RGB", (4, 4)))


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.gif", "a.tif", "a.bmp"])
def test_a_truncated_file(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = saved(tmp_path, Image.fromarray(noise), name)
    path.write_bytes(cut(path.read_bytes()))
    with pytest.raises(ImageError, match="allowed: PNG, JPEG, WebP, GIF, BMP or TIFF"):
        opened(path)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"1girl, solo",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"\x89PNG\r\n\x1a\n",
        png(4, 4, b"\x00"),
        png(0, 4, b""),
        png(4, 4, b"", depth=3),
        b"\xff\xd8\xff\xe0" + bytes(100),
        b"GIF89a" + bytes(20),
    ],
    ids=["empty", "text", "svg", "eps", "head", "short", "no width", "depth", "jpeg", "gif"],
)
def test_what_is_no_image(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(ImageError, match=r"found|can't be read"):
        opened(tmp_path / "a.png")


def test_a_folder_and_nothing(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.png"):
        with pytest.raises(ImageError, match=r"can't be read: .*(directory|Permission denied)"):
            opened(path)


def halved_by_hand(image: Any) -> Any:
    """Half the size, bilinear: each pixel is a weighted mean of the four nearest rows and columns."""
    found = np.asarray(image, dtype=float)
    for axis in (1, 0):
        found = np.moveaxis(found, axis, 0)
        before = found.copy()
        halved = np.zeros((len(before) // 2, *before.shape[1:]))
        for at in range(len(halved)):
            places = [place for place in range(2 * at - 1, 2 * at + 3) if 0 <= place < len(before)]
            weights = [1 - abs(place + 0.5 - (2 * at + 1)) / 2 for place in places]
            halved[at] = sum(w * before[p] for w, p in zip(weights, places)) / sum(weights)
        found = np.moveaxis(np.clip(np.round(halved), 0, 255), 0, axis)
    return found


def test_the_numbers_of_an_exact_size() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    prepared = numbers(Image.fromarray(noise), Preprocessing((16, 16), None, 2, 1 / 255, MEAN, DEVIATION))
    wanted = (halved_by_hand(noise) / 255 - MEAN) / DEVIATION
    assert prepared.shape == (3, 16, 16) and prepared.dtype == np.float32
    assert prepared.flags["C_CONTIGUOUS"]
    step = 1 / 255 / 0.125  # Pillow rounds once more, by at most one step
    assert np.abs(prepared.transpose(1, 2, 0) - wanted).max() <= step * 1.01


@pytest.mark.parametrize("size", [(40, 90), (90, 40), (31, 31), (300, 20), (33, 64)])
def test_the_middle_of_the_shorter_side(size: tuple[int, int]) -> None:
    """A wheel of position: red counts columns, green rows, so the crop shows where it was taken."""
    wide, high = size
    columns, rows = np.meshgrid(np.linspace(0, 255, wide), np.linspace(0, 255, high))
    image = Image.fromarray(np.dstack([columns, rows, 0 * rows]).round().astype(np.uint8))
    plain_ = Preprocessing((16, 16), 16, 3, 1.0, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    found = numbers(image, plain_)
    short = min(size)
    long_x, long_y = int(16 * wide / short), int(16 * high / short)
    left, top = (long_x - 16) // 2, (long_y - 16) // 2
    middle_x = 255 * (left + 8) / long_x
    middle_y = 255 * (top + 8) / long_y
    assert found[0].mean() == pytest.approx(middle_x, abs=4)
    assert found[1].mean() == pytest.approx(middle_y, abs=4)


def test_the_numbers_of_one_colour() -> None:
    """The published means and deviations, on white."""
    means, deviations = (0.65463551, 0.60715182, 0.61108185), (0.32903292, 0.32726001, 0.31909652)
    found = numbers(
        Image.new("RGB", (7, 5), WHITE), Preprocessing((8, 8), None, 2, 1 / 255, means, deviations)
    )
    wanted = [(1 - mean) / deviation for mean, deviation in zip(means, deviations)]
    assert found.reshape(3, -1).min(axis=1) == pytest.approx(wanted, abs=1e-6)
    assert found.reshape(3, -1).max(axis=1) == pytest.approx(wanted, abs=1e-6)


def written(folder: Path, text: str) -> Path:
    path = folder / "preprocessor_config.json"
    path.write_text(text, encoding="utf-8")
    return path


COMMON = '"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "resample": 2'


@pytest.mark.parametrize(
    ("keys", "size", "edge"),
    [
        ('"size": 384', (384, 384), None),
        ('"size": {"height": 1024, "width": 512}', (512, 1024), None),
        ('"size": 224, "do_center_crop": true, "crop_size": 224', (224, 224), 224),
        (
            '"size": {"shortest_edge": 256}, "do_center_crop": true, "crop_size": {"height": 224, "width": 224}',
            (224, 224),
            256,
        ),
        (
            '"size": 384, "feature_extractor_type": "X", "image_processor_type": "Y", "crop_size": 3',
            (384, 384),
            None,
        ),
    ],
)
def test_both_forms_of_the_preprocessing_file(
    tmp_path: Path, keys: str, size: tuple[int, int], edge: int | None
) -> None:
    found = read_preprocessing(written(tmp_path, f"{{{COMMON}, {keys}}}"))
    assert (found.size, found.edge, found.factor) == (size, edge, 1 / 255)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "allowed: a configuration in JSON"),
        ("[]", "allowed: a configuration in JSON"),
        ("\xff", "allowed: a configuration in JSON"),
        ("[" * 5000, "allowed: a configuration in JSON"),
        ('{"size": 5}', "missing required field `resample`"),
        (f"{{{COMMON}}}", "missing required field `size`"),
        (f'{{{COMMON}, "size": 0}}', r"Expected `int` >= 1 - at `\$.size`"),
        (f'{{{COMMON}, "size": 99999}}', r"Expected `int` <= 8192 - at `\$.size`"),
        (f'{{{COMMON}, "size": {{"height": 5}}}}', "size: found .*; allowed: size in height and width"),
        (
            f'{{{COMMON}, "size": 200, "do_center_crop": true, "crop_size": 224}}',
            "allowed: size, or size.shortest_edge",
        ),
        (f'{{{COMMON}, "size": 5, "do_resize": false}}', "do_resize: found false; allowed: true"),
        (f'{{{COMMON}, "size": 5, "do_normalize": false}}', "do_normalize: found false; allowed: true"),
        ('{"size": 5, "resample": 9, "image_mean": [1,1,1], "image_std": [1,1,1]}', r"at `\$.resample`"),
        ('{"size": 5, "resample": 2, "image_mean": [1,1], "image_std": [1,1,1]}', r"at `\$.image_mean`"),
        ('{"size": 5, "resample": 2, "image_mean": [1,1,1], "image_std": [1,0,1]}', r"at `\$.image_std"),
        (
            '{"size": 5, "resample": 2, "image_mean": [NaN,1,1], "image_std": [1,1,1]}',
            "allowed: a configuration",
        ),
        (" " * 1_000_001, "found over 1,000,000 bytes"),
    ],
)
def test_a_wrong_preprocessing_file(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScorerError, match=r"preprocessor_config\.json: .*" + said):
        read_preprocessing(written(tmp_path, text))


def test_no_preprocessing_file(tmp_path: Path) -> None:
    with pytest.raises(ScorerError, match=r"preprocessor_config\.json: can't be read: No such file"):
        read_preprocessing(tmp_path / "preprocessor_config.json")
