"""Suggestions in the prompt boxes: the keys, clicks and fingers that take them, and the text that is left."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.completing import Completing, Open


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
