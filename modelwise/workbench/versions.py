"""Where gradio 3 and gradio 4 want different words for the same thing."""

from __future__ import annotations

from typing import Any

import gradio as gr

IS_3 = gr.__version__.startswith("3.")


def script(code: str) -> dict[str, str]:
    """The argument of an event that runs JavaScript in the page first."""
    return {"_js" if IS_3 else "js": code}


def image(**more: Any) -> Any:
    """A picture that is uploaded or pasted, handed over as a PIL image."""
    sources = {"source": "upload"} if IS_3 else {"sources": ["upload", "clipboard"]}
    return gr.Image(type="pil", image_mode="RGBA", interactive=True, **sources, **more)


def box(**more: Any) -> Any:
    """A frame around controls."""
    return gr.Box(**more) if IS_3 else gr.Group(**more)
