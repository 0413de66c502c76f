"""A workbench for all tests of this folder, and a fresh page for each.

A test fails where its page logs an error or asks another machine for anything.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.completing import WORDS, Completing, Open, route_for
from tests.browser.desk import Desk
from tests.browser.serving import RunningWorkbench
from tests.support.tag_server import Server

OPT = "animagine-xl-4.0-opt"

FULL_SET_ON = "3."
"""The gradio that the WebUI has. On a later one, which Forge has, ten tests marked `smoke` are enough."""

NewDesk = Callable[..., Desk]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "smoke: in the browser, runs on every gradio")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests of this folder, and leave out what this gradio need not show."""
    folder, gradio = Path(__file__).resolve().parent, version("gradio")
    for item in items:
        if folder in item.path.parents:
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group("browser"))  # one page at a time
            if not gradio.startswith(FULL_SET_ON) and item.get_closest_marker("smoke") is None:
                reason = f"gradio {gradio}: the smoke set only; the full set runs on gradio {FULL_SET_ON}x"
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def tag_server() -> Iterator[Server]:
    """Where the workbench fetches the full tag list."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def workbench(tmp_path_factory: pytest.TempPathFactory, tag_server: Server) -> Iterator[RunningWorkbench]:
    """The workbench with its sample checkpoints."""
    log = tmp_path_factory.mktemp("workbench") / "log.txt"
    running = RunningWorkbench(log, arguments=["--tags-url", tag_server.address])
    yield running
    running.stop()


@pytest.fixture
def new_desk(browser: Browser, workbench: RunningWorkbench) -> Iterator[NewDesk]:
    """Opens pages, each as another user's; at the end none may have had a problem."""
    known = len(workbench.log())
    desks = []
    workbench.reset()

    def make(query: str = "", route: Callable[[Route], None] | None = None, **options: Any) -> Desk:
        context = browser.new_context(**{"viewport": {"width": 1400, "height": 1000}, **options})
        if route is not None:
            context.route("**/*", route)
        desk = Desk(context, workbench.address)
        desks.append(desk)
        desk.open(query)
        return desk

    yield make
    for desk in desks:
        desk.page.context.close()
    assert [problem for desk in desks for problem in desk.problems] == []
    assert "Traceback" not in workbench.log()[known:]


@pytest.fixture
def desk(new_desk: NewDesk) -> Desk:
    """A page with Animagine XL 4.0 Opt chosen."""
    desk = new_desk()
    desk.choose_checkpoint(OPT)
    return desk


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a failure: what the workbench has said."""
    report = yield
    running = getattr(item, "funcargs", {}).get("workbench")
    if report.failed and running is not None:
        report.sections.append(("the workbench's log", running.log()[-4000:]))
    return report


@pytest.fixture
def opened(new_desk: NewDesk) -> Open:
    """Opens a page whose boxes suggest. `changes`: to what the server knows."""

    def make(query: str = "", changes: dict[str, Any] | None = None, **options: Any) -> Completing:
        counted: list[str] = []
        words = {**copy.deepcopy(WORDS), **(changes or {})}
        desk = new_desk(query, route=route_for(words, counted), **options)
        return Completing(desk, counted)

    return make


@pytest.fixture
def at(opened: Open) -> Completing:
    """A page whose boxes suggest."""
    return opened()
