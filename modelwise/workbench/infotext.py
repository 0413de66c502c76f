"""Infotexts as the WebUI writes and reads them: prompt, negative, and one line of `key: value`.

A value with a comma, a colon or a line end stands as a JSON string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from modelwise.workbench.job import WorkbenchJob
from modelwise.workbench.names import SAME_CHECKPOINT

VERSION = "workbench"
_NEGATIVE = "Negative prompt: "
_KEY = re.compile(r"[\s,]*(\w[\w /-]+):[ ]*")
_DECODER = json.JSONDecoder()
_SIZE = re.compile(r"(\d+)x(\d+)")
_FEWEST = 3


def written(job: WorkbenchJob, index: int) -> str:
    """One image's infotext."""
    texts = job.texts()
    prompt, negative = texts.prompts[index], texts.negatives[index]
    parameters = ", ".join(f"{key}: {quoted(value)}" for key, value in _parameters(job, index))
    return "\n".join([prompt, *([_NEGATIVE + negative] if negative else []), parameters])


def _parameters(job: WorkbenchJob, index: int) -> Iterator[tuple[str, Any]]:
    """Keys and values in the WebUI's order."""
    settings = job.state.settings
    yield "Steps", settings["steps"]
    yield "Sampler", settings["sampler"]
    yield "Schedule type", settings["scheduler"]
    yield "CFG scale", settings["cfg_scale"]
    yield "Seed", job.seeds[index]
    yield "Size", f"{settings['width']}x{settings['height']}"
    facts = job.checkpoint(loaded=True)
    if facts:
        yield "Model", facts.file.stem
    if "clip_skip" in settings:
        yield "Clip skip", settings["clip_skip"]
    if "noise_schedule" in settings:
        yield "Noise Schedule", settings["noise_schedule"]
    yield from _second_pass(job, index)
    yield from job.state.infotext.items()
    yield "Version", VERSION


def _second_pass(job: WorkbenchJob, index: int) -> Iterator[tuple[str, Any]]:
    hires, texts = job.request.hires, job.texts()
    if hires is None:
        if job.request.denoising_strength is not None:
            yield "Denoising strength", job.request.denoising_strength
        return
    yield "Denoising strength", hires.denoising_strength
    if hires.checkpoint != SAME_CHECKPOINT:
        yield "Hires checkpoint", hires.checkpoint
    if texts.hires[index] != texts.prompts[index]:
        yield "Hires prompt", texts.hires[index]
    if texts.hires_negatives[index] != texts.negatives[index]:
        yield "Hires negative prompt", texts.hires_negatives[index]
    if hires.width or hires.height:
        yield "Hires resize", f"{hires.width}x{hires.height}"
    else:
        yield "Hires upscale", hires.scale
    if hires.steps:
        yield "Hires steps", hires.steps
    yield "Hires upscaler", hires.upscaler


def quoted(value: Any) -> str:
    """A value as it stands in an infotext."""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if re.search(r"[,\n:]", text) else text


def read(infotext: str) -> dict[str, str]:
    """What an infotext holds, by its keys; the texts under `Prompt` and `Negative prompt`."""
    lines = infotext.strip().split("\n")
    found = dict(_parameters_in(lines[-1]))
    if len(found) < _FEWEST:
        found = {}
    else:
        del lines[-1]
    text = "\n".join(line.strip() for line in lines)
    prompt, _, negative = text.partition(_NEGATIVE)
    return {"Prompt": prompt.strip(), "Negative prompt": negative.strip(), **found}


def _parameters_in(line: str) -> Iterator[tuple[str, str]]:
    """The keys and values of a line; `Size: 64x32` comes as two, as the WebUI has it."""
    place = 0
    while key := _KEY.match(line, place):
        value, place = _value(line, key.end())
        size = _SIZE.fullmatch(value)
        if size:
            yield from ((f"{key[1]}-1", size[1]), (f"{key[1]}-2", size[2]))
        else:
            yield key[1], value


def _value(line: str, start: int) -> tuple[str, int]:
    """The value that starts here, and where it ends."""
    if line.startswith('"', start):
        try:
            value, end = _DECODER.raw_decode(line, start)
        except ValueError:
            pass
        else:
            return str(value), end
    end = line.find(",", start)
    end = len(line) if end < 0 else end
    return line[start:end].strip(), end
