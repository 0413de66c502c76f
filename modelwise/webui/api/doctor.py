"""The routes of the doctor: what is wrong with checkpoint files, and with the model in memory."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from modelwise.webui.api.messages import Asked
from modelwise.webui.api.refusals import Refusal, refused, wrong_field
from modelwise.webui.api.route import Route
from modelwise.webui.api.service import Service
from modelwise.webui.background import Progress, WorkError
from modelwise.webui.checkpoint_examinations import FileHealth
from modelwise.webui.checkpoint_scan import MOST
from modelwise.webui.model_doctor import ModelHealth

_AT_ONCE = 0.3
"""Seconds that a question waits for the end of an examination."""
_ALLOWED = "the name of a checkpoint in the host's list"


class FileQuestion(Asked, frozen=True):
    """Which file: by the host's name for the checkpoint."""

    checkpoint: str


class ExaminationOrder(Asked, frozen=True):
    """Which files: by the host's names for the checkpoints; none means all."""

    checkpoints: Annotated[tuple[str, ...], Meta(max_length=MOST)] = ()


class ExaminationsQuery(Asked, frozen=True):
    """From where on: the number of the last answer that is known."""

    after: Annotated[int, Meta(ge=0, le=2**53)] = 0


class Examinations(msgspec.Struct, frozen=True):
    """How far it is, and what was found."""

    progress: Progress
    found: tuple[FileHealth, ...]


def examine(service: Service, asked: FileQuestion) -> FileHealth:
    """Examine one file."""
    facts = service.engine.host.checkpoint(asked.checkpoint)
    if facts is None:
        raise Refusal(404, wrong_field("checkpoint", repr(asked.checkpoint[:80]), _ALLOWED).problem)
    try:
        return service.examinations.examine(asked.checkpoint, facts)
    except WorkError as error:
        raise refused(500, str(error)) from None


def start(service: Service, asked: ExaminationOrder) -> Examinations:
    """Begin to examine many."""
    listed = service.engine.host.checkpoints()
    for place, name in enumerate(asked.checkpoints):
        if name not in listed:
            raise wrong_field(f"checkpoints[{place}]", repr(name[:80]), _ALLOWED)
    files = {name: listed[name] for name in asked.checkpoints or list(listed)[:MOST]}
    service.examinations.start(files, _AT_ONCE)
    return examinations(service, ExaminationsQuery())


def examinations(service: Service, asked: ExaminationsQuery) -> Examinations:
    """How far it is; the progress is read first, so that at the end nothing is missing."""
    progress = service.examinations.progress
    return Examinations(progress, service.examinations.found(asked.after))


def stop(service: Service, _asked: Asked) -> Examinations:
    """Ask it to stop."""
    service.examinations.stop()
    return examinations(service, ExaminationsQuery())


def check(service: Service, _asked: Asked) -> ModelHealth:
    """Look at the loaded model."""
    return service.model_doctor.check()


def repair(service: Service, _asked: Asked) -> ModelHealth:
    """Put its position ids right."""
    return service.model_doctor.repair()


def undo(service: Service, _asked: Asked) -> ModelHealth:
    """Take that back."""
    return service.model_doctor.undo()


ROUTES = (
    Route(
        *("examine", "GET", "/doctor/checkpoint", FileQuestion, FileHealth, examine),
        "Examine the file of one checkpoint",
    ),
    Route(
        *("examine_all", "POST", "/doctor/checkpoints", ExaminationOrder, Examinations, start),
        "Examine the files of many checkpoints; then ask how far that is",
    ),
    Route(
        *("examinations", "GET", "/doctor/checkpoints", ExaminationsQuery, Examinations, examinations),
        "How far the examination is, and what was found",
    ),
    Route(
        *("stop_examining", "DELETE", "/doctor/checkpoints", Asked, Examinations, stop),
        "Stop examining; what was found stays",
    ),
    Route(
        *("check_model", "GET", "/doctor/model", Asked, ModelHealth, check),
        "Check the loaded model",
    ),
    Route(
        *("repair_model", "POST", "/doctor/model", Asked, ModelHealth, repair),
        "Put the position ids of the loaded model right, in memory",
        writes=True,
    ),
    Route(
        *("undo_repair", "DELETE", "/doctor/model", Asked, ModelHealth, undo),
        "Take that back",
        writes=True,
    ),
)
