"""The route of the lab: one text under several profiles."""

from __future__ import annotations

import msgspec

from modelwise.webui.api.route import Route
from modelwise.webui.api.service import Service
from modelwise.webui.lab import LabRequest, LabResult, result


class LabAnswer(msgspec.Struct, frozen=True):
    """A result for each profile, in the order in which they were asked for."""

    results: tuple[LabResult, ...]


def lab(service: Service, asked: LabRequest) -> LabAnswer:
    """What each profile makes of a text."""
    if not asked.profiles:
        profile = service.named("")
        return LabAnswer((result(service.engine, profile, asked, distilled=service.detection().distilled),))
    profiles = [service.named(name, f"profiles[{at}]") for at, name in enumerate(asked.profiles)]
    return LabAnswer(tuple(result(service.engine, each, asked, distilled=False) for each in profiles))


ROUTES = (
    Route(
        *("lab", "POST", "/lab", LabRequest, LabAnswer, lab),
        "What several profiles make of one prompt, piece by piece, side by side",
    ),
)
