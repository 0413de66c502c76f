"""The model in the host's memory: the one place that touches it, and only while the host is idle.

Loads nothing: `shared.sd_model` is never read. Where the text encoders stand is found by what the model has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from modules import script_callbacks, sd_models

from modelwise.webui.adapter.turns import queue_lock, turn
from modelwise.webui.host import LoadedModel, NoModelError

BUSY = "The WebUI is generating or loading now. Ask again when it has finished."
NONE_LOADED = "No model is loaded yet. Generate a picture, then check."
UNKNOWN_KIND = "The loaded model is of a kind whose text encoders are not known here."
NO_LOCK = "This WebUI does not tell when it is idle, so the model in its memory is left alone."

log = logging.getLogger("modelwise")


@contextmanager
def loaded_model() -> Iterator[LoadedModel]:
    """The loaded model; jobs that come meanwhile wait."""
    if queue_lock() is None:
        raise NoModelError(NO_LOCK)
    with turn() as is_ours:
        if not is_ours:
            raise NoModelError(BUSY)
        yield _loaded()


def when_model_is_loaded(act: Callable[[], None]) -> None:
    """Have something done with each load of weights, also into a model that is there.

    Not where one of several models in memory is taken up again: its weights are those that it had.
    """
    script_callbacks.on_model_loaded(lambda _model: act())


def _loaded() -> LoadedModel:
    model = getattr(sd_models.model_data, "sd_model", None)
    info = getattr(model, "sd_checkpoint_info", None)
    if info is None:  # Forge has something else in its place until the first image
        raise NoModelError(NONE_LOADED)
    encoders = _text_encoders(model)
    if encoders is None:
        raise NoModelError(UNKNOWN_KIND)
    return LoadedModel(str(info.name), model, encoders, partial(_forget_encoded, model))


def _text_encoders(model: Any) -> Any:
    """Forge keeps them beside the model; elsewhere they are parts of it."""
    beside = getattr(getattr(model, "forge_objects", None), "clip", None)
    apart = getattr(beside, "cond_stage_model", None)
    found = model if apart is None else apart
    return found if callable(getattr(found, "named_modules", None)) else None


def _forget_encoded(model: Any) -> None:
    """The host keeps the last encoded prompts of each pass, and that of an empty prompt since the load."""
    from modules import processing  # noqa: PLC0415 (heavy, and loaded by then in any host)

    for kind in [each for each in vars(processing).values() if isinstance(each, type)]:
        for name, kept in vars(kind).items():
            if name.startswith("cached_") and isinstance(kept, list):
                kept[:] = [None] * len(kept)
    if getattr(model, "cond_stage_model_empty_prompt", None) is not None:
        try:
            model.cond_stage_model_empty_prompt = _encoded_empty_prompt(model)
        except Exception:  # the host's own code; the old one is nearly right
            log.exception("the empty prompt was not encoded again")


def _encoded_empty_prompt(model: Any) -> Any:
    """As the host encodes it when it loads a model."""
    from modules import devices  # noqa: PLC0415

    with devices.autocast():
        return sd_models.get_empty_cond(model).detach()
