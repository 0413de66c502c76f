"""Checks of what a checkpoint holds: what is missing, doubled, left over or of a wrong type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from modelwise.doctor.checkpoint import Checkpoint, canonical
from modelwise.doctor.findings import Finding, named, size_text
from modelwise.doctor.layouts import UNET, VAE, Part

_EMA = "model_ema."
_VAE_ENDINGS = (".vae.safetensors", ".vae.pt", ".vae.ckpt")
_ANOTHER_KIND = 0.25
"""The share of missing tensors from which on a part is another kind, not a damaged one."""
_SCHEDULES = frozenset({"alphas_cumprod", "betas"})
_FLOATS = frozenset({"F16", "BF16", "F32"})


def missing_parts(checkpoint: Checkpoint) -> Iterator[Finding]:
    """Whole parts, and single tensors, that the architecture has and the file does not."""
    names = checkpoint.names
    for part in checkpoint.parts:
        missing = part.needed - names
        if len(missing) == len(part.needed):
            yield from _without_vae(checkpoint) if part.prefix == VAE else _without(part)
        elif missing:
            yield _incomplete(part, tuple(sorted(missing)))


def _without(part: Part) -> Iterator[Finding]:
    if part.prefix == UNET:
        meaning = "it is no checkpoint but a piece of one: nothing can be drawn with it alone"
        advice = "Load it as what it is, or get the whole checkpoint."
    else:
        meaning = f"the WebUI goes on with the {part.title} in its memory, so prompts are misread"
        advice = "Get the whole checkpoint, or choose a text encoder where the host can (Forge, ComfyUI)."
    yield Finding("missing", "problem", "certain", f"there is no {part.title}", meaning, advice)


def _without_vae(checkpoint: Checkpoint) -> Iterator[Finding]:
    beside = [
        path.name for path in map(checkpoint.file.with_name, _vae_names(checkpoint.file)) if path.is_file()
    ]
    if beside:
        meaning = f"{beside[0]} beside it stands in, as long as the WebUI's setting SD VAE is Automatic"
        yield Finding("vae", "note", "certain", "there is no VAE in it", meaning, "Nothing needs to be done.")
        return
    meaning = "the WebUI goes on with the VAE in its memory: pictures are grey, washed out or noise"
    family = "SDXL" if checkpoint.header.architecture == "sdxl" else "SD 1.x and 2.x"
    advice = f"Choose a VAE made for {family} in the WebUI's setting SD VAE, or merge one into the file."
    yield Finding("vae", "problem", "certain", "there is no VAE in it", meaning, advice)


def _vae_names(file: Path) -> Iterator[str]:
    return (file.stem + ending for ending in _VAE_ENDINGS)


def _incomplete(part: Part, missing: tuple[str, ...]) -> Finding:
    found = (
        f"{len(missing):,} of {len(part.needed):,} tensors of the {part.title} are missing: {named(missing)}"
    )
    if len(missing) > len(part.needed) * _ANOTHER_KIND:
        meaning = f"its {part.title} is laid out otherwise than the original's: reduced, or another model's"
        advice = "Ask its page which programs load it."
        return Finding("missing", "warning", "possible", found, meaning, advice, missing)
    meaning = "loaders leave what is in memory there, random or of the model before: pictures are spoilt"
    advice = "Get the file again and compare its hash; if it is a merge or a conversion, make it again."
    return Finding("missing", "problem", "likely", found, meaning, advice, missing)


def vae_precision(checkpoint: Checkpoint) -> Iterator[Finding]:
    """A VAE that may overflow: SDXL's in half precision."""
    output = checkpoint.contents.tensors.get(f"{VAE}decoder.conv_out.weight")
    if checkpoint.header.architecture == "sdxl" and output and output.dtype == "F16":
        found = "its VAE is stored in half precision"
        meaning = "SDXL's own VAE overflows when it is run so and pictures are black; repaired ones do not"
        advice = "If pictures come out black: start the WebUI with --no-half-vae."
        yield Finding("vae", "note", "possible", found, meaning, advice)


def doubled(checkpoint: Checkpoint) -> Iterator[Finding]:
    """Tensors that are there under two names which loaders read as one."""
    counts = Counter(map(canonical, checkpoint.contents.tensors))
    twice = tuple(sorted(name for name, count in counts.items() if count > 1))
    if twice:
        found = f"{len(twice):,} tensors are there twice, under an old and a new name: {named(twice)}"
        meaning = "which of the two is loaded is chance"
        advice = "Get the file from its publisher, or remove one of the two with a model editor."
        yield Finding("doubled", "problem", "certain", found, meaning, advice, twice)


def leftovers(checkpoint: Checkpoint) -> Iterator[Finding]:
    """Weights of training that no picture needs."""
    tensors = checkpoint.contents.tensors
    ema = tuple(name for name in tensors if name.startswith(_EMA))
    if ema:
        size = size_text(sum(tensors[name].size for name in ema))
        found = f"the running averages of training (EMA) are still in it: {len(ema):,} tensors, {size}"
        meaning = "WebUIs do not draw with them; they take room on the disk and time when loading"
        advice = "A pruned file gives the same pictures."
        yield Finding("ema", "note", "certain", found, meaning, advice, ema)


def types(checkpoint: Checkpoint) -> Iterator[Finding]:
    """Types that loaders do not expect, or that lose something."""
    tensors = checkpoint.contents.tensors
    weights = {
        name: tensor.dtype
        for name, tensor in tensors.items()
        if name.startswith((UNET, VAE)) and tensor.shape
    }
    double = tuple(name for name, dtype in weights.items() if dtype == "F64")
    if double:
        found = f"{len(double):,} tensors are in double precision: {named(double)}"
        meaning = "twice the size for no better pictures; most programs convert them when loading"
        yield Finding(
            "types", "warning", "certain", found, meaning, "Convert the file to F16 or F32.", double
        )
    strange = tuple(name for name, dtype in weights.items() if dtype not in _FLOATS | {"F64"})
    if strange:
        kinds = ", ".join(sorted({weights[name] for name in strange}))
        found = f"{len(strange):,} tensors are of a type that is no usual weight ({kinds}): {named(strange)}"
        meaning = "only hosts that know such a reduced precision load it right; others draw noise or stop"
        advice = "Look at its page for the host that it was made for, or get it in F16."
        yield Finding("types", "warning", "likely", found, meaning, advice, strange)
    rounded = tuple(
        name for name in sorted(_SCHEDULES & tensors.keys()) if tensors[name].dtype in ("F16", "BF16")
    )
    if rounded:
        found = f"the noise schedule is stored in half precision: {named(rounded)}"
        meaning = "its noise levels are rounded, so pictures differ slightly from those of the original"
        yield Finding("types", "note", "certain", found, meaning, "Nothing needs to be done.", rounded)
