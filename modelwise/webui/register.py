"""Hooks us into the running program; called each time the host executes our script, and idempotent."""

from __future__ import annotations

from functools import lru_cache

from modelwise.webui import adapter, token_counter
from modelwise.webui.engine import Engine
from modelwise.webui.settings_page import OPTIONS


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of the running program; a new one after "Reload UI"."""
    return Engine(adapter.WebUI())


def register() -> None:
    """A new engine, and our settings; what a "Reload UI" has left behind goes, when it executes us again."""
    engine.cache_clear()
    for option in OPTIONS:
        adapter.add_option(option)
    adapter.count_instead(_counted)
    engine().load_ahead()


def _counted(text: str, positive: bool) -> str:
    return token_counter.counted(engine(), text, positive=positive)
