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
_FOURS = ("animagine-xl-4.0", "animagine-xl-4.0-opt", "animagine-xl-4.0-zero")
_ILLUSTRIOUS = tuple(name for name in CARDED if name.startswith(("illustrious-xl-", "hassaku-xl-il-")))
_AOM = ("aom2", "aom3", "aom3a1", "aom3a1b", "aom3a2", "aom3a3", "aom3b2")
_NOOBAI = tuple(name for name in CARDED if name.startswith("noobai-xl-"))
_WAI = tuple(name for name in CARDED if name.startswith("wai-illustrious-"))
_ANYTHING = ("anything-v3.0", "anything-v3.1", "anything-v3.2")
_ANYTHING_POSITIVE = "masterpiece, best quality, illustration, beautiful detailed, finely detailed, dramatic light, intricate details"  # fmt: skip
_ANYTHING_NEGATIVE = "lowres, bad anatomy, bad hands, text, error, missing fingers, extra digit, fewer digits, cropped, worst quality, low quality, normal quality, jpeg artifacts, signature, watermark, username, blurry"  # fmt: skip
_31_NEGATIVE = "nsfw, lowres, (bad), text, error, fewer, extra, missing, worst quality, jpeg artifacts, low quality, watermark, unfinished, displeasing, oldest, early, chromatic aberration, signature, extra digits, artistic error, username, scan, [abstract]"  # fmt: skip
_SOTE_NEGATIVE = "very displeasing, worst quality, monochrome, realistic, oldest, loli"
_FOUR_NEGATIVE = "lowres, bad anatomy, bad hands, text, error, missing finger, extra digits, fewer digits, cropped, worst quality, low quality, low score, bad score, average score, signature, watermark, username, blurry"  # fmt: skip
_ILLUSTRIOUS_NEGATIVE = "worst quality, comic, multiple views, bad quality, low quality, lowres, displeasing, very displeasing, bad anatomy, bad hands, scan artifacts, monochrome, greyscale, signature, twitter username, jpeg artifacts, 2koma, 4koma, guro, extra digits, fewer digits"  # fmt: skip
_NOOBAI_NEGATIVE = "nsfw, worst quality, old, early, low quality, lowres, signature, username, logo, bad hands, mutated hands, mammal, anthro, furry, ambiguous form, feral, semi-anthro"  # fmt: skip
POSITIVE = {
    **dict.fromkeys(_FOURS, "masterpiece, high score, great score, absurdres"),
    **dict.fromkeys(_ANYTHING, _ANYTHING_POSITIVE),
    **dict.fromkeys(_ILLUSTRIOUS, "masterpiece"),
    **dict.fromkeys(_NOOBAI, "masterpiece, best quality, newest, absurdres, highres, safe"),
    **dict.fromkeys(_WAI, "masterpiece, best quality, amazing quality"),
    "animagine-xl-3.0": "masterpiece, best quality",
    "animagine-xl-3.1": "masterpiece, best quality, very aesthetic, absurdres",
    "anima-base-1.0": "masterpiece, best quality, score_7, safe",
    "animagine-xl-3.1-coreml": "masterpiece, best quality, very aesthetic, absurdres",
    "anything-v4.0": "masterpiece, best quality",
    "anything-v4.5": "masterpiece, best quality",
    "counterfeit-v2.5": "((masterpiece)), ((best quality))",
    "counterfeit-v3.0": "((masterpiece)), ((best quality))",
    "sotediffusion-v1": "newest, extremely aesthetic, best quality",
    "pony-v6-xl": "score_9, score_8_up, score_7_up, score_6_up, score_5_up, score_4_up",
    "sotediffusion-v2": "extremely aesthetic, best quality, newest",
}
"""By profile; what is not here adds nothing to the prompt."""
NEGATIVE = {
    **dict.fromkeys(_FOURS, _FOUR_NEGATIVE),
    **dict.fromkeys(_ANYTHING, _ANYTHING_NEGATIVE),
    **dict.fromkeys(_ILLUSTRIOUS, _ILLUSTRIOUS_NEGATIVE),
    **dict.fromkeys(_NOOBAI, _NOOBAI_NEGATIVE),
    **dict.fromkeys(_WAI, "bad quality, worst quality, worst detail, sketch, censor"),
    "animagine-xl-3.0": f"nsfw, {_ANYTHING_NEGATIVE}, artist name",
    **dict.fromkeys(_AOM, "(worst quality, low quality:1.4)"),
    "anima-base-1.0": "worst quality, low quality, score_1, score_2, score_3, artist name",
    "animagine-xl-3.1-coreml": _31_NEGATIVE,
    "counterfeit-v2.5": "EasyNegative, extra fingers, fewer fingers",
    "meinamix-v8": "(worst quality:2, low quality:2), (zombie, sketch, interlocked fingers, comic)",
    "meinamix-v10": "(worst quality:2, low quality:2), (zombie, sketch, interlocked fingers, comic)",
    "meinamix-v11": "(worst quality, low quality:1.4), (zombie, sketch, interlocked fingers, comic)",
    "sotediffusion-v1": _SOTE_NEGATIVE,
    "animagine-xl-3.1": _31_NEGATIVE,
    "anything-xl": f"nsfw, {_ANYTHING_NEGATIVE}, artist name",
    "sotediffusion-v2": _SOTE_NEGATIVE,
}  # fmt: skip
"""By profile; what is not here adds nothing to the negative."""
WORDLESS = (
    "anything-ink",
    "anything-v5-prt-re",
    "kohaku-xl-delta",
    "kohaku-xl-epsilon",
    "kohaku-xl-zeta",
    "neta-lumina-1.0",
)
"""Cards that recommend no words at all."""
WORDED = [(name, example) for name, example in EXAMPLES if name in CARDED]
AT_END = (*_FOURS, *_ILLUSTRIOUS)


@pytest.mark.parametrize(("profile", "example"), EXAMPLES)
def test_examples_are_fixed_points_of_ordering(profile: str, example: Example) -> None:
    """6: with order and spelling on, a card's prompt comes back to the letter."""
    request = Request(example.prompt, example.negative, switches=ORDER_ONLY, intent=Intent(quality=None))
    result = check(compiler(profile), request)
    assert (result.prompt, result.negative) == (example.prompt, example.negative)
    assert not [entry for entry in result.report if entry.kind in ("moved", "respelled", "added")]


@pytest.mark.parametrize(("profile", "example"), WORDED)
def test_a_negative_that_holds_the_card_s_words_gets_no_second_ones(profile: str, example: Example) -> None:
    """What the user's negative has there is not repeated."""
    negative = NEGATIVE.get(profile, "")
    result = check(compiler(profile), Request(example.prompt, negative, switches=BOTH))
    assert result.negative == negative


def test_every_carded_profile_is_covered() -> None:
    """A new profile needs its words here."""
    assert set(CARDED) == POSITIVE.keys() | NEGATIVE.keys()
    bare = {name for name, profile in bundled().items() if not profile.inject.quality}
    assert {name for name in bare if not bundled()[name].generic} == set(WORDLESS)
    assert len(EXAMPLES) >= 140


@pytest.mark.parametrize("profile", WORDLESS)
def test_nothing_is_added_where_the_card_recommends_nothing(profile: str) -> None:
    result = check(compiler(profile), Request("1girl, smile", "lowres", switches=BOTH))
    assert (result.prompt, result.negative) == ("1girl, smile", "lowres")


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


@pytest.mark.parametrize(("profile", "example"), WORDED)
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
