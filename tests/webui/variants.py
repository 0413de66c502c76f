"""The programs that are imitated, and in what they differ as far as their recordings show it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.webui.samplers import APART, IN_ONE_NAME, Samplers


@dataclass(frozen=True)
class Variant:
    """One program.

    `lazy_model`: the first image loads the model, after `before_process`. `comments_with_styles`: comments
    are gone before `process`; elsewhere the last script takes them out there. `conditions_twice`: with a
    second pass both passes' networks are activated before the first is sampled. `looks_at_second`: how often
    `process_before_every_sampling` comes in the second pass. `notes_clip_skip`: the job gets the option's
    value when the prompts are encoded. `own_checkpoint_box`: the checkpoint's box is none of the options,
    and the page is not told of a choice in it. `encoders_apart`: the text encoders stand beside the model.
    `keeps_empty_prompt`: an empty prompt, encoded when a model is loaded, is kept with it. `own_fields`: fields of the second pass beyond A1111's.
    `boxes_in_infotext`: of the second pass's prompts, the infotext has what stands in the boxes.
    `samplers`: what can be chosen. `recording`: None where there is none.
    """

    name: str
    recording: str | None
    version: str
    without_comments: Callable[[str], str]
    lazy_model: bool = False
    comments_with_styles: bool = False
    conditions_twice: bool = False
    looks_at_second: int = 1
    notes_clip_skip: bool = False
    own_checkpoint_box: bool = False
    encoders_apart: bool = False
    keeps_empty_prompt: bool = True
    own_fields: Mapping[str, Any] = field(default_factory=dict)
    boxes_in_infotext: bool = False
    samplers: Samplers = APART

    @property
    def has_modules(self) -> bool:
        """Whether a second pass has to be told its additional modules."""
        return "hr_additional_modules" in self.own_fields


def _cut_lines(text: str) -> str:
    """A line that is all comment goes with one of its line ends."""
    return re.sub(r"#.*(?:\n|\Z)", "\n", re.sub(r"(?:\A|\n)#.*(?:\n|\Z)", "\n", text))


def _empty_lines(text: str) -> str:
    """Three kinds of comments; a line that is all comment stays as an empty one."""
    return re.sub(r"(?:#|//).*", "", re.sub(r"/\*[\s\S]*?\*/", "", text))


A1111 = Variant("a1111", "host/hook-recordings.jsonl", "1.10.1", _cut_lines)
FORGE = Variant(
    "forge",
    "host/forge/hook-recordings.jsonl",
    "f2.0.1v1.10.1-1.10.1",
    _cut_lines,
    lazy_model=True,
    comments_with_styles=True,
    conditions_twice=True,
    looks_at_second=2,
    own_checkpoint_box=True,
    encoders_apart=True,
    keeps_empty_prompt=False,
    own_fields={"hr_cfg": 1.0, "hr_additional_modules": None},
)
REFORGE = Variant(
    "reforge",
    "host/reforge/hook-recordings.jsonl",
    "f1.0.0v2-v1.10.1RC-1.10.1",
    _empty_lines,
    conditions_twice=True,
    notes_clip_skip=True,
    encoders_apart=True,
    own_fields={"hr_cfg": 1.0},
)
CLASSIC = Variant(
    "classic",
    None,
    "f1.10.1-classic",
    _cut_lines,
    encoders_apart=True,
    boxes_in_infotext=True,
    samplers=IN_ONE_NAME,
)
RECORDED = (A1111, FORGE, REFORGE)
VARIANTS = (*RECORDED, CLASSIC)
