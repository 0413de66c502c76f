"""What stands in our place when a dependency is missing: one line that says so, and nothing else.

Imports nothing but the host.
"""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr
from modules import scripts

log = logging.getLogger("modelwise")


def script_for(error: ImportError) -> type[Any]:
    """A script that shows what is missing; prompts stay as they are."""
    text = f"Modelwise is off: {error}. Restart the WebUI with a network connection to install it."
    log.error(text)

    class ModelwiseScript(scripts.Script):  # type: ignore[misc]
        """Says what is missing."""

        def title(self) -> str:
            """The name in the host's lists."""
            return "Modelwise"

        def show(self, is_img2img: bool) -> Any:  # noqa: ARG002 (the host's signature)
            """Shown in both tabs."""
            return scripts.AlwaysVisible

        def ui(self, is_img2img: bool) -> list[Any]:  # noqa: ARG002 (the host's signature)
            """One line."""
            gr.Markdown(text)
            return []

    return ModelwiseScript
