"""The axes that an X/Y/Z plot gets from us: their values, and what a value means for a cell's choices.

Pure data and functions; the host's adapter puts them into the plot. What an axis says wins over the panel
and over an API client's object, and the values that cells have picked are never changed, only joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from msgspec.structs import replace

from modelwise.terms import QualityLevel
from modelwise.webui.choices import AUTO, Choices, Mode, WrongChoice
from modelwise.webui.engine import Engine

Picked = tuple[tuple[str, str], ...]
"""What a cell's axes say: title and value, in the order in which the plot has applied them."""

NONE = "none"
OFF = "off"
_MODE = "Mode"


def _nothing(_engine: Engine) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis. `offered`: the values to choose from; `known`: others that are taken when they are typed."""

    title: str
    offered: Callable[[Engine], Sequence[str]]
    change: Callable[[Choices, str], Choices]
    known: Callable[[Engine], Sequence[str]] = _nothing

    @property
    def label(self) -> str:
        """The name in the plot's list of axes."""
        return f"[Modelwise] {self.title}"

    def legend(self, value: str) -> str:
        """What the grid says of a column or a row."""
        return f"{self.title}: {value}"

    def read(self, engine: Engine, text: str) -> str:
        """A value as it is offered, whatever its case.

        Raises WrongChoice.
        """
        wanted = text.strip().casefold()
        offered = self.offered(engine)
        found = (value for value in (*offered, *self.known(engine)) if value.casefold() == wanted)
        value = next(found, None)
        if value is None:
            raise WrongChoice(f"{self.label}: found {text!r}; allowed: {', '.join(offered)}")
        return value

    def picked(self, before: Picked, value: str) -> Picked:
        """What a cell's axes say, with this one."""
        return (*before, (self.title, value))


def varied(choices: Choices, picked: Picked) -> Choices:
    """A cell's choices.

    An axis asks for Modelwise as an API client's object does, also where the panel is off or holds back
    after a paste. The axis of the mode alone is the panel's own mode, so that `auto` and `off` mean what they
    mean there.
    """
    titles = {title for title, _ in picked}
    if titles - {_MODE}:
        choices = replace(choices, named=True, mode="on" if choices.mode == "off" else choices.mode)
    for title, value in picked:
        choices = _axis(title).change(choices, value)
    return choices


def _axis(title: str) -> Axis:
    return next(axis for axis in AXES if axis.title == title)


def _profiles(engine: Engine) -> Sequence[str]:
    return [AUTO.capitalize(), *sorted(profile.name for profile in engine.profiles.values())]


def _presets(engine: Engine) -> Sequence[str]:
    """Those of the model that is chosen now."""
    profile = engine.profiles[engine.detect(engine.host.current_checkpoint()).profile]
    return [NONE, *(preset.name for preset in engine.presets(profile))]


def _every_preset(engine: Engine) -> Sequence[str]:
    """Another axis, or the panel, may choose another profile."""
    return [preset.name for profile in engine.profiles.values() for preset in engine.presets(profile)]


def _with_profile(choices: Choices, value: str) -> Choices:
    return replace(choices, profile=AUTO if value.lower() == AUTO else value)


def _with_preset(choices: Choices, value: str) -> Choices:
    return replace(choices, preset=None if value == NONE else value, clicked=None)


def _with_quality(choices: Choices, value: str) -> Choices:
    switches = replace(choices.switches, quality=value != OFF)
    if value == OFF:
        return replace(choices, switches=switches)
    intent = replace(choices.intent, quality=value)
    return replace(choices, switches=switches, intent=intent, level=value)


def _with_order(choices: Choices, value: str) -> Choices:
    return replace(choices, switches=replace(choices.switches, order=value != OFF))


def _with_mode(choices: Choices, value: str) -> Choices:
    return replace(choices, mode=value)


def _always(*values: Any) -> Callable[[Engine], Sequence[str]]:
    return lambda _engine: values


AXES = (
    Axis("Profile", _profiles, _with_profile, known=lambda engine: tuple(engine.profiles)),
    Axis("Preset", _presets, _with_preset, known=_every_preset),
    Axis("Quality", _always(*get_args(QualityLevel), OFF), _with_quality),
    Axis("Order", _always("on", OFF), _with_order),
    Axis(_MODE, _always(*get_args(Mode)), _with_mode),
)
