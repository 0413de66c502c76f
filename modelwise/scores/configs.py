"""What a scorer's own files say of its model and of how its images were prepared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from modelwise.scores.problems import ScorerError

_LARGEST = 1_000_000
_Count = Annotated[int, Meta(ge=1, le=65_536)]
_Pixels = Annotated[int, Meta(ge=1, le=8_192)]
_Positive = Annotated[float, Meta(gt=0)]
_Three = tuple[float, float, float]
_Deviations = tuple[_Positive, _Positive, _Positive]
_Decoded = TypeVar("_Decoded")


class Vision(msgspec.Struct, frozen=True):
    """A vision transformer; the values are those of a file that names none."""

    hidden_size: _Count = 768
    num_hidden_layers: Annotated[int, Meta(ge=1, le=256)] = 12
    num_attention_heads: _Count = 12
    intermediate_size: _Count = 3072
    image_size: _Pixels = 224
    patch_size: _Pixels = 16
    num_channels: _Count = 3
    qkv_bias: bool = True
    hidden_act: str | None = None
    layer_norm_eps: _Positive | None = None

    @property
    def patches(self) -> int:
        """How many patches an image has."""
        return (self.image_size // self.patch_size) ** 2


class ClassifierConfig(Vision, frozen=True):
    """config.json of a classifier: the transformer, and its classes by number."""

    id2label: dict[str, str] = {}

    def place(self, label: str) -> int:
        """The number of a class. Raises ScorerError."""
        wanted = (
            int(number) for number, name in self.id2label.items() if name == label and number.isdecimal()
        )
        found = next(wanted, -1)
        if not 0 <= found < len(self.id2label):
            classes = ", ".join(self.id2label.values()) or "no classes"
            raise ScorerError(f"config.json: id2label: found {classes}; allowed: one of them is {label}")
        return found


class FeaturesConfig(msgspec.Struct, frozen=True):
    """config.json of a model of images and texts, of which the images' half is used."""

    vision_config: Vision
    projection_dim: _Count = 512


class _Size(msgspec.Struct, frozen=True):
    height: _Pixels | None = None
    width: _Pixels | None = None
    shortest_edge: _Pixels | None = None


class _PreprocessingConfig(msgspec.Struct, frozen=True):
    size: _Pixels | _Size
    resample: Annotated[int, Meta(ge=0, le=5)]
    image_mean: _Three
    image_std: _Deviations
    do_resize: bool = True
    do_rescale: bool = True
    do_normalize: bool = True
    do_center_crop: bool = False
    crop_size: _Pixels | _Size | None = None
    rescale_factor: _Positive = 1 / 255


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How an image is prepared. `size`: its width and height in the end; `edge`: the shorter side that it is
    resized to first, if the middle is cut out then; `resample`: Pillow's number."""

    size: tuple[int, int]
    edge: int | None
    resample: int
    factor: float
    mean: _Three
    deviation: _Three


def read(path: Path, kind: type[_Decoded]) -> _Decoded:
    """A JSON file as one of these structures. Raises ScorerError."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise ScorerError(f"{path.name}: found over {_LARGEST:,} bytes; allowed: a configuration in JSON")
        return msgspec.json.decode(data, type=kind)
    except OSError as error:
        raise ScorerError(f"{path.name}: can't be read: {error.strerror or error}") from None
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise ScorerError(f"{path.name}: {error}; allowed: a configuration in JSON") from None


def read_preprocessing(path: Path) -> Preprocessing:
    """How a scorer's images are prepared: steps that it leaves out are not supported. Raises ScorerError."""
    found = read(path, _PreprocessingConfig)
    for name in ("do_resize", "do_rescale", "do_normalize"):
        if not getattr(found, name):
            raise ScorerError(f"{path.name}: {name}: found false; allowed: true")
    edge = _edge(found)
    size = _sides(found.crop_size if edge else found.size)
    if size is None or (edge is not None and edge < max(size)):
        names = "size, or size.shortest_edge of at least crop_size" if edge else "size in height and width"
        raise ScorerError(f"{path.name}: size: found {msgspec.to_builtins(found.size)}; allowed: {names}")
    return Preprocessing(size, edge, found.resample, found.rescale_factor, found.image_mean, found.image_std)


def _edge(found: _PreprocessingConfig) -> int | None:
    """The shorter side, where the middle is cut out; a plain number meant that side for who cut."""
    if not found.do_center_crop:
        return None
    return found.size if isinstance(found.size, int) else found.size.shortest_edge


def _sides(size: int | _Size | None) -> tuple[int, int] | None:
    if isinstance(size, int):
        return size, size
    return (size.width, size.height) if size and size.width and size.height else None
