"""The whole page: quick settings, the two tabs, PNG info, settings."""

from __future__ import annotations

import json
from functools import partial
from html import escape
from typing import Any

import gradio as gr

from modelwise.webui import gradio_versions
from modelwise.webui import tab as our_tab
from modelwise.webui.settings_page import OPTIONS, TITLE, Option
from modelwise.workbench import controls, picture, shown
from modelwise.workbench.handlers import Handlers
from modelwise.workbench.host import CHECKPOINT_OPTION, OWN_OPTIONS
from modelwise.workbench.tab import Tab

_QUICK = {"queue": False, "show_progress": False}
_CHANGED = "() => modelwiseWorkbench.optionsChanged()"


def build(handlers: Handlers) -> Any:
    """The page as gradio Blocks."""
    fonts = ["Source Sans Pro", "ui-sans-serif", "system-ui", "sans-serif"]
    theme = gr.themes.Default(font=fonts, font_mono=["ui-monospace", "Consolas", "monospace"])
    with gr.Blocks(theme=theme, analytics_enabled=False, title="Modelwise workbench") as page:
        options = gr.Textbox("", elem_id="settings_json", visible=False, show_label=False)
        read = page.load(lambda: json.dumps(handlers.host.options), outputs=[options], **_QUICK)
        read.then(None, **gradio_versions.script(_CHANGED))
        _quick_settings(handlers, options)
        with gr.Tabs(elem_id="tabs"):
            tabs = {}
            for name in ("txt2img", "img2img"):
                with gr.Tab(name, id=name, elem_id=f"tab_{name}"):
                    tabs[name] = Tab(name, handlers)
            with gr.Tab("PNG Info", id="pnginfo", elem_id="tab_pnginfo"):
                _png_info(tabs)
            with gr.Tab(our_tab.TITLE, id=our_tab.ELEMENT, elem_id=f"tab_{our_tab.ELEMENT}"):
                our_tab.lay_out()
            with gr.Tab("Settings", id="settings", elem_id="tab_settings"):
                rows = _settings(handlers, tabs["txt2img"], options)
        page.load(lambda: _shown_rows(handlers), outputs=rows, **_QUICK)
        _send_to_img2img(tabs)
        gr.HTML(_footer(), elem_id="footer")
    for block in page.blocks.values():  # the WebUI's style sheets, and those of extensions, go by these
        block.elem_classes = [f"gradio-{block.get_block_name()}", *(block.elem_classes or ())]
    return page


def _quick_settings(handlers: Handlers, options: Any) -> None:
    host = handlers.host

    def choose(name: str) -> str:
        if name in host.checkpoint_names():  # the box sends half-typed names too
            host.options[CHECKPOINT_OPTION] = name
        return json.dumps(host.options)

    def refresh() -> Any:
        host.refresh()
        return gr.update(choices=host.checkpoint_names())

    with gr.Row(elem_id="quicksettings"):
        box = gr.Dropdown(
            host.checkpoint_names(),
            value=lambda: host.options[CHECKPOINT_OPTION],
            label="Stable Diffusion checkpoint",
            elem_id=f"setting_{CHECKPOINT_OPTION}",
        )
        again = gr.Button("🔄", elem_id=f"refresh_{CHECKPOINT_OPTION}", elem_classes=["tool"])
    chosen = box.input(choose, inputs=[box], outputs=[options], **_QUICK)
    chosen.then(None, **gradio_versions.script(_CHANGED))
    again.click(refresh, outputs=[box], **_QUICK)


def _png_info(tabs: dict[str, Tab]) -> None:
    with gr.Row():
        with gr.Column():
            image = controls.picture("pnginfo_image", "Source", height=420)
        with gr.Column():
            info = gr.HTML("", elem_classes=["infotext"], elem_id="pnginfo_html_info")
            text = gr.Textbox(visible=False, elem_id="pnginfo_generation_info")
            with gr.Row():
                buttons = {name: gr.Button(f"Send to {name}", elem_id=f"{name}_tab") for name in tabs}

    def read(picked: Any) -> tuple[str, str]:
        found = picture.infotext_of(picked)
        none = "<p>This picture holds no infotext.</p>" if picked is not None else ""
        return shown.infotext(found) if found else none, found

    image.change(read, inputs=[image], outputs=[info, text], **_QUICK)
    for name, button in buttons.items():
        tabs[name].fills_from(button.click, text, after=f"() => modelwiseWorkbench.openTab('{name}')")


def _shown_rows(handlers: Handlers) -> list[Any]:
    """Whether the rows that the WebUI hides by default are shown."""
    return [gr.update(visible=handlers.host.options[option.key]) for option in OWN_OPTIONS]


def _settings(handlers: Handlers, txt2img: Tab, shown_options: Any) -> list[Any]:
    """Our section as the WebUI would show it, and what the workbench knows of the WebUI's own."""
    host = handlers.host
    boxes = {}
    with gr.Row():
        apply = gr.Button("Apply settings", variant="primary", elem_id="settings_submit")
    for title, options in ((TITLE, OPTIONS), ("UI alternatives", OWN_OPTIONS)):
        gr.HTML(f"<h2>{escape(title)}</h2>")
        for option in options:
            boxes[option.key] = _box(handlers, option)
    result = gr.HTML("", elem_id="settings_result")

    def store(*values: bool) -> list[Any]:
        before = dict(host.options)
        host.options.update(zip(boxes, values))
        count = sum(before.get(key) != value for key, value in host.options.items())
        return [json.dumps(host.options), f"{count} settings changed.", *_shown_rows(handlers)]

    rows = [txt2img.boxes["hires_choices_row"], txt2img.boxes["hires_prompts_row"]]
    stored = apply.click(store, inputs=list(boxes.values()), outputs=[shown_options, result, *rows], **_QUICK)
    stored.then(None, **gradio_versions.script(_CHANGED))
    return rows


def _box(handlers: Handlers, option: Option) -> Any:
    label = f"{option.label} ({option.info})" if option.info else option.label
    current = partial(handlers.host.option, option.key, option.default)
    element = f"setting_{option.key}"
    if option.choices:
        return gr.Radio(list(option.choices), value=current, label=label, elem_id=element)
    if isinstance(option.default, str):
        return gr.Textbox(current, label=label, elem_id=element)
    return gr.Checkbox(current, label=label, elem_id=element)


def _send_to_img2img(tabs: dict[str, Tab]) -> None:
    """A finished picture becomes img2img's source, with its infotext."""
    target = tabs["img2img"]
    for tab in tabs.values():
        button, gallery = tab.boxes["to_img2img"], tab.boxes["gallery"]
        button.click(_first_file, inputs=[gallery], outputs=[target.boxes["image"]], **_QUICK)
        nothing = gr.State("")
        target.fills_from(button.click, nothing, after="() => modelwiseWorkbench.openTab('img2img')")


def _first_file(pictures: Any) -> Any:
    """The first picture of a gallery, as gradio hands it over."""
    if not pictures:
        return gr.update()
    first = pictures[0]
    first = first[0] if isinstance(first, (list, tuple)) else first
    return first["name"] if isinstance(first, dict) else first


def _footer() -> str:
    gradio = escape(gr.__version__)
    says = "shows what the sampler would get; generates nothing"
    return f"<p>Modelwise workbench · gradio {gradio} · {says}</p>"
