"""The panel's line for what the page shows, and the values that will be set otherwise than its boxes say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from modelwise.webui import panel_texts
from modelwise.webui.choices import is_foreign, named_arguments
from modelwise.webui.engine import Engine
from modelwise.webui.page_job import Outlook, Page
from modelwise.webui.settings_page import FIRST_RUN_OPTION


def panel_line(engine: Engine, seen: Outlook, page: Page, arguments: Sequence[Any]) -> str:
    """The line as HTML, with the page's answer in it; empty until the page has said which fields are touched:
    a line tells the page's script that it was heard."""
    panel = named_arguments(arguments)
    profile = engine.profiles[seen.detection.profile]
    fields = differing(seen, page)
    answer = msgspec.json.encode({"fields": fields, "profile": profile.id}).decode()
    if not panel["touched"]:
        return ""
    if seen.wrong:
        return panel_texts.wrong_line(seen.wrong, answer)
    if panel["mode"] == "off":
        return panel_texts.off_line(answer)
    if panel["mode"] == "auto" and is_foreign(panel["pasted"] or ""):
        return panel_texts.foreign_line(answer)
    return panel_texts.line(
        profile,
        seen,
        answer,
        quality=panel["quality"] or "standard",
        first_run=bool(engine.host.option(FIRST_RUN_OPTION, default=False)),
        mode=panel["mode"] or "auto",
    )


def differing(seen: Outlook, page: Page) -> dict[str, Any]:
    """What will be set otherwise than the boxes say."""
    return {
        name: value
        for name, value in seen.settings.items()
        if value is not None and page.values.get(name) != value
    }
