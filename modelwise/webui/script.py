"""The always-visible script: hands each hook of the host to the job's `Generation`.

An error of ours is logged and said once beside the image; the generation goes on with the user's own
prompt and settings.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from modelwise.webui import adapter, panel
from modelwise.webui.choices import WrongChoice, read_choices
from modelwise.webui.generation import Generation
from modelwise.webui.infotext import KEY
from modelwise.webui.register import engine

log = logging.getLogger("modelwise")
_ATTRIBUTE = "modelwise_generation"


class ModelwiseScript(adapter.ScriptBase):  # type: ignore[misc]  # the host does not type it
    """Modelwise in txt2img and img2img."""

    def title(self) -> str:
        """The name that API clients use."""
        return "Modelwise"

    def show(self, is_img2img: bool) -> Any:  # noqa: ARG002 (the host's signature)
        """Shown in both tabs, without being chosen."""
        return adapter.ALWAYS_VISIBLE

    def ui(self, is_img2img: bool) -> list[Any]:
        """The panel. Called again for the API's defaults, so it keeps nothing but infotext fields."""
        built = panel.build(engine(), "img2img" if is_img2img else "txt2img")
        self.infotext_fields = built.infotext_fields
        return built.controls

    def before_process(self, p: Any, *arguments: Any) -> None:
        """Settings. The same job may come again (loopback, plots): what we left on it goes first."""
        job = adapter.WebUIJob(p)
        if getattr(p, _ATTRIBUTE, None) is not None:
            job.set_infotext(KEY, None)
            setattr(p, _ATTRIBUTE, None)
        try:
            generation = Generation(engine(), job, read_choices(arguments))
        except Exception as error:  # noqa: BLE001 (never in the way of a generation)
            _failed(job, error)
            return
        if generation.active:
            setattr(p, _ATTRIBUTE, generation)
            _guarded(generation, generation.set_settings)

    def process(self, p: Any, *_arguments: Any) -> None:
        """Prompts, in all lists."""
        _on(p, Generation.set_prompts)

    def process_before_every_sampling(self, p: Any, *_arguments: Any, **_more: Any) -> None:
        """The last look."""
        _on(p, Generation.look)

    def postprocess_image(self, p: Any, *_arguments: Any) -> None:
        """Each image's own line in the infotext."""
        _on(p, Generation.record_image)


def _on(p: Any, hook: Callable[[Generation], None]) -> None:
    generation = getattr(p, _ATTRIBUTE, None)
    if generation is not None and generation.active:
        _guarded(generation, lambda: hook(generation))


def _guarded(generation: Generation, hook: Callable[[], None]) -> None:
    try:
        hook()
    except Exception as error:  # noqa: BLE001 (never in the way of a generation)
        _failed(generation.job, error)
        generation.restore()


def _failed(job: Any, error: Exception) -> None:
    trace = None if isinstance(error, WrongChoice) else error  # a typing error needs no traceback
    log.error("left the prompt and the settings as they were: %s", error, exc_info=trace)
    job.comment(f"Modelwise left your prompt and settings as they were: {error}")
