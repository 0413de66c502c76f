"""What a pasted infotext of ours puts into the panel; another's only tells that it is another's.

Plain values, never updates of gradio: for the API Forge takes an update for the value itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modelwise.settings import FIELDS
from modelwise.webui import infotext
from modelwise.webui.choices import SWITCHES, UNSET
from modelwise.webui.engine import Engine
from modelwise.webui.panel import AUTO, Parts

Fields = list[tuple[Any, Callable[[dict[str, Any]], Any]]]


def fields(engine: Engine, parts: Parts) -> Fields:
    """The panel's controls, each with what gives its value for a parsed infotext; None leaves it as it is."""

    def restored(value: Callable[[infotext.Record], Any]) -> Callable[[dict[str, Any]], Any]:
        def restore(params: dict[str, Any]) -> Any:
            record = infotext.read(params)
            return None if record is None else value(record)

        return restore

    def named(record: infotext.Record) -> str:
        found = engine.profiles.get(record.choice)
        return found.name if found else AUTO

    def policy(field: str) -> Callable[[infotext.Record], Any]:
        return lambda record: (
            record.policy if isinstance(record.policy, str) else record.policy.get(field, "fill")  # type: ignore[call-overload]
        )

    values: dict[str, Callable[[infotext.Record], Any]] = {
        "mode": lambda record: record.mode,
        "profile": named,
        "quality": lambda record: record.quality or "standard",
        "rating": lambda record: record.rating or UNSET,
        "year": lambda record: str(record.year or ""),
        "switches": lambda record: [name for name in SWITCHES if name not in record.off],
        "aesthetic": lambda record: record.aesthetic == "high",
        **{f"policy_{field}": policy(field) for field in FIELDS},
        "clicked": lambda record: record.preset or "",
        "grouping": lambda record: record.grouping,
    }
    found: Fields = [(parts.controls[name], restored(value)) for name, value in values.items()]
    return [*found, (parts.controls["pasted"], infotext.pasted)]
