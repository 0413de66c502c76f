"""What Generate does: our hooks in the WebUI's order, and pictures that say what the sampler would get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelwise.report import Entry
from modelwise.webui import hooks
from modelwise.webui.engine import Engine
from modelwise.webui.generation import Generation
from modelwise.workbench import infotext, picture
from modelwise.workbench.job import WorkbenchJob


@dataclass(frozen=True, slots=True)
class Shown:
    """One image: what its sampler got."""

    file: Path
    infotext: str
    prompt: str
    negative: str
    hires: str | None = None
    hires_negative: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of one press. `size`: after the second pass, if there is one; `profile`: None where we were off."""

    images: tuple[Shown, ...]
    settings: dict[str, Any]
    size: tuple[int, int]
    comments: tuple[str, ...]
    report: tuple[Entry, ...]
    profile: str | None


def generate(engine: Engine, job: WorkbenchJob, arguments: Sequence[Any], folder: Path) -> Outcome:
    """Run a job; its pictures are written to `folder`, numbered on."""
    generation = hooks.before_process(engine, job, arguments)
    job.prepare()
    hooks.process(generation)
    job.strip_comments()
    images = []
    for start in range(0, len(job.seeds), job.request.batch_size):
        for _pass in range(2 if job.has_hires else 1):
            hooks.before_every_sampling(generation)
        for index in range(start, start + job.request.batch_size):
            job.index = index
            hooks.postprocess_image(generation)
            images.append(_image(job, index, folder))
    return _outcome(job, generation, images)


def _outcome(job: WorkbenchJob, generation: Generation | None, images: Sequence[Shown]) -> Outcome:
    active = generation is not None and generation.active
    return Outcome(
        tuple(images),
        job.state.settings,
        _size(job),
        tuple(job.state.comments),
        tuple(generation.report) if generation and active else (),
        generation.profile.name if generation and active and generation.profile else None,
    )


def _size(job: WorkbenchJob) -> tuple[int, int]:
    first = job.state.settings["width"], job.state.settings["height"]
    return job.final_size(*first)


def _image(job: WorkbenchJob, index: int, folder: Path) -> Shown:
    texts = job.texts()
    prompt, negative = texts.prompts[index], texts.negatives[index]
    facts = job.checkpoint(loaded=True)
    title = f"{facts.file.name if facts else 'no checkpoint'}, seed {job.seeds[index]}"
    text = infotext.written(job, index)
    image = picture.drawn(_size(job), title, prompt, negative, job.seeds[index])
    folder.mkdir(parents=True, exist_ok=True)
    number = sum(1 for _ in folder.iterdir())
    file = picture.saved(image, text, folder / f"{number:05}-{job.seeds[index]}.png")
    seconds = (texts.hires[index], texts.hires_negatives[index]) if job.has_hires else (None, None)
    return Shown(file, text, prompt, negative, *seconds)
