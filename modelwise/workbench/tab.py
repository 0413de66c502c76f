"""txt2img and img2img: their controls with our panel among them, and what their buttons do."""

from __future__ import annotations

from typing import Any

import gradio as gr

from modelwise.webui import gradio_versions, panel_events
from modelwise.workbench import controls, shown
from modelwise.workbench.handlers import HIRES, PASTED, REQUEST, Handlers, filled, with_styles
from modelwise.workbench.styles import STYLES

_QUICK = {"queue": False, "show_progress": False}


class Tab:
    """One of the two tabs. `boxes`: its components by a short name."""

    def __init__(self, name: str, handlers: Handlers) -> None:
        self.name = name
        self.handlers = handlers
        with gr.Row(elem_id=f"{name}_toprow", elem_classes=["toprow"]):
            self.boxes = {
                **controls.prompts(name),
                **controls.actions(name, [style.name for style in STYLES]),
            }
        with (
            gr.Tabs(elem_id=f"{name}_extra_tabs", elem_classes=["extra-networks"]),
            gr.Tab("Generation", elem_id=f"{name}_generation"),
            gr.Row(elem_classes=["generation"]),
        ):
            with gr.Column(elem_id=f"{name}_settings"):
                self._settings()
            self.boxes |= controls.results(name)
        self._texts = gr.JSON(visible=False)
        self._bind()
        self.panel.bind(self.boxes)

    def _settings(self) -> None:
        boxes = self.boxes
        with gr.Group():
            self.panel = panel_events.build(self.handlers.engine, self.name)
        if self.name == "img2img":
            boxes |= controls.source_image()
        boxes |= controls.sampling(self.name)
        if self.name == "txt2img":
            with gr.Row(elem_id="txt2img_accordions", elem_classes=["accordions"]):
                boxes |= controls.hires(self.handlers.host.checkpoint_names())
        boxes |= controls.size_and_batch(self.name)
        boxes |= controls.cfg_and_seed(self.name)

    def _bind(self) -> None:
        boxes = self.boxes
        self._bind_generate()
        boxes["clear"].click(lambda: ("", ""), outputs=[boxes["prompt"], boxes["negative"]], **_QUICK)
        boxes["apply_styles"].click(
            lambda prompt, negative, names: (*with_styles(prompt, negative, names), []),
            inputs=[boxes["prompt"], boxes["negative"], boxes["styles"]],
            outputs=[boxes["prompt"], boxes["negative"], boxes["styles"]],
            **_QUICK,
        )
        boxes["exchange"].click(
            lambda width, height: (height, width),
            inputs=[boxes["width"], boxes["height"]],
            outputs=[boxes["width"], boxes["height"]],
            **_QUICK,
        )
        boxes["random_seed"].click(lambda: -1, outputs=[boxes["seed"]], **_QUICK)
        boxes["reuse_seed"].click(
            lambda: int(self.handlers.pasted("").get("Seed", -1)), outputs=[boxes["seed"]], **_QUICK
        )
        if "hires" in boxes:
            follow = "(on) => modelwiseWorkbench.openAccordion('txt2img_hr', on)"
            boxes["hires"].change(None, inputs=[boxes["hires"]], **gradio_versions.script(follow))
        self.fills_from(boxes["paste"].click, boxes["prompt"])

    def _bind_generate(self) -> None:
        boxes = self.boxes
        names = [*REQUEST, *(HIRES if self.name == "txt2img" else ("denoising",))]
        boxes["generate"].click(
            lambda *values: self._generated(dict(zip(names, values)), values[len(names) :]),
            inputs=[*(boxes[name] for name in names), *self.panel.controls],
            outputs=[self._texts, boxes["gallery"], boxes["info"], boxes["shown"], boxes["log"]],
            **_QUICK,
        )
        # In the page alone: the gallery selects the first picture of a new batch by itself, and gradio passes
        # over a click on another one that comes before the server has answered.
        texts = f"(...texts) => modelwiseWorkbench.textsOfPicture({self.name!r}, ...texts)"
        both = [boxes["info"], boxes["shown"]]
        boxes["gallery"].select(None, inputs=[self._texts], outputs=both, **gradio_versions.script(texts))

    def _generated(self, values: dict[str, Any], arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        outcome = self.handlers.generate(self.name, values, arguments)
        files = [str(image.file) for image in outcome.images]
        texts = [
            (shown.infotext(image.infotext), shown.sampler_input(outcome, index))
            for index, image in enumerate(outcome.images)
        ]
        return (texts, files, *texts[0], shown.comments(outcome))

    def fills_from(self, event: Any, source: Any, *, after: str | None = None) -> None:
        """Let an event fill this tab from the infotext in `source`; `after`: JavaScript to run then."""
        own = [name for name in (*PASTED, "hires") if name in self.boxes]
        fields = self.panel.infotext_fields

        def fill(text: str, *current: Any) -> list[Any]:
            params = self.handlers.pasted(text or "")
            if not any(params.values()):
                return [gr.update()] * (len(own) + len(fields))
            values = [filled(name, value, params) for name, value in zip(own, current)]
            values += [restore(params) for _, restore in fields]
            return [gr.update() if value is None else gr.update(value=value) for value in values]

        boxes = [self.boxes[name] for name in own]
        done = event(
            fill, inputs=[source, *boxes], outputs=[*boxes, *(field for field, _ in fields)], **_QUICK
        )
        if after:
            done.then(None, **gradio_versions.script(after))
