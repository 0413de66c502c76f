"""The live preview in a real WebUI: what it promises is made, its tokens are the WebUI's, Format can be undone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.real.conftest import Start
from tests.real.desk import Desk
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4, QUALITY_4
from tests.real.installing import put_in_place

pytestmark = pytest.mark.browser

PREVIEW = "#modelwise_txt2img_preview .modelwise-preview"
PIECES = """([title, last]) => {
    const list = document.querySelector(`#modelwise_txt2img_preview ul[aria-label='${title}']`);
    const texts = [...(list?.querySelectorAll("li:not(.modelwise-missing)") ?? [])].map(each =>
        [...each.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join(""));
    return texts.includes(last) && texts.join(", ");
}"""
COUNTED = """([title, counter]) => {
    const heads = [...document.querySelectorAll("#modelwise_txt2img_preview h4")];
    const head = heads.find(each => each.querySelector("span").textContent === title);
    const ours = head?.querySelector("small").textContent.trim();
    return ours && ours === document.querySelector(`#txt2img_${counter}`)?.textContent.trim() && ours;
}"""


def promised(desk: Desk, last: str, title: str = "Prompt") -> str:
    """A text's pieces, once this one is among them."""
    return str(desk.page.wait_for_function(PIECES, arg=[title, last], timeout=15_000).json_value())


def counted(desk: Desk, title: str, counter: str) -> str:
    """What our counter and the WebUI's own say, once they agree."""
    return str(desk.page.wait_for_function(COUNTED, arg=[title, counter], timeout=15_000).json_value())


def type_into(desk: Desk, part: str, text: str) -> None:
    desk.page.click(f"#txt2img_{part} textarea")
    desk.page.keyboard.type(text, delay=15)


def test_the_chips_follow_typing_and_are_what_is_made(desk: Desk) -> None:
    desk.open_panel()
    desk.small()
    type_into(desk, "prompt", MESSY)
    type_into(desk, "neg_prompt", "fog")
    last = r"firefly \(honkai: star rail\)"
    texts = promised(desk, last), promised(desk, "fog", "Negative prompt")
    assert texts == (ORDERED_4, f"{NEGATIVE_4}, fog")
    found = desk.generate()
    assert (found.prompt, found.negative) == texts


def test_the_tokens_are_those_of_the_webui(desk: Desk) -> None:
    desk.open_panel()
    desk.small()
    desk.generate()  # which loads the model, where that was not done yet
    type_into(desk, "prompt", "[smile:a very long grin:0.5], <lora:nothing:1>, (1girl:1.2) AND rain")
    type_into(desk, "neg_prompt", "fog AND mist")
    promised(desk, "rain")
    promised(desk, "fog AND mist", "Negative prompt")
    count = counted(desk, "Prompt", "token_counter")
    assert 10 < int(count.split("/")[0]) < 75
    assert int(counted(desk, "Negative prompt", "negative_token_counter").split("/")[0]) > 20


def test_format_and_one_step_back(desk: Desk) -> None:
    desk.open_panel()
    text = "smile, long_hair, 1girl # who\noutdoors, 1boy"
    desk.write("prompt", text)
    promised(desk, "outdoors")
    desk.page.locator(PREVIEW).get_by_role("button", name="Format").click()
    box = desk.page.locator("#txt2img_prompt textarea")
    desk.page.wait_for_function(
        "text => document.querySelector('#txt2img_prompt textarea').value !== text", arg=text
    )
    assert box.input_value() == "1girl, smile, long hair # who\n1boy, outdoors"
    desk.page.keyboard.press("Control+z")
    assert box.input_value() == text
    desk.small()
    found = desk.generate()
    assert found.record is not None
    assert found.record["prompt"] == text, "the WebUI has the text that was brought back"


def test_a_copy_makes_the_same_when_it_is_pasted(desk: Desk) -> None:
    desk.open_panel()
    desk.small()
    desk.write("prompt", "smile, 1girl")
    promised(desk, "smile")
    desk.page.evaluate("navigator.clipboard.writeText = async text => { globalThis.copied = text; }")
    desk.page.locator(PREVIEW).get_by_role("button", name="Copy").click()
    copied = desk.page.wait_for_function("() => globalThis.copied").json_value()
    first = desk.generate()
    desk.write("prompt", copied)
    desk.paste()
    assert desk.value("prompt") == f"1girl, smile, {QUALITY_4}"
    again = desk.generate()
    assert (again.prompt, again.negative, again.settings) == (first.prompt, first.negative, first.settings)


def test_the_second_pass_goes_by_its_own_checkpoint(
    browser: Any, start: Start, repository: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    put_in_place(repository, data)
    (data / "config.json").write_text(json.dumps({"hires_fix_show_sampler": True}), encoding="utf-8")
    desk = Desk(browser, start(data))
    desk.choose_checkpoint("animagine-xl-4.0-opt")
    desk.open_panel()
    desk.write("prompt", "smile, 1girl")
    promised(desk, "smile")
    desk.page.click("#txt2img_hr > .label-wrap")
    desk.waits_for_line("1 note")
    desk.pick("#hr_checkpoint", "animagine-xl-3.1")
    assert promised(desk, "very aesthetic", "Hires prompt").endswith("1girl, smile")
    desk.page.close()
