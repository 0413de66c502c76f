"""Which boxes get suggestions, when they get none, and living with other completions."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.completing import Completing, compose


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
    at.desk.expect_setting("modelwise_completion", "on")
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
