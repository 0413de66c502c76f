"""The README's examples are what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from modelwise.compile import Compiler, Request
from modelwise.profile_files import load_bundled
from modelwise.report import settings_text
from modelwise.tag_files import load_vocabulary
from modelwise.webui.choices import read_choices

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"profile: (.+)\nbefore:  (.+)\nafter:   (.+)\nsets:    (.+)\n", README)


def test_there_is_an_example_for_each_card() -> None:
    assert [profile for profile, *_ in EXAMPLES] == [
        "animagine-xl-4.0-opt",
        "animagine-xl-3.1",
        "anything-v3.1",
        "sotediffusion-v2",
    ]


@pytest.mark.parametrize(("profile", "before", "after", "sets"), EXAMPLES)
def test_an_example_comes_out_as_written(profile: str, before: str, after: str, sets: str) -> None:
    found = load_bundled().profiles[profile]
    result = Compiler(found, load_vocabulary()).compile(Request(before))
    assert result.prompt == after
    assert (settings_text(result.settings) or "nothing: this card recommends no values") == sets


def test_the_api_examples_are_valid() -> None:
    text = re.search(r"```json\n(.+?)```", README, re.DOTALL)
    assert text
    requests = [json.loads(part) for part in re.split(r"\n(?=\{\"prompt)", text[1].strip())]
    arguments = [request["alwayson_scripts"]["Modelwise"]["args"] for request in requests]
    on, named = map(read_choices, arguments)
    assert (on.mode, on.named) == ("on", False)
    assert (named.intent.rating, named.intent.year, len(named.untouched)) == ("general", 2023, 4)
