"""The WebUI's controls with its element ids, labels, ranges and defaults; a function for each group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from modelwise.webui.gradio_versions import IS_3
from modelwise.workbench.names import (
    SAME_CHECKPOINT,
    SAME_SAMPLER,
    SAME_SCHEDULER,
    SAMPLERS,
    SCHEDULERS,
    UPSCALERS,
)

Boxes = dict[str, Any]
"""A tab's components by a short name of ours."""

_KEYS = "(Press Ctrl+Enter to generate, Alt+Enter to skip, Esc to interrupt)"


def prompt_box(element: str, label: str, placeholder: str) -> Any:
    """A prompt box of three lines."""
    return gr.Textbox(
        "",
        label=label,
        elem_id=element,
        lines=3,
        show_label=False,
        placeholder=placeholder,
        elem_classes=["prompt"],
    )


def tool(icon: str, element: str) -> Any:
    """A small square button; the page's script gives it its title."""
    return gr.Button(icon, elem_id=element, elem_classes=["tool"])


def slider(element: str, label: str, bounds: tuple[float, float, float], value: float, **more: Any) -> Any:
    """A slider; `bounds`: lowest, highest, step."""
    low, high, step = bounds
    return gr.Slider(low, high, step=step, value=value, label=label, elem_id=element, **more)


def choice(element: str, label: str, names: Sequence[str], value: str | None = None, **more: Any) -> Any:
    """A box with a list to choose from."""
    first = value if value is not None else names[0]
    return gr.Dropdown(list(names), value=first, label=label, elem_id=element, **more)


def picture(element: str, label: str, **more: Any) -> Any:
    """A picture that is uploaded, handed over as a PIL image."""
    sources = {"source": "upload"} if IS_3 else {"sources": ["upload", "clipboard"]}
    more |= {"type": "pil", "image_mode": "RGBA", "interactive": True, **sources}
    return gr.Image(elem_id=element, label=label, **more)


def prompts(tab: str) -> Boxes:
    """Prompt and negative."""
    boxes = {}
    with gr.Column(elem_id=f"{tab}_prompt_container", scale=6):
        for name, element, label in (
            ("prompt", "prompt", "Prompt"),
            ("negative", "neg_prompt", "Negative prompt"),
        ):
            with gr.Row(elem_id=f"{tab}_{element}_row", elem_classes=["prompt-row"]):
                boxes[name] = prompt_box(f"{tab}_{element}", label, f"{label}\n{_KEYS}")
    return boxes


def actions(tab: str, styles: Sequence[str]) -> Boxes:
    """Generate, the tools under it, styles."""
    boxes: Boxes = {}
    with gr.Column(elem_id=f"{tab}_actions_column", scale=1):
        with gr.Row(elem_id=f"{tab}_generate_box", elem_classes=["generate-box"]):
            boxes["generate"] = gr.Button("Generate", elem_id=f"{tab}_generate", variant="primary")
        with gr.Row(elem_id=f"{tab}_tools"):
            boxes["paste"] = tool("↙️", "paste")
            boxes["clear"] = tool("🗑️", f"{tab}_clear_prompt")
            boxes["apply_styles"] = tool("📋", f"{tab}_style_apply")
        with gr.Row(elem_id=f"{tab}_styles_row"):
            more = {"value": [], "multiselect": True, "show_label": False}
            boxes["styles"] = gr.Dropdown(list(styles), label="Styles", elem_id=f"{tab}_styles", **more)
    return boxes


def sampling(tab: str) -> Boxes:
    """Sampler, scheduler, steps."""
    with gr.Row(elem_classes=["sampling"]):
        return {
            "sampler": choice(f"{tab}_sampling", "Sampling method", SAMPLERS),
            "scheduler": choice(f"{tab}_scheduler", "Schedule type", SCHEDULERS),
            "steps": slider(f"{tab}_steps", "Sampling steps", (1, 150, 1), 20),
        }


def size_and_batch(tab: str) -> Boxes:
    """Width, height and their exchange; batch count and size."""
    boxes: Boxes = {}
    with gr.Row(elem_classes=["size-row"]):
        with gr.Column(elem_id=f"{tab}_column_size", scale=4):
            boxes["width"] = slider(f"{tab}_width", "Width", (64, 2048, 8), 512)
            boxes["height"] = slider(f"{tab}_height", "Height", (64, 2048, 8), 512)
        with gr.Column(elem_id=f"{tab}_dimensions_row", elem_classes=["dimensions-tools"], scale=1):
            boxes["exchange"] = tool("⇅", f"{tab}_res_switch_btn")
        with gr.Column(elem_id=f"{tab}_column_batch", scale=2):
            boxes["batch_count"] = slider(f"{tab}_batch_count", "Batch count", (1, 100, 1), 1)
            boxes["batch_size"] = slider(f"{tab}_batch_size", "Batch size", (1, 8, 1), 1)
    return boxes


def cfg_and_seed(tab: str) -> Boxes:
    """CFG scale (img2img: and denoising strength), seed."""
    boxes = {"cfg_scale": slider(f"{tab}_cfg_scale", "CFG Scale", (1.0, 30.0, 0.5), 7.0)}
    if tab == "img2img":
        bounds = (0.0, 1.0, 0.01)
        boxes["denoising"] = slider(f"{tab}_denoising_strength", "Denoising strength", bounds, 0.75)
    with gr.Row(elem_id=f"{tab}_seed_row"):
        boxes["seed"] = gr.Number(-1, label="Seed", elem_id=f"{tab}_seed", precision=0, min_width=100)
        boxes["random_seed"] = tool("🎲️", f"{tab}_random_seed")
        boxes["reuse_seed"] = tool("♻️", f"{tab}_reuse_seed")
    return boxes


def hires(checkpoints: Sequence[str]) -> Boxes:
    """The second pass of txt2img: open is on. What the WebUI hides by default is hidden here."""
    boxes: Boxes = {
        "hires": gr.Checkbox(False, label="Hires. fix", elem_id="txt2img_hr-checkbox", visible=False)
    }
    with gr.Accordion("Hires. fix", open=False, elem_id="txt2img_hr", elem_classes=["input-accordion"]):
        with gr.Row(elem_id="txt2img_hires_fix_row1"):
            boxes["upscaler"] = choice("txt2img_hr_upscaler", "Upscaler", UPSCALERS)
            boxes["hires_steps"] = slider("txt2img_hires_steps", "Hires steps", (0, 150, 1), 0)
            strength = slider("txt2img_denoising_strength", "Denoising strength", (0.0, 1.0, 0.01), 0.7)
            boxes["hires_denoising"] = strength
        with gr.Row(elem_id="txt2img_hires_fix_row2"):
            boxes["hires_scale"] = slider("txt2img_hr_scale", "Upscale by", (1.0, 4.0, 0.05), 2.0)
            boxes["hires_width"] = slider("txt2img_hr_resize_x", "Resize width to", (0, 2048, 8), 0)
            boxes["hires_height"] = slider("txt2img_hr_resize_y", "Resize height to", (0, 2048, 8), 0)
        with gr.Row(elem_id="txt2img_hires_fix_row3", visible=False) as boxes["hires_choices_row"]:
            boxes["hires_checkpoint"] = choice("hr_checkpoint", "Checkpoint", [SAME_CHECKPOINT, *checkpoints])
            choice("hr_sampler", "Hires sampling method", [SAME_SAMPLER, *SAMPLERS])
            choice("hr_scheduler", "Hires schedule type", [SAME_SCHEDULER, *SCHEDULERS])
        with gr.Row(elem_id="txt2img_hires_fix_row4", visible=False) as boxes["hires_prompts_row"]:
            boxes["hires_prompt"] = hires_prompt("hires_prompt", "prompt")
            boxes["hires_negative"] = hires_prompt("hires_neg_prompt", "negative prompt")
    return boxes


def hires_prompt(element: str, words: str) -> Any:
    """A prompt box of the second pass."""
    leave = f"Leave empty to use the same {words} as in first pass."
    return prompt_box(element, f"Hires {words}", f"{words.capitalize()} for hires fix pass.\n{leave}")


def source_image() -> Boxes:
    """What img2img starts from."""
    with gr.Tabs(elem_id="mode_img2img"), gr.Tab("img2img", elem_id="img2img_img2img_tab"):
        image = picture("img2img_image", "Image for img2img", show_label=False)
    return {"image": image}


def results(tab: str) -> Boxes:
    """The gallery, what can be done with a picture, and what is said of it."""
    boxes: Boxes = {}
    with gr.Column(elem_id=f"{tab}_results"):
        with gr.Column(elem_id=f"{tab}_results_panel"):
            with gr.Group(elem_id=f"{tab}_gallery_container"):
                look = {"show_label": False, "columns": 4, "preview": True, "height": 420}
                boxes["gallery"] = gr.Gallery(label="Output", elem_id=f"{tab}_gallery", **look)
            with gr.Row(elem_classes=["image-buttons"]):
                boxes["to_img2img"] = tool("🖼️", f"{tab}_send_to_img2img")
            boxes["info"] = gr.HTML("", elem_id=f"html_info_{tab}", elem_classes=["infotext"])
            boxes["log"] = gr.HTML("", elem_id=f"html_log_{tab}", elem_classes=["html-log"])
        boxes["shown"] = gr.HTML("", elem_id=f"workbench_{tab}_shown")
    return boxes
