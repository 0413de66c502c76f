"""Hooks us into the running program; called each time the host executes our script, and idempotent."""

from __future__ import annotations

from functools import lru_cache

from modelwise.webui import adapter
from modelwise.webui.engine import Engine
from modelwise.webui.generation import API_OPTION


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of the running program; a new one after "Reload UI"."""
    return Engine(adapter.WebUI())


def register() -> None:
    """A new engine, and our settings; what a "Reload UI" has left behind goes, when it executes us again."""
    engine.cache_clear()
    adapter.add_option(
        API_OPTION,
        False,
        "Modelwise: also work on API requests that do not mention it",
        "off: such a request is left as it came",
    )
    adapter.add_option(
        adapter.LINES_OPTION,
        False,
        "Modelwise: each line of a prompt is a region of the picture",
        "tags never leave their line then; recognised by itself with Forge Couple and Regional Prompter",
    )
