"""What goes out: a text for another program, with what could not be said in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from modelwise.compile import Result
from modelwise.profiles import Profile


class Exported(msgspec.Struct, frozen=True):
    """A text for another program; `notes`: what it can't be told, or what to look at."""

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled request as exporters get it. `model`: what to load, as the user names it."""

    profile: Profile
    result: Result
    model: str | None = None

    @property
    def settings(self) -> Mapping[str, Any]:
        """The values that are set, by the WebUI's names."""
        return self.result.settings


class ExportError(ValueError):
    """A request that a program can't be given; the message says what would do."""
