"""The host's own box for the checkpoint, where the page is not told of a choice in it.

AUTOMATIC1111 tells the page of every option that changes. Forge keeps this box apart from them: the page's
copy of the option stays old, and the option itself is set by an event of its own.
"""

from __future__ import annotations

import time
from typing import Any

from modules import script_callbacks, shared

from modelwise.webui import gradio_versions
from modelwise.webui.adapter.checkpoints import info_named

_PATIENCE = 5.0
"""Seconds in which the host has to set the option."""
_QUICK = {"queue": False, "show_progress": False}


def when_checkpoint_is_chosen(run: str) -> None:
    """Have the page run JavaScript once a choice has reached the option.

    The box has no element id: it is known by the host's own name for it, which stands when the next component
    is made.
    """
    try:
        from modules_forge import main_entry  # noqa: PLC0415 (only some hosts have it)
    except ImportError:
        return
    bound = getattr(main_entry, "ui_checkpoint", None)  # after "Reload UI": the old page's

    def look(_component: Any, **_more: Any) -> None:
        nonlocal bound
        box = getattr(main_entry, "ui_checkpoint", None)
        if box is not None and box is not bound:
            bound = box
            chosen = box.change(_wait_for_option, inputs=[box], outputs=[], **_QUICK)
            chosen.then(None, **_QUICK, **gradio_versions.script(run))

    script_callbacks.on_after_component(look)


def _wait_for_option(name: str) -> None:
    end = time.monotonic() + _PATIENCE
    while not _is_chosen(name) and time.monotonic() < end:
        time.sleep(0.05)


def _is_chosen(name: str) -> bool:
    return info_named(name) is info_named(shared.opts.data.get("sd_model_checkpoint"))
