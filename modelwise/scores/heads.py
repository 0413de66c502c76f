"""The ways from an image to its score: the probability of a class, or a small network behind features."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch.nn import functional

from modelwise.scores import configs, weights
from modelwise.scores.known import CONFIG, Kind, KnownScorer
from modelwise.scores.vision import CLIP, VIT, Shape, Tensors, Transformer, shapes

Scoring = Callable[[torch.Tensor], torch.Tensor]
"""From a batch of prepared images to a score for each, from 0 to 1."""

Place = Callable[[Tensors], Tensors]
"""What brings tensors to where they are computed with."""

_PROJECTION = "visual_projection.weight"
_HIDDEN = (256, 128, 1)


def image_size(known: KnownScorer, folder: Path) -> int:
    """The width and height that a scorer's images have to have. Raises ScorerError."""
    return _vision(known.kind, known.file(CONFIG, folder)).image_size


def loaded(known: KnownScorer, folder: Path, place: Place) -> Scoring:
    """A scorer from its files. It takes memory as long as somebody holds it. Raises ScorerError."""
    return _LOADING[known.kind](known, folder, place)


def _vision(kind: Kind, config: Path) -> configs.Vision:
    if kind == "classifier":
        return configs.read(config, configs.ClassifierConfig)
    return configs.read(config, configs.FeaturesConfig).vision_config


def _classifier(known: KnownScorer, folder: Path, place: Place) -> Scoring:
    config = configs.read(known.file(CONFIG, folder), configs.ClassifierConfig)
    label, classes = config.place(known.label), len(config.id2label)
    head = {"classifier.weight": (classes, config.hidden_size), "classifier.bias": (classes,)}
    wanted = shapes(VIT, config) | head
    tensors = place(weights.read(known.file("model.safetensors", folder), wanted))
    model = Transformer(VIT, config, tensors)

    def score(pixels: torch.Tensor) -> torch.Tensor:
        features = model.features(pixels)
        logits = functional.linear(features, tensors["classifier.weight"], tensors["classifier.bias"])
        return torch.softmax(logits.float(), dim=-1)[:, label]

    return score


def _features(known: KnownScorer, folder: Path, place: Place) -> Scoring:
    config = configs.read(known.file(CONFIG, folder), configs.FeaturesConfig)
    vision, wide = config.vision_config, config.projection_dim
    wanted = shapes(CLIP, vision) | {_PROJECTION: (wide, vision.hidden_size)}
    tensors = place(weights.read(known.file("pytorch_model.bin", folder), wanted))
    head = place(weights.read(known.file("aes-B32-v0.pth", folder), _head_shapes(wide)))
    model = Transformer(CLIP, vision, tensors)

    def score(pixels: torch.Tensor) -> torch.Tensor:
        found = functional.linear(model.features(pixels), tensors[_PROJECTION])
        # Each by its own length: by that of the whole batch, a score would depend on its neighbours.
        found = found / torch.linalg.vector_norm(found, dim=-1, keepdim=True)
        for number in (1, 2):
            found = torch.relu(functional.linear(found, head[f"fc{number}.weight"], head[f"fc{number}.bias"]))
        last = functional.linear(found, head["fc3.weight"], head["fc3.bias"])
        return torch.sigmoid(last.float())[:, 0]

    return score


def _head_shapes(wide: int) -> dict[str, Shape]:
    found: dict[str, Shape] = {}
    for number, (inner, outer) in enumerate(zip((wide, *_HIDDEN), _HIDDEN), 1):
        found |= {f"fc{number}.weight": (outer, inner), f"fc{number}.bias": (outer,)}
    return found


_LOADING: Mapping[Kind, Callable[[KnownScorer, Path, Place], Scoring]] = {
    "classifier": _classifier,
    "features": _features,
}
