"""Our section of the host's settings page, as data; the host's adapter shows it and keeps the values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from modelwise.settings import FIELDS, Policy
from modelwise.terms import QualityLevel
from modelwise.webui.choices import Mode

TITLE = "Modelwise"
MODE_OPTION = "modelwise_mode"
QUALITY_OPTION = "modelwise_quality"
API_OPTION = "modelwise_api_auto"
LINES_OPTION = "modelwise_lines_are_regions"
FILL_ON_CHANGE_OPTION = "modelwise_fill_on_change"
WRITE_BACK_OPTION = "modelwise_write_back"
SERIES_OPTION = "modelwise_add_series"
SCORES_OPTION = "modelwise_score_images"
FIRST_RUN_OPTION = "modelwise_first_run"
COMPLETION_OPTION = "modelwise_completion"
KEYS_OPTION = "modelwise_completion_keys"
SEPARATOR_OPTION = "modelwise_completion_separator"
BOXES_OPTION = "modelwise_completion_boxes"
USES_OPTION = "modelwise_completion_uses"

FIELD_TITLES = {
    "size": "size",
    "cfg_scale": "CFG",
    "steps": "steps",
    "sampler": "sampler and scheduler",
    "clip_skip": "clip skip",
}
"""What a page calls the fields that a policy is for."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: on or off, one of `choices`, or (a text without choices) any text.

    `info` stands beside the label, in smaller type.
    """

    key: str
    default: bool | str
    label: str
    info: str
    choices: tuple[str, ...] = ()


def policy_option(field: str) -> str:
    """The key of a field's policy."""
    return f"modelwise_policy_{field}"


OPTIONS = (
    Option(
        MODE_OPTION,
        "auto",
        "Mode in the panel",
        "auto: on where the model is recognised; the panel remembers your last choice here",
        get_args(Mode),
    ),
    Option(
        QUALITY_OPTION,
        "standard",
        "Quality level in the panel",
        "light and heavy only where a model's sources have them, else standard is used",
        get_args(QualityLevel),
    ),
    *(
        Option(
            policy_option(field),
            "fill",
            f"Policy for {FIELD_TITLES[field]}",
            "keep: never set; fill: set where you have not touched the field; force: always set",
            get_args(Policy),
        )
        for field in FIELDS
    ),
    Option(
        FILL_ON_CHANGE_OPTION,
        default=False,
        label="When the checkpoint changes, write its values into the untouched fields",
        info="off: the fields keep what they show, and the values are set when you generate",
    ),
    Option(
        WRITE_BACK_OPTION,
        default=False,
        label="After Generate, write the values that were used into the fields",
        info="off: the fields keep what they show",
    ),
    Option(
        LINES_OPTION,
        default=False,
        label="Each line of a prompt is a region of the picture",
        info="tags never leave their line then; recognised by itself with Forge Couple and Regional Prompter",
    ),
    Option(
        SERIES_OPTION,
        default=False,
        label="Add the series of a known character where it is missing",
        info="models were trained on both together; off: nothing but the model's own words is added",
    ),
    Option(
        API_OPTION,
        default=False,
        label="Also work on API requests that do not mention Modelwise",
        info="off: such a request is left as it came",
    ),
    Option(
        SCORES_OPTION,
        default=False,
        label="Score each generated image and write the scores into its infotext",
        info="by the image scorers in modelwise/scores, loaded for each job; off: nothing is loaded",
    ),
    Option(
        FIRST_RUN_OPTION,
        default=True,
        label="Show the button that opens the panel's preview beside its line",
        info="it switches itself off when it was pressed",
    ),
    Option(
        COMPLETION_OPTION,
        "auto",
        "Suggestions while you type in the prompt boxes",
        "auto: on unless another extension makes suggestions there already",
        ("auto", "on", "off"),
    ),
    Option(
        KEYS_OPTION,
        "Enter and Tab",
        "Keys that take a suggestion",
        "arrows and Page Up/Down choose, Esc closes, Ctrl+Space asks for suggestions",
        ("Enter and Tab", "Enter", "Tab"),
    ),
    Option(
        SEPARATOR_OPTION,
        default=True,
        label="Put a comma behind a suggestion that was taken",
        info="never where one stands already, and never inside brackets",
    ),
    Option(
        BOXES_OPTION,
        "",
        "Further boxes with suggestions",
        "CSS selectors of text boxes of other extensions, separated by commas",
    ),
    Option(
        USES_OPTION,
        default=True,
        label="Put what you take often further up",
        info="counted in the file uses.json on this machine, and never where others can reach it",
    ),
)
