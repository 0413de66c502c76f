"""AUTOMATIC1111 and its forks as a Host: the one door to `modules.*`.

Picks by feature, never by a program's name or version. Every fact it relies on was seen in a real run.
"""

from modelwise.webui.adapter.checkpoint_box import when_checkpoint_is_chosen
from modelwise.webui.adapter.job import WebUIJob
from modelwise.webui.adapter.notes import keep, kept
from modelwise.webui.adapter.options import add_option
from modelwise.webui.adapter.plots import add_axes, picked
from modelwise.webui.adapter.program import ALWAYS_VISIBLE, GIVES_FINISHED_IMAGES, ScriptBase, WebUI
from modelwise.webui.adapter.serving import WebUIAccess, add_tab, on_app_started, on_unloaded
from modelwise.webui.adapter.token_counter import count_instead
from modelwise.webui.adapter.turns import task

__all__ = [
    "ALWAYS_VISIBLE",
    "GIVES_FINISHED_IMAGES",
    "ScriptBase",
    "WebUI",
    "WebUIAccess",
    "WebUIJob",
    "add_axes",
    "add_option",
    "add_tab",
    "count_instead",
    "keep",
    "kept",
    "on_app_started",
    "on_unloaded",
    "picked",
    "task",
    "when_checkpoint_is_chosen",
]
