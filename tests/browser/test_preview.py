"""The live preview: it promises what Generate does, follows typing, and is in nobody's way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser import measuring
from tests.browser.conftest import OPT, NewDesk
from tests.browser.desk import Desk
from tests.browser.previewing import (
    chip,
    chips,
    expect_chips,
    layout_shifts,
    pieces,
    place,
    requests,
    shown,
    signs,
    texts,
    tool,
    word,
)
from tests.browser.test_hires import turn_on
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4, QUALITY_3, QUALITY_4

TWO_GIRLS = "hatsune miku, aqua hair, kagamine rin, blonde hair, 2girls"
ADDED = tuple(f"+{tag}" for tag in QUALITY_4.split(", "))
HINT = "Point at a tag"
MARKUP = '<img src="missing.png" id="injected" onerror="window.injected = 1">'
INJECTED = "() => Boolean(window.injected) || document.querySelector('#injected') !== null"
FOREIGN = "smile, 1girl\nSteps: 12, Sampler: Euler, CFG scale: 6.5, Seed: 5, Size: 640x960"
FOCUSED = "() => document.activeElement.textContent"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With the panel open."""
    desk.open_panel()
    expect(texts(desk)).to_have_text(["Prompt", "Negative prompt"])
    return desk


# What it promises


@pytest.mark.smoke
def test_the_chips_are_what_generate_uses(desk: Desk) -> None:
    desk.write(MESSY)
    desk.write("fog", "neg_prompt")
    expect(chips(desk)).to_contain_text("firefly")
    expect(chips(desk, "Negative prompt")).to_contain_text("fog")
    promised = shown(desk), shown(desk, "Negative prompt")
    assert promised == (ORDERED_4, f"{NEGATIVE_4}, fog")
    found = desk.generate()
    assert (found.prompt, found.negative) == promised


def test_every_kind_of_text_is_promised_to_the_letter(desk: Desk) -> None:
    desk.write("(smile:1.2), [1girl:2girls:0.5], :3 BREAK <lora:a:1>, __hat__, night AND rain :0.5")
    expect(chips(desk)).to_contain_text("rain")
    found = desk.generate().prompt
    for _, text in pieces(desk):
        between, same, found = found.partition(text)
        assert same and not between.strip(" ,"), (text, between)
    assert not found.strip(" ,")


def test_the_settings_say_who_wants_them(desk: Desk) -> None:
    settings = place(desk).locator(".modelwise-settings li")
    expect(settings).to_have_text(
        [
            re.compile(r"^size 832x1216 .*stated"),
            re.compile(r"^CFG 5 .*stated"),
            re.compile(r"^steps 28 "),
            re.compile(r"^sampler and scheduler Euler a, Automatic "),
        ]
    )
    desk.number("width", 640)
    expect(settings).to_have_count(3)


@pytest.mark.smoke
def test_it_follows_typing_without_any_request_of_gradio(desk: Desk) -> None:
    desk.field("prompt").click()
    desk.page.keyboard.type("x")
    expect_chips(desk, "x", *ADDED)
    desk.page.keyboard.press("Backspace")
    with requests(desk) as asked:
        desk.page.keyboard.type("smile, 1girl", delay=20)
        expect_chips(desk, "↕1girl", "smile", *ADDED)
        desk.page.keyboard.type(", long_hair", delay=20)
        expect_chips(desk, "↕1girl", "smile", "~long hair", *ADDED)
        desk.page.wait_for_timeout(
            300
        )  # whatever gradio might still ask for; it is never idle from version 4 on
    assert set(asked) == {"modelwise/v1/preview"}
    assert desk.line().count("1 moved") == 1, "the line follows, too"


def test_it_follows_what_is_chosen(desk: Desk) -> None:
    desk.write("smile, 1girl")
    expect_chips(desk, "↕1girl", "smile", *ADDED)
    desk.open_part("limits")
    desk.panel_part("switches").get_by_label("order").uncheck()
    expect_chips(desk, "smile", "1girl", *ADDED)
    desk.expect_line("quality standard · +4 tags · negative")
    desk.panel_part("switches").get_by_label("order").check()
    expect_chips(desk, "↕1girl", "smile", *ADDED)
    desk.choose_checkpoint("animagine-xl-3.1")
    expect_chips(desk, *(f"+{tag}" for tag in QUALITY_3.split(", ")), "↕1girl", "smile")


def test_the_line_says_what_holds_now_though_the_panel_has_said_the_same_before(desk: Desk) -> None:
    before = desk.line()
    desk.write("smile, 1girl")
    desk.expect_line("1 moved")
    desk.open_part("limits")
    desk.panel_part("switches").get_by_label("order").uncheck()
    expect(desk.panel_part("summary")).to_have_text(before)


def test_where_nothing_is_done_the_texts_stand_as_they_are(desk: Desk) -> None:
    desk.set_mode("off")
    desk.write("smile, long_hair, 1girl")
    expect_chips(desk, "smile", "long_hair", "1girl")
    expect(place(desk).locator(".modelwise-settings")).to_have_count(0)
    expect(texts(desk)).to_have_text(["Prompt"])


def test_another_programs_prompt_stands_as_it_is(desk: Desk) -> None:
    desk.paste(FOREIGN)
    expect_chips(desk, "smile", "1girl")
    desk.action("use").click()
    expect_chips(desk, "↕1girl", "smile", *ADDED)


def test_an_unknown_model_changes_nothing(desk: Desk) -> None:
    desk.choose_checkpoint("somebodys_merge_v7")
    desk.write("smile, long_hair, 1girl")
    expect_chips(desk, "smile", "long_hair", "1girl")


def test_a_wrong_choice_is_said_and_the_texts_stay(desk: Desk) -> None:
    desk.write("smile, 1girl")
    expect_chips(desk, "↕1girl", "smile", *ADDED)
    desk.set_panel(year="long ago")
    desk.expect_line("year: found 'long ago'")
    expect_chips(desk, "smile", "1girl")
    expect(place(desk).locator(".modelwise-attention").first).to_contain_text("year: found 'long ago'")


def test_the_second_pass_is_shown_where_its_texts_are_others(desk: Desk) -> None:
    for name in ("hires_fix_show_prompts", "hires_fix_show_sampler"):
        desk.apply_setting(name, on=True)
    turn_on(desk)
    desk.write("smile, 1girl")
    expect_chips(desk, "↕1girl", "smile", *ADDED)
    expect(texts(desk)).to_have_text(["Prompt", "Negative prompt"])
    desk.page.locator("#hires_prompt textarea").fill("sunset, 1girl")
    expect_chips(desk, "↕1girl", "sunset", *ADDED, title="Hires prompt")
    desk.generate()
    assert desk.shown("hires prompt") == shown(desk, "Hires prompt")
    desk.page.locator("#hires_prompt textarea").fill("")
    expect(texts(desk)).to_have_text(["Prompt", "Negative prompt"])


def test_the_second_passs_texts_are_those_of_its_own_checkpoint(desk: Desk) -> None:
    for name in ("hires_fix_show_prompts", "hires_fix_show_sampler"):
        desk.apply_setting(name, on=True)
    turn_on(desk)
    desk.write("smile, 1girl")
    box = desk.page.locator("#hr_checkpoint input").first
    box.click()
    desk.page.locator("ul.options li:visible").filter(has_text="animagine-xl-3.1.safetensors").click()
    expect(chips(desk, "Hires prompt")).to_contain_text("very aesthetic")
    desk.generate()
    assert desk.shown("prompt") == shown(desk) == f"1girl, smile, {QUALITY_4}"
    assert desk.shown("hires prompt") == shown(desk, "Hires prompt") == f"{QUALITY_3}, 1girl, smile"
    assert desk.shown("hires negative") == shown(desk, "Hires negative prompt")


# What it says


def test_signs_and_what_was_left_out(desk: Desk) -> None:
    desk.write("smile, long_hair, 1girl, text")
    expect(chips(desk, "Negative prompt").locator(".modelwise-missing")).to_have_text("−text")
    assert signs(desk, "+") == QUALITY_4.split(", ")
    assert signs(desk, "↕") == ["1girl"]
    assert signs(desk, "~") == ["long hair"]
    chips(desk, "Negative prompt").locator(".modelwise-missing").hover()
    expect(word(desk)).to_have_text("text: left out of what Modelwise adds, as it is in the prompt")


def test_pointing_at_a_chip_says_why(desk: Desk) -> None:
    desk.write("smile, long_hair, 1girl")
    chip(desk, "long hair").hover()
    expect(word(desk)).to_contain_text("you wrote long_hair · respelled: as the model's captions spell it")
    chip(desk, "masterpiece").hover()
    expect(word(desk)).to_contain_text("masterpiece [quality]")
    expect(word(desk)).to_contain_text("the card: quality 1")


def test_a_chip_says_why_by_keyboard_too(desk: Desk) -> None:
    desk.write("smile, 1girl")
    expect_chips(desk, "↕1girl", "smile", *ADDED)
    tool(desk, "Copy").focus()
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate(FOCUSED) == "↕1girl"
    expect(word(desk)).to_contain_text("1girl [subject]")
    assert desk.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    desk.page.keyboard.press("ArrowRight")
    expect(word(desk)).to_contain_text("smile [general]")
    desk.page.keyboard.press("End")
    assert desk.page.evaluate(FOCUSED) == "+blurry"
    desk.page.keyboard.press("Tab")
    assert not desk.page.evaluate("() => document.activeElement.matches('.modelwise-chip')"), (
        "one stop in all"
    )
    desk.page.keyboard.press("Shift+Tab")
    assert desk.page.evaluate(FOCUSED) == "+blurry"
    assert word(desk).get_attribute("role") == "status"


def test_the_hint_is_said_until_a_chip_is_pointed_at(desk: Desk) -> None:
    expect(word(desk)).to_contain_text(HINT)


def test_warnings_stand_first(desk: Desk) -> None:
    desk.number("width", 640)
    desk.write("1girl, hat")
    desk.write("hat", "neg_prompt")
    lines = place(desk).locator(".modelwise-body > *")
    warned = place(desk).locator(".modelwise-body > .modelwise-attention")
    expect(warned).to_have_count(2)
    expect(warned.first).to_contain_text("640x512 is not among the trained sizes")
    expect(warned.nth(1)).to_have_text("hat: in your prompt and in your negative, both yours")
    assert "modelwise-attention" in (lines.nth(1).get_attribute("class") or "")


@pytest.mark.smoke
def test_one_click_keeps_the_grouping(desk: Desk) -> None:
    desk.write(TWO_GIRLS)
    button = tool(desk, "Keep my grouping")
    expect(button).to_be_visible()
    button.press("Enter")
    expect_chips(desk, "↕2girls", *TWO_GIRLS.split(", ")[:4], *ADDED)
    expect(button).to_have_count(0)
    assert desk.page.evaluate(FOCUSED) == "↕2girls", "the keyboard goes on in the preview"
    assert desk.generate().prompt == shown(desk)
    desk.open_part("limits")
    expect(desk.panel_part("grouping").locator("input")).to_be_checked()
    desk.panel_part("grouping").locator("input").uncheck()
    expect(button).to_be_visible()


# Not in the way


@pytest.mark.parametrize("width", [1400, 360])
def test_nothing_moves_when_an_answer_comes(new_desk: NewDesk, width: int) -> None:
    desk = new_desk(viewport={"width": width, "height": 1600})
    desk.choose_checkpoint(OPT)
    desk.open_panel()
    expect(texts(desk)).to_have_count(2)
    desk.page.wait_for_load_state("networkidle")
    desk.page.evaluate("opts.modelwise_completion = 'off'")  # a list that opens elsewhere is a shift, too
    with layout_shifts(desk) as moved:
        for text in (TWO_GIRLS, "", "smile, long_hair, 1girl, text, score_9", "(((", MESSY):
            desk.write(text)
            last = text.split(", ")[-1] if text != MESSY else "firefly"
            expect(chips(desk)).to_contain_text(last or "masterpiece")
        chip(desk, "firefly").hover()
    assert moved == []


def test_layout_shifts_would_be_seen(desk: Desk) -> None:
    with layout_shifts(desk) as moved:
        desk.page.evaluate(
            "document.querySelector('.modelwise-tools').before(Object.assign(document.createElement('p'), "
            "{ textContent: 'in the way' }))"
        )
    assert moved


def test_markup_in_a_prompt_stays_text(desk: Desk) -> None:
    desk.write(f"{MARKUP}, smile, constructor")
    desk.write(MARKUP, "neg_prompt")
    expect(chips(desk)).to_contain_text("missing.png")
    expect(chips(desk, "Negative prompt")).to_contain_text("missing.png")
    chip(desk, "missing.png").hover()
    expect(word(desk)).to_contain_text("onerror")
    assert (desk.page.evaluate(INJECTED), place(desk).locator("img").count()) == (False, 0)


def test_two_tabs_have_previews_of_their_own(desk: Desk) -> None:
    desk.write("smile, 1girl")
    expect_chips(desk, "↕1girl", "smile", *ADDED)
    desk.open_tab("img2img")
    desk.open_panel()
    desk.write("outdoors, 1boy")
    expect_chips(desk, "↕1boy", "outdoors", *ADDED)
    tool(desk, "Format").click()
    expect(desk.field("prompt")).to_have_value("1boy, outdoors")
    desk.open_tab("txt2img")
    assert desk.value("prompt") == "smile, 1girl"
    expect_chips(desk, "↕1girl", "smile", *ADDED)


def test_an_older_answer_never_overwrites_a_newer_one(new_desk: NewDesk) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        body = route.request.post_data or ""
        if route.request.url.endswith("/v1/preview") and '"older' in body:
            held.append(route)
        else:
            route.continue_()

    desk = new_desk(route=hold)
    desk.choose_checkpoint(OPT)
    desk.open_panel()
    with desk.page.expect_request("**/v1/preview"):
        desk.write("older")
    desk.write("newer")
    expect(chips(desk)).to_contain_text("newer")
    held[0].continue_()
    desk.page.wait_for_load_state("networkidle")
    expect(chips(desk)).to_contain_text("newer")


def test_where_the_route_fails_the_line_goes_on(new_desk: NewDesk) -> None:
    def refuse(route: Route) -> None:
        if route.request.url.endswith("/v1/preview"):
            route.fulfill(status=200, body="no JSON at all", content_type="text/html")
        else:
            route.continue_()

    desk = new_desk(route=refuse)
    desk.choose_checkpoint(OPT)
    desk.write("smile, 1girl")
    desk.expect_line("1 moved")
    desk.open_panel()
    desk.write("smile")
    desk.expect_line("quality standard · +4 tags · negative")
    assert desk.generate().prompt == f"smile, {QUALITY_4}"


def test_fifty_thousand_characters_do_not_hold_up_typing(desk: Desk) -> None:
    text = ", ".join(f"thing number {number:05}" for number in range(2700))
    assert len(text) > 50_000
    desk.write(text)
    expect(chips(desk)).to_contain_text("more")
    desk.field("prompt").press("End")
    desk.page.evaluate(
        """() => {
            globalThis.late = [];
            const wait = () => {
                const asked = performance.now();
                setTimeout(() => { late.push(performance.now() - asked - 10); wait(); }, 10);
            };
            wait();
        }"""
    )
    for key in ", smile":
        desk.page.keyboard.type(key)
        desk.page.wait_for_timeout(170)
    expect(desk.field("prompt")).to_have_value(f"{text}, smile")
    assert max(desk.page.evaluate("late")) < 300, "milliseconds that the page was busy at a stretch"


# To look at


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_in_it_can_be_read(new_desk: NewDesk, theme: str) -> None:
    desk = new_desk(f"?__theme={theme}")
    desk.choose_checkpoint(OPT)
    desk.open_panel()
    desk.write(f"{TWO_GIRLS}, text BREAK night")
    expect(tool(desk, "Keep my grouping")).to_be_visible()
    parts = [".modelwise-attention", "h4 > span", ".modelwise-chip", ".modelwise-keyword", "button"]
    parts += [".modelwise-missing", ".modelwise-settings li", ".modelwise-reason", ".modelwise-word"]
    contrasts = {part: measuring.contrast(place(desk).locator(part).first) for part in parts}
    assert {part: contrast for part, contrast in contrasts.items() if contrast < 4.5} == {}


def test_a_narrow_window_shows_it_all(new_desk: NewDesk) -> None:
    desk = new_desk(viewport={"width": 360, "height": 900})
    desk.choose_checkpoint(OPT)
    desk.open_panel()
    desk.write(f"{TWO_GIRLS}, score_9, {'long_' * 40}word")
    expect(tool(desk, "Keep my grouping")).to_be_visible()
    tool(desk, "Translate").click()
    expect(tool(desk, "Apply")).to_be_visible()
    assert measuring.sideways(desk.page) == 0
    inner = place(desk).locator(".modelwise-body")
    assert inner.evaluate("each => each.scrollWidth <= each.clientWidth")
    boxes = [measuring.box("preview", place(desk)), measuring.box("word", word(desk))]
    assert measuring.outside(boxes, 360) == []
