"""The box for the checkpoint that a program keeps apart from its options, in a module of its own.

Held against `host/forge/components.json`: it has no element id, and no option of the page holds it.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

LABEL, CLASS, NEXT = "Checkpoint", "model_selection", "forge_refresh_checkpoint"
"""What the recorded box is known by, and the element that is made after it."""


class CheckpointBox:
    """`modules_forge.main_entry`, and the part of the page that it makes: after both tabs, within the page."""

    def __init__(self, gradio: Any, after_component: list[Callable[..., Any]]) -> None:
        self._gradio = gradio
        self._after_component = after_component
        self.module = ModuleType("modules_forge.main_entry")
        self.module.__dict__["ui_checkpoint"] = None

    def modules(self) -> dict[str, ModuleType]:
        """What extensions import."""
        package = ModuleType("modules_forge")
        package.__path__ = []
        package.__dict__["main_entry"] = self.module
        return {"modules_forge": package, "modules_forge.main_entry": self.module}

    def build(self) -> None:
        """Each component is told of when it is made, the box before the module has it."""
        if self._gradio is None:
            return
        box = self._gradio.Dropdown([], label=LABEL, elem_classes=[CLASS])
        self._tell(box)
        self.module.__dict__["ui_checkpoint"] = box
        self._tell(self._gradio.Button(elem_id=NEXT))

    def _tell(self, component: Any) -> None:
        for callback in self._after_component:
            callback(component, elem_id=component.elem_id)
