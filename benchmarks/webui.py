"""The WebUI's own prompt parser, loaded from a checkout without the WebUI: the baseline for what is small.

Needs lark in the version that the WebUI pins; torch is not needed, because parsing makes no tensors.
"""

from __future__ import annotations

import importlib.util
import re
import signal
import sys
import types
from pathlib import Path
from types import FrameType, ModuleType
from typing import NoReturn

from benchmarks import timed

_EXTRA_NETWORK = re.compile(r"<(\w+):([^>]+)>")
_STEPS = 28


class TooSlow(Exception):
    """The WebUI's parser was given up."""


class Schedules:
    """Reads prompts as the WebUI does before sampling: extra networks, AND, schedules."""

    def __init__(self, webui: Path, seconds: float = 10.0) -> None:
        self._parser = _loaded(webui / "modules" / "prompt_parser.py")
        self._seconds = seconds

    def time(self, text: str) -> float | None:
        """The milliseconds for one prompt; None where the WebUI fails or takes too long."""
        clock = hasattr(signal, "setitimer")  # not on Windows: no limit there
        if clock:
            signal.signal(signal.SIGALRM, _give_up)
            signal.setitimer(signal.ITIMER_REAL, self._seconds)
        try:
            return timed(lambda: self._read(text))
        except (TooSlow, RecursionError, ValueError):
            return None
        finally:
            if clock:
                signal.setitimer(signal.ITIMER_REAL, 0)

    def attention(self, text: str) -> None:
        """The WebUI's reading of weights alone, which comes after the schedules."""
        self._parser.parse_prompt_attention(text)

    def _read(self, text: str) -> None:
        prompt = _EXTRA_NETWORK.sub("", text)
        _, prompts, _ = self._parser.get_multicond_prompt_list([prompt])
        self._parser.get_learned_conditioning_prompt_schedules(prompts, _STEPS)


def _loaded(path: Path) -> ModuleType:
    sys.modules.setdefault("torch", types.ModuleType("torch"))
    spec = importlib.util.spec_from_file_location("webui_prompt_parser", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _give_up(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TooSlow
