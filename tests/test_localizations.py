"""Translations for the WebUI's localization: the same texts in each, and each text one that we show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelwise.webui.settings_page import FIELD_TITLES, OPTIONS

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "localizations").glob("*.json"))
COMPOSED = {
    *(f"Set {title}" for title in FIELD_TITLES.values()),
    *(f"quality {level}" for level in ("standard", "light", "heavy")),
    *("mode on", "1 note", "2 notes", "3 notes"),
}
"""Texts that the code puts together."""


def translations(file: Path) -> dict[str, str]:
    found = json.loads(file.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def shown() -> str:
    """All our code that shows text in the page."""
    folder = ROOT / "modelwise" / "webui"
    files = [*folder.glob("panel*.py"), *(ROOT / "javascript").glob("*.js"), ROOT / "modelwise" / "report.py"]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_the_languages_are_there() -> None:
    assert [file.stem for file in FILES] == ["ja_JP", "zh_CN"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_text_is_one_that_we_show(file: Path) -> None:
    code = shown()
    labels = {option.label for option in OPTIONS} | COMPOSED
    stray = [text for text in translations(file) if text not in labels and text.strip("()") not in code]
    assert stray == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_setting_is_translated(file: Path) -> None:
    found = translations(file)
    assert [option.label for option in OPTIONS if option.label not in found] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_is_left_empty_or_as_it_was(file: Path) -> None:
    for text, translated in translations(file).items():
        assert translated.strip() and translated != text, text


def test_the_languages_have_the_same_texts() -> None:
    assert len({tuple(translations(file)) for file in FILES}) == 1
