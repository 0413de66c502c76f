"""The tab's section Tags: lists, the search, own lists, and fetching the full one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.desk import Desk
from tests.support.tag_server import Server, whole

UPLOAD = "Your own lists"
FULL = "Danbooru's full list"


@pytest.fixture
def section(desk: Desk) -> Locator:
    return desk.open_section("Tags")


def group(section: Locator, title: str) -> Locator:
    return section.locator(".modelwise-group", has=section.page.get_by_role("heading", name=title))


def line(section: Locator, name: str) -> Locator:
    return section.get_by_role("row").filter(has=section.page.get_by_role("cell", name=name, exact=True))


def add(section: Locator, folder: Path, name: str, content: bytes) -> Locator:
    """Pick a file; gives the place of what is said of it."""
    file = folder / name
    file.write_bytes(content)
    section.get_by_label("Add a list").set_input_files(file)
    return group(section, UPLOAD).get_by_role("status")


@pytest.mark.smoke
def test_lists_and_what_a_tag_is(desk: Desk, section: Locator) -> None:
    expect(line(section, "characters.txt")).to_be_visible()
    box = section.get_by_label("What is this tag?")
    box.fill("Hatsune_Miku")
    box.press("Enter")
    answer = section.locator(".modelwise-answer")
    for text in ("character", "characters.txt", "vocaloid", "初音ミク"):
        expect(answer).to_contain_text(text)
    answer.get_by_role("button", name="hatsune miku (append)").press("Enter")
    expect(answer.locator("dd").first).to_have_text("hatsune miku (append)")
    expect(box).to_be_focused()
    box.fill("no such tag at all")
    section.get_by_role("button", name="Look up").click()
    expect(answer).to_contain_text("in no list")


def test_an_own_list_comes_counts_and_goes(desk: Desk, section: Locator, tmp_path: Path) -> None:
    content = b'zz_hero,4,9,"<b>zz</b>"\nnothing <img src=x>\nzz_smile,0,2,\n'
    said = add(section, tmp_path, "mine.csv", content)
    expect(said).to_have_text("mine.csv: 2 tags, 1 lines left out. They count from now on.")
    listed = line(section, "mine.csv")
    listed.locator("summary").click()
    expect(listed).to_contain_text("found 'nothing <img src=x>'")
    assert section.locator("img").count() == 0
    desk.open_tab("txt2img")
    desk.write("smile, zz hero, 1girl")
    assert desk.generate().prompt.startswith("1girl, zz hero, smile")
    desk.open_section("Tags")
    said = add(section, tmp_path, "mine.csv", b"zz_hero,0,9,\n")
    expect(said).to_contain_text("There is a list named mine.csv.")
    desk.page.keyboard.press("Enter")  # the focus is on "Replace it"
    expect(said).to_have_text("mine.csv: 1 tags. They count from now on.")
    listed.get_by_role("button", name="Delete").click()
    expect(listed.get_by_role("button", name="No")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(listed.get_by_role("button", name="Delete")).to_be_focused()
    desk.page.keyboard.press("Enter")
    listed.get_by_role("button", name="Yes").click()
    expect(listed).to_have_count(0)
    expect(section.locator("> .modelwise-said")).to_contain_text("it stays as mine.csv.bak")
    desk.problems.clear()  # the browser's own word on the conflict


def test_what_is_no_list_is_explained(desk: Desk, section: Locator, tmp_path: Path) -> None:
    said = add(section, tmp_path, "picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(1000))
    expect(said).to_contain_text("picture.csv: found byte 0x1a at 6; allowed: text in UTF-8")
    said = add(section, tmp_path, "page.csv", b"<html>\n" * 9)
    expect(said).to_contain_text("page.csv: found 0 tags and 9 lines that are none")
    expect(line(section, "page.csv")).to_have_count(0)
    desk.problems.clear()  # the browser's own word on the refusal


def test_the_full_list_stopped_gone_on_with_and_used(
    desk: Desk, section: Locator, tag_server: Server
) -> None:
    full = group(section, FULL)
    tag_server.answer = whole(pause=0.4)
    full.get_by_role("button", name="Fetch").press("Enter")
    expect(full.get_by_role("progressbar")).to_be_visible()
    expect(full).to_contain_text(" of 0.7 MB")
    full.get_by_role("button", name="Stop").click()
    expect(full).to_contain_text("Stopped: ")
    tag_server.answer = whole()
    full.get_by_role("button", name="Go on from 0.").click()
    expect(full).to_contain_text("Fetched: 20,000 tags")
    expect(full.get_by_role("button", name="Fetch")).to_be_visible()
    listed = line(section, "danbooru.csv")
    expect(listed).to_contain_text("20,000")
    listed.get_by_role("button", name="Delete").click()
    listed.get_by_role("button", name="Yes").click()
    expect(listed).to_have_count(0)


def test_a_network_that_dies_is_said(desk: Desk, section: Locator, tag_server: Server) -> None:
    tag_server.answer = lambda handler: handler.send_error(503)
    group(section, FULL).get_by_role("button", name="Fetch").click()
    expect(group(section, FULL)).to_contain_text("Not fetched: ")
    expect(group(section, FULL)).to_contain_text("found 503")


def test_counts_of_use_can_be_forgotten(desk: Desk, section: Locator) -> None:
    counts = f"{desk.address}/modelwise/v1/completion/words"
    asked = desk.page.request
    asked.post(f"{desk.address}/modelwise/v1/completion/uses", data={"name": "long hair"})
    assert asked.get(counts).json()["uses"] == {"long hair": 1}
    section.get_by_role("button", name="Forget them").click()
    section.get_by_role("button", name="Yes").click()
    expect(section.get_by_text("Forgotten: suggestions come by popularity")).to_be_visible()
    assert asked.get(counts).json()["uses"] == {}
