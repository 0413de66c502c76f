"""What happens at each hook of a job, the same in every host; no error of ours gets past it.

An error is logged and said once beside the image; the generation goes on with the user's own prompt and
settings.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from modelwise.webui.choices import WrongChoice, read_choices
from modelwise.webui.engine import Engine
from modelwise.webui.generation import Generation
from modelwise.webui.host import Job
from modelwise.webui.settings_page import SCORES_OPTION
from modelwise.webui.xyz import Picked, varied

log = logging.getLogger("modelwise")


def begun(engine: Engine, running: object, task: object) -> None:
    """A job has begun. `running`: the host's own object of it; `task`: what it belongs to."""
    engine.image_scores.begin(running, task)


def before_process(
    engine: Engine,
    job: Job,
    arguments: Sequence[Any],
    earlier: Generation | None = None,
    picked: Picked = (),
) -> Generation | None:
    """Settings; None where the job is not ours. `earlier`: what the same job has left (loopback, plots);
    `picked`: what the axes of a plot say, which wins over the arguments."""
    _make_room(engine)
    try:
        if earlier is not None:
            earlier.withdraw()
        generation = Generation(engine, job, varied(read_choices(arguments), picked))
    except Exception as error:  # noqa: BLE001 (never in the way of a generation)
        _failed(job, error)
        return None
    if not generation.active:
        return None
    with engine.timings.measured("settings"):
        _guarded(generation, generation.set_settings)
    return generation


def process(generation: Generation | None) -> None:
    """Prompts, in all lists."""
    if generation is not None:
        with generation.engine.timings.measured("prompts"):
            _run(generation, Generation.set_prompts)


def before_every_sampling(generation: Generation | None) -> None:
    """The last look."""
    _run(generation, Generation.look)


def postprocess_image(generation: Generation | None) -> None:
    """Each image's own line in the infotext."""
    _run(generation, Generation.record_image)


def score_image(engine: Engine, job: Job, image: Any, generation: Generation | None) -> None:
    """The scores of a finished image, where the user wants them; requests without us are left as they are."""
    if not engine.host.option(SCORES_OPTION, default=False) or (generation is None and job.is_api):
        return
    try:
        profile = generation.profile if generation else None
        if profile is None:
            profile = engine.profiles[engine.detect(job.checkpoint(loaded=True)).profile]
        engine.image_scores.score(job, image, profile)
    except Exception:
        log.exception("image not scored")


def finished(engine: Engine, running: object) -> None:
    """The job has ended."""
    try:
        engine.image_scores.finish(running)
    except Exception:
        log.exception("scorers not closed")


def _make_room(engine: Engine) -> None:
    """Scorers of images that were given must not take the graphics card's memory from a generation."""
    try:
        engine.given_images.rest()
    except Exception:
        log.exception("scorers not closed")


def _run(generation: Generation | None, hook: Callable[[Generation], None]) -> None:
    if generation is not None and generation.active:
        _guarded(generation, lambda: hook(generation))


def _guarded(generation: Generation, hook: Callable[[], None]) -> None:
    try:
        hook()
    except Exception as error:  # noqa: BLE001 (never in the way of a generation)
        _failed(generation.job, error)
        generation.restore()


def _failed(job: Job, error: Exception) -> None:
    trace = None if isinstance(error, WrongChoice) else error  # a typing error needs no traceback
    log.error("left the prompt and the settings as they were: %s", error, exc_info=trace)
    job.comment(f"Modelwise left your prompt and settings as they were: {error}")
