"""Neighbours in the page: tagcomplete has the prompt boxes to itself; presets and memories count as the user's."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.real.desk import Desk
from tests.real.expected import NEGATIVE_4, QUALITY_4
from tests.real.neighbouring import CONFIG_PRESETS, STATE, TAGCOMPLETE, beside

pytestmark = pytest.mark.browser

PROMPT = "#txt2img_prompt textarea"
OURS = "#modelwise_suggestions"
THEIRS = "#tab_txt2img .autocompleteResults"
PARENT = "#tab_txt2img .autocompleteParent.p"
PRESET = "SDXL --- 1024x1024"
ORDERS = {
    "settings first": """const fetched = globalThis.fetch; globalThis.fetch = async (address, ...more) => {
        const isTheirs = String(address).includes("/state/config.json");
        while (isTheirs && !globalThis.opts?.state_txt2img) await new Promise((later) => setTimeout(later, 50));
        return fetched(address, ...more);
    };""",
    "settings last": """globalThis.busy = setInterval(() => {
        document.querySelector("#footer")?.append(document.createElement("i"));
    }, 50);""",
}
"""The WebUI gives its settings to scripts once its page has kept still for 200 ms: before that neighbour has its
own from the server, or after it has put all back."""


@beside(TAGCOMPLETE)
@pytest.mark.parametrize(
    ("file", "typed", "tag"), [("danbooru.csv", "thighh", "thighhighs"), ("e621.csv", "mamma", "mammal")]
)
def test_tagcomplete_suggests_and_we_do_not(neighboured_desk: Desk, file: str, typed: str, tag: str) -> None:
    page = neighboured_desk.page
    page.wait_for_function("typeof allTags !== 'undefined' && allTags.length > 1000", timeout=60_000)
    page.evaluate("async (file) => { opts.tac_tagFile = file; await syncOptions(); }", file)
    page.wait_for_function("allTags.length > 100_000", timeout=60_000)
    page.click(PROMPT)
    page.locator(PROMPT).press_sequentially(f"1girl, {typed}", delay=50)
    expect(page.locator(THEIRS).first).to_be_visible()
    expect(page.locator(OURS)).to_be_hidden()
    page.locator(PROMPT).press("Tab")
    expect(page.locator(PROMPT)).to_have_value(f"1girl, {tag}, ")


@beside(TAGCOMPLETE)
def test_the_panel_says_so_in_one_line_with_a_switch(neighboured_desk: Desk) -> None:
    page = neighboured_desk.page
    neighboured_desk.open_panel()
    note = page.locator("#modelwise_txt2img_neighbour")
    expect(note).to_contain_text("Suggestions in the prompt boxes come from tagcomplete")
    note.locator("button").click()
    expect(note).to_be_hidden()
    page.click(PROMPT)
    page.wait_for_function("modelwise.sources.known && modelwise.sources.index", timeout=60_000)
    page.locator(PROMPT).press_sequentially("school unif", delay=50)
    expect(page.locator(OURS)).to_be_visible()
    assert neighboured_desk.webui.get("/sdapi/v1/options")["modelwise_completion"] == "on"


def both(desk: Desk) -> Page:
    """The page with both lists on, as a user who has asked for ours."""
    page: Page = desk.page
    page.wait_for_function("typeof allTags !== 'undefined' && allTags.length > 1000", timeout=60_000)
    desk.webui.post("/sdapi/v1/options", {"modelwise_completion": "on"})
    page.evaluate("opts.modelwise_completion = 'on'")
    page.click(PROMPT)
    page.wait_for_function("modelwise.sources.known && modelwise.sources.index", timeout=60_000)
    return page


def typed(page: Page, text: str) -> Locator:
    box = page.locator(PROMPT)
    box.fill("")
    box.press_sequentially(text, delay=80)
    return box


@beside(TAGCOMPLETE)
@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (("Tab",), "1girl, long hair, "),
        (("Enter",), "1girl, long hair, "),
        (("ArrowDown", "ArrowUp", "ArrowDown", "Tab"), "1girl, very long hair, "),
        (("Escape",), "1girl, long h"),
    ],
    ids=lambda each: "+".join(each) if isinstance(each, tuple) else "",
)
def test_with_both_on_one_list_is_seen_and_has_the_keys(
    neighboured_desk: Desk, keys: tuple[str, ...], left: str
) -> None:
    page = both(neighboured_desk)
    box = typed(page, "1girl, long h")
    expect(page.locator(OURS)).to_be_visible()
    page.wait_for_function(f"document.querySelector({PARENT!r}).style.display === 'flex'")
    expect(page.locator(THEIRS).first).to_be_hidden()
    for key in keys:
        box.press(key)
    page.wait_for_timeout(1000)
    expect(box).to_have_value(left)
    for each in (OURS, THEIRS):
        expect(page.locator(each).first).to_be_hidden()
    box.press("Enter")  # a new line, and nothing of a list that belongs to what was typed before
    expect(box).to_have_value(f"{left}\n")
    box.press_sequentially("smile", delay=80)
    expect(page.locator(OURS)).to_be_visible()
    box.press("Tab")
    expect(box).to_have_value(f"{left}\nsmile, ")
    box.press("Control+z")
    expect(box).to_have_value(f"{left}\nsmile")
    assert page.evaluate("modelwise.pageOf('txt2img').prompt") == f"{left}\nsmile"


@beside(TAGCOMPLETE)
def test_with_both_on_theirs_comes_where_ours_has_nothing(neighboured_desk: Desk) -> None:
    page = both(neighboured_desk)
    page.evaluate("allTags.push(['zzqxw_only_theirs', '0', 5, ''])")
    box = typed(page, "1girl, zzqx")
    expect(page.locator(THEIRS).first).to_be_visible()
    expect(page.locator(OURS)).to_be_hidden()
    box.press("Tab")
    expect(box).to_have_value("1girl, zzqxw only theirs, ")


@beside(CONFIG_PRESETS)
def test_a_chosen_preset_counts_as_the_users(neighboured_desk: Desk) -> None:
    desk = neighboured_desk
    desk.number("steps", 2)
    desk.pick("#config_preset_txt2img_dropdown", PRESET)
    desk.page.wait_for_function(
        "document.querySelector('#txt2img_width input[type=number]').value === '1024'", timeout=20_000
    )
    assert "size" in desk.touched()
    desk.small()
    desk.write("prompt", "smile, 1girl")
    found = desk.generate()
    assert (found.prompt, found.negative) == (f"1girl, smile, {QUALITY_4}", NEGATIVE_4)
    assert found.params["CFG scale"] == "7"


@beside(STATE)
@pytest.mark.parametrize("order", ORDERS)
def test_what_is_remembered_counts_as_the_users(neighboured_desk: Desk, order: str) -> None:
    desk = neighboured_desk
    kept = ["prompt", "width", "height", "sampling_steps", "scheduler"]
    desk.webui.post("/sdapi/v1/options", {"state_txt2img": kept})
    desk.page.reload()
    desk.wait_until_loaded()
    desk.page.wait_for_selector("button[title='State: Reset']", timeout=60_000)  # it listens from here on
    desk.small()
    desk.pick("#txt2img_scheduler", "Karras")
    desk.page.wait_for_timeout(500)
    desk.write("prompt", "smile, 1girl")
    desk.page.add_init_script(ORDERS[order])
    desk.page.reload()
    box = desk.page.locator(PROMPT)
    expect(box).to_have_value("smile, 1girl", timeout=60_000)
    for part, value in (("width", "64"), ("height", "64"), ("steps", "2"), ("scheduler", "Karras")):
        expect(desk.page.locator(f"#txt2img_{part} input").first).to_have_value(value, timeout=20_000)
    assert desk.touched() == {"size", "steps", "sampler"}
    assert desk.page.evaluate("Boolean(opts.state_txt2img)") == (order == "settings first")
    desk.page.evaluate("clearInterval(globalThis.busy)")
    desk.page.wait_for_function("opts.state_txt2img")
    found = desk.generate()
    assert found.prompt == f"1girl, smile, {QUALITY_4}"
    assert found.settings == "64x64, DPM++ 2M, Karras, 5, 2"
