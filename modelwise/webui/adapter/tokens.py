"""The host's own count of a text's tokens, as the number beside its prompt box."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from inspect import signature
from typing import Any

from modules import sd_models

from modelwise.webui.host import TokenCount

log = logging.getLogger("modelwise")
_ENCODER = "cond_stage_model"
_LONGEST = 20_000
"""Characters; what is longer is not worth the time."""


def counted(text: str, steps: int, *, positive: bool) -> TokenCount | None:
    """The tokens of the longest of a text's schedules; None where no model is loaded, or the host has no such
    count."""
    if len(text) > _LONGEST:
        return None
    try:
        count = _counter()
        if count is None:
            return None
        found = max((count(part) for part in _scheduled(text, steps, positive)), key=lambda pair: pair[0])
        return TokenCount(int(found[0]), int(found[1]))
    except Exception as error:  # noqa: BLE001 (the host's own code, which may know nothing of the model)
        log.debug("tokens not counted: %s", error)
        return None


def _counter() -> Callable[[str], tuple[Any, Any]] | None:
    """Forge asks the model, AUTOMATIC1111 what is put around it, reForge the same with the text encoder."""
    model = getattr(sd_models.model_data, "sd_model", None)
    of_model = getattr(model, "get_prompt_lengths_on_ui", None)
    if of_model is not None:
        return of_model  # type: ignore[no-any-return]
    try:
        from modules.sd_hijack import model_hijack  # noqa: PLC0415 (Forge Neo has none)
    except ImportError:
        return None
    around = getattr(model_hijack, "get_prompt_lengths", None)
    if model is None or around is None:
        return None
    if _ENCODER not in signature(around).parameters:
        return around  # type: ignore[no-any-return]
    return partial(around, **{_ENCODER: getattr(model, _ENCODER)})


def _scheduled(text: str, steps: int, positive: bool) -> list[str]:
    """The texts that a prompt's schedules make of it, its extra networks taken out, as the host counts."""
    from modules import extra_networks, prompt_parser  # noqa: PLC0415 (loaded by then in any host)

    text, _ = extra_networks.parse_prompt(text)
    flat = prompt_parser.get_multicond_prompt_list([text])[1] if positive else [text]
    schedules = prompt_parser.get_learned_conditioning_prompt_schedules(flat, steps)
    return [part for schedule in schedules for _, part in schedule] or [text]
