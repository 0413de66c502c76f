"""The number beside the prompt boxes: that of the compiled prompt, as the panel has it."""

from __future__ import annotations

import pytest

from tests.real.desk import Desk
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4, QUALITY_ANYTHING

pytestmark = pytest.mark.browser
AFTER_TYPING = 2500
"""Milliseconds: the WebUI counts 800 after the last key."""


def count(desk: Desk, text: str, part: str = "prompt") -> str:
    """What the counter says of a text that was just written."""
    counter = "token_counter" if part == "prompt" else "negative_token_counter"
    desk.write(part, "")
    desk.page.wait_for_timeout(AFTER_TYPING)
    desk.write(part, text)
    desk.page.wait_for_timeout(AFTER_TYPING)
    return str(desk.page.locator(f"#txt2img_{counter}").first.inner_text()).strip()


def test_the_compiled_prompt_is_counted(desk: Desk) -> None:
    made, negative = count(desk, MESSY), count(desk, "fog", "neg_prompt")
    desk.open_panel()
    desk.set_mode("off")
    own, alone = count(desk, MESSY), count(desk, "fog", "neg_prompt")
    assert made == count(desk, ORDERED_4) != own
    assert negative == count(desk, f"{NEGATIVE_4}, fog", "neg_prompt") != alone


def test_what_is_chosen_in_the_panel_counts(desk: Desk) -> None:
    desk.open_panel()
    desk.pick("#modelwise_txt2img_profile", "Anything V3.1")
    assert "Anything V3.1" in desk.waits_for_line("Anything V3.1")
    other = count(desk, "smile, 1girl")
    desk.pick("#modelwise_txt2img_profile", "Auto")
    assert count(desk, "smile, 1girl") != other
    desk.set_mode("off")
    assert count(desk, f"{QUALITY_ANYTHING}, smile, 1girl") == other


def test_an_unknown_model_counts_the_box(desk: Desk) -> None:
    desk.choose_checkpoint("someUnknownMix_v3")
    plain = count(desk, MESSY)
    desk.open_panel()
    desk.set_mode("off")
    assert count(desk, MESSY) == plain
