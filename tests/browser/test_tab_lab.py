"""The section Lab: one prompt under several profiles, its results shared, sent, explained."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser import measuring
from tests.browser.conftest import OPT, NewDesk
from tests.browser.desk import Desk
from tests.browser.sections import LAB, chips, choose_profiles, column, open_section, text_of
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4


def written(desk: Desk, *profiles: str, prompt: str = "smile, long_hair, 1girl") -> Locator:
    lab = open_section(desk, "Lab")
    choose_profiles(lab, *profiles)
    text_of(lab, "Prompt").fill(prompt)
    return lab


@pytest.mark.smoke
def test_results_side_by_side(desk: Desk) -> None:
    lab = written(desk, *LAB)
    first, second = (column(lab, name) for name in LAB)
    expect(first.locator(".modelwise-chips").first).to_contain_text("1girl")
    expect(lab.locator(".modelwise-column")).to_have_count(2)
    assert chips(first) == [
        "+masterpiece",
        "+best quality",
        "+very aesthetic",
        "+absurdres",
        "↕1girl",
        "smile",
        "~long hair",
    ]
    assert "+masterpiece" in chips(second) and "1girl" in chips(second)
    expect(first).to_contain_text("size 832x1216")
    first.locator(".modelwise-chip").filter(has_text="long hair").first.hover()
    expect(first.locator(".modelwise-word")).to_contain_text("you wrote long_hair")
    assert desk.problems == []


def test_the_loaded_checkpoints_profile_is_asked_for_and_followed(desk: Desk) -> None:
    lab = written(desk, prompt=MESSY)
    expect(lab.locator(".modelwise-column h3")).to_have_text("Animagine XL 4.0 Opt")
    expect(lab.locator(".modelwise-chips").first).to_contain_text("masterpiece")
    desk.choose_checkpoint("animagine-xl-3.1")
    expect(lab.locator(".modelwise-column h3")).to_have_text("Animagine XL 3.1")


def test_intent_and_switches(desk: Desk) -> None:
    lab = written(desk, LAB[0])
    prompt = column(lab, LAB[0]).locator(".modelwise-chips").first
    lab.get_by_label("Rating").select_option("general")
    lab.get_by_label("Year").fill("2022")
    expect(prompt).to_contain_text("newest")
    expect(prompt).to_contain_text("safe")
    lab.get_by_role("checkbox", name="quality", exact=True).uncheck()
    expect(prompt).not_to_contain_text("masterpiece")
    lab.get_by_role("checkbox", name="order", exact=True).uncheck()
    expect(prompt.locator(".modelwise-chip").first).not_to_contain_text("1girl")
    lab.get_by_label("Year").fill("2022.5")
    expect(lab.get_by_role("status").first).to_contain_text("intent.year: found 2022.5")
    lab.get_by_label("Year").fill("2022")
    expect(lab.get_by_role("status").first).to_be_empty()
    assert all("422" in problem for problem in desk.problems)  # the browser itself logs a refusal
    desk.problems.clear()


def test_why_is_said_of_every_item(desk: Desk) -> None:
    lab = written(desk, LAB[0])
    result = column(lab, LAB[0])
    result.get_by_text("Every item, and why").click()
    row = result.locator("tbody tr").filter(has_text="long hair").first
    expect(row.locator("td").nth(2)).to_have_text("long_hair")
    expect(row.locator("td").nth(3)).to_have_text("respelled: as the model's captions spell it")


def test_a_result_goes_to_txt2img_and_is_what_generate_makes(desk: Desk) -> None:
    lab = written(desk, prompt=MESSY)
    result = lab.locator(".modelwise-column").first
    expect(result.locator(".modelwise-chips").first).to_contain_text("firefly")
    result.get_by_role("button", name="Send to txt2img").click()
    desk.is_open("txt2img")
    expect(desk.field("prompt")).to_have_value(ORDERED_4)
    expect(desk.field("neg_prompt")).to_have_value(NEGATIVE_4)
    made = desk.generate()
    assert (made.prompt, made.negative) == (ORDERED_4, NEGATIVE_4)
    desk.element("prompt").locator("textarea").press("Control+z")
    expect(desk.field("prompt")).to_have_value("")


def test_a_question_is_shared_as_text(new_desk: NewDesk) -> None:
    desk = new_desk(permissions=["clipboard-read", "clipboard-write"])
    lab = written(desk, *LAB, prompt="smile, 1girl")
    text_of(lab, "Negative prompt").fill("hat")
    lab.get_by_label("Year").fill("2020")
    lab.get_by_role("checkbox", name="spelling").uncheck()
    lab.get_by_text("Share", exact=True).click()
    lab.get_by_role("button", name="Write and copy").click()
    expect(lab.get_by_role("status").first).to_contain_text("Copied")
    text = desk.page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("smile, 1girl\nNegative prompt: hat\nModelwise lab: {")
    other = open_section(new_desk(), "Lab")
    other.get_by_text("Share", exact=True).click()
    other.get_by_label("Text: of this question").fill(text)
    other.get_by_role("button", name="Take in").click()
    expect(other.locator(".modelwise-column")).to_have_count(2)
    expect(text_of(other, "Prompt")).to_have_value("smile, 1girl")
    expect(text_of(other, "Negative prompt")).to_have_value("hat")
    expect(other.get_by_label("Year")).to_have_value("2020")
    expect(other.get_by_role("checkbox", name="spelling")).not_to_be_checked()
    other.get_by_label("Text: of this question").fill("a\nModelwise lab: {")
    other.get_by_role("button", name="Take in").click()
    expect(other.get_by_role("status").first).to_contain_text("found no JSON")
    expect(text_of(other, "Prompt")).to_have_value("smile, 1girl")


def test_one_question_at_a_time_and_none_for_each_key(new_desk: NewDesk) -> None:
    asked: list[str] = []

    def watch(route: Route) -> None:
        if route.request.url.endswith("/v1/lab"):
            asked.append(route.request.post_data or "")
        route.fallback()

    desk = new_desk(route=watch)
    lab = open_section(desk, "Lab")
    expect(lab.locator(".modelwise-column")).to_have_count(1)
    before = len(asked)
    text_of(lab, "Prompt").press_sequentially("1girl, smile, night sky", delay=10)
    expect(lab.locator(".modelwise-chips").first).to_contain_text("night sky")
    assert len(asked) - before <= 3


def test_text_of_a_prompt_is_text(desk: Desk) -> None:
    evil = "<img src=x onerror=alert(1)>, <b>bold</b>"
    lab = written(desk, LAB[0], prompt=evil)
    expect(lab.locator(".modelwise-chips").first).to_contain_text("<b>bold</b>")
    lab.get_by_text("Every item, and why").click()
    expect(lab.locator("tbody").first).to_contain_text("<b>bold</b>")
    assert lab.locator("img, .modelwise-chip b").count() == 0


def test_by_keyboard(desk: Desk) -> None:
    lab = open_section(desk, "Lab")
    text_of(lab, "Prompt").focus()
    desk.page.keyboard.type("smile, 1girl")
    desk.page.keyboard.press("Escape")  # no suggestion is wanted: Tab would accept it
    for _ in range(2):
        desk.page.keyboard.press("Tab")
    expect(lab.locator(".modelwise-choice summary")).to_be_focused()
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.type("anything v3")
    desk.page.keyboard.press("Tab")
    if lab.locator(".modelwise-options").evaluate("list => list === document.activeElement"):
        desk.page.keyboard.press("Tab")  # some browsers stop at what can be scrolled
    desk.page.keyboard.press("Space")
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Space")
    expect(lab.locator(".modelwise-column")).to_have_count(2)
    taken = lab.locator(".modelwise-taken button")
    taken.first.focus()
    desk.page.keyboard.press("Enter")
    expect(lab.locator(".modelwise-column")).to_have_count(1)
    expect(taken.first).to_be_focused()
    chip = lab.locator(".modelwise-chip[tabindex='0']").first
    chip.focus()
    desk.page.keyboard.press("ArrowRight")
    expect(lab.locator(".modelwise-chip:focus")).to_have_count(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_said_can_be_read(new_desk: NewDesk, theme: str) -> None:
    desk = new_desk(f"?__theme={theme}")
    desk.choose_checkpoint(OPT)
    lab = written(desk, LAB[0], prompt="score_9, 1girl")
    expect(lab.locator(".modelwise-chips").first).to_contain_text("1girl")
    lab.get_by_text("Every item, and why").click()
    for place in (
        "legend",
        ".modelwise-taken button",
        ".modelwise-check span",
        "h3",
        ".modelwise-chip",
        "td",
    ):
        assert measuring.contrast(lab.locator(place).first) >= 4.5, place
    assert measuring.contrast(lab.locator(".modelwise-attention").first) >= 4.5


@pytest.mark.parametrize("width", [360, 768, 1280, 2560])
def test_every_width(new_desk: NewDesk, width: int) -> None:
    desk = new_desk(viewport={"width": width, "height": 900})
    lab = written(desk, *LAB, prompt=MESSY)
    expect(column(lab, LAB[1]).locator(".modelwise-chips").first).to_contain_text("1girl")
    column(lab, LAB[0]).get_by_text("Every item, and why").click()
    assert measuring.sideways(desk.page) == 0
    columns = [measuring.box(name, column(lab, name)) for name in LAB]
    assert measuring.overlapping(columns) == [] and measuring.outside(columns, width) == []
