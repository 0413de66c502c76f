"""Our section of the host's settings page, as data; the host's adapter shows it."""

from __future__ import annotations

from dataclasses import dataclass

TITLE = "Modelwise"
API_OPTION = "modelwise_api_auto"
LINES_OPTION = "modelwise_lines_are_regions"


@dataclass(frozen=True, slots=True)
class Option:
    """One setting. `info` stands beside the label, in smaller type."""

    key: str
    default: bool
    label: str
    info: str


OPTIONS = (
    Option(
        API_OPTION,
        default=False,
        label="Modelwise: also work on API requests that do not mention it",
        info="off: such a request is left as it came",
    ),
    Option(
        LINES_OPTION,
        default=False,
        label="Modelwise: each line of a prompt is a region of the picture",
        info="tags never leave their line then; recognised by itself with Forge Couple and Regional Prompter",
    ),
)
