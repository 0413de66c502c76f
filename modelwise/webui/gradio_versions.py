"""Where gradio 3 and gradio 4 want different words for the same thing."""

from __future__ import annotations

import gradio as gr

IS_3 = gr.__version__.startswith("3.")


def script(code: str) -> dict[str, str]:
    """The argument of an event that runs JavaScript in the page first."""
    return {"_js" if IS_3 else "js": code}
