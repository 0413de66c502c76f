"""The cards' own prompts: fixed points of ordering, and what injection makes of a plain prompt."""

from __future__ import annotations

import pytest

from modelwise.compile import Request, Switches
from modelwise.intent import Intent
from modelwise.profiles import Example
from modelwise.words import plain
from tests.support.checking import bundled, check, compiler

ORDER_ONLY = Switches(quality=False, negative=False, settings=False)
BOTH = Switches(settings=False)
CARDED = sorted(name for name, profile in bundled().items() if profile.inject.quality)
EXAMPLES = [(name, example) for name in sorted(bundled()) for example in bundled()[name].examples]
POSITIVE = {
    "animagine-xl-3.0": "masterpiece, best quality",
    "animagine-xl-3.1": "masterpiece, best quality, very aesthetic, absurdres",
    "animagine-xl-4.0": "masterpiece, high score, great score, absurdres",
    "animagine-xl-4.0-opt": "masterpiece, high score, great score, absurdres",
    "anything-v3.1": "masterpiece, best quality, illustration, beautiful detailed, finely detailed, dramatic light, intricate details",
    "anything-v3.2": "masterpiece, best quality, illustration, beautiful detailed, finely detailed, dramatic light, intricate details",
    "sotediffusion-v2": "extremely aesthetic, best quality, newest",
}  # fmt: skip
_ANYTHING_NEGATIVE = "lowres, bad anatomy, bad hands, text, error, missing fingers, extra digit, fewer digits, cropped, worst quality, low quality, normal quality, jpeg artifacts, signature, watermark, username, blurry"  # fmt: skip
_FOUR_NEGATIVE = "lowres, bad anatomy, bad hands, text, error, missing finger, extra digits, fewer digits, cropped, worst quality, low quality, low score, bad score, average score, signature, watermark, username, blurry"  # fmt: skip
NEGATIVE = {
    "animagine-xl-3.0": f"nsfw, {_ANYTHING_NEGATIVE}, artist name",
    "animagine-xl-3.1": "nsfw, lowres, (bad), text, error, fewer, extra, missing, worst quality, jpeg artifacts, low quality, watermark, unfinished, displeasing, oldest, early, chromatic aberration, signature, extra digits, artistic error, username, scan, [abstract]",
    "animagine-xl-4.0": _FOUR_NEGATIVE,
    "animagine-xl-4.0-opt": _FOUR_NEGATIVE,
    "anything-v3.1": _ANYTHING_NEGATIVE,
    "anything-v3.2": _ANYTHING_NEGATIVE,
    "sotediffusion-v2": "very displeasing, worst quality, monochrome, realistic, oldest, loli",
}  # fmt: skip
AT_END = ("animagine-xl-4.0", "animagine-xl-4.0-opt")


@pytest.mark.parametrize(("profile", "example"), EXAMPLES)
def test_examples_are_fixed_points_of_ordering(profile: str, example: Example) -> None:
    """6: with order and spelling on, a card's prompt comes back to the letter."""
    request = Request(example.prompt, example.negative, switches=ORDER_ONLY, intent=Intent(quality=None))
    result = check(compiler(profile), request)
    assert (result.prompt, result.negative) == (example.prompt, example.negative)
    assert not [entry for entry in result.report if entry.kind in ("moved", "respelled", "added")]


@pytest.mark.parametrize(("profile", "example"), EXAMPLES)
def test_a_negative_that_holds_the_card_s_words_gets_no_second_ones(profile: str, example: Example) -> None:
    """What the user's negative has there is not repeated."""
    result = check(compiler(profile), Request(example.prompt, NEGATIVE[profile], switches=BOTH))
    assert result.negative == NEGATIVE[profile]


def test_every_carded_profile_is_covered() -> None:
    """A new profile needs its words here."""
    assert set(CARDED) <= set(POSITIVE)
    assert len(EXAMPLES) >= 12


@pytest.mark.parametrize("profile", CARDED)
def test_empty_texts_become_the_card_s_own(profile: str) -> None:
    """Nothing typed: exactly the card's words, and exactly its negative."""
    result = check(compiler(profile), Request("", switches=BOTH))
    assert result.prompt == POSITIVE[profile]
    assert result.negative == NEGATIVE[profile]


@pytest.mark.parametrize("profile", CARDED)
def test_a_plain_prompt_gets_the_card_s_words_at_their_end(profile: str) -> None:
    """The card's words stand in one piece, in front or at the end as the card says."""
    result = check(compiler(profile), Request("1girl, smile", switches=BOTH))
    words = POSITIVE[profile]
    expected = f"1girl, smile, {words}" if profile in AT_END else f"{words}, 1girl, smile"
    assert result.prompt == expected


@pytest.mark.parametrize(("profile", "example"), EXAMPLES)
def test_examples_keep_their_order_when_words_join(profile: str, example: Example) -> None:
    """With injection an example's own tags keep their order, and only the card's words join them."""
    result = check(compiler(profile), Request(example.prompt, switches=BOTH))
    tags = result.prompt.split(", ")
    own = example.prompt.split(", ")
    left = iter(tags)
    assert all(tag in left for tag in own)
    injected = bundled()[profile].inject.quality["standard"].positive
    assert sorted(tags) == sorted({*own, *injected}) and {plain(tag) for tag in injected} <= set(tags)
