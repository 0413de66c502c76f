"""The routes of the checkpoints on disk: which profile each has and why, and choosing one by hand."""

from __future__ import annotations

import msgspec

from modelwise.webui.api.messages import Asked
from modelwise.webui.api.refusals import Refusal, wrong_field
from modelwise.webui.api.route import Route
from modelwise.webui.api.service import Service
from modelwise.webui.background import Progress
from modelwise.webui.checkpoint_scan import CheckpointRow

_AT_ONCE = 0.3
"""Seconds that a question waits for a look: one over files that are known ends within."""


class CheckpointChoice(Asked, frozen=True):
    """A profile for a checkpoint, by the host's name for that. An empty profile forgets the choice."""

    checkpoint: str
    profile: str = ""


class CheckpointList(msgspec.Struct, frozen=True):
    """How far the look is, and what the last whole one has found; empty while the first one goes on."""

    progress: Progress
    checkpoints: tuple[CheckpointRow, ...]


def look(service: Service, _asked: Asked) -> CheckpointList:
    """Look at every checkpoint again."""
    service.checkpoint_scan.start(_AT_ONCE)
    return checkpoints(service, _asked)


def checkpoints(service: Service, _asked: Asked) -> CheckpointList:
    """How far it is; the rows only where they are whole."""
    scan = service.checkpoint_scan
    progress = scan.progress
    return CheckpointList(progress, scan.rows if progress.state != "running" else ())


def choose(service: Service, asked: CheckpointChoice) -> CheckpointRow:
    """Remember or forget a choice."""
    engine = service.engine
    facts = engine.host.checkpoint(asked.checkpoint)
    if facts is None:
        allowed = "the name of a checkpoint in the host's list"
        problem = wrong_field("checkpoint", repr(asked.checkpoint[:80]), allowed).problem
        raise Refusal(404, problem)
    if asked.profile and asked.profile not in engine.profiles:
        allowed = ", ".join(["nothing", *engine.profiles])
        raise wrong_field("profile", repr(asked.profile[:80]), allowed)
    engine.checkpoint_choices.choose(facts.file.name, asked.profile or None)
    engine.counted_texts.forget()
    return service.checkpoint_scan.of(asked.checkpoint, facts)


ROUTES = (
    Route(
        *("look_at_checkpoints", "POST", "/checkpoints", Asked, CheckpointList, look),
        "Look at every checkpoint that the host lists; then ask how far it is",
    ),
    Route(
        *("checkpoints", "GET", "/checkpoints", Asked, CheckpointList, checkpoints),
        "How far the look at the checkpoints is, and what it has found",
    ),
    Route(
        *("choose_for_checkpoint", "PATCH", "/checkpoints", CheckpointChoice, CheckpointRow, choose),
        "Choose a profile for a checkpoint by hand, or forget the choice",
        writes=True,
    ),
)
