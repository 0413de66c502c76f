"""What Generate shows: complete, and text is never markup."""

from __future__ import annotations

import re

from modelwise.workbench import shown
from modelwise.workbench.handlers import Handlers
from tests.support.hosts import panel
from tests.workbench.conftest import HIRES, VALUES


def text_of(html: str) -> str:
    return re.sub(r"<[^>]*>", " ", html)


def test_all_that_the_sampler_gets(handlers: Handlers) -> None:
    html = shown.sampler_input(handlers.generate("txt2img", VALUES, panel()), 0)
    text = text_of(html)
    for part in (
        "1girl, smile, masterpiece",
        "lowres, bad anatomy",
        "832x1216",
        "CFG 5",
        "28 steps",
        "Euler a",
    ):
        assert part in text
    assert "+4 tags" in text and "Animagine XL 4.0 Opt" in text
    assert "image 1 of" not in text


def test_the_second_pass_is_shown_where_it_differs(handlers: Handlers) -> None:
    same = handlers.generate("txt2img", {**VALUES, **HIRES}, panel())
    assert "hires prompt" not in text_of(shown.sampler_input(same, 0))
    values = {**VALUES, **HIRES, "hires_prompt": "close-up"}
    html = shown.sampler_input(handlers.generate("txt2img", values, panel()), 0)
    assert "hires prompt" in text_of(html) and "1664x2432 after the hires pass" in text_of(html)


def test_which_image_of_several(handlers: Handlers) -> None:
    outcome = handlers.generate("txt2img", {**VALUES, "batch_size": 3}, panel())
    assert "image 2 of 3" in text_of(shown.sampler_input(outcome, 1))


def test_off_says_so(handlers: Handlers) -> None:
    outcome = handlers.generate("txt2img", VALUES, panel("off"))
    assert "was off" in text_of(shown.sampler_input(outcome, 0))
    assert shown.comments(outcome) == ""


def test_text_is_no_markup(handlers: Handlers) -> None:
    evil = "<img src=x onerror=alert(1)>, \"quoted\" & 'single'"
    values = {**VALUES, "prompt": evil, "negative": evil}
    outcome = handlers.generate("txt2img", values, panel(profile="<b>none</b>"))
    for html in (
        shown.sampler_input(outcome, 0),
        shown.comments(outcome),
        shown.infotext(outcome.images[0].infotext),
    ):
        assert "<img" not in html and "<b>none" not in html
    assert "&lt;img" in shown.sampler_input(outcome, 0)
    assert "&lt;b&gt;none" in shown.comments(outcome)
