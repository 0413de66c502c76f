"""What was chosen for a job: the panel's arguments, or the object that an API client sends.

The order of the panel's arguments is a contract with API clients: new ones come last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, Literal, TypeVar, get_args

import msgspec

from modelwise.compile import Switches
from modelwise.intent import Intent
from modelwise.settings import FIELDS, Box, Field, Policy
from modelwise.terms import QualityLevel
from modelwise.toml_messages import located

Mode = Literal["auto", "on", "off"]
AUTO = "auto"
_LONGEST_YEAR = 6
_ERA = re.compile(r"\(\d{4} to (\d{4})\)$")
_FILLS = (None, "", "fill")
UNSET = "not set"
"""The panel's word for no rating."""

SWITCHES = ("order", "quality", "negative", "settings", "spelling")
PANEL_ARGUMENTS = (
    *("mode", "profile", "quality", "rating", "year", "touched", "pasted", "switches", "aesthetic"),
    *(f"policy_{field}" for field in FIELDS),
    *("clicked", "grouping"),
)
"""The panel's arguments in their order."""


class WrongChoice(ValueError):
    """A choice that can't be taken: the message says what was found and what is allowed."""


class Pasted(msgspec.Struct, frozen=True):
    """A pasted infotext: made by us or not, its texts, and the user's own words behind them."""

    ours: bool
    prompt: str = ""
    negative: str = ""
    words: str | None = None
    negative_words: str | None = None


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The object that an API client sends. `untouched`: the fields that may be filled."""

    mode: Mode = "on"
    profile: str = AUTO
    intent: Intent = Intent()
    switches: Switches = Switches()
    preset: str | None = None
    policy: Policy | dict[Field, Policy] = "fill"
    untouched: tuple[Field | Box, ...] = ()


class Choices(Options, frozen=True, kw_only=True):
    """All choices for one job. `named`: an API client or a plot's axis asks for us. `clicked`: the preset
    whose button was pressed last; its values stand in the fields, so it is only recorded. `level`: a quality
    level that also wins over a preset's. `of_page`: a page's own arguments, though they may come in a request
    of another machine that shares its work."""

    pasted: Pasted | None = None
    named: bool = False
    of_page: bool = False
    clicked: str | None = None
    level: QualityLevel | None = None


def read_choices(arguments: Sequence[Any]) -> Choices:
    """Choices from script arguments.

    Raises WrongChoice.
    """
    first = arguments[0] if arguments else None
    if isinstance(first, dict):
        options = _converted(first, Options)
        return Choices(**msgspec.structs.asdict(options), named=True)
    if not isinstance(first, (str, NoneType)):
        raise WrongChoice(f"found {first!r}; allowed: {_ALLOWED}")
    return _from_panel(named_arguments(arguments))


def named_arguments(arguments: Sequence[Any]) -> dict[str, Any]:
    """The panel's arguments by name; None for those that were not sent."""
    return dict(zip(PANEL_ARGUMENTS, [*arguments, *[None] * len(PANEL_ARGUMENTS)]))


def is_foreign(pasted: str) -> bool:
    """Whether the panel's state of a paste says that the infotext was another program's."""
    state = _decoded(pasted, Pasted)
    return state is not None and not state.ours


def _from_panel(panel: Mapping[str, Any]) -> Choices:
    policies = {field: policy for field in FIELDS if (policy := panel[f"policy_{field}"]) not in _FILLS}
    profile, rating = panel["profile"], panel["rating"]
    intent = {
        "quality": panel["quality"] or "standard",
        "aesthetic": "high" if panel["aesthetic"] is True else None,
        "rating": None if rating == UNSET else rating or None,
        "year": _year(panel["year"]),
    }
    values = {
        "mode": panel["mode"] or "auto",
        "profile": AUTO if not profile or str(profile).lower() == AUTO else profile,
        "intent": intent,
        "untouched": _untouched(panel["touched"]),
        "pasted": _decoded(panel["pasted"], Pasted),
        "switches": {**_switches(panel["switches"]), "grouping": panel["grouping"] is True},
        "policy": policies or "fill",
        "clicked": panel["clicked"] or None,
        "of_page": _decoded(panel["touched"], tuple[str, ...]) is not None,
    }
    return _converted(values, Choices)


def _converted(values: dict[str, Any], kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        name, found, allowed = located(str(error), values, kind)
        raise WrongChoice(f"{name}: found {found}; allowed: {allowed}") from None


def _switches(value: object) -> dict[str, bool]:
    """All on where nothing was sent; else those that are listed."""
    if value is None:
        return {}
    if not isinstance(value, (list, tuple)):
        raise WrongChoice(f"switches: found {value!r}; allowed: a list of {', '.join(SWITCHES)}")
    return {name: name in value for name in SWITCHES}


def _year(value: object) -> int | None:
    """A year from the panel's box: a number, or an era, of which the last year counts; empty for none."""
    text = str(value or "").strip()
    era = _ERA.search(text)
    number = era[1] if era else text
    if text and not (number.isdecimal() and len(number) <= _LONGEST_YEAR):
        raise WrongChoice(f"year: found {text!r}; allowed: a number such as 2007, or nothing")
    return int(number) if text else None


def _untouched(touched: object) -> tuple[Field, ...]:
    """The page sends the touched fields; where it sent nothing, nothing is known and nothing is filled."""
    names = _decoded(touched, tuple[str, ...])
    return () if names is None else tuple(field for field in FIELDS if field not in names)


def _decoded(value: object, kind: Any) -> Any:
    if not isinstance(value, str) or not value:
        return None
    try:
        return msgspec.json.decode(value, type=kind)
    except (msgspec.MsgspecError, RecursionError):
        return None


_Kind = TypeVar("_Kind", bound=Options)
_ALLOWED = f"a mode ({', '.join(get_args(Mode))}), or an object with {', '.join(Options.__struct_fields__)}"
