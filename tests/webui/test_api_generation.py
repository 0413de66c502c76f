"""The examples of docs/api-generation.md come out as written, and its table names every option."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from modelwise.compile import Switches
from modelwise.intent import Intent
from modelwise.settings import Field
from modelwise.webui.choices import Options
from tests.webui.generating import process_images
from tests.webui.imitation import REPOSITORY, Imitation
from tests.webui.processing import Processing
from tests.webui.variants import A1111
from tests.webui.with_us import MADE, TITLE, generate, read, request

PAGE = Path(REPOSITORY / "docs" / "api-generation.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.+?)```\n```text\n(.+?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("variant", [A1111], ids=["a1111"])
@pytest.mark.parametrize(("request_text", "expected"), EXAMPLES)
def test_an_example_comes_out_as_written(started: Imitation, request_text: str, expected: str) -> None:
    (found,) = read(started.api(**json.loads(request_text)))
    lines = dict(line.split(": ", 1) for line in expected.strip().split("\n"))
    assert {name: found[name] for name in lines} == lines
    assert TITLE in found


@pytest.mark.parametrize("marks", [True, False])
def test_a_request_without_us_is_left_alone_where_the_program_marks_none(
    started: Imitation, monkeypatch: pytest.MonkeyPatch, marks: bool
) -> None:
    """Where jobs do not declare what they are, the page's arguments tell that one comes from there."""
    if not marks:
        monkeypatch.delattr(Processing, "is_api")
    p, arguments = started.api_job("txt2img", prompt="smile, 1girl")
    p.begin(started.runners["txt2img"], arguments, is_api=marks)
    (asked,) = read(process_images(p))
    assert (asked["Prompt"], TITLE in asked) == ("smile, 1girl", False)
    (clicked,) = read(generate(started))
    assert clicked["Prompt"] == MADE
    (named,) = read(request(started, "on"))
    assert named["Prompt"] == MADE


def test_every_request_of_the_page_is_an_example() -> None:
    assert len(EXAMPLES) == PAGE.count("```json") == 6


def test_every_option_stands_in_the_table() -> None:
    rows = "\n".join(line for line in PAGE.split("\n") if line.startswith("|"))
    names = [name for name in Options.__struct_fields__ if name not in {"intent", "switches"}]
    names += [f"intent.{name}" for name in Intent.__struct_fields__]
    names += [*Switches.__struct_fields__, *get_args(Field)]
    assert [name for name in names if not re.search(rf"`(\w+\.)?{re.escape(name)}`", rows)] == []
