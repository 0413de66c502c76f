"""A compiled request as the body of the WebUI's `/sdapi/v1/txt2img`."""

from __future__ import annotations

from typing import Any

import msgspec

from modelwise.export.exported import Compiled, Exported

_FIELDS = {
    "width": "width",
    "height": "height",
    "cfg_scale": "cfg_scale",
    "steps": "steps",
    "sampler": "sampler_name",
    "scheduler": "scheduler",
}
_OPTIONS = {"clip_skip": "CLIP_stop_at_last_layers", "noise_schedule": "sd_noise_schedule"}


def export(compiled: Compiled) -> Exported:
    """The body as JSON; what the card does not say is left to the WebUI."""
    settings = compiled.settings
    body: dict[str, Any] = {"prompt": compiled.result.prompt, "negative_prompt": compiled.result.negative}
    body |= {theirs: settings[ours] for ours, theirs in _FIELDS.items() if ours in settings}
    options = {theirs: settings[ours] for ours, theirs in _OPTIONS.items() if ours in settings}
    if compiled.model:
        options["sd_model_checkpoint"] = compiled.model
    if options:
        body |= {"override_settings": options, "override_settings_restore_afterwards": True}
    return Exported(msgspec.json.format(msgspec.json.encode(body), indent=2).decode() + "\n")
