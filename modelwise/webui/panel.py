"""The panel's layout in txt2img and img2img, made of gradio; knows nothing of the host's modules.

The order of `controls` is the order of the script's arguments: a contract with API clients, new ones come
last. What the panel does is in `panel_events`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import gradio as gr

from modelwise.settings import FIELDS, Policy
from modelwise.webui import element_ids
from modelwise.webui.choices import SWITCHES, UNSET, Mode
from modelwise.webui.engine import Engine
from modelwise.webui.settings_page import FIELD_TITLES
from modelwise.words import RATINGS

AUTO = "Auto"
LEVELS = ("standard", "light", "heavy")
POLICIES = get_args(Policy)


@dataclass(frozen=True, slots=True)
class Parts:
    """The panel's components by name. `controls`: the script's arguments in their order."""

    tab: str
    controls: dict[str, Any]
    texts: dict[str, Any]
    presets: dict[str, Any]
    carriers: dict[str, Any]
    triggers: dict[str, Any]


def laid_out(engine: Engine, tab: str) -> Parts:
    """Make the components of a tab's panel."""
    with gr.Accordion("Modelwise", open=False, elem_id=element_ids.panel(tab)):
        texts = {name: _text(tab, name) for name in ("line", "rows", "message")}
        whose = _whose(engine, tab)
        intent = _intent(tab)
        texts |= {name: _text(tab, name) for name in ("notes", "preview")}
        with gr.Accordion("What may be done", open=False, elem_id=element_ids.part(tab, "limits")):
            switches = _switches(tab)
            grouping = gr.Checkbox(
                False,
                label="Keep my grouping: of several characters, move the subjects alone",
                elem_id=element_ids.part(tab, "grouping"),
            )
            policies = _policies(tab)
        with gr.Accordion("My presets", open=False, elem_id=element_ids.part(tab, "presets")):
            presets = _presets(tab)
        carriers = {name: _carrier(tab, name) for name in ("touched", "pasted", "clicked", "page")}
        triggers = {name: _trigger(tab, name) for name in ("refresh", "greet", "act")}
    year = intent.pop("year")
    aesthetic = intent.pop("aesthetic")
    controls = {
        **whose,
        **intent,
        "year": year,
        "touched": carriers["touched"],
        "pasted": carriers["pasted"],
        "switches": switches,
        "aesthetic": aesthetic,
        **policies,
        "clicked": carriers["clicked"],
        "grouping": grouping,
    }
    for component in (*controls.values(), *presets.values(), *carriers.values()):
        component.do_not_save_to_config = True
    return Parts(tab, controls, texts, presets, carriers, triggers)


def _text(tab: str, name: str) -> Any:
    return gr.HTML("", elem_id=element_ids.part(tab, name))


def _whose(engine: Engine, tab: str) -> dict[str, Any]:
    """Mode and profile."""
    names = [AUTO, *sorted(found.name for found in engine.profiles.values())]
    with gr.Row(elem_classes="modelwise-controls"):
        mode = gr.Radio(
            list(get_args(Mode)), value="auto", label="Mode", elem_id=element_ids.part(tab, "mode")
        )
        profile = gr.Dropdown(names, value=AUTO, label="Profile", elem_id=element_ids.part(tab, "profile"))
    return {"mode": mode, "profile": profile}


def _intent(tab: str) -> dict[str, Any]:
    """Quality level, rating, year, aesthetic."""
    with gr.Row(elem_classes="modelwise-controls"):
        quality = gr.Dropdown(
            list(LEVELS), value="standard", label="Quality", elem_id=element_ids.part(tab, "quality")
        )
        rating = gr.Dropdown(
            [UNSET, *RATINGS], value=UNSET, label="Rating", elem_id=element_ids.part(tab, "rating")
        )
        year = gr.Dropdown(
            [""], value="", label="Year", allow_custom_value=True, elem_id=element_ids.part(tab, "year")
        )
        aesthetic = gr.Checkbox(
            False, label="High aesthetic", elem_id=element_ids.part(tab, "aesthetic"), visible=False
        )
    return {"quality": quality, "rating": rating, "year": year, "aesthetic": aesthetic}


def _switches(tab: str) -> Any:
    return gr.CheckboxGroup(
        list(SWITCHES),
        value=list(SWITCHES),
        label="What Modelwise does",
        elem_id=element_ids.part(tab, "switches"),
    )


def _policies(tab: str) -> dict[str, Any]:
    """What may be set of each field."""
    with gr.Row():
        return {
            f"policy_{field}": gr.Dropdown(
                list(POLICIES),
                value="fill",
                label=f"Set {FIELD_TITLES[field]}",
                elem_id=element_ids.part(tab, f"policy_{field}"),
                min_width=120,
            )
            for field in FIELDS
        }


def _presets(tab: str) -> dict[str, Any]:
    """The user's own presets: save, choose, rename, delete, move, exchange."""
    with gr.Row():
        name = gr.Textbox("", label="Name", max_lines=1, elem_id=element_ids.part(tab, "preset_name"))
        chosen = gr.Dropdown([], label="My presets", elem_id=element_ids.part(tab, "preset_chosen"))
    with gr.Row():
        buttons = {
            key: gr.Button(label, size="sm", min_width=80, elem_id=element_ids.part(tab, f"preset_{key}"))
            for key, label in (
                ("save", "Save"),
                ("rename", "Rename"),
                ("delete", "Delete"),
                ("earlier", "Earlier"),
                ("later", "Later"),
                ("export", "Export"),
                ("import", "Import"),
            )
        }
    toml = gr.Textbox("", label="TOML", lines=3, elem_id=element_ids.part(tab, "preset_toml"))
    return {"name": name, "chosen": chosen, "toml": toml, **buttons}


def _carrier(tab: str, name: str) -> Any:
    """A text box that the page fills and nobody sees; `visible=False` would take it out of the page."""
    return gr.Textbox(
        "",
        label=name,
        show_label=False,
        elem_id=element_ids.part(tab, name),
        elem_classes="modelwise-hidden",
    )


def _trigger(tab: str, name: str) -> Any:
    """A button that the page's script presses."""
    return gr.Button(name, elem_id=element_ids.part(tab, name), elem_classes="modelwise-hidden")
