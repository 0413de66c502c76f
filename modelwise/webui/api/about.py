"""The route that says what runs here, for the tab and for bug reports. Nothing private is in it."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import msgspec

from modelwise import __version__
from modelwise.webui.api.messages import Asked
from modelwise.webui.api.route import Route
from modelwise.webui.api.service import Service
from modelwise.webui.host import Feature
from modelwise.webui.log_tail import log_tail
from modelwise.webui.privacy import Privacy, of_this_machine

_PACKAGES = ("gradio", "fastapi", "msgspec", "torch")


class Fact(msgspec.Struct, frozen=True):
    """Something with a value, such as a version."""

    name: str
    value: str


class Timing(msgspec.Struct, frozen=True):
    """How long some work took when it was last done."""

    work: str
    milliseconds: float


class About(msgspec.Struct, frozen=True):
    """What runs here. `report`: all of it as text, to be copied."""

    versions: tuple[Fact, ...]
    features: tuple[Feature, ...]
    loaded: tuple[Fact, ...]
    timings: tuple[Timing, ...]
    log: tuple[str, ...]
    report: str


def about(service: Service, _asked: Asked) -> About:
    """What runs here, as it is now."""
    privacy = of_this_machine(service.engine.host.data_folder())
    host = service.engine.host
    known = About(
        tuple(_versions(service, privacy)),
        tuple(host.features()),
        tuple(_loaded(service, privacy)),
        tuple(Timing(name, round(time, 1)) for name, time in service.engine.timings.last().items()),
        tuple(map(privacy.cleaned, log_tail().lines())),
        "",
    )
    return msgspec.structs.replace(known, report=_report(known))


def _versions(service: Service, privacy: Privacy) -> Iterator[Fact]:
    host = service.engine.host
    yield Fact("Modelwise", __version__)
    yield Fact(host.name, privacy.cleaned(host.version()) or "unknown")
    yield Fact("Python", platform.python_version())
    yield Fact("system", f"{platform.system()} {platform.machine()}")
    for package in _PACKAGES:
        try:
            yield Fact(package, version(package))
        except PackageNotFoundError:
            continue


def _loaded(service: Service, privacy: Privacy) -> Iterator[Fact]:
    engine = service.engine
    problems = engine.profile_set.problems
    yield Fact("profiles", f"{len(engine.profiles):,}")
    yield from (Fact("profile not loaded", privacy.cleaned(str(problem))) for problem in problems)
    yield Fact("tags", f"{len(engine.vocabulary):,}")
    found = service.detection()
    yield Fact(
        "chosen checkpoint", f"{found.profile} (rule: {found.rule}, architecture: {found.architecture})"
    )


def _report(known: About) -> str:
    """In a form that a bug report can hold as it is."""
    blocks = {
        "Versions": [f"{fact.name}: {fact.value}" for fact in known.versions],
        "Host": [f"{each.name}: {'found' if each.found else 'missing'}" for each in known.features],
        "Loaded": [f"{fact.name}: {fact.value}" for fact in known.loaded],
        "Last times": [f"{each.work}: {each.milliseconds:g} ms" for each in known.timings],
        "Log": list(known.log) or ["nothing"],
    }
    return "\n\n".join("\n".join([f"## {title}", *lines]) for title, lines in blocks.items()) + "\n"


ROUTES = (
    Route(
        *("about", "GET", "/about", Asked, About, about),
        "What runs here: versions, what the host has, times, and the last lines of the log, without folders",
    ),
)
