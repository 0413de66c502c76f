"""The section Profiles: cards to read, own profiles to write, in a real page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser import measuring
from tests.browser.conftest import OPT, NewDesk
from tests.browser.desk import Desk
from tests.browser.sections import open_section

MINE = """\
# A comment of mine
schema = 1
id = "%s"
version = 1
name = "%s"  # its name
extends = "animagine-xl-4.0"
"""
EVIL = """
sources = [
    { id = "a", name = "<img src=x onerror=alert(1)>", url = "javascript:alert(1)" },
    { id = "b", name = "good", url = "https://example.org/<b>" },
]
[[limits]]
basis = "stated"
source = "a"
when = "note"
text = "<script>alert(1)</script>"
"""


def profiles(desk: Desk) -> Locator:
    section = open_section(desk, "Profiles")
    expect(section.locator(".modelwise-card h3")).to_be_visible()
    return section


def editor(section: Locator) -> Locator:
    return section.locator(".modelwise-editor textarea")


def said(section: Locator) -> Locator:
    return section.locator("> .modelwise-said")


def write(section: Locator, text: str) -> None:
    """A new profile from a text."""
    section.get_by_role("button", name="Import as text").click()
    editor(section).fill(text)
    section.get_by_role("button", name="Save", exact=True).click()
    expect(said(section)).to_contain_text("is saved")


def remove(section: Locator) -> None:
    """Delete the profile that is shown."""
    section.locator(".modelwise-card").get_by_role("button", name="Delete").click()
    expect(said(section)).to_contain_text("is deleted")


@pytest.mark.smoke
def test_a_card_says_what_the_model_card_says(desk: Desk) -> None:
    section = profiles(desk)
    card = section.locator(".modelwise-card")
    expect(card.locator("h3")).to_have_text("Animagine XL 4.0 Opt")
    expect(card.locator("section[aria-label=Order] .modelwise-chip")).to_have_text(
        ["subject", "character", "series", "rating", "general", "quality + score + meta"]
    )
    settings = card.locator("section[aria-label=Settings] tbody tr")
    assert settings.filter(has_text="CFG").locator("td").all_inner_texts()[:3] == ["CFG", "5", "4 to 7"]
    link = card.locator("section[aria-label=Sources] a").first
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert (link.get_attribute("href") or "").startswith("https://")
    wide, tall = (
        measuring.box(size, card.locator(".modelwise-sizes li").filter(has_text=size).locator("div"))
        for size in ("1536x640", "640x1536")
    )
    assert wide[1]["width"] == pytest.approx(tall[1]["height"], abs=1)
    assert wide[1]["width"] / wide[1]["height"] == pytest.approx(1536 / 640, rel=0.05)


def test_search_filters_and_arrow_keys(desk: Desk) -> None:
    section = profiles(desk)
    names = section.locator("button[data-profile] b")
    section.get_by_label("Search").fill("xl animagine")
    expect(names.first).to_contain_text("Animagine")
    section.get_by_label("Architecture").select_option("coreml")
    expect(names).to_have_text(["Animagine XL 3.1 (Core ML)"])
    section.get_by_label("Architecture").select_option("")
    section.get_by_label("Family").select_option("animagine-xl-4")
    expect(names).to_have_text(["Animagine XL 4.0", "Animagine XL 4.0 Opt", "Animagine XL 4.0 Zero"])
    section.locator("button[data-profile]").first.focus()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Enter")
    expect(section.locator(".modelwise-card h3")).to_have_text("Animagine XL 4.0 Zero")
    expect(section.locator("button[aria-current]")).to_contain_text("Zero")
    section.get_by_label("Search").fill("nobody")
    expect(section.locator(".modelwise-list")).to_have_text("No profile fits.")


def test_two_profiles_are_compared(desk: Desk) -> None:
    section = profiles(desk)
    section.get_by_label("Compare with").select_option("animagine-xl-3.1")
    rows = section.locator(".modelwise-differences tbody tr")
    expect(rows.filter(has_text="settings.cfg_scale.value").locator("td")).to_have_text(
        ["settings.cfg_scale.value", "5", "7"]
    )


def test_an_own_profile_from_draft_to_undo(desk: Desk) -> None:
    section = profiles(desk)
    section.get_by_role("button", name="Extend").click()
    findings = section.locator(".modelwise-findings")
    expect(findings).to_contain_text(f"without problems: Animagine XL 4.0 Opt (mine) ({OPT}-mine)")
    text = editor(section).input_value()
    editor(section).fill(f"{text}\n[settings.steps]\nbasis = 'stated'\nsource = 'card'\nvalue = 0\n")
    line = len(text.split("\n")) + 4
    expect(findings).to_contain_text("settings.steps.value: found 0; allowed: a whole number over 0")
    expect(section.locator(".modelwise-wrong")).to_have_text(str(line))
    expect(editor(section)).to_have_attribute("aria-invalid", "true")
    findings.get_by_role("button", name=f"Line {line}").click()
    expect(editor(section)).to_be_focused()
    desk.page.keyboard.type("value = 27")
    expect(findings).to_contain_text("without problems")
    section.get_by_role("button", name="Save", exact=True).click()
    expect(said(section)).to_contain_text(f"{OPT}-mine.toml is saved")
    expect(section.locator("section[aria-label=Settings]")).to_contain_text("27")
    remove(section)
    expect(section.locator("button[data-profile]").filter(has_text="(mine)")).to_have_count(0)
    section.get_by_role("button", name="Undo").click()
    expect(section.locator(".modelwise-card h3")).to_have_text("Animagine XL 4.0 Opt (mine)")
    section.get_by_role("button", name="Edit").click()
    expect(editor(section)).to_have_value(
        f"{text}\n[settings.steps]\nbasis = 'stated'\nsource = 'card'\nvalue = 27\n"
    )
    section.get_by_role("button", name="Close").click()
    remove(section)


def test_a_check_that_ends_meanwhile_does_not_lose_a_click(desk: Desk) -> None:
    section = profiles(desk)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.page.route("**/own-profiles/check", hold)
    with desk.page.expect_request("**/own-profiles/check"):
        section.get_by_role("button", name="Import as text").click()
    with desk.page.expect_request("**/own-profiles/check"):
        editor(section).fill(MINE % ("clicked", "Clicked"))
    section.get_by_role("button", name="Save", exact=True).hover(position={"x": 9, "y": 3})
    desk.page.mouse.down()
    held[-1].continue_()
    expect(section.locator(".modelwise-findings")).to_contain_text("without problems")
    desk.page.mouse.up()
    expect(said(section)).to_contain_text("is saved")
    remove(section)
    desk.page.unroute("**/own-profiles/check")


def test_what_is_saved_is_used_at_once(desk: Desk) -> None:
    section = profiles(desk)
    write(section, MINE % ("used", "Used") + '[match]\nnames = ["anything-v3-1"]\n')
    lab = open_section(desk, "Lab")
    lab.locator(".modelwise-choice summary").click()
    lab.get_by_label("Search: Profiles").fill("used")
    expect(lab.locator(".modelwise-options li:visible")).to_contain_text("Used · used, animagine-xl-4")
    remove(open_section(desk, "Profiles"))
    open_section(desk, "Lab")
    expect(lab.locator(".modelwise-options li:visible")).to_have_count(0)


def test_who_saves_second_is_told_and_keeps_both_texts(new_desk: NewDesk) -> None:
    one, other = new_desk(), new_desk()
    first = profiles(one)
    write(first, MINE % ("shared", "Shared"))
    second = profiles(other)
    for section in (first, second):
        section.locator("button[data-profile=shared]").click()
        section.get_by_role("button", name="Edit").click()
    text = editor(first).input_value()
    editor(first).fill(f"{text}# the first\n")
    editor(second).fill(f"{text}# the second\n")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(said(first)).to_contain_text("is saved")
    second.get_by_role("button", name="Save", exact=True).click()
    theirs = second.get_by_label("What is in the file now")
    expect(theirs).to_have_value(f"{text}# the first\n")
    expect(editor(second)).to_have_value(f"{text}# the second\n")
    expect(second.locator(".modelwise-findings")).to_contain_text("changed it meanwhile")
    second.get_by_role("button", name="Save mine over it").click()
    expect(said(second)).to_contain_text("is saved")
    remove(second)
    assert all("409" in problem for problem in other.problems)  # the browser itself logs a refusal
    other.problems.clear()


def test_leaving_asks_first(desk: Desk) -> None:
    section = profiles(desk)
    section.get_by_role("button", name="Copy").click()
    editor(section).fill("half a thought")
    section.get_by_role("button", name="Close").click()
    section.get_by_role("button", name="Keep editing").click()
    expect(editor(section)).to_have_value("half a thought")
    section.get_by_role("button", name="Close").click()
    section.get_by_role("button", name="Discard them").click()
    expect(section.locator(".modelwise-card")).to_be_visible()


def test_import_and_export(desk: Desk, tmp_path: Path) -> None:
    section = profiles(desk)
    (tmp_path / "one.toml").write_text(MINE % ("imported", "Imported"), encoding="utf-8")
    section.get_by_label("Import a file").set_input_files(tmp_path / "one.toml")
    expect(editor(section)).to_have_value(MINE % ("imported", "Imported"))
    section.get_by_role("button", name="Save", exact=True).click()
    expect(said(section)).to_contain_text("imported.toml is saved")
    with desk.page.expect_download() as download:
        section.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "imported.toml"
    assert Path(download.value.path()).read_text(encoding="utf-8") == MINE % ("imported", "Imported")
    remove(section)
    (tmp_path / "large.toml").write_text("# " + "x" * 10_000_000, encoding="utf-8")
    section.get_by_label("Import a file").set_input_files(tmp_path / "large.toml")
    expect(said(section)).to_contain_text("large.toml: found 10.0 MB; allowed: at most 1 MB")


def test_text_from_files_is_text_and_links_are_safe(desk: Desk) -> None:
    section = profiles(desk)
    write(section, MINE % ("evil", "<b>Evil</b>") + EVIL)
    card = section.locator(".modelwise-card")
    expect(card.locator("h3")).to_have_text("<b>Evil</b>")
    expect(card.locator("section[aria-label=Limits]")).to_contain_text("<script>alert(1)</script>")
    assert card.locator("img, script, b").count() == 0
    links = card.locator("section[aria-label=Sources] a")
    hrefs = [link.get_attribute("href") or "" for link in links.all()]
    assert hrefs and all(href.startswith(("http://", "https://")) for href in hrefs)
    remove(section)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_said_can_be_read(new_desk: NewDesk, theme: str) -> None:
    desk = new_desk(f"?__theme={theme}")
    section = profiles(desk)
    places = (
        "button[data-profile] b",
        "button[data-profile] small",
        "h4",
        "td",
        ".modelwise-sizes small",
        "a",
    )
    for place in (*places, ".modelwise-basis", "dt"):
        assert measuring.contrast(section.locator(place).first) >= 4.5, place
    section.get_by_role("button", name="Import as text").click()
    expect(section.locator(".modelwise-attention")).to_be_visible()
    assert measuring.contrast(section.locator(".modelwise-attention")) >= 4.5
    assert measuring.contrast(section.locator(".modelwise-wrong")) >= 4.5


@pytest.mark.parametrize("width", [360, 768, 1280, 2560])
def test_every_width(new_desk: NewDesk, width: int) -> None:
    desk = new_desk(viewport={"width": width, "height": 900})
    section = profiles(desk)
    section.get_by_label("Compare with").select_option("animagine-xl-3.1")
    expect(section.locator(".modelwise-differences table")).to_be_visible()
    assert measuring.sideways(desk.page) == 0
    boxes = [
        measuring.box(name, section.locator(name).first) for name in (".modelwise-list", ".modelwise-card")
    ]
    assert measuring.overlapping(boxes) == [] and measuring.outside(boxes, width) == []
    section.get_by_role("button", name="Copy").click()
    expect(editor(section)).to_be_visible()
    assert measuring.sideways(desk.page) == 0
