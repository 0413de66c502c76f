"""A real WebUI for the tests: with the extension and a user's own files, without it, or started as a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from modelwise.webui.settings_page import OPTIONS
from tests.real import neighbouring
from tests.real.desk import Desk
from tests.real.installing import make_repository, put_in_place
from tests.real.running import Place, RunningWebUI, place

Start = Callable[..., RunningWebUI]
FILES = Path(__file__).resolve().parent / "files"
_HIDDEN_INFOTEXT = ("stealth_pnginfo_option", "stealth_pnginfo_opt")
"""Forge and reForge hide the infotext in a saved image's transparency, packed with the time of day: no two are
the same."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder are marked `real` and `slow`."""
    folder = Path(__file__).resolve().parent
    for item in items:
        if folder in item.path.parents:
            item.add_marker("real")
            item.add_marker(pytest.mark.xdist_group("real"))  # one program at a time
            item.add_marker("slow")


@pytest.fixture(scope="session")
def where(webui: Path) -> Place:
    """The checkout, and what runs it."""
    if not (webui / "launch.py").is_file():
        pytest.skip(f"{webui} is no checkout of the WebUI: it has no launch.py")
    return place(webui)


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of the extension as it stands in the working tree."""
    return make_repository(tmp_path_factory.mktemp("source") / "modelwise")


@pytest.fixture
def start(where: Place, tmp_path: Path) -> Iterator[Start]:
    """Starts a WebUI for one test, with a data folder that the test may have filled."""
    started = []

    def start_one(
        data: Path,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        api_login: str = "",
    ) -> RunningWebUI:
        running = RunningWebUI(where, data, arguments, environment, api_login)
        started.append(running)
        running.start()
        return running

    yield start_one
    for running in started:
        running.stop()


@pytest.fixture(scope="session")
def server(
    where: Place, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningWebUI]:
    """The WebUI with the extension, a user's own profiles, tags and styles, and an extension that makes us fail."""
    data = tmp_path_factory.mktemp("with") / "data"
    put_in_place(repository, data)
    for file in FILES.rglob("*"):
        if file.is_file():
            target = data / file.relative_to(FILES)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    for file in where.checkpoints.glob("anything-v3-1.*"):
        copy = data / "models" / "Stable-diffusion" / f"skipping-model{file.suffix}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.symlink_to(file)
    yield from _running(RunningWebUI(where, data))


@pytest.fixture(scope="session")
def plain(where: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWebUI]:
    """The WebUI without the extension."""
    yield from _running(RunningWebUI(where, tmp_path_factory.mktemp("plain") / "data"))


def _running(webui: RunningWebUI) -> Iterator[RunningWebUI]:
    webui.start()
    known = webui.get("/sdapi/v1/options")
    webui.post("/sdapi/v1/options", {name: "None" for name in _HIDDEN_INFOTEXT if name in known})
    yield webui
    webui.stop()


@pytest.fixture(scope="session")
def paged(where: Place, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWebUI]:
    """The WebUI for the tests in a browser."""
    data = tmp_path_factory.mktemp("browser") / "data"
    put_in_place(repository, data)
    yield from _running(RunningWebUI(where, data))


@pytest.fixture
def desk(browser: Any, paged: RunningWebUI) -> Iterator[Desk]:
    """A fresh page with Animagine XL 4.0 Opt, and the settings as they are at first."""
    paged.post("/sdapi/v1/options", {option.key: option.default for option in OPTIONS})
    desk = Desk(browser, paged)
    desk.choose_checkpoint("animagine-xl-4.0-opt")
    yield desk
    desk.page.close()
    assert desk.own_errors() == []


@pytest.fixture(scope="session")
def neighbours(request: pytest.FixtureRequest) -> Path:
    """The folder given by `--neighbours`; skips where none is."""
    folder = request.config.getoption("--neighbours")
    if folder is None:
        pytest.skip("needs a folder with checkouts of other extensions: pytest --neighbours=DIR")
    return Path(folder).resolve()


@pytest.fixture(scope="session")
def neighboured(
    request: pytest.FixtureRequest,
    where: Place,
    repository: Path,
    neighbours: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningWebUI]:
    """The WebUI with the extension and the neighbours that a test names (`neighbouring.beside`)."""
    data = tmp_path_factory.mktemp("beside") / "data"
    put_in_place(repository, data)
    neighbouring.move_in(neighbours, request.param, data)
    words = neighbouring.arguments(request.param)
    yield from _running(RunningWebUI(where, data, words, neighbouring.environment(neighbours)))


@pytest.fixture
def neighboured_desk(browser: Any, neighboured: RunningWebUI) -> Iterator[Desk]:
    """A fresh page beside neighbours, with Animagine XL 4.0 Opt, and our settings as they are at first."""
    neighboured.post("/sdapi/v1/options", {option.key: option.default for option in OPTIONS})
    desk = Desk(browser, neighboured)
    desk.choose_checkpoint("animagine-xl-4.0-opt")
    yield desk
    desk.page.close()
    assert [error for error in desk.own_errors() if "modelwise" in error.lower()] == []
