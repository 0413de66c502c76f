"""The tensors that a checkpoint of an architecture has, by part: written down as the rule that built them.

The layouts are those of the original releases: SD 1.x, SD 2.x and SDXL. `optional` names may be missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

UNET = "model.diffusion_model."
VAE = "first_stage_model."

_BOTH = (".weight", ".bias")
_WEIGHT = (".weight",)
_IN_TRANSFORMER = {
    **dict.fromkeys(("norm1", "norm2", "norm3"), _BOTH),
    **{f"{attention}.to_{letter}": _WEIGHT for attention in ("attn1", "attn2") for letter in "qkv"},
    **dict.fromkeys(("attn1.to_out.0", "attn2.to_out.0", "ff.net.0.proj", "ff.net.2"), _BOTH),
}
_IN_CLIP_LAYER = {
    **{f"self_attn.{letter}_proj": _BOTH for letter in ("q", "k", "v", "out")},
    **dict.fromkeys(("layer_norm1", "layer_norm2", "mlp.fc1", "mlp.fc2"), _BOTH),
}
_IN_OPEN_CLIP_BLOCK = {
    **dict.fromkeys(("ln_1", "ln_2", "attn.out_proj", "mlp.c_fc", "mlp.c_proj"), _BOTH),
    "attn.in_proj": ("_weight", "_bias"),
}
_IN_RESIDUAL = ("in_layers.0", "in_layers.2", "emb_layers.1", "out_layers.0", "out_layers.3")
_IN_VAE_BLOCK = ("norm1", "conv1", "norm2", "conv2")
_IN_VAE_ATTENTION = ("norm", "q", "k", "v", "proj_out")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a checkpoint: what people call it, where its tensors stand, and which it needs."""

    title: str
    prefix: str
    needed: frozenset[str]
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class UnetShape:
    """By level, fine to coarse: the width as a multiple of the first, and the transformer's depth."""

    widths: tuple[int, ...]
    depths: tuple[int, ...]
    middle: int
    labels: bool = False


SD_UNET = UnetShape((1, 2, 4, 4), (1, 1, 1, 0), 1)
SDXL_UNET = UnetShape((1, 2, 4), (0, 2, 10), 10, labels=True)
VAE_WIDTHS = (1, 2, 4, 4)


def layout(architecture: str) -> tuple[Part, ...]:
    """The parts of an architecture; none where its layout is not known here."""
    vae = Part("VAE", VAE, prefixed(VAE, vae_names(VAE_WIDTHS)))
    if architecture == "sd1":
        encoder = _clip("text encoder", "cond_stage_model.transformer.text_model.", 12)
        return _unet(SD_UNET), encoder, vae
    if architecture == "sd2":
        encoder = _open_clip("text encoder", "cond_stage_model.model.", 24, projects=False)
        return _unet(SD_UNET), encoder, vae
    if architecture == "sdxl":
        first = _clip("first text encoder", "conditioner.embedders.0.transformer.text_model.", 12)
        second = _open_clip("second text encoder", "conditioner.embedders.1.model.", 32, projects=True)
        return _unet(SDXL_UNET), first, second, vae
    return ()


def prefixed(prefix: str, names: Iterable[str]) -> frozenset[str]:
    """Names behind a prefix."""
    return frozenset(prefix + name for name in names)


def _unet(shape: UnetShape) -> Part:
    return Part("U-Net", UNET, prefixed(UNET, unet_names(shape)))


def unet_names(shape: UnetShape) -> Iterator[str]:
    """The tensors of a U-Net with two residual blocks a level."""
    yield from _pairs("time_embed.", ("0", "2"))
    yield from _pairs("label_emb.0.", ("0", "2") if shape.labels else ())
    yield from _pairs("input_blocks.0.", ("0",))
    last, place = len(shape.widths) - 1, 1
    for level, depth in enumerate(shape.depths):
        for block in range(2):
            wider = block == 0 and level > 0 and shape.widths[level] != shape.widths[level - 1]
            yield from _residual(f"input_blocks.{place}.0.", skips=wider)
            yield from _transformer(f"input_blocks.{place}.1.", depth)
            place += 1
        if level < last:
            yield from _pairs(f"input_blocks.{place}.0.", ("op",))
            place += 1
    yield from _residual("middle_block.0.", skips=False)
    yield from _transformer("middle_block.1.", shape.middle)
    yield from _residual("middle_block.2.", skips=False)
    for place, (level, block) in enumerate(
        (level, block) for level in range(last, -1, -1) for block in range(3)
    ):
        depth = shape.depths[level]
        yield from _residual(f"output_blocks.{place}.0.", skips=True)
        yield from _transformer(f"output_blocks.{place}.1.", depth)
        if level and block == 2:
            yield from _pairs(f"output_blocks.{place}.{2 if depth else 1}.", ("conv",))
    yield from _pairs("out.", ("0", "2"))


def _residual(prefix: str, *, skips: bool) -> Iterator[str]:
    yield from _pairs(prefix, _IN_RESIDUAL + (("skip_connection",) if skips else ()))


def _transformer(prefix: str, depth: int) -> Iterator[str]:
    if depth:
        yield from _pairs(prefix, ("norm", "proj_in", "proj_out"))
    for block in range(depth):
        yield from _spread(f"{prefix}transformer_blocks.{block}.", _IN_TRANSFORMER)


def vae_names(widths: tuple[int, ...]) -> Iterator[str]:
    """The tensors of a VAE: two residual blocks a level on the way down, three on the way up."""
    yield from _pairs("", ("quant_conv", "post_quant_conv"))
    for side in ("encoder", "decoder"):
        yield from _pairs(f"{side}.", ("conv_in", "conv_out", "norm_out"))
        yield from _pairs(f"{side}.mid.attn_1.", _IN_VAE_ATTENTION)
        for block in ("block_1", "block_2"):
            yield from _pairs(f"{side}.mid.{block}.", _IN_VAE_BLOCK)
    last = len(widths) - 1
    for level, width in enumerate(widths):
        narrower = level > 0 and widths[level - 1] != width
        yield from _vae_level(f"encoder.down.{level}.", 2, changes=narrower)
        wider = level < last and widths[level + 1] != width
        yield from _vae_level(f"decoder.up.{level}.", 3, changes=wider)
        yield from _pairs(f"encoder.down.{level}.downsample.", ("conv",) if level < last else ())
        yield from _pairs(f"decoder.up.{level}.upsample.", ("conv",) if level else ())


def _vae_level(prefix: str, blocks: int, *, changes: bool) -> Iterator[str]:
    for block in range(blocks):
        shortcut = ("nin_shortcut",) if changes and block == 0 else ()
        yield from _pairs(f"{prefix}block.{block}.", _IN_VAE_BLOCK + shortcut)


def _clip(title: str, prefix: str, layers: int) -> Part:
    """CLIP as transformers writes it; newer releases leave the position ids out."""
    embeddings = {"embeddings.token_embedding": _WEIGHT, "embeddings.position_embedding": _WEIGHT}
    needed = [*_spread(prefix, embeddings), *_pairs(f"{prefix}final_layer_norm", ("",))]
    for layer in range(layers):
        needed += _spread(f"{prefix}encoder.layers.{layer}.", _IN_CLIP_LAYER)
    return Part(title, prefix, frozenset(needed), frozenset({f"{prefix}embeddings.position_ids"}))


def _open_clip(title: str, prefix: str, layers: int, *, projects: bool) -> Part:
    """CLIP as OpenCLIP writes it. What stands behind the last layer that is used may be missing."""
    needed = {
        f"{prefix}positional_embedding",
        *_pairs(prefix, ("ln_final",)),
        f"{prefix}token_embedding.weight",
    }
    optional = {f"{prefix}logit_scale", f"{prefix}attn_mask"}
    (needed if projects else optional).add(f"{prefix}text_projection")
    for layer in range(layers):
        names = _spread(f"{prefix}transformer.resblocks.{layer}.", _IN_OPEN_CLIP_BLOCK)
        (needed if projects or layer < layers - 1 else optional).update(names)
    return Part(title, prefix, frozenset(needed), frozenset(optional))


def _pairs(prefix: str, names: Iterable[str]) -> Iterator[str]:
    yield from (prefix + name + ending for name in names for ending in _BOTH)


def _spread(prefix: str, endings: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    yield from (prefix + name + ending for name, each in endings.items() for ending in each)
