"""The guides in docs: every call that is shown gives the answer that is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.checkpoints import POSITIONS, numbers, whole, write
from tests.support.guides import answer, examples


def test_the_doctors(tmp_path: Path) -> None:
    pytest.importorskip("safetensors", reason="needs safetensors, which every WebUI brings")
    kept = {name: made for name, made in whole("sd1").items() if not name.startswith("first_stage_model.")}
    ids = numbers("I64", [*range(41), 40, *range(42, 77)], (1, 77))
    write(tmp_path / "merge.safetensors", kept | {POSITIONS["sd1"]: ids})
    for call, expected in examples("doctor.md"):
        assert answer(call, tmp_path) == expected


def test_captions(tmp_path: Path) -> None:
    for name, text in (("1", "smile, masterpiece, 1girl, safe"), ("2", "1boy, night")):
        file = tmp_path / "dataset" / "cats" / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.with_suffix(".png").touch()
    for call, expected in examples("captions.md"):
        assert re.sub(r'"seconds": [\d.]+', '"seconds": 0.0', answer(call, tmp_path)) == expected


def test_export(tmp_path: Path) -> None:
    for call, expected in examples("export.md"):
        assert answer(call, tmp_path) == expected
