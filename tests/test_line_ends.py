"""What a line end means, by the host's settings."""

from __future__ import annotations

from typing import Any

import pytest

from modelwise.nodes import Lines
from modelwise.webui.line_ends import line_ends
from modelwise.webui.settings_page import LINES_OPTION

OWN = {"prompt_attention": "native", "sd_textencder_linebreak": True}
"""A host whose parser breaks the prompt at each line, which another of its parsers does not."""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, Lines.SEPARATOR),
        ({LINES_OPTION: True}, Lines.REGION),
        (OWN, Lines.BREAK),
        ({**OWN, LINES_OPTION: True}, Lines.REGION),
        ({**OWN, "prompt_attention": "a1111"}, Lines.SEPARATOR),
        ({**OWN, "sd_textencder_linebreak": False}, Lines.SEPARATOR),
        ({"sd_textencder_linebreak": True}, Lines.SEPARATOR),
    ],
)
def test_line_ends(options: dict[str, Any], expected: Lines) -> None:
    assert line_ends(options.get) is expected
