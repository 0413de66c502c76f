"""The checkpoints that the workbench shows: a folder of the user's, or samples that it writes itself.

A sample is a real safetensors header under a release's own name, without one weight.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path

from modelwise.profiles import Profile

SUFFIXES = (".safetensors", ".ckpt")

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
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in samples.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in samples]


def found_in(folder: Path) -> dict[str, Path]:
    """The checkpoints of a folder and its sub-folders, by the name that the checkpoint box shows."""
    files = (file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
    names = {file.relative_to(folder).as_posix(): file for file in files}
    return dict(sorted(names.items(), key=lambda named: named[0].lower()))
