"""The panel in txt2img and img2img, made of gradio and the engine; knows nothing of the host's modules.

The order of `controls` is the order of the script's arguments: a contract with API clients.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, get_args

import gradio as gr

from modelwise.terms import QualityLevel
from modelwise.webui import element_ids, infotext
from modelwise.webui.choices import UNSET, Mode, is_foreign
from modelwise.webui.engine import Engine
from modelwise.words import RATINGS

AUTO = "Auto"
LEVELS: tuple[QualityLevel, ...] = ("standard", "light", "heavy")


@dataclass(frozen=True, slots=True)
class Panel:
    """The script's arguments in their order, and how a pasted infotext fills them."""

    controls: list[Any]
    infotext_fields: list[tuple[Any, Callable[[dict[str, Any]], Any]]]


def build(engine: Engine, tab: str) -> Panel:
    """Make the panel of a tab."""
    with gr.Accordion("Modelwise", open=False, elem_id=element_ids.panel(tab)):
        line = gr.HTML("", elem_id=element_ids.part(tab, "line"))
        mode, profile = _whose(engine, tab)
        intent = _intent(tab)
        touched, pasted = _carrier(tab, "touched"), _carrier(tab, "pasted")
        refresh = gr.Button(
            "refresh", elem_id=element_ids.part(tab, "refresh"), elem_classes="modelwise-hidden"
        )
    for trigger in (refresh.click, profile.input, mode.change, pasted.change):
        trigger(
            lambda choice, mode, pasted, touched: describe(engine, choice, mode, pasted) if touched else "",
            inputs=[profile, mode, pasted, touched],  # a line tells the page's script that it was heard
            outputs=[line],
            queue=False,
            show_progress=False,
        )
    controls = [mode, profile, *intent, touched, pasted]
    for control in controls:
        control.do_not_save_to_config = True
    return Panel(controls, _infotext_fields(engine, controls))


def _whose(engine: Engine, tab: str) -> tuple[Any, Any]:
    """Mode and profile."""
    names = [AUTO, *(found.name for found in engine.profiles.values())]
    with gr.Row():
        mode = gr.Radio(
            list(get_args(Mode)), value="auto", label="Mode", elem_id=element_ids.part(tab, "mode")
        )
        profile = gr.Dropdown(names, value=AUTO, label="Profile", elem_id=element_ids.part(tab, "profile"))
    return mode, profile


def _intent(tab: str) -> list[Any]:
    """Quality level, rating and year."""
    with gr.Row():
        quality = gr.Dropdown(
            list(LEVELS), value="standard", label="Quality", elem_id=element_ids.part(tab, "quality")
        )
        rating = gr.Dropdown(
            [UNSET, *RATINGS], value=UNSET, label="Rating", elem_id=element_ids.part(tab, "rating")
        )
        year = gr.Textbox(
            "", label="Year", placeholder="any", max_lines=1, elem_id=element_ids.part(tab, "year")
        )
    return [quality, rating, year]


def _carrier(tab: str, name: str) -> Any:
    """A text box that the page fills and nobody sees; `visible=False` would take it out of the page."""
    return gr.Textbox(
        "",
        label=name,
        show_label=False,
        elem_id=element_ids.part(tab, name),
        elem_classes="modelwise-hidden",
    )


def describe(engine: Engine, choice: str | None, mode: str = "auto", pasted: str = "") -> str:
    """The line that says which profile is used and why, or why none is, as HTML."""
    if mode == "off":
        return _line("Off: prompts and settings are left as they are.")
    if mode == "auto" and is_foreign(pasted):
        return _line(
            "Off for the pasted prompt, which Modelwise has not made. Choose <b>on</b> to use it all the"
            " same; emptying the prompt ends this."
        )
    found = engine.detect(engine.host.current_checkpoint(), choice)
    profile = engine.profiles[found.profile]
    offer = engine.profiles.get(found.suggestion or "")
    text = f"<b>{escape(profile.name)}</b>: {escape(found.reason)}"
    if offer:
        text += f" Looks like {escape(offer.name)}: choose it under Profile to use it."
    return _line(text)


def _line(text: str) -> str:
    return f'<p class="modelwise-line">{text}</p>'


def _infotext_fields(
    engine: Engine, controls: list[Any]
) -> list[tuple[Any, Callable[[dict[str, Any]], Any]]]:
    """What a pasted infotext of ours puts into the panel; another's only tells that it is another's."""
    mode, profile, quality, rating, year, _touched, pasted = controls

    def restored(value: Callable[[infotext.Record], Any]) -> Callable[[dict[str, Any]], Any]:
        def restore(params: dict[str, Any]) -> Any:
            record = infotext.read(params)
            return gr.update() if record is None else gr.update(value=value(record))

        return restore

    def named(record: infotext.Record) -> str:
        found = engine.profiles.get(record.choice)
        return found.name if found else AUTO

    return [
        (mode, restored(lambda record: record.mode)),
        (profile, restored(named)),
        (quality, restored(lambda record: record.quality or "standard")),
        (rating, restored(lambda record: record.rating or UNSET)),
        (year, restored(lambda record: str(record.year or ""))),
        (pasted, lambda params: gr.update(value=infotext.pasted(params))),
    ]
