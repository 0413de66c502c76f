"""A vision transformer from its tensors: what stands where in a file, and the way from pixels to features.

Plain functions of torch, as the hosts bring transformers in versions that differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import torch
from torch.nn import functional

from modelwise.scores.configs import Vision
from modelwise.scores.problems import ScorerError

Tensors = Mapping[str, torch.Tensor]
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The names of tensors in one family of files, and what its configs may leave out.

    `summary`: the class token, which sums an image up; `leading`: axes of one that it and the positions have
    in front; `before`: a norm ahead of the first layer, if any; `attention`: query, key, value, output.
    """

    summary: str
    positions: str
    leading: tuple[Shape, Shape]
    patches: str
    patch_bias: bool
    before: str
    layer: str
    norms: tuple[str, str]
    attention: tuple[str, str, str, str]
    inner: tuple[str, str]
    after: str
    activation: str
    epsilon: float


VIT = Layout(
    summary="vit.embeddings.cls_token",
    positions="vit.embeddings.position_embeddings",
    leading=((1, 1), (1,)),
    patches="vit.embeddings.patch_embeddings.projection",
    patch_bias=True,
    before="",
    layer="vit.encoder.layer.",
    norms=("layernorm_before", "layernorm_after"),
    attention=(
        *("attention.attention.query", "attention.attention.key", "attention.attention.value"),
        "attention.output.dense",
    ),
    inner=("intermediate.dense", "output.dense"),
    after="vit.layernorm",
    activation="gelu",
    epsilon=1e-12,
)
CLIP = Layout(
    summary="vision_model.embeddings.class_embedding",
    positions="vision_model.embeddings.position_embedding.weight",
    leading=((), ()),
    patches="vision_model.embeddings.patch_embedding",
    patch_bias=False,
    before="vision_model.pre_layrnorm",
    layer="vision_model.encoder.layers.",
    norms=("layer_norm1", "layer_norm2"),
    attention=("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj"),
    inner=("mlp.fc1", "mlp.fc2"),
    after="vision_model.post_layernorm",
    activation="quick_gelu",
    epsilon=1e-5,
)


def _quick_gelu(values: torch.Tensor) -> torch.Tensor:
    return values * torch.sigmoid(1.702 * values)


def _tanh_gelu(values: torch.Tensor) -> torch.Tensor:
    return functional.gelu(values, approximate="tanh")


_ACTIVATIONS: Mapping[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "gelu": functional.gelu,
    "quick_gelu": _quick_gelu,
    "gelu_new": _tanh_gelu,
    "gelu_pytorch_tanh": _tanh_gelu,
}


def shapes(layout: Layout, config: Vision) -> dict[str, Shape]:
    """The tensors that a model of this layout and size has. Raises ScorerError where the sizes can't be."""
    if config.hidden_size % config.num_attention_heads:
        found = f"{config.hidden_size} and {config.num_attention_heads}"
        raise ScorerError(
            f"config.json: hidden_size, num_attention_heads: found {found}; allowed: a multiple"
        )
    wide, edge = config.hidden_size, config.patch_size
    token, position = layout.leading
    made: dict[str, Shape] = {
        layout.summary: (*token, wide),
        layout.positions: (*position, config.patches + 1, wide),
        f"{layout.patches}.weight": (wide, config.num_channels, edge, edge),
        **({f"{layout.patches}.bias": (wide,)} if layout.patch_bias else {}),
        **(_norm(layout.before, wide) if layout.before else {}),
        **_norm(layout.after, wide),
    }
    for number in range(config.num_hidden_layers):
        made |= dict(_layer_shapes(layout, config, f"{layout.layer}{number}."))
    return made


def _layer_shapes(layout: Layout, config: Vision, prefix: str) -> Iterator[tuple[str, Shape]]:
    wide, inner = config.hidden_size, config.intermediate_size
    for name in layout.norms:
        yield from _norm(prefix + name, wide).items()
    for name in layout.attention:
        yield f"{prefix}{name}.weight", (wide, wide)
        if config.qkv_bias or name == layout.attention[-1]:
            yield f"{prefix}{name}.bias", (wide,)
    up, down = layout.inner
    yield from ((f"{prefix}{up}.weight", (inner, wide)), (f"{prefix}{up}.bias", (inner,)))
    yield from ((f"{prefix}{down}.weight", (wide, inner)), (f"{prefix}{down}.bias", (wide,)))


def _norm(name: str, wide: int) -> dict[str, Shape]:
    return {f"{name}.weight": (wide,), f"{name}.bias": (wide,)}


class Transformer:
    """A vision transformer whose tensors are all there."""

    def __init__(self, layout: Layout, config: Vision, tensors: Tensors) -> None:
        self._layout = layout
        self._config = config
        self._tensors = tensors
        self._epsilon = config.layer_norm_eps or layout.epsilon
        name = config.hidden_act or layout.activation
        if name not in _ACTIVATIONS:
            allowed = ", ".join(_ACTIVATIONS)
            raise ScorerError(f"config.json: hidden_act: found {name!r}; allowed: {allowed}")
        self._activation = _ACTIVATIONS[name]

    def features(self, pixels: torch.Tensor) -> torch.Tensor:
        """What the class token holds at the end, for each image of a batch."""
        layout, tensors = self._layout, self._tensors
        weight, bias = tensors[f"{layout.patches}.weight"], tensors.get(f"{layout.patches}.bias")
        patches = functional.conv2d(pixels, weight, bias, stride=self._config.patch_size)
        tokens = patches.flatten(2).transpose(1, 2)
        wide = self._config.hidden_size
        first = tensors[layout.summary].reshape(1, 1, wide).expand(len(pixels), 1, wide)
        values = torch.cat([first, tokens], dim=1) + tensors[layout.positions].reshape(1, -1, wide)
        if layout.before:
            values = self._normalised(values, layout.before)
        for number in range(self._config.num_hidden_layers):
            values = self._layer(values, f"{layout.layer}{number}.")
        return self._normalised(values[:, 0], layout.after)

    def _layer(self, values: torch.Tensor, prefix: str) -> torch.Tensor:
        first, second = self._layout.norms
        up, down = self._layout.inner
        values = values + self._attention(self._normalised(values, prefix + first), prefix)
        inner = self._activation(self._linear(self._normalised(values, prefix + second), prefix + up))
        return values + self._linear(inner, prefix + down)

    def _attention(self, values: torch.Tensor, prefix: str) -> torch.Tensor:
        count, tokens, wide = values.shape
        heads = self._config.num_attention_heads
        *projections, output = self._layout.attention
        split = (count, tokens, heads, wide // heads)
        query, key, value = (
            self._linear(values, prefix + name).reshape(split).transpose(1, 2) for name in projections
        )
        seen = functional.scaled_dot_product_attention(query, key, value)
        return self._linear(seen.transpose(1, 2).reshape(count, tokens, wide), prefix + output)

    def _linear(self, values: torch.Tensor, name: str) -> torch.Tensor:
        return functional.linear(values, self._tensors[f"{name}.weight"], self._tensors.get(f"{name}.bias"))

    def _normalised(self, values: torch.Tensor, name: str) -> torch.Tensor:
        weight, bias = self._tensors[f"{name}.weight"], self._tensors[f"{name}.bias"]
        return functional.layer_norm(values, weight.shape, weight, bias, self._epsilon)
