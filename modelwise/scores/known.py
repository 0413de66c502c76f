"""The scorers that there are: what profiles call them, their files, and where those come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from modelwise.scores.problems import ScorerError

Kind = Literal["classifier", "features"]

_SHADOW = (
    "https://huggingface.co/shadowlilac/aesthetic-shadow-v2/resolve/main",
    "https://huggingface.co/NeoChen1024/aesthetic-shadow-v2-backup/resolve/main",
    "https://huggingface.co/Disty0/aesthetic-shadow-v2/resolve/main",
)
"""The author's own place, which may be gone, and copies."""

_CLIP = (
    "https://huggingface.co/openai/clip-vit-base-patch32/resolve/3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268",
)
_WAIFU = ("https://huggingface.co/hakurei/waifu-diffusion-v1-4/resolve/main/models",)


@dataclass(frozen=True, slots=True)
class ScorerFile:
    """One file of a scorer. `places`: folders of the web that have it, the likeliest first; `largest`: in
    bytes; `sha256`: where it is known beforehand; `others`: names that do as well."""

    name: str
    places: tuple[str, ...]
    largest: int
    sha256: str = ""
    others: tuple[str, ...] = ()

    def found(self, folder: Path) -> Path | None:
        """The file in a folder, under any of its names."""
        paths = (folder / name for name in (*self.others, self.name))
        return next((path for path in paths if path.is_file()), None)


@dataclass(frozen=True, slots=True)
class KnownScorer:
    """A scorer. `model`: its name in profiles; `kind`: how its score comes about; `label`: the class whose
    probability is the score, of a classifier; `half`: whether half precision does it no harm. `page`: of
    its makers, which names the `licence`; `size`: about how many bytes there are to fetch."""

    id: str
    model: str
    kind: Kind
    half: bool
    files: tuple[ScorerFile, ...]
    label: str = ""
    page: str = ""
    size: int = 0
    licence: str = ""

    def missing(self, folder: Path) -> list[str]:
        """The files that a folder does not have."""
        return [file.name for file in self.files if file.found(folder) is None]

    def file(self, name: str, folder: Path) -> Path:
        """The place of a file. Raises ScorerError where it is not there."""
        file = next(file for file in self.files if file.name == name)
        found = file.found(folder)
        if found is None:
            names = " or ".join((file.name, *file.others))
            raise ScorerError(
                f"{self.id}: {names}: found no such file in {folder}; allowed: a file of that name"
            )
        return found


CONFIG = "config.json"
PREPROCESSING = "preprocessor_config.json"
_TEXT = 1_000_000

KNOWN = (
    KnownScorer(
        "aesthetic-shadow-v2",
        "shadowlilac/aesthetic-shadow-v2",
        "classifier",
        half=True,
        label="hq",
        page="https://huggingface.co/shadowlilac/aesthetic-shadow-v2",
        size=4_370_000_000,
        licence="CC BY-NC 4.0",
        files=(
            ScorerFile(CONFIG, _SHADOW, _TEXT),
            ScorerFile(PREPROCESSING, _SHADOW, _TEXT),
            ScorerFile("model.safetensors", _SHADOW, 10_000_000_000),
        ),
    ),
    KnownScorer(
        "aes-B32-v0",
        "hakurei/waifu-diffusion-v1-4",
        "features",
        half=False,
        page="https://huggingface.co/hakurei/waifu-diffusion-v1-4",
        size=606_000_000,
        licence="CreativeML OpenRAIL-M; that of CLIP is not named",
        files=(
            ScorerFile(CONFIG, _CLIP, _TEXT),
            ScorerFile(PREPROCESSING, _CLIP, _TEXT),
            ScorerFile(
                "pytorch_model.bin",
                _CLIP,
                2_000_000_000,
                "a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f",
                others=("model.safetensors",),
            ),
            ScorerFile("aes-B32-v0.pth", _WAIFU, 50_000_000, others=("aes-B32-v0.safetensors",)),
        ),
    ),
)
"""`half`: who trained with aes-B32-v0's scores computed them in full precision, as half gave nonsense."""


def installed(models: Path) -> tuple[KnownScorer, ...]:
    """The scorers whose files are all in their folder."""
    return tuple(scorer for scorer in KNOWN if not scorer.missing(models / scorer.id))


def known(identifier: str) -> KnownScorer:
    """A scorer by its id. Raises ScorerError with the ids that there are."""
    found = next((scorer for scorer in KNOWN if scorer.id == identifier), None)
    if found is None:
        allowed = ", ".join(scorer.id for scorer in KNOWN)
        raise ScorerError(f"scorer: found {identifier!r}; allowed: {allowed}")
    return found
