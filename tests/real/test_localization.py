"""The panel in the page's own language, by the WebUI's localization and our files for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.real.conftest import Start
from tests.real.desk import Desk
from tests.real.installing import put_in_place

pytestmark = pytest.mark.browser

LOCALIZATIONS = Path(__file__).resolve().parents[2] / "localizations"
TEXTS = ("Mode", "Profile", "(by file name)", "Restore my values", "My presets")


@pytest.mark.parametrize("language", ["ja_JP", "zh_CN"])
def test_the_panel_speaks_the_pages_language(
    browser: Any, start: Start, repository: Path, tmp_path: Path, language: str
) -> None:
    data = tmp_path / "data"
    put_in_place(repository, data)
    (data / "config.json").write_text(json.dumps({"localization": language}), encoding="utf-8")
    desk = Desk(browser, start(data))
    desk.choose_checkpoint("animagine-xl-4.0-opt")
    desk.open_panel()
    desk.page.wait_for_timeout(2000)
    words = json.loads((LOCALIZATIONS / f"{language}.json").read_text(encoding="utf-8"))
    shown = str(desk.page.locator("#modelwise_txt2img").inner_text())
    assert [text for text in TEXTS if words[text] not in shown] == []
    desk.page.close()
