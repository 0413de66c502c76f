"""The host's options: ours in its settings page, and which of them are frozen."""

from __future__ import annotations

import gradio as gr
from modules import shared

from modelwise.webui.settings_page import TITLE, Option


def add_option(option: Option) -> None:
    """A setting of ours, in our own section; added again, it is the same.

    Not by `on_ui_settings`: to add a callback the WebUI looks through the source of the whole call stack,
    which took as long as the rest of our start.
    """
    choices = {"component": gr.Radio, "component_args": {"choices": list(option.choices)}}
    more = choices if option.choices else {}
    shown = shared.OptionInfo(option.default, option.label, section=("modelwise", TITLE), **more)
    shared.opts.add_option(option.key, shown.info(option.info))


def is_frozen(key: str) -> bool:
    """Whether `--freeze-settings` and its kind forbid the key: an override would fail the whole job."""
    options = shared.cmd_opts
    section = getattr(shared.opts.data_labels.get(key), "section", None) or ("", "")
    return (
        bool(getattr(options, "freeze_settings", False))
        or key in _names(getattr(options, "freeze_specific_settings", None))
        or section[0] in _names(getattr(options, "freeze_settings_in_sections", None))
    )


def _names(listed: str | None) -> set[str]:
    return {name.strip() for name in (listed or "").split(",")}
