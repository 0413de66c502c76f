"""Suggestions in the prompt boxes: keys, what is taken and what stays, boxes, looks, and living with others."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.completing import WORDS, Completing, compose, route_for
from tests.browser.conftest import NewDesk
from tests.browser.measuring import contrast

Open = Callable[..., Completing]


@pytest.fixture
def opened(new_desk: NewDesk) -> Open:
    """Opens a page whose boxes suggest. `changes`: to what the server knows."""

    def make(query: str = "", changes: dict[str, Any] | None = None, **options: Any) -> Completing:
        counted: list[str] = []
        words = {**copy.deepcopy(WORDS), **(changes or {})}
        desk = new_desk(query, route=route_for(words, counted), **options)
        return Completing(desk, counted)

    return make


@pytest.fixture
def at(opened: Open) -> Completing:
    """A page whose boxes suggest."""
    return opened()


@pytest.mark.smoke
@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_a_key_takes_the_first_suggestion_and_generate_sends_it(at: Completing, key: str) -> None:
    box = at.type("1girl, school u")
    assert at.names() == ["school uniform"]
    box.press(key)
    at.expect_closed()
    assert at.marked() == "1girl, school uniform, ‸"
    expect(box).to_be_focused()
    at.desk.generate()
    assert "school uniform" in at.desk.shown()


def test_arrows_choose_and_go_round(at: Completing) -> None:
    box = at.type("long")
    assert at.chosen() == "long hair"
    box.press("ArrowDown")
    assert at.chosen() == "long sleeves"
    box.press("ArrowDown")
    assert at.chosen() == "long hair"
    box.press("ArrowUp")
    assert at.chosen() == "long sleeves"
    box.press("Enter")
    assert at.marked() == "long sleeves, ‸"


def test_pages_turn_and_the_chosen_row_is_in_sight(at: Completing) -> None:
    box = at.type("page")
    assert len(at.names()) == 20
    for key, name in (("PageDown", "page 07"), ("PageDown", "page 14"), ("PageDown", "page 19")):
        box.press(key)
        assert at.chosen() == name
        expect(at.row(name)).to_be_in_viewport(ratio=0.9)
    for _ in range(3):
        box.press("PageUp")
    assert at.chosen() == "page 00"
    expect(at.row("page 00")).to_be_in_viewport(ratio=0.9)


def test_escape_closes_and_reaches_nobody_else(at: Completing) -> None:
    at.page.evaluate(
        "() => { window.heard = 0; addEventListener('keydown', e => { if (e.key === 'Escape') heard += 1 }) }"
    )
    box = at.type("long h")
    assert at.names()
    box.press("Escape")
    at.expect_closed()
    assert at.page.evaluate("heard") == 0
    box.press("Escape")
    assert at.page.evaluate("heard") == 1
    assert at.marked() == "long h‸"


def test_without_a_list_enter_and_tab_do_what_they_do(at: Completing) -> None:
    box = at.type("zzzz")
    at.expect_closed()
    box.press("Enter")
    assert at.marked() == "zzzz\n‸"
    box.press("Tab")
    expect(box).not_to_be_focused()


def test_asked_without_a_word_it_shows_the_models_own(at: Completing) -> None:
    box = at.focus()
    box.press("Control+Space")
    assert at.names() == ["masterpiece"]
    box.press("Escape")
    negative = at.focus("neg_prompt")
    negative.press("Control+Space")
    assert at.names() == ["worst quality"]


def test_asked_in_the_middle_of_a_tag_it_completes_that(at: Completing) -> None:
    box = at.put("1girl, lo‸ng hair, smile")
    at.expect_closed()
    box.press("Control+Space")
    assert at.names() == ["long hair", "long sleeves"]
    box.press("ArrowDown")
    box.press("Enter")
    assert at.marked() == "1girl, long sleeves‸, smile"


def test_a_click_takes_a_row_and_the_box_keeps_the_focus(at: Completing) -> None:
    box = at.type("long")
    at.row("long sleeves").click()
    assert at.marked() == "long sleeves, ‸"
    expect(box).to_be_focused()


def test_a_finger_takes_a_row(opened: Open) -> None:
    at = opened(viewport={"width": 360, "height": 700}, has_touch=True, is_mobile=True)
    at.type("long")
    place = at.row("long sleeves").bounding_box()
    assert place and place["height"] >= 44
    at.row("long sleeves").tap()
    assert at.marked() == "long sleeves, ‸"


def test_the_webuis_own_keys_stay_its_own(at: Completing) -> None:
    at.page.evaluate(
        """() => { window.heard = []; addEventListener('keydown', event => {
            if (!['Control', 'Alt', 'Shift'].includes(event.key)) heard.push([event.key, event.defaultPrevented]);
        }); }"""
    )
    box = at.type("long h")
    for keys in ("Control+ArrowUp", "Control+ArrowDown", "Alt+ArrowLeft", "Alt+ArrowDown", "Shift+Enter"):
        at.page.evaluate("() => { heard.length = 0 }")
        box.press(keys)
        assert at.page.evaluate("heard") == [[keys.split("+")[1], False]]
    box.fill("")
    box.press_sequentially("long h")
    at.desk.generate(lambda: box.press("Control+Enter"))
    assert at.desk.value("prompt") == "long h"


@pytest.mark.parametrize(("keys", "taking", "other"), [("Tab", "Tab", "Enter"), ("Enter", "Enter", "Tab")])
def test_the_keys_are_the_users_choice(at: Completing, keys: str, taking: str, other: str) -> None:
    at.option(modelwise_completion_keys=keys)
    box = at.type("long h")
    box.press(taking)
    assert at.marked() == "long hair, ‸"
    box.press_sequentially("school u")
    assert at.names()
    box.press(other)
    assert "school uniform" not in at.marked()


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("(‸:1.2), x", "long h", "(long hair‸:1.2), x"),
        ("1girl, ‸, x", "long h", "1girl, long hair‸, x"),
        ("1girl, ‸\nx", "long h", "1girl, long hair,‸\nx"),
        ("[‸|blue]", "long h", "[long hair‸|blue]"),
        ("‸1girl, x", "smi", "smile, ‸1girl, x"),
        ("x BREAK ‸", "smi", "x BREAK smile, ‸"),
        ("‸", "saber (f", "saber \\(fate\\), ‸"),
        ("‸", "saber_(f", "saber \\(fate\\), ‸"),
        ("‸", "saber \\(f", "saber \\(fate\\), ‸"),
        ("‸", "miku", "hatsune miku, ‸"),
        ("‸", "wlo", "by wlop, ‸"),
        ("‸", "@wlo", "by wlop, ‸"),
        ("‸", "^", "^_^, ‸"),
        ("‸", "mast", "masterpiece, ‸"),
        ("‸", "ni", "night, moonlight, ‸"),
        ("‸", "bad", "bad\\(hands\\)_5, ‸"),
        ("‸", "__hai", "__hair/color__, ‸"),
        ("‸", "<lora:ink", "<lora:ink & wash (v2):1> ‸"),
        ("‸", "<über", "<lora:Über-Stil:1> ‸"),
        ("‸", "<lora:水", "<lora:水彩:1> ‸"),
        ("‸", "<hypernet:s", "<hypernet:soft:1> ‸"),
        ("<lora:‸:0.7:x=1>, a", "ink", "<lora:ink & wash (v2)‸:0.7:x=1>, a"),
        ("‸", "<b>bo", "<b>bold</b>, ‸"),
        ("‸", "初音", "hatsune miku, ‸"),
        ("‸", "caf", "café, ‸"),
        ("‸", "sm\u200bil", "smile, ‸"),
    ],
)
def test_what_is_taken(at: Completing, before: str, typed: str, after: str) -> None:
    box = at.put(before)
    box.press_sequentially(typed)
    assert at.names()
    box.press("Enter")
    assert at.marked() == after


@pytest.mark.parametrize(
    "text", ["# long h", "(long hair:1.2", "long, ", "<lora:ink:0.", "${long h", "[a:b:0.5"]
)
def test_where_nothing_is_suggested(at: Completing, text: str) -> None:
    at.type(text)
    at.expect_closed()


def test_without_a_separator_where_the_user_wants_none(at: Completing) -> None:
    at.option(modelwise_completion_separator=False)
    at.type("long h").press("Enter")
    assert at.marked() == "long hair‸"


@pytest.mark.smoke
def test_undo_takes_a_suggestion_back(at: Completing) -> None:
    box = at.type("1girl, long h")
    box.press("Enter")
    box.press("Control+z")
    assert at.marked() == "1girl, long h‸"
    box.press("Control+y")
    assert at.desk.value("prompt") == "1girl, long hair, "


def test_where_the_browser_can_not_insert_the_text_still_gets_in(at: Completing) -> None:
    at.page.evaluate("() => { document.execCommand = () => false }")
    at.type("long h").press("Enter")
    assert at.marked() == "long hair, ‸"
    at.desk.generate()
    assert at.desk.shown().startswith("long hair")


@pytest.mark.parametrize(
    ("tab", "part"), [("txt2img", "neg_prompt"), ("img2img", "prompt"), ("img2img", "neg_prompt")]
)
def test_the_other_boxes(at: Completing, tab: str, part: str) -> None:
    if tab != "txt2img":
        at.desk.open_tab(tab)
    at.type("long h", part).press("Enter")
    assert at.marked(part) == "long hair, ‸"


def completes(at: Completing, selector: str) -> None:
    """A box that was not typed in before suggests and takes."""
    box = at.page.locator(selector)
    box.click()
    at.page.wait_for_function("modelwise.sources.index")
    box.press_sequentially("long h")
    assert at.names() == ["long hair"]
    box.press("Enter")
    expect(box).to_have_value("long hair, ")


def test_the_boxes_of_the_second_pass(at: Completing) -> None:
    at.desk.apply_setting("hires_fix_show_prompts", on=True)
    at.page.locator("#txt2img_hr > .label-wrap").click()
    for element in ("hires_prompt", "hires_neg_prompt"):
        completes(at, f"#{element} textarea")


def test_the_boxes_of_the_lab(at: Completing) -> None:
    at.desk.open_section("Lab")
    for name in ("prompt", "negative"):
        completes(at, f"#modelwise_lab_{name}")


def test_boxes_of_others_by_selector(at: Completing) -> None:
    at.page.evaluate(
        """() => document.body.insertAdjacentHTML('afterbegin', '<textarea class="theirs"></textarea>')"""
    )
    theirs = at.page.locator("textarea.theirs")
    theirs.press_sequentially("long h")
    at.expect_closed()
    at.option(modelwise_completion_boxes="input.x, textarea.theirs")
    at.focus()
    theirs.click()
    theirs.press_sequentially("a")
    theirs.fill("")
    theirs.press_sequentially("long h")
    assert at.names() == ["long hair"]
    at.option(modelwise_completion_boxes="textarea.[")
    theirs.press_sequentially("ai")
    at.desk.write("")


def test_composing_is_left_alone(at: Completing) -> None:
    box = at.focus()
    compose(at.page.context, at.page, "sm")
    at.expect_closed()
    at.page.keyboard.insert_text("smi")
    assert at.names() == ["smile"]
    box.press("Enter")
    assert at.marked() == "smile, ‸"


def test_the_caret_elsewhere_closes(at: Completing) -> None:
    box = at.type("1girl, long h")
    assert at.names()
    box.press("ArrowLeft")
    at.expect_closed()
    box.press("End")
    box.press_sequentially("a")
    assert at.names() == ["long hair"]
    at.box("neg_prompt").click()
    at.expect_closed()


def test_another_scripts_text_closes(at: Completing) -> None:
    at.type("long h")
    assert at.names()
    at.page.evaluate("modelwise.write(modelwise.box('txt2img_prompt'), 'long s')")
    at.expect_closed()


@pytest.mark.parametrize("name", ["tac_active", "prompt_pilot_enabled"])
def test_beside_another_completion_ours_stays_off_and_says_so(at: Completing, name: str) -> None:
    at.option(**{name: True, "modelwise_completion": "auto"})
    at.page.evaluate("modelwise.sayWhoCompletes()")
    at.box().press_sequentially("long h")
    at.expect_closed()
    at.desk.open_panel()
    note = at.page.locator("#modelwise_txt2img_neighbour")
    expect(note).to_contain_text("Suggestions in the prompt boxes come from")
    note.get_by_role("button").click()
    expect(note).to_be_hidden()
    at.page.wait_for_function(
        "async () => (await (await fetch('sdapi/v1/options')).json()).modelwise_completion === 'on'"
    )
    box = at.focus()
    box.fill("")
    box.press_sequentially("long h")
    assert at.names() == ["long hair"]


BESIDE = """() => {
    const box = document.querySelector("#txt2img_prompt textarea");
    const list = document.createElement("div");
    list.className = "autocompleteParent p";
    list.style.display = "none";
    list.textContent = "theirs";
    box.after(list);
    box.addEventListener("input", (event) => void (event.inputType && (list.style.display = "flex")));
}"""
"""A completion that opens its list for all that is typed, as tagcomplete does."""


@pytest.mark.parametrize(("key", "left"), [("Tab", "1girl, long hair, "), ("Escape", "1girl, long h")])
def test_another_list_is_out_of_sight_while_ours_is_open_and_closed_with_it(
    at: Completing, key: str, left: str
) -> None:
    at.focus()
    at.page.evaluate(BESIDE)
    theirs = at.page.locator("#txt2img_prompt .autocompleteParent")
    box = at.box()
    box.press_sequentially("1girl, zzqx")
    expect(theirs).to_be_visible()  # where ours has nothing
    box.fill("")
    box.press_sequentially("1girl, long h")
    assert at.names()[0] == "long hair"
    expect(theirs).to_have_css("display", "flex")
    expect(theirs).to_be_hidden()
    box.press(key)
    at.expect_closed()
    expect(theirs).to_have_css("display", "none")
    expect(box).to_have_value(left)
    assert at.page.evaluate("modelwise.pageOf('txt2img').prompt") == left
    box.press("Control+z")
    box.press_sequentially(" zzqx")
    expect(theirs).to_be_visible()


def test_off_is_off(at: Completing) -> None:
    at.option(modelwise_completion="off")
    at.box().press_sequentially("long h")
    at.expect_closed()
    assert at.box().get_attribute("role") is None


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
