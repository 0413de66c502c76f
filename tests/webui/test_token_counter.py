"""The token counter of each imitated program: it asks us, also after a reload, where it asks anybody."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.support.hosts import panel
from tests.webui.imitation import Imitation
from tests.webui.with_us import MADE, OLDER, SCRIPT, TITLE, UNKNOWN, compiled


def test_it_counts_the_compiled_prompt(started: Imitation) -> None:
    assert started.text_to_count("smile, 1girl") == MADE
    assert started.text_to_count("blurry", is_positive=False) == compiled("", "blurry").negative
    started.checkpoints.choose(OLDER)
    assert started.text_to_count("smile, 1girl") == compiled("smile, 1girl", "", OLDER).prompt
    started.checkpoints.choose(UNKNOWN)
    assert started.text_to_count("smile, 1girl") == "smile, 1girl"


def test_it_asks_once_after_a_reload(started: Imitation) -> None:
    started.reload([SCRIPT])
    assert len(started.callbacks["before_token_counter"]) == 1
    assert started.text_to_count("smile, 1girl") == MADE


def test_what_the_panel_has_said_counts(started: Imitation) -> None:
    look_after(started, panel(switches=["order"]), "smile, 1girl")
    assert started.text_to_count("smile, 1girl") == "1girl, smile"


def look_after(program: Imitation, arguments: list[Any], prompt: str) -> None:
    """What the page asks for after a key: the panel's line."""
    script = program.runners["txt2img"].named(TITLE)
    first = program.runners["txt2img"].inputs[script.args_from]
    page = f'{{"prompt": "{prompt}"}}'
    fns = program.page.fns
    listed = fns.values() if isinstance(fns, dict) else fns  # gradio 4 numbers them
    looks = [one.fn for one in listed if getattr(one.fn, "__name__", "") == "_looked"]
    assert first.label == "Mode" and looks
    looks[0](page, *arguments)


def test_a_program_that_asks_nobody_is_left_alone(
    program: Imitation, adapter: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(adapter.token_counter.script_callbacks, "on_before_token_counter")
    adapter.count_instead(lambda text, _positive: text + "!")
    assert program.text_to_count("smile") == "smile"
