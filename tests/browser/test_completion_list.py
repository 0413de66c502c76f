"""The list of suggestions: what its rows say, its place, its colours, and what it is filled from."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.completing import WORDS, Completing, Open
from tests.browser.conftest import NewDesk
from tests.browser.measuring import contrast


def parts(row: Locator) -> list[str]:
    """What a row says: its count, its name, and what is noted."""
    return [text for part in re.split(r"\t|  ", row.text_content() or "") if (text := part.strip())]


def look(row: Locator) -> str | None:
    """What a row's name looks like."""
    return row.locator(".modelwise-suggested").get_attribute("data-look")


def test_a_row_tells_what_it_is(at: Completing) -> None:
    at.type("初音")
    row = at.row("hatsune miku")
    assert parts(row) == ["120k", "hatsune miku", "← 初音ミク", "→ character"]
    assert row.get_attribute("aria-label") == "hatsune miku, ← 初音ミク, → character, 120k"
    assert row.get_attribute("title") == "goes to: character"
    at.box().fill("")
    at.box().press_sequentially("moonl")
    assert look(at.row("moonlit")) == "artist"


def test_the_models_own_words_say_what_the_card_says(at: Completing) -> None:
    at.type("mas")
    assert parts(at.row("masterpiece")) == ["masterpiece", "quality, 1 of 3", "→ quality"]
    at.box().fill("")
    at.box().press_sequentially("score")
    assert parts(at.row("score 9")) == ["score 9", "word of Another model"]


def test_a_column_of_counts_only_where_there_are_some(at: Completing) -> None:
    at.type("<lora:ink")
    assert not (at.rows().first.text_content() or "").startswith("\t")
    at.box().fill("")
    at.box().press_sequentially("long h")
    assert "\t" in (at.row("long hair").text_content() or "")


def test_what_stands_in_the_prompt_is_marked(at: Completing) -> None:
    at.type("(Long_Hair:1.2), long")
    mark = "row => getComputedStyle(row, '::before').content"
    assert at.row("long hair").evaluate(mark) == '"✓"'
    assert at.row("long sleeves").evaluate(mark) == "none"
    assert at.row("long hair").get_attribute("title") == "stands in the prompt already"


def test_markup_in_a_name_is_text(at: Completing) -> None:
    box = at.focus()
    for typed, name in (("<lora:x", "<i>x"), ("<b>", "<b>bold</b>")):
        box.press_sequentially(typed)
        assert name in at.names()
        assert at.listbox.locator("i, b").count() == 0
        box.fill("")


def test_text_from_right_to_left(at: Completing) -> None:
    box = at.focus()
    box.evaluate("box => { box.dir = 'rtl' }")
    box.press_sequentially("של")
    assert at.names() == ["שלום"]
    outer, shown = box.bounding_box(), at.listbox.bounding_box()
    assert outer and shown and shown["x"] + shown["width"] <= 1400
    assert shown["x"] + shown["width"] > outer["x"] + outer["width"] - 60
    box.press("Enter")
    assert at.desk.value("prompt") == "שלום, "


def test_a_box_that_moves_after_a_place_in_it_was_found(at: Completing) -> None:
    box = at.type("solo, ")
    at.page.evaluate("new Promise(done => modelwise.whenIdle(done))")
    assert at.page.evaluate("box => modelwise.lastPlace(box) !== null", box.element_handle())
    box.evaluate("box => { box.style.marginTop = '90px' }")
    box.press_sequentially("sm")
    expect(at.listbox).to_be_visible()
    outer, shown = box.bounding_box(), at.listbox.bounding_box()
    assert outer and shown and outer["y"] < shown["y"] < outer["y"] + 60


def test_a_thousand_networks(opened: Open) -> None:
    names = [f"style {number:04} (v{number % 7})" for number in range(1000)]
    at = opened(changes={"networks": {"lora": names}})
    box = at.type("<lora:0999")
    assert at.names() == ["style 0999 (v5)"]
    box.press("Enter")
    assert at.marked() == "<lora:style 0999 (v5):1> ‸"


def test_lists_that_change_while_the_page_is_open(at: Completing) -> None:
    at.type("<lora:new")
    at.expect_closed()
    newer = {**WORDS, "networks": {"lora": ["new one"]}}
    at.page.context.route("**/completion/words*", lambda route: route.fulfill(json=newer))
    at.page.evaluate("modelwise.forgetSources()")
    box = at.box()
    box.blur()
    box.focus()
    at.page.wait_for_function("modelwise.sources.known.networks[0].names[0]?.name === 'new one'")
    box.press("End")
    box.press_sequentially(" ")
    box.press("Backspace")
    assert at.names() == ["new one"]


def test_a_server_that_does_not_answer_costs_nothing_but_the_suggestions(new_desk: NewDesk) -> None:
    desk = new_desk(
        route=lambda route: (
            route.fulfill(body="no JSON") if "/completion/" in route.request.url else route.continue_()
        )
    )
    box = desk.field("prompt")
    box.click()
    box.press_sequentially("1girl, smile")
    box.press("Control+Space")
    desk.generate()
    assert desk.shown().startswith("1girl, smile")


def test_uses_are_counted_and_raise_a_tag(at: Completing) -> None:
    box = at.type("long s")
    box.press("Enter")
    at.page.wait_for_function("modelwise.sources.uses.get('long_sleeves') === 1")
    assert at.counted == ["long_sleeves"]
    box.press_sequentially("long")
    assert at.names()[0] == "long sleeves"


def test_nothing_is_counted_where_the_server_says_so(opened: Open) -> None:
    at = opened(changes={"remembers": False})
    at.type("long h").press("Enter")
    assert at.marked() == "long hair, ‸"
    assert at.counted == []


def test_screen_readers_are_told(at: Completing) -> None:
    box = at.type("long")
    expect(box).to_have_attribute("role", "combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-controls") == at.listbox.get_attribute("id")
    expect(at.listbox).to_have_attribute("role", "listbox")
    active = box.get_attribute("aria-activedescendant")
    assert at.page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") != active
    assert at.listbox.locator("[aria-selected=true]").count() == 1
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    assert box.get_attribute("aria-activedescendant") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_can_be_read(opened: Open, theme: str) -> None:
    at = opened(f"?__theme={theme}")
    seen = set()
    for typed in ("miku", "mas", "score", "<lora:ink", "__hai", "bad", "ni", "highr", "wlop", "fate", "long"):
        at.type(typed)
        at.names()
        for row in at.rows().all():
            seen.add(look(row))
            for part in (row, row.locator(".modelwise-suggested")):
                assert contrast(part) >= 4.5, (row.inner_text(), contrast(part))
        at.box().fill("")
    categories = {"general", "artist", "series", "character", "meta"}
    assert seen == categories | {"special", "foreign", "network", "wildcard", "embedding", "style"}
