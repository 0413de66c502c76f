"""Options and fixtures of all tests: a real WebUI's checkout on demand, profiles, word lists, shared files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from modelwise.profiles import Profile
from modelwise.vocabulary import Vocabulary
from tests.support import checking

_ROOT = Path(__file__).resolve().parent.parent
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)

settings.register_profile("default", max_examples=800, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("thorough", max_examples=20_000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("MODELWISE_HYPOTHESIS", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--webui DIR`: a checkout of the WebUI whose own parser is asked what prompts mean."""
    parser.addoption("--webui", metavar="DIR", default=None, help="a checkout of the WebUI")


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
def shared_file() -> Callable[[str], Path]:
    """Finds a file of test data that lies beside the repository; skips where it is missing."""

    def find(name: str) -> Path:
        path = _ROOT.parent / "shared" / name
        if not path.exists():
            pytest.skip(f"needs ../shared/{name}, which is no part of the repository")
        return path

    return find
