"""What a line end means, by the host's settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modelwise.nodes import Lines
from modelwise.webui.settings_page import LINES_OPTION


def line_ends(option: Callable[[str, Any], Any]) -> Lines:
    """Regions where the user says so; chunks where the host's parser puts a BREAK in the place of each."""
    if option(LINES_OPTION, False):
        return Lines.REGION
    own_parser = option("prompt_attention", None) == "native"  # SD.Next has several
    breaks = own_parser and option("sd_textencder_linebreak", False)
    return Lines.BREAK if breaks else Lines.SEPARATOR
