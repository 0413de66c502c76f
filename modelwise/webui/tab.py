"""The Modelwise tab's layout: a page a section, each filled by the page's script when it is first seen.

What stands in a section comes from our own routes, so nothing here goes through gradio's queue, and nothing
is read before someone looks.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

TITLE, ELEMENT = "Modelwise", "modelwise"
"""The tab's label, and what the host makes its element id of: `tab_modelwise`."""

SECTIONS = {
    "lab": "Lab",
    "profiles": "Profiles",
    "checkpoints": "Checkpoints",
    "tags": "Tags",
    "scores": "Scores",
    "about": "About",
}
"""Title by name; the scripts go by the name."""


def page() -> Any:
    """The tab as a page of its own, as a host takes it from an extension."""
    with gr.Blocks(analytics_enabled=False) as blocks:
        lay_out()
    return blocks


def lay_out() -> None:
    """The sections, in the place where this is called."""
    with gr.Tabs(elem_id="modelwise_sections"):
        for name, title in SECTIONS.items():
            with gr.Tab(title, id=name, elem_id=f"modelwise_tab_{name}"):
                gr.HTML(f'<div class="modelwise-section" data-section="{name}"></div>')
