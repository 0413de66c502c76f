"""What the host's token counter counts: the text that will be sampled, not the one in the box.

The panel's own look at the same text counts where there was one, with all that is chosen there; else the
text is compiled for the recognised model with the mode and the quality level of the settings. Never raises.
"""

from __future__ import annotations

import logging

from modelwise.webui.engine import Engine
from modelwise.webui.page_job import Outlook, Page, outlook
from modelwise.webui.settings_page import MODE_OPTION, QUALITY_OPTION

log = logging.getLogger("modelwise")


def remember(engine: Engine, page: Page, seen: Outlook) -> None:
    """Keep what the panel has found out about both boxes."""
    facts = engine.host.current_checkpoint()
    engine.counted_texts.remember(facts, page.prompt, seen.prompt, positive=True)
    engine.counted_texts.remember(facts, page.negative, seen.negative, positive=False)


def counted(engine: Engine, text: str, *, positive: bool) -> str:
    """The text to count for a box's text."""
    try:
        known = engine.counted_texts.find(engine.host.current_checkpoint(), text, positive=positive)
        return _compiled(engine, text, positive=positive) if known is None else known
    except Exception:  # the box's own text is counted then
        log.exception("the text for the token counter could not be compiled")
        return text


def _compiled(engine: Engine, text: str, *, positive: bool) -> str:
    mode = engine.host.option(MODE_OPTION, default="auto")
    quality = engine.host.option(QUALITY_OPTION, default="standard")
    page = Page(prompt=text) if positive else Page(negative=text)
    seen = outlook(engine, "txt2img", page, [mode, None, quality])
    return seen.prompt if positive else seen.negative
