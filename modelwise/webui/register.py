"""Hooks us into the running program; called each time the host executes our script, and idempotent."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from modelwise.webui import adapter, tab, token_counter
from modelwise.webui.api.service import Service
from modelwise.webui.api.web import add_routes
from modelwise.webui.engine import Engine
from modelwise.webui.log_tail import log_tail
from modelwise.webui.settings_page import OPTIONS


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of the running program; a new one after "Reload UI"."""
    return Engine(adapter.WebUI())


def register() -> None:
    """A new engine, our settings and routes; what a "Reload UI" has left behind goes then."""
    log_tail()
    engine.cache_clear()
    for option in OPTIONS:
        adapter.add_option(option)
    adapter.on_app_started(serve)
    adapter.on_unloaded(engine().close)
    adapter.add_tab(tab.page, tab.TITLE, tab.ELEMENT)
    adapter.count_instead(_counted)
    adapter.when_checkpoint_is_chosen("() => modelwise.checkpointChosen()")
    engine().load_ahead()


def serve(app: Any) -> None:
    """Our routes in the host's application, which is another one after each "Reload UI"."""
    add_routes(app, Service(engine()), adapter.WebUIAccess(app))


def _counted(text: str, positive: bool) -> str:
    return token_counter.counted(engine(), text, positive=positive)
