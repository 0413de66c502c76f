"""What the host's list of scripts tells API clients of our arguments: a label each, in their order."""

from __future__ import annotations

from typing import Any, get_args

from modelwise.settings import FIELDS, Box, Field, Policy
from modelwise.terms import QualityLevel
from modelwise.webui.choices import SWITCHES, Mode
from modelwise.webui.settings_page import FIELD_TITLES
from modelwise.words import RATINGS


def _listed(kind: Any) -> str:
    return ", ".join(get_args(kind))


OPTIONS = {
    "mode": f"{_listed(Mode)} (default on)",
    "profile": "auto, or a profile's id or name",
    "intent": f"quality ({_listed(QualityLevel)}), aesthetic (high), rating ({', '.join(RATINGS)}), year",
    "switches": f"true or false for {', '.join(SWITCHES)}, quality_at_end, series, grouping",
    "preset": "a preset's name, whose values are set",
    "policy": f"{_listed(Policy)}, or one of these for each of {_listed(Field)}",
    "untouched": f"the fields that may be filled: a list of {_listed(Field)}, {_listed(Box)}",
}
"""The named options, and what each takes."""

_NAMED = "; ".join(f"{name}: {text}" for name, text in OPTIONS.items())
LABELS = (
    f"Mode. Or, alone in the list of arguments, an object with named options, all optional: {_NAMED}",
    "Profile: Auto, or a profile's id or name",
    "Quality level, where the model has it",
    "Rating",
    "Year: a number, empty for none",
    "Touched fields: a JSON list as text; empty: all are, and nothing is filled",
    "State of a pasted infotext, of the page; leave empty",
    "What Modelwise does: those that are listed",
    "High aesthetic, where the model knows it",
    *(f"Policy for {FIELD_TITLES[field]}: {_listed(Policy)}" for field in FIELDS),
    "Name of the preset that was pressed, only recorded",
    "Keep my grouping: of several characters, move the subjects alone",
)
"""In the order of the arguments."""


def described(information: Any) -> Any:
    """The host's own record of our script, with labels that say what may stand there."""
    for argument, label in zip(getattr(information, "args", None) or (), LABELS):
        argument.label = label
    return information
