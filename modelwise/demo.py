"""A tour in a terminal: writes sample checkpoints, detects each, and compiles messy prompts for its model.

The samples are real safetensors headers without weights, in a temporary folder. Needs no WebUI, and
changes nothing outside that folder.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from modelwise.compile import Compiler, Request
from modelwise.detect import Detector
from modelwise.profile_files import load_bundled
from modelwise.profiles import Profile
from modelwise.report import line, summary
from modelwise.tag_files import load_vocabulary
from modelwise.vocabulary import Vocabulary

WIDTH = 100
PROMPTS = (
    "smile, long_hair, 1girl, masterpiece, looking at viewer, (blue eyes:1.2), hatsune miku, vocaloid",
    "rain, [day:night:0.5], honkai: star rail, firefly (honkai: star rail), BREAK <lora:ink:0.7>, city",
)
NEGATIVE = "blurry, watermark"

_OPEN_CLIP = "conditioner.embedders.1.model."
_TENSORS: dict[str, dict[str, list[int]]] = {
    "sdxl": {
        "conditioner.embedders.0.transformer.text_model.embeddings.token_embedding.weight": [49408, 768],
        f"{_OPEN_CLIP}token_embedding.weight": [49408, 1280],
        f"{_OPEN_CLIP}transformer.resblocks.9.mlp.c_proj.weight": [1280, 5120],
        "model.diffusion_model.input_blocks.0.0.weight": [320, 4, 3, 3],
        "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight": [640, 2048],
        "model.diffusion_model.label_emb.0.0.weight": [1280, 2816],
        "first_stage_model.decoder.conv_in.weight": [512, 4, 3, 3],
    },
    "sd1": {
        "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight": [49408, 768],
        "cond_stage_model.transformer.text_model.encoder.layers.0.layer_norm1.weight": [768],
        "model.diffusion_model.input_blocks.0.0.weight": [320, 4, 3, 3],
        "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": [320, 768],
        "first_stage_model.decoder.conv_in.weight": [512, 4, 3, 3],
    },
    "stable-cascade": {
        "clip_txt_mapper.weight": [2048, 1280],
        "clip_txt_pooled_mapper.weight": [8192, 1280],
        "clip_img_mapper.weight": [8192, 768],
        "embedding.1.weight": [2048, 16, 1, 1],
        "down_blocks.0.0.channelwise.0.weight": [8192, 2048],
        "clf.1.weight": [64, 2048, 1, 1],
    },
}
"""A few tensors of each architecture, by which it is told apart."""


class Paint:
    """ANSI colours where the terminal wants them: NO_COLOR forbids them, FORCE_COLOR demands them."""

    def __init__(self, environment: Mapping[str, str], terminal: bool) -> None:
        self.on = not environment.get("NO_COLOR") and (terminal or bool(environment.get("FORCE_COLOR")))

    def __call__(self, text: str, code: str) -> str:
        """The text in a colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.on else text


def sample_header(architecture: str) -> bytes:
    """A safetensors file with an architecture's tensor names and shapes, and not one weight."""
    tensors = {
        name: {"dtype": "F16", "shape": shape, "data_offsets": [0, 0]}
        for name, shape in _TENSORS[architecture].items()
    }
    header = json.dumps(tensors).encode()
    return struct.pack("<Q", len(header)) + header


def write_samples(folder: Path, profiles: Mapping[str, Profile]) -> list[Path]:
    """One sample for each profile that names a release, one that nobody knows, and one that is broken."""
    samples = {
        f"{profile.match.names[0]}.safetensors": sample_header(profile.architecture)
        for profile in profiles.values()
        if profile.match.names and profile.architecture in _TENSORS
    }
    samples["somebodys_merge_v7.safetensors"] = sample_header("sdxl")
    samples["half_a_download.safetensors"] = struct.pack("<Q", 1 << 40) + b'{"model.diff'
    for name, content in samples.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in samples]


def compiled(profile: Profile, vocabulary: Vocabulary, paint: Paint) -> Iterator[str]:
    """What the sampler would get for each of the prompts."""
    compiler = Compiler(profile, vocabulary)
    for prompt in PROMPTS:
        result = compiler.compile(Request(prompt, NEGATIVE, profile.id))
        yield paint(f"  {summary(result.report, result.settings)}", "1")
        yield from labelled("you wrote", prompt)
        yield from labelled("sampler", result.prompt)
        yield from labelled("negative", result.negative)
        for entry in result.report:
            if not (entry.kind == "added" and entry.where == "negative"):  # shown above as one text
                yield from wrapped(line(entry, colour=paint.on), "      ")
        yield ""


def labelled(label: str, text: str) -> Iterator[str]:
    """A text in lines, its label in front."""
    shown = textwrap.wrap(text.replace("\n", " ⏎ "), WIDTH - 14) or [""]
    for at, part in enumerate(shown):
        yield f"  {label if not at else '':<10}  {part}"


def wrapped(text: str, indent: str) -> list[str]:
    """A line in as many as it needs; a colour's codes may make the first a little shorter."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")


def tour(folder: Path, paint: Paint) -> Iterator[str]:
    """All lines of the tour."""
    profiles = load_bundled().profiles
    vocabulary = load_vocabulary()
    detector = Detector(profiles)
    for file in write_samples(folder, profiles):
        detection = detector.detect(file)
        profile = profiles[detection.profile]
        yield paint("─" * WIDTH, "2")
        yield f"{paint(file.name, '1')}  →  {paint(profile.name, '1;36')}"
        yield from wrapped(f"by {detection.rule}: {detection.reason}", "  ")
        yield ""
        if not profile.generic:
            yield from compiled(profile, vocabulary, paint)


def main() -> int:
    """Print the tour."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    paint = Paint(os.environ, sys.stdout.isatty())
    with tempfile.TemporaryDirectory(prefix="modelwise-demo-") as folder:
        for text in tour(Path(folder), paint):
            print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
