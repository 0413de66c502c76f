"""The cards' own prompts: fixed points of ordering, and what injection makes of a plain prompt."""

from __future__ import annotations

import pytest

from modelwise.compile import Request, Switches
from modelwise.intent import Intent
from modelwise.parser import parse
from modelwise.profiles import Example
from modelwise.words import plain
from tests.support.checking import bundled, check, compiler

ORDER_ONLY = Switches(quality=False, negative=False, settings=False)
BOTH = Switches(settings=False)
CARDED = sorted(name for name, profile in bundled().items() if profile.inject.quality)
EXAMPLES = [(name, example) for name in sorted(bundled()) for example in bundled()[name].examples]
POSITIVE = {
    "anima-base-1.0": "masterpiece, best quality, score_7, safe",
    "animagine-xl-3.0": "masterpiece, best quality",
    "animagine-xl-3.1": "masterpiece, best quality, very aesthetic, absurdres",
    "animagine-xl-3.1-coreml": "masterpiece, best quality, very aesthetic, absurdres",
    "animagine-xl-4.0": "masterpiece, high score, great score, absurdres",
    "animagine-xl-4.0-opt": "masterpiece, high score, great score, absurdres",
    "anything-v3.0": "masterpiece, best quality, illustration, beautiful detailed, finely detailed, dramatic light, intricate details",
    "anything-v3.1": "masterpiece, best quality, illustration, beautiful detailed, finely detailed, dramatic light, intricate details",
    "anything-v3.2": "masterpiece, best quality, illustration, beautiful detailed, finely detailed, dramatic light, intricate details",
    "anything-v4.0": "masterpiece, best quality",
    "anything-v4.5": "masterpiece, best quality",
    "counterfeit-v2.5": "((masterpiece)), ((best quality))",
    "counterfeit-v3.0": "((masterpiece)), ((best quality))",
    "sotediffusion-v1": "newest, extremely aesthetic, best quality",
    "sotediffusion-v2": "extremely aesthetic, best quality, newest",
}  # fmt: skip
"""By profile; what is not here adds nothing to the prompt."""
_ANYTHING_NEGATIVE = "lowres, bad anatomy, bad hands, text, error, missing fingers, extra digit, fewer digits, cropped, worst quality, low quality, normal quality, jpeg artifacts, signature, watermark, username, blurry"  # fmt: skip
_31_NEGATIVE = "nsfw, lowres, (bad), text, error, fewer, extra, missing, worst quality, jpeg artifacts, low quality, watermark, unfinished, displeasing, oldest, early, chromatic aberration, signature, extra digits, artistic error, username, scan, [abstract]"  # fmt: skip
_SOTE_NEGATIVE = "very displeasing, worst quality, monochrome, realistic, oldest, loli"
_FOUR_NEGATIVE = "lowres, bad anatomy, bad hands, text, error, missing finger, extra digits, fewer digits, cropped, worst quality, low quality, low score, bad score, average score, signature, watermark, username, blurry"  # fmt: skip
NEGATIVE = {
    "anima-base-1.0": "worst quality, low quality, score_1, score_2, score_3, artist name",
    "animagine-xl-3.0": f"nsfw, {_ANYTHING_NEGATIVE}, artist name",
    "animagine-xl-3.1": _31_NEGATIVE,
    "animagine-xl-3.1-coreml": _31_NEGATIVE,
    "animagine-xl-4.0": _FOUR_NEGATIVE,
    "animagine-xl-4.0-opt": _FOUR_NEGATIVE,
    "anything-v3.0": _ANYTHING_NEGATIVE,
    "anything-v3.1": _ANYTHING_NEGATIVE,
    "anything-v3.2": _ANYTHING_NEGATIVE,
    **dict.fromkeys(("aom2", "aom3", "aom3a1", "aom3a1b", "aom3a2", "aom3a3", "aom3b2"), "(worst quality, low quality:1.4)"),
    "counterfeit-v2.5": "EasyNegative, extra fingers, fewer fingers",
    "meinamix-v8": "(worst quality:2, low quality:2), (zombie, sketch, interlocked fingers, comic)",
    "meinamix-v10": "(worst quality:2, low quality:2), (zombie, sketch, interlocked fingers, comic)",
    "meinamix-v11": "(worst quality, low quality:1.4), (zombie, sketch, interlocked fingers, comic)",
    "sotediffusion-v1": _SOTE_NEGATIVE,
    "sotediffusion-v2": _SOTE_NEGATIVE,
}  # fmt: skip
"""By profile; what is not here adds nothing to the negative."""
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
    negative = NEGATIVE.get(profile, "")
    result = check(compiler(profile), Request(example.prompt, negative, switches=BOTH))
    assert result.negative == negative


def test_every_carded_profile_is_covered() -> None:
    """A new profile needs its words here."""
    assert set(CARDED) == POSITIVE.keys() | NEGATIVE.keys()
    assert len(EXAMPLES) >= 12


@pytest.mark.parametrize("profile", CARDED)
def test_empty_texts_become_the_card_s_own(profile: str) -> None:
    """Nothing typed: exactly the card's words, and exactly its negative."""
    result = check(compiler(profile), Request("", switches=BOTH))
    assert result.prompt == POSITIVE.get(profile, "")
    assert result.negative == NEGATIVE.get(profile, "")


@pytest.mark.parametrize("profile", CARDED)
def test_a_plain_prompt_gets_the_card_s_words_at_their_end(profile: str) -> None:
    """The card's words stand in one piece, in front or at the end as the card says."""
    result = check(compiler(profile), Request("1girl, smile", switches=BOTH))
    words = POSITIVE.get(profile)
    parts = ["1girl, smile", words] if profile in AT_END else [words, "1girl, smile"]
    assert result.prompt == ", ".join(part for part in parts if part)


@pytest.mark.parametrize(("profile", "example"), EXAMPLES)
def test_examples_keep_their_order_when_words_join(profile: str, example: Example) -> None:
    """With injection an example's own tags keep their order, and only the card's words join them."""
    result = check(compiler(profile), Request(example.prompt, switches=BOTH))
    tags, own = _items(result.prompt), _items(example.prompt)
    left = iter(tags)
    assert all(tag in left for tag in own)
    level = bundled()[profile].inject.quality.get("standard")
    there = {plain(word.strip()) for tag in own for word in tag.split(",")}
    left_out = {entry.item for entry in result.report if entry.kind == "left_out"}
    missing = {tag for tag in (level.positive if level else ()) if plain(tag) not in there} - left_out
    assert sorted(tags) == sorted([*own, *missing])


def _items(text: str) -> list[str]:
    """The items of a prompt of one segment."""
    (branch,) = parse(text).branches
    (chunk,) = branch.chunks
    return [item.source for item in chunk.body.items]
