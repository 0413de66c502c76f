"""Lab and Profiles in the real WebUI: the lab shows what Generate does, and a saved profile is used without a restart."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.real.desk import Desk
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4

WAIT = 20_000
_TXT2IMG = re.compile(r"^\s*txt2img\s*$", re.IGNORECASE)
UNKNOWN = "someUnknownMix_v3"
CHANGE = f"""
[match]
names = ["{UNKNOWN}"]
[inject.quality.standard]
basis = "stated"
source = "card"
positive = ["best quality"]
"""

pytestmark = pytest.mark.browser


def section(desk: Desk, title: str) -> Locator:
    """A section of our tab."""
    desk.page.locator("#tabs > .tab-nav > button").get_by_text("Modelwise", exact=True).click()
    desk.page.locator("#modelwise_sections > .tab-nav > button").get_by_text(title, exact=True).click()
    found: Locator = desk.page.locator(f"[data-section={title.lower()}]")
    return found


def to_txt2img(desk: Desk) -> None:
    """Its title begins with a capital letter in Forge."""
    desk.page.locator("#tabs > .tab-nav > button").filter(has_text=_TXT2IMG).click()


@pytest.fixture
def own_profile(desk: Desk) -> Iterator[str]:
    """The id of a profile that is deleted in the end."""
    yield "animagine-xl-4.0-opt-mine"
    profiles = section(desk, "Profiles")
    profiles.locator("button[data-profile$='-mine']").first.click()
    profiles.locator(".modelwise-card").get_by_role("button", name="Delete").click()
    expect(profiles.locator("> .modelwise-said")).to_contain_text("is deleted", timeout=WAIT)
    to_txt2img(desk)


def test_the_lab_shows_what_generate_does(desk: Desk) -> None:
    lab = section(desk, "Lab")
    lab.get_by_role("textbox", name="Prompt", exact=True).fill(MESSY)
    result = lab.locator(".modelwise-column").first
    expect(result.locator("h3")).to_have_text("Animagine XL 4.0 Opt", timeout=WAIT)
    expect(result.locator(".modelwise-chips").first).to_contain_text("firefly", timeout=WAIT)
    result.get_by_role("button", name="Send to txt2img").click()
    box = desk.page.locator("#txt2img_prompt textarea").first
    expect(box).to_have_value(ORDERED_4, timeout=WAIT)
    expect(desk.page.locator("#txt2img_neg_prompt textarea").first).to_have_value(NEGATIVE_4)
    desk.write("prompt", MESSY)
    desk.write("neg_prompt", "")
    desk.small()
    made = desk.generate()
    assert (made.prompt, made.negative) == (ORDERED_4, NEGATIVE_4)
    assert desk.own_errors() == []


def test_an_edited_copy_is_used_without_a_restart(desk: Desk, own_profile: str) -> None:
    profiles = section(desk, "Profiles")
    expect(profiles.locator(".modelwise-card h3")).to_have_text("Animagine XL 4.0 Opt", timeout=WAIT)
    profiles.get_by_role("button", name="Extend").click()
    editor = profiles.locator(".modelwise-editor textarea")
    text = editor.input_value()
    editor.fill(text[: text.index("# Whole names")] + CHANGE)
    expect(profiles.locator(".modelwise-findings")).to_contain_text(f"({own_profile})", timeout=WAIT)
    profiles.get_by_role("button", name="Save", exact=True).click()
    expect(profiles.locator("> .modelwise-said")).to_contain_text("is saved", timeout=WAIT)
    to_txt2img(desk)
    desk.choose_checkpoint(UNKNOWN)
    desk.waits_for_line("(mine)")
    desk.small()
    desk.write("prompt", "smile, 1girl")
    found = desk.generate()
    assert found.prompt == "1girl, smile, best quality"
    assert found.record is not None and found.record["profile"] == own_profile
    assert desk.own_errors() == []
