"""What detecting a checkpoint costs, against `json.loads` of the same header in the same run.

The file is as large as an SDXL checkpoint and has as many tensors, but its weights are a hole.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import Figure, Options, median_time
from modelwise.detect import Detector
from modelwise.profile_files import load_bundled

SIZE = 6_938_350_040
TENSORS = 2_500
REPEATS = 101
FIRST_TARGET = 5.0
CACHED_TARGET = 0.1
_BLOCKS = (
    "model.diffusion_model.output_blocks.{}.1.transformer_blocks.{}.attn2.to_k.weight",
    "model.diffusion_model.input_blocks.{}.1.transformer_blocks.{}.ff.net.0.proj.weight",
    "model.diffusion_model.middle_block.{}.transformer_blocks.{}.attn1.to_out.0.weight",
    "conditioner.embedders.1.model.transformer.resblocks.{}.{}.attn.in_proj_weight",
    "first_stage_model.decoder.up.{}.block.{}.conv1.weight",
)
Measurement = tuple[str, float, float | None, float | None]


def figures(_options: Options) -> Iterator[Figure]:
    """The figures of detection."""
    for name, value, target, ratio in measure():
        yield Figure(name, value, target=target, baseline=value / ratio if ratio else None)


def measure() -> list[Measurement]:
    """Name, milliseconds, the target where there is one, and the ratio to the baseline."""
    profiles = load_bundled().profiles
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "unknown.safetensors"
        header = write_checkpoint(file)
        remembering = Detector(profiles)
        remembering.detect(file)
        baseline = median_time(lambda: json.loads(header), REPEATS)
        first = median_time(lambda: Detector(profiles).detect(file), REPEATS)
        cached = median_time(lambda: remembering.detect(file), REPEATS)
    return [
        (f"json.loads of a header with {TENSORS:,} tensors", baseline, None, None),
        ("detect a checkpoint of 6.94 GB, first time", first, FIRST_TARGET, first / baseline),
        ("detect a checkpoint of 6.94 GB, seen before", cached, CACHED_TARGET, cached / baseline),
    ]


def write_checkpoint(file: Path) -> bytes:
    """Write the file; returns its header."""
    header = header_of(SIZE - 8 - len(header_of(SIZE)))
    with file.open("wb") as stream:
        stream.write(len(header).to_bytes(8, "little") + header)
        stream.truncate(SIZE)
    return header


def header_of(weights: int) -> bytes:
    """A header whose tensors share so many bytes of weights, always padded to the same length."""
    share = weights // TENSORS // 2 * 2
    table = {
        _BLOCKS[number % len(_BLOCKS)].format(number // len(_BLOCKS), number % 10): {
            "dtype": "F16",
            "shape": [share // 2],
            "data_offsets": [number * share, (number + 1) * share],
        }
        for number in range(TENSORS)
    }
    metadata = {"modelspec.architecture": "stable-diffusion-xl-v1-base"}
    text = json.dumps({"__metadata__": metadata} | table, separators=(",", ":")).encode()
    return text.ljust(TENSORS * 160)
