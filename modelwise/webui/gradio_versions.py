"""Where gradio 3 and gradio 4 want different words for the same thing."""

from __future__ import annotations

from typing import Literal

import gradio as gr

IS_3 = gr.__version__.startswith("3.")


def script(code: str) -> dict[str, str]:
    """The argument of an event that runs JavaScript in the page first."""
    return {"_js" if IS_3 else "js": code}


def again(mode: Literal["multiple", "always_last"]) -> dict[str, str]:
    """The argument of an event that may come again before it is answered. gradio 4 would pass over it;
    gradio 3 does, and the page's script asks until it is heard."""
    return {} if IS_3 else {"trigger_mode": mode}
