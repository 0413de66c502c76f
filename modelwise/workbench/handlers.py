"""What the page's buttons do on the server, without gradio: values of boxes in, values of boxes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from modelwise.webui.engine import Engine
from modelwise.workbench import infotext
from modelwise.workbench.generate import Outcome, generate
from modelwise.workbench.host import Workbench
from modelwise.workbench.job import Hires, Request, WorkbenchJob
from modelwise.workbench.styles import merged, named

SETTINGS = ("width", "height", "cfg_scale", "steps", "sampler", "scheduler")
REQUEST = ("prompt", "negative", "styles", *SETTINGS, "batch_count", "batch_size", "seed")
"""The boxes of both tabs that go into a request."""

HIRES = (
    *("hires", "hires_scale", "hires_width", "hires_height", "upscaler", "hires_steps", "hires_denoising"),
    *("hires_checkpoint", "hires_prompt", "hires_negative"),
)
"""The boxes of txt2img's second pass."""

PASTED: dict[str, str] = {
    "prompt": "Prompt",
    "negative": "Negative prompt",
    "width": "Size-1",
    "height": "Size-2",
    "cfg_scale": "CFG scale",
    "steps": "Steps",
    "sampler": "Sampler",
    "scheduler": "Schedule type",
    "seed": "Seed",
    "denoising": "Denoising strength",
    "hires_denoising": "Denoising strength",
    "hires_scale": "Hires upscale",
    "hires_width": "Hires resize-1",
    "hires_height": "Hires resize-2",
    "upscaler": "Hires upscaler",
    "hires_steps": "Hires steps",
    "hires_checkpoint": "Hires checkpoint",
    "hires_prompt": "Hires prompt",
    "hires_negative": "Hires negative prompt",
}
"""The infotext's key for each box that a paste fills."""


class Handlers:
    """The workbench's side of its page."""

    def __init__(self, host: Workbench, engine: Engine, outputs: Path) -> None:
        self.host = host
        self.engine = engine
        self._outputs = outputs
        self.last_infotext = ""

    def generate(self, tab: str, values: Mapping[str, Any], arguments: Sequence[Any]) -> Outcome:
        """Run a job. `values`: the boxes by name; `arguments`: the panel's."""
        job = WorkbenchJob(request_from(tab, values), self.host)
        outcome = generate(self.engine, job, arguments, self._outputs)
        self.last_infotext = outcome.images[0].infotext
        return outcome

    def pasted(self, text: str) -> dict[str, str]:
        """What an infotext holds; of an empty box, the last one that was made."""
        return infotext.read(text if text.strip() else self.last_infotext)


def request_from(tab: str, values: Mapping[str, Any]) -> Request:
    """A request from the boxes' values."""
    settings = {name: values[name] for name in SETTINGS}
    return Request(
        tab,
        values["prompt"],
        values["negative"],
        settings,
        named(values["styles"] or ()),
        int(values["batch_count"]),
        int(values["batch_size"]),
        int(-1 if values["seed"] is None else values["seed"]),
        hires_from(values) if values.get("hires") else None,
        values.get("denoising"),
    )


def hires_from(values: Mapping[str, Any]) -> Hires:
    """The second pass from the boxes' values."""
    return Hires(
        values["hires_scale"],
        int(values["hires_width"]),
        int(values["hires_height"]),
        values["upscaler"],
        int(values["hires_steps"]),
        float(values["hires_denoising"]),
        values["hires_checkpoint"],
        values["hires_prompt"],
        values["hires_negative"],
    )


def filled(name: str, current: Any, params: Mapping[str, str]) -> Any:
    """A box's value after a paste, in the box's own type; None leaves it."""
    if name == "hires":
        return "Hires upscale" in params or "Hires resize-1" in params
    text = params.get(PASTED[name])
    if text is None:
        return None
    if not isinstance(current, (int, float)):
        return text
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if isinstance(current, int) and number.is_integer() else number  # 7.0 comes as 7


def with_styles(prompt: str, negative: str, names: Sequence[str]) -> tuple[str, str]:
    """Both prompts with the styles written into them."""
    styles = named(names)
    return (
        merged(prompt, [style.prompt for style in styles]),
        merged(negative, [style.negative for style in styles]),
    )
