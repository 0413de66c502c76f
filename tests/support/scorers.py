"""Small scorers with random weights in the forms of the real ones, and their arithmetic once more, in numpy.

The second arithmetic is written from the models' papers, image by image and head by head, and shares no code with
ours.
"""

from __future__ import annotations

import io
import json
import math
import pickle
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Tensors = dict[str, Array]

VIT_CONFIG: dict[str, Any] = {
    "architectures": ["ViTForImageClassification"],
    "hidden_act": "gelu",
    "hidden_size": 24,
    "id2label": {"0": "hq", "1": "lq"},
    "image_size": 48,
    "intermediate_size": 40,
    "label2id": {"hq": 0, "lq": 1},
    "layer_norm_eps": 1e-12,
    "model_type": "vit",
    "num_attention_heads": 3,
    "num_channels": 3,
    "num_hidden_layers": 2,
    "patch_size": 16,
    "qkv_bias": True,
}
VIT_PREPROCESSING: dict[str, Any] = {
    "do_normalize": True,
    "do_rescale": True,
    "do_resize": True,
    "image_mean": [0.65463551, 0.60715182, 0.61108185],
    "image_std": [0.32903292, 0.32726001, 0.31909652],
    "resample": 2,
    "rescale_factor": 0.00392156862745098,
    "size": {"height": 48, "width": 48},
}
CLIP_CONFIG: dict[str, Any] = {
    "architectures": ["CLIPModel"],
    "projection_dim": 512,
    "vision_config": {
        "hidden_act": "quick_gelu",
        "hidden_size": 32,
        "image_size": 64,
        "intermediate_size": 48,
        "layer_norm_eps": 1e-5,
        "num_attention_heads": 4,
        "num_hidden_layers": 2,
        "patch_size": 32,
    },
}
CLIP_PREPROCESSING: dict[str, Any] = {
    "crop_size": 64,
    "do_center_crop": True,
    "do_normalize": True,
    "do_resize": True,
    "feature_extractor_type": "CLIPFeatureExtractor",
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
    "resample": 3,
    "size": 64,
}
"""In the form that the file of CLIP ViT-B/32 has, which is the older one."""


def random_vit(seed: int = 1) -> Tensors:
    """The tensors of a classifier, as transformers names them."""
    config, dice = VIT_CONFIG, np.random.default_rng(seed)
    wide, inner, edge = config["hidden_size"], config["intermediate_size"], config["patch_size"]
    places = (config["image_size"] // edge) ** 2 + 1
    made = {
        "vit.embeddings.cls_token": drawn(dice, 1, 1, wide),
        "vit.embeddings.position_embeddings": drawn(dice, 1, places, wide),
        "vit.embeddings.patch_embeddings.projection.weight": drawn(dice, wide, 3, edge, edge, scale=0.05),
        "vit.embeddings.patch_embeddings.projection.bias": drawn(dice, wide),
        **norm(dice, "vit.layernorm", wide),
        **linear(dice, "classifier", 2, wide),
    }
    for number in range(config["num_hidden_layers"]):
        at = f"vit.encoder.layer.{number}"
        for name in ("query", "key", "value"):
            made |= linear(dice, f"{at}.attention.attention.{name}", wide, wide)
        made |= linear(dice, f"{at}.attention.output.dense", wide, wide)
        made |= linear(dice, f"{at}.intermediate.dense", inner, wide)
        made |= linear(dice, f"{at}.output.dense", wide, inner)
        made |= norm(dice, f"{at}.layernorm_before", wide) | norm(dice, f"{at}.layernorm_after", wide)
    return made


def random_clip(seed: int = 2) -> Tensors:
    """The tensors of CLIP's vision half and a little of its text half."""
    config, dice = CLIP_CONFIG["vision_config"], np.random.default_rng(seed)
    wide, inner, edge = config["hidden_size"], config["intermediate_size"], config["patch_size"]
    places = (config["image_size"] // edge) ** 2 + 1
    made = {
        "text_model.final_layer_norm.weight": drawn(dice, 8),
        "vision_model.embeddings.position_ids": np.arange(places, dtype=np.int64)[None],
        "vision_model.embeddings.class_embedding": drawn(dice, wide),
        "vision_model.embeddings.position_embedding.weight": drawn(dice, places, wide),
        "vision_model.embeddings.patch_embedding.weight": drawn(dice, wide, 3, edge, edge, scale=0.05),
        "visual_projection.weight": drawn(dice, 512, wide),
        **norm(dice, "vision_model.pre_layrnorm", wide),
        **norm(dice, "vision_model.post_layernorm", wide),
    }
    for number in range(config["num_hidden_layers"]):
        at = f"vision_model.encoder.layers.{number}"
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            made |= linear(dice, f"{at}.self_attn.{name}", wide, wide)
        made |= linear(dice, f"{at}.mlp.fc1", inner, wide) | linear(dice, f"{at}.mlp.fc2", wide, inner)
        made |= norm(dice, f"{at}.layer_norm1", wide) | norm(dice, f"{at}.layer_norm2", wide)
    return made


def random_head(seed: int = 3) -> Tensors:
    """The tensors of the small network behind CLIP's features."""
    dice = np.random.default_rng(seed)
    sizes = (512, 256, 128, 1)
    made: Tensors = {}
    for number in (1, 2, 3):
        made |= linear(dice, f"fc{number}", sizes[number], sizes[number - 1], scale=0.4)
    return made


def drawn(dice: np.random.Generator, *shape: int, scale: float = 0.3) -> Array:
    return (dice.standard_normal(shape) * scale).astype(np.float32)


def linear(dice: np.random.Generator, name: str, outer: int, inner: int, scale: float = 0.3) -> Tensors:
    return {f"{name}.weight": drawn(dice, outer, inner, scale=scale), f"{name}.bias": drawn(dice, outer)}


def norm(dice: np.random.Generator, name: str, wide: int) -> Tensors:
    return {f"{name}.weight": 1 + drawn(dice, wide), f"{name}.bias": drawn(dice, wide)}


def vit_score(tensors: Mapping[str, Array], pixels: Array) -> float:
    """The probability of the first class for one prepared image."""
    found = class_token(
        tensors,
        pixels,
        heads=VIT_CONFIG["num_attention_heads"],
        epsilon=VIT_CONFIG["layer_norm_eps"],
        first="vit.embeddings.cls_token",
        places="vit.embeddings.position_embeddings",
        patch="vit.embeddings.patch_embeddings.projection",
        before="",
        layers=[f"vit.encoder.layer.{number}" for number in range(VIT_CONFIG["num_hidden_layers"])],
        names=(
            *("layernorm_before", "attention.attention.query", "attention.attention.key"),
            *("attention.attention.value", "attention.output.dense", "layernorm_after"),
            *("intermediate.dense", "output.dense"),
        ),
        after="vit.layernorm",
        bend=lambda value: 0.5 * value * (1 + math.erf(value / math.sqrt(2))),
    )
    logits = tensors["classifier.weight"].astype(float) @ found + tensors["classifier.bias"]
    powers = np.exp(logits - logits.max())
    return float(powers[0] / powers.sum())


def clip_score(tensors: Mapping[str, Array], head: Mapping[str, Array], pixels: Array) -> float:
    """The small network's word on one prepared image."""
    config = CLIP_CONFIG["vision_config"]
    found = class_token(
        tensors,
        pixels,
        heads=config["num_attention_heads"],
        epsilon=config["layer_norm_eps"],
        first="vision_model.embeddings.class_embedding",
        places="vision_model.embeddings.position_embedding.weight",
        patch="vision_model.embeddings.patch_embedding",
        before="vision_model.pre_layrnorm",
        layers=[f"vision_model.encoder.layers.{number}" for number in range(config["num_hidden_layers"])],
        names=(
            *("layer_norm1", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
            *("self_attn.out_proj", "layer_norm2", "mlp.fc1", "mlp.fc2"),
        ),
        after="vision_model.post_layernorm",
        bend=lambda value: value / (1 + math.exp(-1.702 * value)),
    )
    features = tensors["visual_projection.weight"].astype(float) @ found
    values = features / math.sqrt(sum(value * value for value in features))
    for name in ("fc1", "fc2"):
        values = np.maximum(head[f"{name}.weight"].astype(float) @ values + head[f"{name}.bias"], 0)
    (last,) = head["fc3.weight"].astype(float) @ values + head["fc3.bias"]
    return 1 / (1 + math.exp(-last))


def class_token(
    tensors: Mapping[str, Array],
    pixels: Array,
    *,
    heads: int,
    epsilon: float,
    first: str,
    places: str,
    patch: str,
    before: str,
    layers: list[str],
    names: tuple[str, ...],
    after: str,
    bend: Any,
) -> Array:
    """What a vision transformer's class token holds in the end, in double precision."""

    def line(values: Array, name: str) -> Array:
        bias = tensors.get(f"{name}.bias")
        found: Array = values @ tensors[f"{name}.weight"].astype(float).T
        return found if bias is None else found + bias

    def even(values: Array, name: str) -> Array:
        spread = np.sqrt(values.var(axis=-1, keepdims=True) + epsilon)
        weight, bias = tensors[f"{name}.weight"].astype(float), tensors[f"{name}.bias"]
        found: Array = (values - values.mean(axis=-1, keepdims=True)) / spread * weight + bias
        return found

    kernel = tensors[f"{patch}.weight"].astype(float)
    rows = [kernel.reshape(len(kernel), -1) @ each.ravel() for each in patches(pixels, kernel.shape[-1])]
    bias = tensors.get(f"{patch}.bias", np.zeros(len(kernel)))
    values = np.vstack([tensors[first].reshape(1, -1), np.array(rows) + bias])
    values = values + tensors[places].reshape(len(values), -1)
    if before:
        values = even(values, before)
    for at in layers:
        first_norm, query, key, value, output, second_norm, up, down = (f"{at}.{name}" for name in names)
        inside = even(values, first_norm)
        asked, known, held = (line(inside, name) for name in (query, key, value))
        wide = asked.shape[1] // heads
        seen = []
        for start in range(0, asked.shape[1], wide):
            mine = slice(start, start + wide)
            likeness = asked[:, mine] @ known[:, mine].T / math.sqrt(wide)
            share = np.exp(likeness - likeness.max(axis=1, keepdims=True))
            seen.append(share / share.sum(axis=1, keepdims=True) @ held[:, mine])
        values = values + line(np.hstack(seen), output)
        values = values + line(np.vectorize(bend)(line(even(values, second_norm), up)), down)
    found: Array = even(values, after)[0]
    return found


def patches(pixels: Array, edge: int) -> Iterator[Array]:
    """The squares of an image, row by row."""
    for top in range(0, pixels.shape[1], edge):
        for left in range(0, pixels.shape[2], edge):
            yield pixels[:, top : top + edge, left : left + edge].astype(float)


def safetensors(tensors: Mapping[str, Array]) -> bytes:
    """A .safetensors file, written by hand from the format's description."""
    kinds = {"float32": "F32", "float16": "F16", "int64": "I64", "float64": "F64"}
    table: dict[str, Any] = {}
    data = b""
    for name, tensor in tensors.items():
        raw = np.ascontiguousarray(tensor).tobytes()
        place = [len(data), len(data) + len(raw)]
        table[name] = {"dtype": kinds[str(tensor.dtype)], "shape": tensor.shape, "data_offsets": place}
        data += raw
    header = json.dumps(table).encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + data


def hostile_pickle() -> bytes:
    """A zip of PyTorch's form whose pickle would run a command."""

    class Command:
        def __reduce__(self) -> Any:
            return (Path.touch, (Path("ran"),))

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"fc1.weight": Command()}))
        archive.writestr("archive/version", "3\n")
    return made.getvalue()


def write_shadow(models: Path, tensors: Tensors | None = None, **changes: Any) -> Path:
    """A small classifier in a folder of scorers. `changes`: to its config."""
    folder = models / "aesthetic-shadow-v2"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(VIT_CONFIG | changes), encoding="utf-8")
    (folder / "preprocessor_config.json").write_text(json.dumps(VIT_PREPROCESSING), encoding="utf-8")
    (folder / "model.safetensors").write_bytes(safetensors(tensors or random_vit()))
    return folder


def write_waifu(models: Path, tensors: Tensors | None = None, head: Tensors | None = None) -> Path:
    """A small CLIP with its network behind, as safetensors."""
    folder = models / "aes-B32-v0"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(CLIP_CONFIG), encoding="utf-8")
    (folder / "preprocessor_config.json").write_text(json.dumps(CLIP_PREPROCESSING), encoding="utf-8")
    (folder / "model.safetensors").write_bytes(safetensors(tensors or random_clip()))
    (folder / "aes-B32-v0.safetensors").write_bytes(safetensors(head or random_head()))
    return folder
