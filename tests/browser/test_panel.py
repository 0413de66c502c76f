"""The panel: its line, what its buttons do to the boxes, and what it remembers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OPT, NewDesk
from tests.browser.desk import Desk
from tests.browser.previewing import requests
from tests.real.expected import MESSY, ORDERED_4

AT_FIRST = {"width": "512", "height": "512", "steps": "20", "cfg_scale": "7", "sampling": "DPM++ 2M"}
CARD = {"width": "832", "height": "1216", "steps": "28", "cfg_scale": "5", "sampling": "Euler a"}
HINTS = """() => Object.fromEntries(
    [...document.querySelectorAll("#tab_txt2img .modelwise-hint")]
        .map(hint => [hint.closest("[id^=txt2img_]").id.replace("txt2img_", ""), hint.textContent]))"""
ALL_HINTS = {
    "width": "→ 832",
    "height": "→ 1216",
    "steps": "→ 28",
    "cfg_scale": "→ 5",
    "sampling": "→ Euler a",
}

SLOW_ANSWERS = """{
    const { fetch } = globalThis;
    globalThis.fetch = async (address, ...more) => {
        const answer = await fetch(address, ...more);
        if (String(address).includes("/run/predict")) await new Promise(later => setTimeout(later, 700));
        return answer;
    };
}"""


def expect_fields(desk: Desk, wanted: dict[str, str]) -> None:
    for part, value in wanted.items():
        expect(desk.field(part)).to_have_value(value)


def expect_hints(desk: Desk, wanted: dict[str, str]) -> None:
    desk.page.wait_for_function(
        f"wanted => JSON.stringify(Object.entries(({HINTS})()).sort()) === JSON.stringify(wanted)",
        arg=sorted([name, text] for name, text in wanted.items()),
    )


def with_slow_answers(new_desk: NewDesk) -> Desk:
    """A page with its panel open, on which each answer takes long enough for a user to be quicker."""
    desk = new_desk()
    desk.page.add_init_script(SLOW_ANSWERS)
    desk.open()
    desk.choose_checkpoint(OPT)
    desk.open_panel()
    expect_hints(desk, ALL_HINTS)
    return desk


# The line


def test_the_line_says_everything_while_the_panel_is_closed(desk: Desk) -> None:
    desk.write(MESSY)
    desk.expect_line("3 moved")
    assert not desk.panel_part("mode").is_visible()
    assert desk.line().startswith("Animagine XL 4.0 Opt (by file name) · quality standard · +4 tags · ")
    assert desk.line().endswith("negative +18 · 832x1216, CFG 5, 28 steps, Euler a")
    assert desk.generate().prompt == ORDERED_4


def test_the_line_is_read_out_when_it_changes(desk: Desk) -> None:
    assert desk.panel_part("summary").get_attribute("role") == "status"
    expect(desk.page.get_by_role("status").filter(has_text="Animagine XL 4.0 Opt").first).to_be_visible()


def test_the_line_counts_what_the_negative_gets(desk: Desk) -> None:
    desk.write("lowres, fog", "neg_prompt")
    desk.expect_line("negative +17")


def test_the_line_draws_attention_where_something_needs_it(desk: Desk) -> None:
    line = desk.panel_part("summary")
    assert "modelwise-attention" not in (line.get_attribute("class") or "")
    desk.number("width", 640)
    desk.expect_line("1 note")
    assert "modelwise-attention" in (line.get_attribute("class") or "")
    desk.open_panel()
    expect(desk.panel_part("preview")).to_contain_text("640x512 is not among the trained sizes")


def test_the_first_run_shows_the_way_once(desk: Desk) -> None:
    desk.action("see").click()
    expect(desk.panel_part("preview")).to_contain_text("masterpiece")
    expect(desk.page.locator("#modelwise_txt2img button[data-modelwise=see]")).to_have_count(0)
    desk.open()
    desk.expect_line("Animagine")
    expect(desk.page.locator("#modelwise_txt2img button[data-modelwise=see]")).to_have_count(0)


def test_a_checkpoint_that_is_unknown_says_so(desk: Desk) -> None:
    desk.choose_checkpoint("somebodys_merge_v7")
    desk.expect_line("by architecture")
    desk.open_panel()
    expect(desk.page.locator("#modelwise_txt2img button[data-modelwise=preset]")).to_have_count(0)


# Values beside the fields


def test_what_will_be_set_stands_beside_its_field(desk: Desk) -> None:
    expect_hints(desk, ALL_HINTS)
    desk.number("steps", 31)
    expect_hints(desk, {name: text for name, text in ALL_HINTS.items() if name != "steps"})
    expect_fields(desk, {**AT_FIRST, "steps": "31"})


def test_no_value_stands_beside_a_field_that_has_it_already(desk: Desk) -> None:
    desk.open_panel()
    desk.action("preset", "Card defaults").click()
    expect_fields(desk, CARD)
    expect_hints(desk, {})


def test_values_go_where_nothing_is_set(desk: Desk) -> None:
    desk.open_panel()
    desk.set_mode("off")
    expect_hints(desk, {})
    desk.set_mode("on")
    expect_hints(desk, ALL_HINTS)


@pytest.mark.smoke
def test_a_control_changed_before_its_answer_counts(new_desk: NewDesk) -> None:
    desk = with_slow_answers(new_desk)
    desk.page.wait_for_timeout(1500)  # until all that was asked has its answer
    desk.set_mode("off")
    expect_hints(desk, {})
    desk.set_mode("on")
    expect_hints(desk, ALL_HINTS)
    desk.expect_line("Euler a")


@pytest.mark.smoke
def test_typing_in_a_list_asks_nothing(desk: Desk) -> None:
    desk.open_panel()
    desk.page.wait_for_timeout(500)
    box = desk.panel_part("rating").locator("input")
    box.click()
    with requests(desk) as asked:
        box.press_sequentially("gen", delay=50)
        desk.page.wait_for_timeout(600)
    assert asked == []


@pytest.mark.smoke
def test_a_button_pressed_before_the_last_one_was_answered_counts(new_desk: NewDesk) -> None:
    desk = with_slow_answers(new_desk)
    desk.action("preset", "2007 retro").click()
    desk.action("preset", "Card defaults").click()
    expect(desk.action("preset", "Card defaults")).to_have_attribute("aria-pressed", "true")
    expect_fields(desk, CARD)
    desk.action("restore").click()
    expect_fields(desk, AT_FIRST)


# Presets and sizes


@pytest.mark.smoke
def test_one_click_fills_the_fields_and_another_takes_it_back(desk: Desk) -> None:
    desk.number("steps", 33)
    desk.open_panel()
    desk.action("preset", "2007 retro").click()
    desk.action("preset", "Card defaults").click()
    expect_fields(desk, CARD)
    assert desk.panel()["year"] == "2007"
    expect(desk.action("preset", "Card defaults")).to_have_attribute("aria-pressed", "true")
    expect(desk.action("preset", "2007 retro")).to_have_attribute("aria-pressed", "false")
    desk.action("restore").click()
    expect_fields(desk, {**AT_FIRST, "steps": "33"})
    expect(desk.panel_part("year").locator("input")).to_have_value("")
    desk.expect_line("832x1216, CFG 5, Euler a")  # all but the steps count as untouched again


def test_the_filled_values_are_the_users(desk: Desk) -> None:
    desk.open_panel()
    desk.action("preset", "Landscape").click()
    expect_fields(desk, {"width": "1216", "height": "832", "steps": "20"})
    desk.number("cfg_scale", 6)
    desk.write(MESSY)
    desk.generate()
    assert desk.settings() == "1216x832 · CFG 6 · 28 steps · Euler a · schedule Automatic"


def test_a_size_is_one_click(desk: Desk) -> None:
    desk.open_panel()
    desk.panel_part("rows").get_by_role("button", name="768x1344").click()
    expect_fields(desk, {**AT_FIRST, "width": "768", "height": "1344"})
    desk.write(MESSY)
    desk.generate()
    assert desk.settings().startswith("768x1344 · CFG 5")


def test_the_panel_follows_the_checkpoint_and_the_fields_stay(desk: Desk) -> None:
    desk.open_panel()
    desk.choose_checkpoint("animagine-xl-3.1")
    expect(desk.action("preset", "2007 retro")).to_have_count(0)
    expect(desk.panel_part("rows")).to_contain_text("13:19")
    expect_fields(desk, AT_FIRST)
    expect_hints(desk, {name: text for name, text in ALL_HINTS.items() if name != "cfg_scale"})  # it has 7


def test_a_preset_is_not_applied_again_on_loading_the_page(desk: Desk) -> None:
    desk.open_panel()
    desk.action("preset", "Card defaults").click()
    expect_fields(desk, CARD)
    desk.open()
    expect_fields(desk, AT_FIRST)


def test_img2img_has_presets_of_its_own_page(desk: Desk) -> None:
    desk.open_tab("img2img")
    desk.open_panel()
    desk.action("preset", "Landscape").click()
    expect_fields(desk, {"width": "1216", "height": "832"})
    desk.open_tab("txt2img")
    expect_fields(desk, AT_FIRST)


# Intent, switches, policies


def test_only_what_the_model_has_can_be_chosen(desk: Desk) -> None:
    desk.open_panel()
    year = desk.panel_part("year").locator("input")
    year.click()
    expect(desk.page.locator("ul.options li:visible").filter(has_text="2025")).to_have_count(1)
    year.press("Escape")
    desk.choose_checkpoint("animagine-xl-3.1")
    year.click()
    expect(desk.page.locator("ul.options li:visible").filter(has_text="newest")).to_have_count(1)


def test_a_switch_that_is_off_leaves_its_part_alone(desk: Desk) -> None:
    desk.open_panel()
    desk.open_part("limits")
    switches = desk.panel_part("switches")
    for title in ("negative", "quality"):
        switches.get_by_label(title).uncheck()
    desk.write("smile, 1girl")
    found = desk.generate()
    assert (found.prompt, found.negative) == ("1girl, smile", "")


def test_a_policy_that_keeps_leaves_its_field_alone(desk: Desk) -> None:
    desk.open_panel()
    desk.open_part("limits")
    desk.set_panel(policy_steps="keep", policy_size="force")
    desk.number("width", 640)
    desk.write("smile")
    desk.generate()
    assert desk.settings() == "832x1216 · CFG 5 · 20 steps · Euler a · schedule Automatic"


def test_mode_level_and_policies_are_remembered(desk: Desk, new_desk: NewDesk) -> None:
    desk.choose_checkpoint("animagine-xl-3.1")
    desk.open_panel()
    desk.set_mode("on")
    desk.set_panel(quality="light")
    desk.open_part("limits")
    desk.set_panel(policy_steps="keep", rating="general")
    desk.expect_line("quality light")
    desk.page.wait_for_load_state("networkidle")
    desk.open()
    desk.expect_line("quality light")
    desk.open_panel()
    assert desk.panel() | {"year": ""} == {
        "mode": "on",
        "profile": "Auto",
        "quality": "light",
        "rating": "not set",
        "year": "",
    }
    desk.open_part("limits")
    expect(desk.panel_part("policy_steps").locator("input")).to_have_value("keep")


def test_the_last_of_two_quick_changes_is_remembered(new_desk: NewDesk) -> None:
    """gradio 3 passes over a change while it waits for the answer to the one before."""
    desk = with_slow_answers(new_desk)
    for mode in ("on", "off"):
        desk.set_mode(mode)
    desk.expect_setting("modelwise_mode", "off")


# Families


def test_an_unknown_checkpoint_takes_a_family_and_forgets_it(desk: Desk) -> None:
    desk.choose_checkpoint("somebodys_merge_v7")
    desk.open_panel()
    desk.set_panel(profile="Animagine XL 3.1")
    desk.action("family").click()
    expect(desk.panel_part("profile").locator("input")).to_have_value("Auto")
    desk.expect_line("Animagine XL 3.1 (by your choice)")
    desk.open()
    desk.expect_line("Animagine XL 3.1 (by your choice)")
    desk.choose_checkpoint(OPT)
    desk.expect_line("Animagine XL 4.0 Opt (by file name)")
    desk.choose_checkpoint("somebodys_merge_v7")
    desk.open_panel()
    desk.action("forget").click()
    desk.expect_line("by architecture")


# Options


def test_the_fields_are_filled_when_the_checkpoint_changes_where_wanted(desk: Desk) -> None:
    desk.apply_setting("modelwise_fill_on_change", on=True)
    desk.number("steps", 31)
    desk.choose_checkpoint("animagine-xl-3.1")
    expect_fields(
        desk, {"width": "832", "height": "1216", "steps": "31", "cfg_scale": "7", "sampling": "Euler a"}
    )
    desk.choose_checkpoint(OPT)
    expect_fields(desk, {**CARD, "steps": "31"})


def test_the_used_values_are_written_back_where_wanted(desk: Desk) -> None:
    desk.apply_setting("modelwise_write_back", on=True)
    desk.number("steps", 31)
    desk.write(MESSY)
    assert desk.generate().prompt == ORDERED_4
    expect_fields(desk, {**CARD, "steps": "31"})
    assert desk.value("prompt") == MESSY
    desk.choose_checkpoint("animagine-xl-3.1")
    desk.expect_line("CFG 7")  # what was written back counts as untouched


# My words


def test_my_own_words_come_back(desk: Desk) -> None:
    desk.write(MESSY)
    desk.write("fog", "neg_prompt")
    desk.generate()
    source = desk.infotext_source()
    desk.open()
    desk.paste(source)
    expect(desk.field("prompt")).to_have_value(ORDERED_4)
    desk.open_panel()
    desk.action("words").click()
    expect(desk.field("prompt")).to_have_value(MESSY)
    expect(desk.field("neg_prompt")).to_have_value("fog")
    assert desk.generate().prompt == ORDERED_4


# By keyboard


def test_everything_can_be_reached_and_pressed_by_keyboard(desk: Desk) -> None:
    desk.open_panel()
    button = desk.action("preset", "Landscape")
    button.focus()
    style = "element => [getComputedStyle(element).outlineStyle, getComputedStyle(element).outlineWidth]"
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate(f"({style})(document.activeElement)") == ["solid", "2px"]
    desk.page.keyboard.press("Shift+Tab")
    desk.page.keyboard.press("Enter")
    expect_fields(desk, {"width": "1216", "height": "832"})
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.activeElement.dataset.name") == "Square", "the focus stays in its row"


def test_the_panel_opens_and_closes_by_keyboard(desk: Desk) -> None:
    head = desk.page.locator("#modelwise_txt2img > .label-wrap")
    assert head.evaluate("each => each.tagName === 'BUTTON' || each.getAttribute('role') === 'button'")
    head.focus()
    for key, is_open in (("Enter", True), ("Enter", False), (" ", True)):
        desk.page.keyboard.press(key)
        expect(desk.panel_part("mode")).to_be_visible(visible=is_open)
        expect(head).to_have_attribute("aria-expanded", str(is_open).lower())


def test_every_control_has_a_name(desk: Desk) -> None:
    desk.open_panel()
    desk.open_part("limits")
    desk.open_part("presets")
    nameless = desk.page.evaluate(
        """() => [...document.querySelectorAll("#modelwise_txt2img :is(button, input, textarea)")]
            .filter(each => each.offsetParent && !each.closest(".modelwise-hidden"))
            .filter(each => !(each.getAttribute("aria-label") || each.textContent.trim()
                || each.closest("label")?.textContent.trim() || each.labels?.length))
            .map(each => each.outerHTML.slice(0, 200))"""
    )
    assert nameless == []
