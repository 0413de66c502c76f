"""The profiles of the SDXL models beside Animagine say what their cards and pages say, and no more."""

from __future__ import annotations

import pytest

from modelwise.terms import Basis
from tests.support.profiles import BUNDLED, eras, low, profile, slots, tags

WAI = ("v110", "v120", "v130", "v140", "v150", "v160", "v170")
SPECIAL = ["quality", "rating", "year"]
ORDERS = {
    "animagine-xl-4.0-zero": [
        *("subject", "character", "series", "rating", "general"),
        ["quality", "score", "meta"],
    ],
    "illustrious-xl-0.1": ["subject", "character", "rating", "general", "artist", "quality", "year"],
    "noobai-xl-eps-1.1": [
        *(["quality", "aesthetic"], "year", ["meta", "rating"]),
        *("subject", "character", "series", "artist", "general"),
    ],
    "pony-v6-xl": ["score", "general"],
    "wai-illustrious-v150": ["quality", "general"],
    "kohaku-xl-delta": ["subject", "character", "series", "artist", SPECIAL, "general"],
    "kohaku-xl-epsilon": [
        *("subject", "character", "series", "artist", "general"),
        *("quality", "year", "meta", "rating"),
    ],
    "anything-xl": ["subject", "artist", "character", "series", "quality", "meta", "rating", "general"],
}
SAME_ORDER = {
    "illustrious-xl-0.1": (
        "illustrious-xl-0.1-guided",
        "illustrious-xl-1.0",
        "illustrious-xl-1.1",
        "illustrious-xl-2.0",
        "hassaku-xl-il-v21fix",
        "hassaku-xl-il-v22",
        "hassaku-xl-il-v3",
    ),
    "noobai-xl-eps-1.1": ("noobai-xl-eps-1.0", "noobai-xl-vpred-1.0"),
    "wai-illustrious-v150": tuple(f"wai-illustrious-{version}" for version in WAI),
    "kohaku-xl-epsilon": ("kohaku-xl-zeta",),
}


@pytest.mark.parametrize("identifier", ORDERS)
def test_the_orders(identifier: str) -> None:
    for each in (identifier, *SAME_ORDER.get(identifier, ())):
        order = profile(each).order
        assert order and slots(order.slots) == ORDERS[identifier]


def test_what_another_model_s_card_says_is_related() -> None:
    for identifier in ("animagine-xl-4.0-zero", "illustrious-xl-1.0", "illustrious-xl-2.0", "kohaku-xl-zeta"):
        order = profile(identifier).order
        assert order and order.basis is Basis.RELATED
    for identifier in ("illustrious-xl-0.1-guided", "noobai-xl-eps-1.0", "wai-illustrious-v170"):
        own, parent = profile(identifier), profile(profile(identifier).extends or "")
        assert own.order == parent.order and own.inject == parent.inject


@pytest.mark.parametrize(
    ("identifier", "words", "unwanted"),
    [
        (
            "illustrious-xl-0.1",
            "masterpiece, best quality, good quality, average quality, bad quality, worst quality",
            ["bad quality", "worst quality"],
        ),
        (
            "noobai-xl-eps-1.1",
            "masterpiece, best quality, good quality, normal quality, worst quality",
            ["worst quality"],
        ),
        (
            "wai-illustrious-v150",
            "masterpiece, best quality, amazing quality, bad quality, worst quality, worst detail",
            ["bad quality", "worst quality", "worst detail"],
        ),
        (
            "kohaku-xl-delta",
            "masterpiece, best quality, great quality, good quality, normal quality, low quality, worst quality",
            ["low quality", "worst quality"],
        ),
        (
            "anything-xl",
            "masterpiece, best quality, great quality, good quality, normal quality, low quality, worst quality",
            ["normal quality", "low quality", "worst quality"],
        ),
    ],
)
def test_the_quality_words(identifier: str, words: str, unwanted: list[str]) -> None:
    own = profile(identifier).vocabulary.quality
    assert tags(own) == words.split(", ")
    assert low(own) == unwanted


def test_pony_s_words() -> None:
    own = profile("pony-v6-xl").vocabulary
    chain = ["score_9", "score_8_up", "score_7_up", "score_6_up", "score_5_up", "score_4_up"]
    assert tags(own.score) == [*chain, "score_6", "score_5", "score_4"]
    assert tags(own.custom) == ["source_pony", "source_furry", "source_cartoon", "source_anime"]
    assert own.quality is None
    assert own.year is None


RATINGS = {
    "noobai-xl-eps-1.1": (("safe",), (), (), ("explicit",)),
    "wai-illustrious-v150": (("general",), ("sensitive",), ("nsfw",), ("explicit",)),
    "pony-v6-xl": (("rating_safe",), (), ("rating_questionable",), ("rating_explicit",)),
    "kohaku-xl-delta": (("safe",), ("sensitive",), ("nsfw",), ("nsfw", "explicit")),
    "kohaku-xl-epsilon": (("safe",), ("sensitive",), ("nsfw",), ("nsfw", "explicit")),
    "kohaku-xl-zeta": (("safe",), ("sensitive",), ("nsfw",), ("nsfw", "explicit")),
    "anything-xl": (("safe",), ("sensitive",), ("nsfw",), ("explicit", "nsfw")),
}


@pytest.mark.parametrize("identifier", RATINGS)
def test_the_ratings(identifier: str) -> None:
    own = profile(identifier).vocabulary.rating
    assert own
    assert (own.general, own.sensitive, own.questionable, own.explicit) == RATINGS[identifier]


@pytest.mark.parametrize(
    "identifier", ["noobai-xl-eps-1.1", "kohaku-xl-delta", "kohaku-xl-zeta", "anything-xl"]
)
def test_the_years_of_those_that_say_old(identifier: str) -> None:
    assert eras(identifier) == [
        ("newest", 2021, 2024),
        ("recent", 2018, 2020),
        ("mid", 2015, 2017),
        ("early", 2011, 2014),
        ("old", 2005, 2010),
    ]


def test_the_years_of_illustrious_are_a_scale_of_their_own() -> None:
    assert eras("illustrious-xl-2.0") == [
        ("newest", 2023, 2023),
        ("recent", 2021, 2022),
        ("modern", 2020, 2020),
        ("old", 2018, 2019),
        ("oldest", 2005, 2017),
    ]


NUMBERS = [
    ("illustrious-xl-0.1", "cfg_scale", (None, 5, 7.5), "stated"),
    ("illustrious-xl-0.1", "steps", (None, 20, 28), "stated"),
    ("illustrious-xl-2.0", "cfg_scale", (None, 5, 7.5), "related"),
    ("noobai-xl-eps-1.0", "cfg_scale", (6, 5, 6), "stated"),
    ("noobai-xl-eps-1.1", "steps", (25, 25, 30), "stated"),
    ("noobai-xl-vpred-1.0", "cfg_scale", (5, 4, 5), "stated"),
    ("noobai-xl-vpred-1.0", "steps", (28, 28, 35), "stated"),
    ("wai-illustrious-v110", "steps", (25, 25, 40), "stated"),
    ("wai-illustrious-v140", "steps", (None, 15, 30), "stated"),
    ("wai-illustrious-v140", "cfg_scale", (None, 5, 7), "stated"),
    ("wai-illustrious-v170", "steps", (30, None, None), "stated"),
    ("wai-illustrious-v170", "cfg_scale", (6, 5, 7), "stated"),
    ("wai-illustrious-v170", "clip_skip", (2, None, None), "third_party"),
    ("hassaku-xl-il-v22", "clip_skip", (2, None, None), "third_party"),
    ("pony-v6-xl", "cfg_scale", (7, None, None), "third_party"),
    ("pony-v6-xl", "steps", (25, None, None), "stated"),
    ("pony-v6-xl", "clip_skip", (2, 2, 2), "stated"),
    ("kohaku-xl-zeta", "cfg_scale", (6.5, 3.5, 6.5), "stated"),
    ("kohaku-xl-zeta", "steps", (None, 12, 50), "stated"),
    ("anything-xl", "cfg_scale", (7, None, None), "example"),
    ("anything-xl", "steps", (20, None, None), "example"),
]


@pytest.mark.parametrize(("identifier", "name", "values", "basis"), NUMBERS)
def test_the_numbers(identifier: str, name: str, values: tuple[float | None, ...], basis: str) -> None:
    number = getattr(profile(identifier).settings, name)
    assert (number.value, number.minimum, number.maximum) == values
    assert number.basis.value == basis


def test_what_is_not_known_stays_empty() -> None:
    for version in ("v150", "v160"):
        assert profile(f"wai-illustrious-{version}").settings.steps is None
    for identifier in ("kohaku-xl-delta", "kohaku-xl-epsilon"):
        own = profile(identifier).settings
        assert (own.cfg_scale, own.steps, own.sampler) == (None, None, None)
    assert profile("illustrious-xl-0.1").vocabulary.rating is None
    unknown = ("pony-v6-xl", "wai-illustrious-v140", "hassaku-xl-il-v22", "illustrious-xl-2.0")
    assert not any(profile(identifier).licences for identifier in unknown)


def test_only_v_prediction_has_a_noise_schedule() -> None:
    found = {name for name, each in BUNDLED.profiles.items() if each.settings.noise_schedule}
    assert found == {name for name, each in BUNDLED.profiles.items() if each.prediction == "v"}
    assert found == {"noobai-xl-vpred-1.0"}
    own = profile("noobai-xl-vpred-1.0").settings
    assert own.noise_schedule and own.noise_schedule.value == "Zero Terminal SNR"
    assert own.sampler and (own.sampler.sampler, own.sampler.scheduler) == ("Euler", "Automatic")


@pytest.mark.parametrize(
    ("identifier", "size"),
    [
        ("illustrious-xl-0.1", (1024, 1024)),
        ("illustrious-xl-1.1", (1536, 1536)),
        ("illustrious-xl-2.0", (1536, 1536)),
        ("noobai-xl-vpred-1.0", (832, 1216)),
        ("pony-v6-xl", (1024, 1024)),
        ("kohaku-xl-zeta", (1024, 1024)),
        ("anything-xl", (960, 1536)),
    ],
)
def test_the_sizes(identifier: str, size: tuple[int, int]) -> None:
    own = profile(identifier).settings.size
    assert own and (own.width, own.height) == size


@pytest.mark.parametrize(
    ("identifier", "word"),
    [
        ("pony-v6-xl", "clip skip 2"),
        ("pony-v6-xl", "masterpiece"),
        ("kohaku-xl-delta", "No norm"),
        ("illustrious-xl-0.1", "upside-down"),
        ("noobai-xl-vpred-1.0", ".yaml"),
        ("noobai-xl-vpred-1.0", "Karras"),
        ("animagine-xl-4.0-zero", "LoRA"),
    ],
)
def test_the_cards_warnings(identifier: str, word: str) -> None:
    assert any(word in limit.text for limit in profile(identifier).limits)


def test_every_new_profile_has_three_prompts() -> None:
    for identifier in {*ORDERS, *(each for others in SAME_ORDER.values() for each in others)}:
        assert len(profile(identifier).examples) >= 3
