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
PREVIEW = (
    *("Format", "Translate", "Copy"),
    "Point at a tag, or go there with Tab and the arrow keys, to read why it stands there.",
)
TEXTS = ("Mode", "Profile", "(by file name)", "Restore my values", "My presets", *PREVIEW)


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
    copy = desk.page.locator("#modelwise_txt2img_preview button").filter(has_text=words["Copy"])
    assert copy.get_attribute("title") == words["Copy what Generate would make, as an infotext"]
    desk.write("prompt", "1girl, Copy, constructor")
    desk.page.locator(".modelwise-chip").filter(has_text="constructor").wait_for()
    chips = desk.page.locator("#modelwise_txt2img_preview .modelwise-chip").all_text_contents()
    assert chips[1:3] == ["Copy", "constructor"], "what the user wrote is not translated"
    check_tab(desk, words)
    desk.page.close()


def check_tab(desk: Desk, words: dict[str, str]) -> None:
    """The Modelwise tab speaks it too, what the server has answered included."""
    desk.page.locator("#tabs > .tab-nav > button").get_by_text("Modelwise", exact=True).click()
    desk.page.locator(
        "#modelwise_tab_tags-button, #modelwise_sections > .tab-nav > button:nth-child(4)"
    ).click()
    place = desk.page.locator(".modelwise-section[data-section='tags']")
    place.get_by_label(words["What is this tag?"]).fill("no such tag")
    place.get_by_role("button", name=words["Look up"]).click()
    place.locator("dt").get_by_text(words["Known"], exact=True).wait_for()
    place.locator("th").get_by_text(words["Conflicts"], exact=True).wait_for()
