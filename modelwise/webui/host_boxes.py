"""A tab's own boxes, collected while the WebUI makes its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

_BOXES = {
    "prompt": "prompt",
    "negative": "neg_prompt",
    "styles": "styles",
    "width": "width",
    "height": "height",
    "cfg_scale": "cfg_scale",
    "steps": "steps",
    "sampler": "sampling",
    "scheduler": "scheduler",
}
"""The elements of a tab's boxes, by our names."""

_LAST_ELEMENT = "generation_info_button"
"""An element that every host makes, after all boxes."""


class HostBoxes:
    """Collects the boxes, and gives them once, when the last of them is there."""

    def __init__(self, script: Any, tab: str) -> None:
        self._found: dict[str, Any] | None = {}
        self._wanted: Callable[[Mapping[str, Any]], None] | None = None
        register = getattr(script, "on_after_component", None)
        if not callable(register):  # a host without this: the panel fills nothing
            return
        for name, part in _BOXES.items():
            register(partial(self._add, name), elem_id=f"{tab}_{part}")
        register(self._complete, elem_id=f"{tab}_{_LAST_ELEMENT}")

    def when_there(self, give: Callable[[Mapping[str, Any]], None]) -> None:
        """Who wants them. Forgotten once given: components made again on an update are none of these."""
        if self._found is not None:
            self._wanted = give

    def _add(self, name: str, made: Any) -> None:
        if self._found is not None:
            self._found[name] = made.component

    def _complete(self, _made: Any) -> None:
        if self._found is not None and self._wanted is not None:
            self._wanted(self._found)
            self._found = self._wanted = None
