"""Fixtures: each imitated program, our adapter imported under it, and our script executed by it."""

from __future__ import annotations

import asyncio
import importlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.webui.imitation import Imitation
from tests.webui.variants import VARIANTS, Variant
from tests.webui.with_us import SCRIPT, STYLES, checkpoints


@pytest.fixture
def gradio(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """gradio, told not to ask the network for news, with the event loop that it expects to find.

    Its import warns of what its own dependencies call old, which is none of ours. No test here starts a
    server; gradio would make one for each page, which took most of the time.
    """
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pytest.importorskip("gradio", reason="needs gradio, which this environment does not have")
    monkeypatch.setattr(found.routes.App, "create_app", lambda *_arguments, **_more: None)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield found
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(params=VARIANTS, ids=lambda variant: variant.name)
def variant(request: pytest.FixtureRequest) -> Variant:
    """Each program in turn."""
    found = request.param
    assert isinstance(found, Variant)
    return found


@pytest.fixture
def program(variant: Variant, tmp_path: Path) -> Iterator[Imitation]:
    """A program without us, whose modules can be imported."""
    program = Imitation(variant, checkpoints(), data_path=tmp_path, styles=STYLES, seed=7)
    with program.installed():
        program.build()
        yield program
    assert program.errors == [], "an error has escaped from a hook"


@pytest.fixture
def adapter(program: Imitation) -> ModuleType:
    """Our adapter, imported under the program."""
    return importlib.import_module("modelwise.webui.adapter")


@pytest.fixture
def executing(variant: Variant, tmp_path: Path, gradio: Any) -> Iterator[Imitation]:
    """A program with gradio that has executed no script yet."""
    program = Imitation(variant, checkpoints(), data_path=tmp_path, styles=STYLES, seed=7, gradio=gradio)
    with program.installed():
        yield program
    assert program.errors == [], "an error has escaped from a hook"


@pytest.fixture
def started(executing: Imitation) -> Imitation:
    """A program that has executed our script and built both its tabs."""
    executing.execute(SCRIPT)
    executing.build()
    return executing
