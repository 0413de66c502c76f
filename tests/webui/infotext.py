"""The imitated infotext: what is written under an image, and how it is read again."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

_PAIR = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')


def create_infotext(
    p: Any,
    prompts: Sequence[str],
    negatives: Sequence[str],
    seeds: Sequence[int],
    index: int = 0,
    *,
    main: bool = False,
) -> str:
    """The infotext of one image. `main`: of the grid, which has the job's main prompt.

    The lists are those of one batch, and so is the index: values that are lists or functions get it, too.
    """
    prompt = p.main_prompt if main else prompts[index]
    negative = p.main_negative_prompt if main else negatives[index]
    parts = {
        **_settings(p, p.all_seeds[0] if main else seeds[index]),
        **p.extra_generation_params,
        "Version": p.program.variant.version,
    }
    words = {"index": 0 if main else index, "prompt_text": prompt, "negative_prompt": negative}
    texts = ((key, _value(p, value, words)) for key, value in parts.items())
    line = ", ".join(f"{key}: {_quoted(value)}" for key, value in texts if value is not None)
    second = f"\nNegative prompt: {negative}" if negative else ""
    return f"{prompt}{second}\n{line}".strip()


def _settings(p: Any, seed: int) -> dict[str, Any]:
    """What every image has; `Denoising strength` only keeps its place for the passes that have one."""
    clip_skip = getattr(p, "clip_skip", p.program.options.CLIP_stop_at_last_layers)
    return {
        "Steps": p.steps,
        "Sampler": p.sampler_name,
        "Schedule type": getattr(p, "scheduler", None),
        "CFG scale": p.cfg_scale,
        "Seed": seed,
        "Size": f"{p.width}x{p.height}",
        "Model hash": p.sd_model_hash,
        "Model": p.sd_model_name,
        "Denoising strength": None,
        "Clip skip": clip_skip if clip_skip > 1 else None,
    }


def _value(p: Any, value: Any, words: dict[str, Any]) -> Any:
    if callable(value):
        return value(p=p, **words)
    return value[words["index"]] if isinstance(value, list) else value


def _quoted(value: Any) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if re.search(r"[,\n:]", text) else text


def read_infotext(text: str) -> dict[str, Any]:
    """An infotext as the page's paste button reads it."""
    *words, last = text.split("\n")
    prompt, _, negative = "\n".join(words).partition("Negative prompt: ")
    params: dict[str, Any] = {"Prompt": prompt.removesuffix("\n"), "Negative prompt": negative}
    for key, value in _PAIR.findall(last):
        params[key] = json.loads(value) if value.startswith('"') else value
    return params
