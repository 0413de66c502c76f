"""A workbench over its own samples, with the engine of the running tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelwise.webui.engine import Engine
from modelwise.workbench.checkpoints import write_samples
from modelwise.workbench.handlers import Handlers
from modelwise.workbench.host import CHECKPOINT_OPTION, Workbench
from tests.support import checking

VALUES: dict[str, Any] = {
    "prompt": "smile, 1girl",
    "negative": "",
    "styles": [],
    "width": 512,
    "height": 512,
    "cfg_scale": 7.0,
    "steps": 20,
    "sampler": "DPM++ 2M",
    "scheduler": "Automatic",
    "batch_count": 1,
    "batch_size": 1,
    "seed": 7,
}
"""The boxes of a page that was just loaded, and a prompt."""

HIRES: dict[str, Any] = {
    "hires": True,
    "hires_scale": 2.0,
    "hires_width": 0,
    "hires_height": 0,
    "upscaler": "Latent",
    "hires_steps": 0,
    "hires_denoising": 0.7,
    "hires_checkpoint": "Use same checkpoint",
    "hires_prompt": "",
    "hires_negative": "",
}


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sample checkpoints."""
    folder = tmp_path_factory.mktemp("models")
    write_samples(folder, checking.bundled())
    return folder


@pytest.fixture
def host(models: Path, tmp_path: Path) -> Workbench:
    return Workbench(models, tmp_path / "data")


@pytest.fixture
def handlers(host: Workbench, tmp_path: Path) -> Handlers:
    host.options[CHECKPOINT_OPTION] = "animagine-xl-4.0-opt.safetensors"
    return Handlers(host, Engine(host), tmp_path / "outputs")


@pytest.fixture
def chosen(handlers: Handlers) -> Callable[[str], Handlers]:
    """The workbench with a checkpoint whose name begins so."""

    def choose(start: str) -> Handlers:
        names = [name for name in handlers.host.checkpoint_names() if name.startswith(start)]
        assert names, start
        handlers.host.options[CHECKPOINT_OPTION] = names[0]
        return handlers

    return choose
