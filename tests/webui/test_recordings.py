"""The imitation replays the recordings of the real programs: every hook, every field, every infotext."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.webui import recordings
from tests.webui.imitation import REPOSITORY, Imitation
from tests.webui.recordings import FAILED, Case, loaded_before, page_fields, read_cases
from tests.webui.variants import RECORDED, Variant

SHARED = REPOSITORY.parent / "shared"
MISSING = "recording"


def every_case() -> list[Any]:
    """A test a case; where a recording is missing, one that will say so."""
    found = []
    for variant in RECORDED:
        names = recordings.names_of_cases(variant, SHARED) or [MISSING]
        found += [pytest.param(variant, name, id=f"{variant.name}: {name}") for name in names]
    return found


def replayed(case: Case, cases: list[Case], variant: Variant) -> tuple[list[dict[str, Any]], Any]:
    """What the recorder sees when the case's request is made again, and the infotexts that come back."""
    program = Imitation(variant, recordings.checkpoints(cases), styles=recordings.STYLES, seed=case.seed)
    records: list[dict[str, Any]] = []
    program.add_extension(recordings.recorder(case, program, records))
    program.build()
    before = loaded_before(cases, case)
    if before:
        program.checkpoints.reload(program.checkpoints.checkpoint_aliases[before])
    program.checkpoints.loaded_hooks.append(lambda model: records.append(loaded(model)))
    try:
        result = ask(program, case)
    except TypeError:
        return records, FAILED
    assert program.errors == []
    return records, result.infotexts if isinstance(case.infotext, list) else result.infotexts[0]


def loaded(model: Any) -> dict[str, Any]:
    return {
        "hook": "on_model_loaded",
        "is_sdxl": model.is_sdxl,
        "ckpt": model.sd_checkpoint_info.name,
    }


def ask(program: Imitation, case: Case) -> Any:
    if case.from_page:
        fields, scripts = page_fields(case)
        return program.press_generate("txt2img", scripts, **fields)
    tab = "img2img" if "init_images" in case.request else "txt2img"
    return program.api(tab, **case.request)


def exact(record: dict[str, Any]) -> dict[str, str]:
    """Fields as JSON, where 7 is not 7.0 and 1 is not true."""
    return {name: json.dumps(value) for name, value in record.items()}


@pytest.mark.parametrize(("variant", "name"), every_case())
def test_case_is_as_it_was_recorded(variant: Variant, name: str, shared_file: Callable[[str], Path]) -> None:
    cases = read_cases(shared_file(str(variant.recording)))
    case = next(case for case in cases if case.name == name)
    records, infotext = replayed(case, cases, variant)
    assert [record["hook"] for record in records] == [record["hook"] for record in case.hooks]
    for record, recorded in zip(records, case.hooks, strict=True):
        assert exact(record) == exact(recorded)
    assert infotext == case.expected


@pytest.mark.parametrize("variant", RECORDED, ids=lambda variant: variant.name)
def test_recording_is_whole(variant: Variant, shared_file: Callable[[str], Path]) -> None:
    cases = read_cases(shared_file(str(variant.recording)))
    assert len(cases) == len({case.name for case in cases}) >= 17
    assert all(case.hooks[0]["hook"] == "setup" for case in cases)
