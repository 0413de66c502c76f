"""Placeholder pictures: any size, any text, and the infotext inside."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from modelwise.workbench.picture import drawn, infotext_of, saved


@pytest.mark.parametrize(
    ("size", "drawn_size"),
    [((832, 1216), (832, 1216)), ((64, 64), (64, 64)), ((4096, 2048), (2048, 1024)), ((8, 2048), (8, 2048))],
)
def test_the_size_is_to_scale(size: tuple[int, int], drawn_size: tuple[int, int]) -> None:
    assert drawn(size, "model", "1girl", "", 1).size == drawn_size


@pytest.mark.parametrize("prompt", ["", "a " * 5000, "猫耳, 😀, <b>", "x" * 10_000, "line\nline", "\x00"])
def test_any_text_can_be_drawn(prompt: str) -> None:
    drawn((256, 384), "model", prompt, prompt, 5)


def test_another_prompt_makes_another_picture() -> None:
    one, two = (drawn((256, 384), "model", prompt, "", 5).tobytes() for prompt in ("1girl", "1boy"))
    assert one != two


@pytest.mark.parametrize("infotext", ["1girl\nSteps: 1", "猫 😀\nSteps: 1", ""])
def test_the_infotext_comes_back(infotext: str, tmp_path: Path) -> None:
    file = saved(drawn((64, 64), "", "", "", 0), infotext, tmp_path / "a.png")
    with Image.open(file) as image:
        assert infotext_of(image) == infotext


def test_a_picture_of_others_has_none() -> None:
    assert infotext_of(Image.new("RGB", (4, 4))) == ""
    assert infotext_of(None) == ""
