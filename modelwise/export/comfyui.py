"""A compiled request as a graph for ComfyUI's API: load, encode both prompts, sample, decode, save."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from modelwise.export.exported import Compiled, Exported, ExportError
from modelwise.export.flattening import flatten
from modelwise.export.samplers import COMFYUI_SCHEDULERS, SAMPLERS, schedule

_KNOWN = frozenset({"sd1", "sdxl"})


def export(compiled: Compiled) -> Exported:
    """The graph as JSON. Raises ExportError for a model that needs another graph."""
    if compiled.profile.architecture not in _KNOWN:
        found = compiled.profile.architecture
        raise ExportError(f"profile: found the architecture {found}; allowed: SD 1.x and SDXL, for ComfyUI")
    prompt, negative = flatten(compiled.result.prompt), flatten(compiled.result.negative, negative=True)
    skip = compiled.settings.get("clip_skip") if compiled.profile.architecture == "sd1" else None
    clip = ["7", 0] if skip else ["1", 1]
    graph = {
        "1": _node(
            "CheckpointLoaderSimple", ckpt_name=compiled.model or f"{compiled.profile.id}.safetensors"
        ),
        "2": _node("CLIPTextEncode", text=prompt.weighted(), clip=clip),
        "3": _node("CLIPTextEncode", text=negative.weighted(), clip=clip),
        "4": _node("EmptyLatentImage", batch_size=1, **_size(compiled)),
        "5": _sampling(compiled),
        "8": _node("VAEDecode", samples=["5", 0], vae=["1", 2]),
        "9": _node("SaveImage", images=["8", 0], filename_prefix=compiled.profile.id),
    }
    if "noise_schedule" in compiled.settings:
        graph["6"] = _node("ModelSamplingDiscrete", model=["1", 0], sampling="v_prediction", zsnr=True)
    if skip:
        graph["7"] = _node("CLIPSetLastLayer", clip=["1", 1], stop_at_clip_layer=-skip)
    notes = [f"prompt: {loss}" for loss in prompt.losses] + [f"negative: {loss}" for loss in negative.losses]
    text = msgspec.json.format(msgspec.json.encode(graph), indent=2).decode() + "\n"
    return Exported(text, (*notes, *_notes(compiled)))


def _sampling(compiled: Compiled) -> dict[str, Any]:
    settings = compiled.settings
    name = settings.get("sampler", "Euler")
    wanted = schedule(name, settings.get("scheduler", "Automatic"))
    return _node(
        "KSampler",
        model=["6", 0] if "noise_schedule" in settings else ["1", 0],
        positive=["2", 0],
        negative=["3", 0],
        latent_image=["4", 0],
        seed=0,
        steps=settings.get("steps", 20),
        cfg=settings.get("cfg_scale", 7),
        sampler_name=SAMPLERS[name].comfyui if name in SAMPLERS else "euler",
        scheduler=COMFYUI_SCHEDULERS.get(wanted, "normal"),
        denoise=1,
    )


def _node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}


def _size(compiled: Compiled) -> dict[str, int]:
    side = 1024 if compiled.profile.architecture == "sdxl" else 512
    return {name: compiled.settings.get(name, side) for name in ("width", "height")}


def _notes(compiled: Compiled) -> Iterator[str]:
    sampler = compiled.settings.get("sampler", "Euler")
    if sampler not in SAMPLERS:
        yield f"sampler: ComfyUI's name for {sampler} is not known here; euler stands in"
    if compiled.model is None:
        yield "model: put the name of your checkpoint's file into ckpt_name, or give it with --model"
    unsaid = [name for name in ("width", "cfg_scale", "steps", "sampler") if name not in compiled.settings]
    if unsaid:
        yield f"the card says nothing of {', '.join(unsaid)}: common values stand there"
