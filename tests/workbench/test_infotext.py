"""Infotexts read and written: back and forth for any text, and held against those of the real WebUI."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.workbench.host import Workbench
from modelwise.workbench.infotext import VERSION, quoted, read, written
from modelwise.workbench.job import Hires, Request, WorkbenchJob
from modelwise.workbench.styles import Style

SETTINGS = {
    "width": 64,
    "height": 64,
    "cfg_scale": 7.0,
    "steps": 4,
    "sampler": "DPM++ 2M",
    "scheduler": "Karras",
}
REQUEST = Request("txt2img", "1girl, blue hair", "bad hands", SETTINGS, seed=1)


def job_of(host: Workbench, request: Request) -> WorkbenchJob:
    job = WorkbenchJob(request, host)
    job.prepare()
    job.strip_comments()
    return job


values = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    # the WebUI takes for quoted what begins so
    lambda text: text == text.strip() and not text.startswith('"')
)


@given(value=values)
def test_a_value_comes_back(value: str) -> None:
    line = f"Steps: 1, Sampler: Euler, Modelwise: {quoted(value)}, Version: 1"
    found = read(f"a prompt\n{line}")
    size = {key: text for key, text in found.items() if key.startswith("Modelwise-")}
    assert found.get("Modelwise", "x".join(size.values())) == value
    assert found["Version"] == "1"


@given(text=st.text())
def test_reading_never_fails(text: str) -> None:
    assert {"Prompt", "Negative prompt"} <= read(text).keys()


def test_what_holds_no_parameters_is_all_prompt() -> None:
    found = read("1girl, smile\nNegative prompt: blurry, Steps: 3")
    assert found == {"Prompt": "1girl, smile", "Negative prompt": "blurry, Steps: 3"}


def test_texts_of_several_lines() -> None:
    found = read("one,\ntwo\nNegative prompt: three,\nfour\nSteps: 1, Sampler: Euler, Size: 64x32")
    assert found["Prompt"] == "one,\ntwo"
    assert found["Negative prompt"] == "three,\nfour"
    assert (found["Size-1"], found["Size-2"]) == ("64", "32")


def recorded(file: Path) -> dict[str, tuple[Any, str]]:
    """Request and infotext of each recorded case that ended in an image, with one infotext."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    ended = [line for line in lines if "request" in line and "Steps: " in line["infotext"]]
    return {line["case"]: (line["request"], line["infotext"]) for line in ended}


CASES: dict[str, Request] = {
    "basic": REQUEST,
    "comment lines": replace(REQUEST, prompt="1girl, # a comment, red hair\nblue hair\n# whole line\nsmile"),
    "extra network": replace(REQUEST, prompt="1girl, <lora:none:0.8>, smile"),
    "hires, no hires prompt": replace(REQUEST, hires=Hires(1.5, 0, 0, "Latent", 0, 0.5)),
    "hires, own prompt": replace(
        REQUEST,
        hires=Hires(1.5, 0, 0, "Latent", 0, 0.5, prompt="1girl, close-up", negative="lowres"),
    ),
    "override clip skip": replace(REQUEST, settings={**SETTINGS, "clip_skip": 2}),
    "unknown sampler": replace(REQUEST, settings={**SETTINGS, "sampler": "No Such Sampler"}),
    "size not a multiple of 8": replace(REQUEST, settings={**SETTINGS, "width": 100, "height": 70}),
}


@pytest.mark.parametrize("case", CASES)
def test_as_the_webui_writes_it(case: str, host: Workbench, shared_file: Callable[[str], Path]) -> None:
    real = recorded(shared_file("host/hook-recordings.jsonl"))[case][1]
    host.options["sd_model_checkpoint"] = "animagine-xl-4.0-opt.safetensors"
    ours = written(job_of(host, CASES[case]), 0)
    expected = real.replace("Model hash: ff2b4cec60, ", "").replace("Version: 1.10.1", f"Version: {VERSION}")
    assert ours == expected


def test_styles_as_the_webui_merges_them(host: Workbench, shared_file: Callable[[str], Path]) -> None:
    real = recorded(shared_file("host/reforge/hook-recordings.jsonl"))["styles"][1]
    style = Style("labstyle", "STYLE a, {prompt}, STYLE b", "STYLE n")
    ours = written(job_of(host, replace(REQUEST, styles=(style,))), 0)
    assert ours.split("\nSteps")[0] == real.split("\nSteps")[0]


def test_every_recorded_infotext_can_be_read(shared_file: Callable[[str], Path]) -> None:
    for name in ("host/hook-recordings.jsonl", "host/forge/hook-recordings.jsonl"):
        for case, (request, infotext) in recorded(shared_file(name)).items():
            found = read(infotext)
            assert found["Model"] in {"animagine-xl-4.0-opt", "anything-v3-1"}, case
            if isinstance(request, dict):
                assert (found["Size-1"], found["Size-2"]) == (str(request["width"]), str(request["height"]))
                assert found["Steps"] == str(request["steps"])
