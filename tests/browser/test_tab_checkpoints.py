"""The tab's section Checkpoints: every checkpoint, searched, sorted and chosen for, by mouse and by keyboard."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import NewDesk
from tests.browser.desk import Desk

MERGE = "somebodys_merge_v7.safetensors"
BROKEN = "half_a_download.safetensors"
OPT_NAME = "Animagine XL 4.0 Opt"


def rows(section: Locator) -> Locator:
    return section.locator("tbody tr")


def row(section: Locator, name: str) -> Locator:
    return section.locator(f"tr[data-checkpoint='{name}']")


def said(section: Locator) -> Locator:
    return section.locator("> .modelwise-said")


@pytest.mark.smoke
def test_every_checkpoint_with_its_profile_and_why(desk: Desk) -> None:
    section = desk.open_section("Checkpoints")
    expect(said(section)).to_contain_text("checkpoints, ")
    assert rows(section).count() == int(said(section).inner_text().split()[0])
    known = row(section, "animagine-xl-4.0-opt.safetensors")
    expect(known).to_contain_text(OPT_NAME)
    expect(known).to_contain_text("Its file name is that of Animagine XL 4.0 Opt.")
    expect(row(section, MERGE)).to_contain_text("No profile is known for it; its header is SDXL.")
    expect(row(section, BROKEN)).to_contain_text("the file is truncated")


def test_search_unknown_only_and_order(desk: Desk) -> None:
    section = desk.open_section("Checkpoints")
    section.get_by_label("Search").fill("animagine 3.1")
    expect(rows(section)).to_have_count(1)
    expect(said(section)).to_contain_text("1 shown of ")
    section.get_by_label("Search").fill("")
    section.get_by_label("Unknown only").check()
    expect(rows(section)).to_have_count(2)
    order = section.locator("tbody tr td:first-child")
    expect(order).to_have_text([BROKEN, MERGE])
    head = section.get_by_role("columnheader", name="Checkpoint")
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("button").click()
    expect(order).to_have_text([MERGE, BROKEN])
    expect(head).to_have_attribute("aria-sort", "descending")
    section.get_by_role("columnheader", name="Architecture").get_by_role("button").click()
    expect(order).to_have_text([MERGE, BROKEN])  # sdxl, unknown
    expect(head).to_have_attribute("aria-sort", "none")


def test_a_choice_by_keyboard_is_followed_by_the_panel(desk: Desk) -> None:
    desk.choose_checkpoint(MERGE.removesuffix(".safetensors"))
    section = desk.open_section("Checkpoints")
    change = row(section, MERGE).get_by_role("button", name="Choose a profile")
    change.focus()
    desk.page.keyboard.press("Enter")
    box = row(section, MERGE).get_by_role("combobox", name=f"Choose a profile for {MERGE}")
    expect(box).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(change).to_be_focused()
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.type(OPT_NAME)
    expect(box).to_have_value("animagine-xl-4.0-opt")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    expect(said(section)).to_have_text(f"{MERGE}: {OPT_NAME} was chosen for this checkpoint.")
    expect(row(section, MERGE)).to_contain_text(OPT_NAME)
    expect(change).to_be_focused()
    desk.open_tab("txt2img")
    desk.expect_line(OPT_NAME)
    section = desk.open_section("Checkpoints")
    change.click()
    box.select_option("")
    row(section, MERGE).get_by_role("button", name="Save").click()
    expect(said(section)).to_contain_text("No profile is known for it")
    desk.open_tab("txt2img")
    desk.expect_line("SDXL")


def test_what_can_not_be_changed_is_said(new_desk: NewDesk) -> None:
    def closed(route: Route) -> None:
        if route.request.method == "PATCH":
            body = json.dumps({"error": "nothing can be changed here: it is closed"})
            route.fulfill(status=403, content_type="application/json", body=body)
        else:
            route.continue_()

    desk = new_desk(route=closed)
    section = desk.open_section("Checkpoints")
    row(section, MERGE).get_by_role("button", name="Choose a profile").click()
    row(section, MERGE).get_by_role("button", name="Save").click()
    expect(said(section)).to_have_text("Not changed: nothing can be changed here: it is closed")
    desk.problems.clear()  # the browser's own word on the status


def many(count: int) -> list[dict[str, object]]:
    """Rows as the server gives them; a name that is no HTML."""
    return [
        {
            "checkpoint": f"folder/<b>mix</b> {number}.safetensors",
            "profile": "generic-sdxl",
            "name": "SDXL (no card)",
            "architecture": "sdxl" if number % 40 else "unknown",
            "rule": "architecture",
            "reason": "nothing <img src=x onerror=alert(1)>",
            "suggestion": None,
            "recognised": False,
            "chosen": False,
        }
        for number in range(count)
    ]


def test_two_thousand_are_made_as_they_are_scrolled_to(new_desk: NewDesk) -> None:
    asked = []
    seen: list[bool] = []

    def slow(route: Route) -> None:
        """A look that is not over before its bar was seen."""
        if not route.request.url.endswith("/v1/checkpoints"):
            route.continue_()
            return
        asked.append(route.request.method)
        done = 2000 if seen else 700
        state = "done" if done == 2000 else "running"
        progress = {"state": state, "done": done, "total": 2000, "message": ""}
        route.fulfill(json={"progress": progress, "checkpoints": many(2000) if state == "done" else []})

    desk = new_desk(route=slow)
    section = desk.open_section("Checkpoints")
    bar = section.get_by_role("progressbar", name="Looking at the checkpoints")
    expect(bar).to_be_visible()
    expect(section).to_contain_text("700 of 2,000 checkpoints")
    seen.append(True)
    expect(said(section)).to_have_text("2,000 checkpoints, 0 recognised")
    expect(bar).to_be_hidden()
    assert asked[0] == "POST" and set(asked[1:]) == {"GET"}
    assert rows(section).count() <= 200
    expect(rows(section).first).to_contain_text("folder/<b>mix</b> 0.safetensors")
    assert section.locator("tbody img, tbody b").count() == 0
    scrolled = section.get_by_role("region", name="Checkpoints")
    while (made := rows(section).count()) < 2000:
        scrolled.evaluate("element => element.scrollTo(0, element.scrollHeight)")
        expect(rows(section)).not_to_have_count(made)
    section.locator("th:nth-child(2) button").click()
    expect(rows(section).first).to_contain_text("sdxl")


@pytest.mark.parametrize("width", [360, 1400, 2560])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_over_the_edge(new_desk: NewDesk, width: int, theme: str) -> None:
    desk = new_desk(f"?__theme={theme}", viewport={"width": width, "height": 900})
    for title in ("Checkpoints", "Tags", "About"):
        section = desk.open_section(title)
        expect(section.locator("table").first).to_be_visible()
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        box = section.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
