"""The bundled profiles say what the cards say, to the letter."""

from __future__ import annotations

import re

import pytest

from modelwise import profiles as structures
from modelwise.terms import Basis
from tests.support.profiles import BUNDLED, SDXL_SIZES, eras, injected, low, profile, shared, slots, tags

NEGATIVE_4 = (
    "lowres, bad anatomy, bad hands, text, error, missing finger, extra digits, fewer digits, cropped, "
    "worst quality, low quality, low score, bad score, average score, signature, watermark, username, blurry"
)
NEGATIVE_31 = (
    "nsfw, lowres, (bad), text, error, fewer, extra, missing, worst quality, jpeg artifacts, low quality, "
    "watermark, unfinished, displeasing, oldest, early, chromatic aberration, signature, extra digits, "
    "artistic error, username, scan, [abstract]"
)
NEGATIVE_ANYTHING = (
    "lowres, bad anatomy, bad hands, text, error, missing fingers, extra digit, fewer digits, cropped, "
    "worst quality, low quality, normal quality, jpeg artifacts, signature, watermark, username, blurry"
)
NEGATIVE_30 = "nsfw, " + NEGATIVE_ANYTHING + ", artist name"
INJECTED = {
    "animagine-xl-4.0": ("masterpiece, high score, great score, absurdres", NEGATIVE_4),
    "animagine-xl-4.0-opt": ("masterpiece, high score, great score, absurdres", NEGATIVE_4),
    "animagine-xl-3.1": ("masterpiece, best quality, very aesthetic, absurdres", NEGATIVE_31),
    "animagine-xl-3.0": ("masterpiece, best quality", NEGATIVE_30),
    "anything-v3.1": (
        "masterpiece, best quality, illustration, beautiful detailed, finely detailed, dramatic light, "
        "intricate details",
        NEGATIVE_ANYTHING,
    ),
    "sotediffusion-v2": (
        "extremely aesthetic, best quality, newest",
        "very displeasing, worst quality, monochrome, realistic, oldest, loli",
    ),
}


@pytest.mark.parametrize("identifier", INJECTED)
def test_the_injected_strings(identifier: str) -> None:
    assert injected(identifier) == INJECTED[identifier]


CARDS = {
    "animagine-xl-4.0": "animagine-xl-4.0.md",
    "animagine-xl-3.1": "animagine-xl-3.1.md",
    "anything-v3.1": "anything-v3.1-v3.2.md",
}


@pytest.mark.parametrize("identifier", CARDS)
def test_the_injected_strings_stand_in_the_card(identifier: str) -> None:
    lines = shared(CARDS[identifier]).splitlines()
    positive, negative = injected(identifier)
    assert positive in lines
    assert negative in lines


@pytest.mark.parametrize(
    ("identifier", "card"), [*CARDS.items(), ("animagine-xl-3.1", "animagine-xl-3.1-coreml.md")]
)
def test_every_word_and_size_stands_in_the_card(identifier: str, card: str) -> None:
    text = " ".join(shared(card).split())
    own = profile(identifier)
    for words in (
        own.vocabulary.quality,
        own.vocabulary.score,
        own.vocabulary.aesthetic,
        own.vocabulary.meta,
    ):
        for word in words.words if words else ():
            assert word.tag in text
            assert word.criterion in text
    for size in own.settings.sizes.sizes if own.settings.sizes else ():
        assert re.search(
            rf"{size.width} x {size.height}\D+{re.escape(size.name.split()[-1])}|{re.escape(size.name)}",
            text,
        )


@pytest.mark.parametrize(
    ("identifier", "card"),
    [
        ("animagine-xl-4.0", "animagine-xl-4.0.md"),
        ("animagine-xl-3.1", "animagine-xl-3.1-coreml.md"),
        ("anything-v3.1", "anything-v3.1-v3.2.md"),
    ],
)
def test_every_example_stands_in_the_card(identifier: str, card: str) -> None:
    text = " ".join(shared(card).split())
    assert profile(identifier).examples
    for example in profile(identifier).examples:
        assert example.prompt in text
        assert example.negative in text


def test_the_tables_of_sotediffusion_stand_in_its_card() -> None:
    text = shared("sotediffusion-v2.md")
    own = profile("sotediffusion-v2")
    assert own.vocabulary.quality
    assert own.vocabulary.aesthetic
    for word in own.vocabulary.quality.words + own.vocabulary.aesthetic.words:
        score = word.criterion.removeprefix("> ")
        assert f"| **{score}** | {word.tag} | {word.count:,} |".replace(",", ".") in text
    assert own.vocabulary.rating
    for tag, count in own.vocabulary.rating.counts.items():
        assert f"| **{tag}** | {count:,} |".replace(",", ".") in text
    for tag, first, last in eras("sotediffusion-v2"):
        assert f"| **{tag}** | {first} to {last} |" in text


def test_the_orders() -> None:
    block = ["quality", "score", "meta"]
    four = profile("animagine-xl-4.0").order
    assert four
    assert slots(four.slots) == ["subject", "character", "series", "rating", "general", block]
    assert four.accepted == ()
    head, rest = (
        ["quality", "aesthetic", "meta"],
        ["subject", "character", "series", "artist", "general"],
    )
    for identifier, first in (("animagine-xl-3.1", head), ("animagine-xl-3.0", "quality")):
        order = profile(identifier).order
        assert order
        assert slots(order.slots) == [first, *rest]
        assert [slots(each) for each in order.accepted] == [[*rest, first]]
    anything = profile("anything-v3.1").order
    assert anything
    assert slots(anything.slots) == ["quality", "general"]
    assert [slots(each) for each in anything.accepted] == [["general", "quality"]]
    sote = profile("sotediffusion-v2").order
    assert sote
    text = "aesthetic, quality, year, custom, rating, character, series, general"
    assert slots(sote.slots) == text.split(", ")


def test_the_orders_of_other_models() -> None:
    section = ["quality", "score", "meta", "year", "rating"]
    expected = {
        "anima-base-1.0": [section, "subject", "character", "series", "artist", "general"],
        "neta-lumina-1.0": [["subject", "character"], "artist", "general", "quality"],
        "sotediffusion-v1": ["year", "aesthetic", "quality", "general"],
    }
    for identifier, blocks in expected.items():
        order = profile(identifier).order
        assert order and slots(order.slots) == blocks


def test_where_no_order_is_known_nothing_moves() -> None:
    unordered = [each for each in BUNDLED.profiles.values() if each.order is None]
    assert {each.family for each in unordered} >= {"anything-v5", "abyssorangemix", "meinamix"}
    assert all(not level.positive for each in unordered for level in each.inject.quality.values())


@pytest.mark.parametrize("identifier", ["animagine-xl-4.0", "animagine-xl-3.1", "animagine-xl-3.0"])
def test_the_subjects(identifier: str) -> None:
    girls, boys, others = (
        [f"1{who}", *(f"{count}{who}s" for count in range(2, 6)), f"6+{who}s", f"multiple {who}s"]
        for who in ("girl", "boy", "other")
    )
    expected = girls + boys + others
    if identifier != "animagine-xl-4.0":
        expected = [*girls, *boys, "male focus", *others, "other focus"]
    assert tags(profile(identifier).vocabulary.subject) == expected


def test_the_vocabulary_of_4_0() -> None:
    own = profile("animagine-xl-4.0").vocabulary
    assert tags(own.quality) == ["masterpiece", "best quality", "low quality", "worst quality"]
    assert low(own.quality) == ["low quality", "worst quality"]
    scores = ["high score", "great score", "good score", "average score", "bad score", "low score"]
    assert tags(own.score) == scores
    assert low(own.score) == scores[3:]
    assert tags(own.meta) == ["absurdres"]
    assert own.aesthetic is None
    assert own.year
    assert (own.year.prefix, own.year.first, own.year.last) == ("year ", 2005, 2025)
    assert own.rating
    assert own.rating.general == ("safe",)
    assert own.rating.sensitive == ("sensitive",)
    assert own.rating.questionable == ("nsfw",)
    assert own.rating.explicit == ("explicit",)


def test_the_vocabulary_of_3_1() -> None:
    own = profile("animagine-xl-3.1").vocabulary
    grades = ["masterpiece"] + [
        f"{grade} quality" for grade in ("best", "great", "good", "normal", "low", "worst")
    ]
    assert tags(own.quality) == grades
    assert low(own.quality) == ["low quality", "worst quality"]
    assert tags(own.aesthetic) == ["very aesthetic", "aesthetic", "displeasing", "very displeasing"]
    assert low(own.aesthetic) == ["displeasing", "very displeasing"]
    assert tags(own.meta) == ["absurdres"]
    assert own.quality
    assert [word.criterion for word in own.quality.words][:2] == ["> 95%", "> 85% & ≤ 95%"]
    assert own.rating
    assert own.rating.general == ("safe",)
    assert own.rating.questionable == ("nsfw",)
    assert own.rating.explicit == ("explicit", "nsfw")
    assert eras("animagine-xl-3.1") == [
        ("newest", 2021, 2024),
        ("recent", 2018, 2020),
        ("mid", 2015, 2017),
        ("early", 2011, 2014),
        ("oldest", 2005, 2010),
    ]


def test_the_levels_of_3_1_that_only_the_developers_space_has() -> None:
    own = profile("animagine-xl-3.1")
    assert injected("animagine-xl-3.1", "light") == (
        "(masterpiece), best quality, very aesthetic, perfect face",
        "nsfw, (low quality, worst quality:1.2), very displeasing, 3d, watermark, signature, ugly, poorly drawn",
    )
    assert injected("animagine-xl-3.1", "heavy") == (
        "(masterpiece), (best quality), (ultra-detailed), very aesthetic, illustration, disheveled hair, "
        "perfect composition, moist skin, intricate details",
        "nsfw, longbody, lowres, bad anatomy, bad hands, missing fingers, pubic hair, extra digit, fewer digits, "
        "cropped, worst quality, low quality, very displeasing",
    )
    assert {own.inject.quality[level].basis for level in ("light", "heavy")} == {Basis.RELATED}
    assert "illustration" in tags(own.vocabulary.extra)


def test_the_vocabulary_of_3_0() -> None:
    own = profile("animagine-xl-3.0").vocabulary
    assert own.quality
    assert [(word.tag, word.criterion) for word in own.quality.words] == [
        ("masterpiece", ">150"),
        ("best quality", "100-150"),
        ("high quality", "75-100"),
        ("medium quality", "25-75"),
        ("normal quality", "0-25"),
        ("low quality", "-5-0"),
        ("worst quality", "<-5"),
    ]
    assert own.rating
    assert own.rating.general == ("rating: general",)
    assert own.rating.sensitive == ("rating: sensitive",)
    assert own.rating.questionable == ("rating: questionable", "nsfw")
    assert own.rating.explicit == ("rating: explicit", "nsfw")
    assert eras("animagine-xl-3.0") == [
        ("newest", 2022, 2023),
        ("late", 2019, 2021),
        ("mid", 2015, 2018),
        ("early", 2011, 2014),
        ("oldest", 2005, 2010),
    ]


def test_the_vocabulary_of_sotediffusion() -> None:
    own = profile("sotediffusion-v2").vocabulary
    assert own.aesthetic
    assert own.quality
    assert [(word.tag, word.count) for word in own.aesthetic.words] == [
        ("extremely aesthetic", 125451),
        ("very aesthetic", 887382),
        ("aesthetic", 1049857),
        ("slightly aesthetic", 1643091),
        ("not displeasing", 569543),
        ("not aesthetic", 445188),
        ("slightly displeasing", 341424),
        ("displeasing", 237660),
        ("very displeasing", 328712),
    ]
    assert [(word.tag, word.count) for word in own.quality.words] == [
        ("best quality", 1270447),
        ("high quality", 498244),
        ("great quality", 351006),
        ("medium quality", 366448),
        ("normal quality", 368380),
        ("bad quality", 279050),
        ("low quality", 538958),
        ("worst quality", 1955966),
    ]
    assert low(own.aesthetic) == ["slightly displeasing", "displeasing", "very displeasing"]
    assert low(own.quality) == ["bad quality", "low quality", "worst quality"]
    assert own.rating
    assert own.rating.explicit == ("explicit nsfw",)
    assert own.rating.counts["explicit nsfw"] == 336925
    assert tags(own.custom) == ["visual novel cg", "anime wallpaper"]
    assert [(each.slot.value, each.prefix) for each in own.patterns] == [
        ("custom", 'The text says "'),
        ("custom", "art by "),
    ]
    assert own.subject is None


def test_the_thresholds_of_the_scorers() -> None:
    (shadow,) = profile("animagine-xl-3.1").scores
    assert [each.above for each in shadow.thresholds] == [0.71, 0.45, 0.27, None]
    aesthetic, quality = profile("sotediffusion-v2").scores
    assert [each.above for each in aesthetic.thresholds] == [
        0.9,
        0.8,
        0.7,
        0.5,
        0.4,
        0.3,
        0.2,
        0.1,
        None,
    ]
    assert [each.above for each in quality.thresholds] == [
        0.98,
        0.9,
        0.75,
        0.5,
        0.25,
        0.125,
        0.025,
        None,
    ]
    own = profile("sotediffusion-v2").vocabulary
    assert [each.tag for each in aesthetic.thresholds] == tags(own.aesthetic)
    assert [each.tag for each in quality.thresholds] == tags(own.quality)


NUMBERS = [
    ("animagine-xl-4.0", "cfg_scale", (5, 4, 7), "stated"),
    ("animagine-xl-4.0", "steps", (28, 25, 28), "stated"),
    ("animagine-xl-4.0-opt", "steps", (28, 25, 28), "stated"),
    ("animagine-xl-3.1", "cfg_scale", (7, 5, 7), "stated"),
    ("animagine-xl-3.1", "steps", (28, None, 29), "stated"),
    ("animagine-xl-3.0", "cfg_scale", (7, 5, 7), "stated"),
    ("animagine-xl-3.0", "steps", (28, None, 29), "stated"),
    ("anything-v3.1", "cfg_scale", (12, None, None), "example"),
    ("anything-v3.2", "steps", (50, None, None), "example"),
    ("anything-v3.0", "cfg_scale", (12, None, None), "example"),
    ("anything-v4.5", "cfg_scale", (7, None, None), "example"),
    ("anything-v4.5", "steps", (20, None, None), "example"),
    ("counterfeit-v2.5", "cfg_scale", (10, None, None), "example"),
    ("counterfeit-v2.5", "steps", (20, None, None), "example"),
    ("aom2", "cfg_scale", (None, 4, 8), "stated"),
    ("aom2", "steps", (20, 12, None), "stated"),
    ("aom3a2", "cfg_scale", (8, 6, 12), "stated"),
    ("aom3a2", "steps", (None, 12, None), "stated"),
    ("meinamix-v10", "cfg_scale", (7, None, None), "stated"),
    ("meinamix-v10", "steps", (None, 30, 60), "stated"),
    ("meinamix-v11", "cfg_scale", (None, 4, 11), "stated"),
    ("meinamix-v11", "steps", (None, 20, 60), "stated"),
    ("sotediffusion-v1", "cfg_scale", (7, None, None), "stated"),
    ("sotediffusion-v1", "steps", (None, 30, 40), "stated"),
    ("anima-base-1.0", "cfg_scale", (None, 4, 5), "stated"),
    ("anima-base-1.0", "steps", (None, 30, 50), "stated"),
]


@pytest.mark.parametrize(("identifier", "name", "values", "basis"), NUMBERS)
def test_the_numbers(identifier: str, name: str, values: tuple[float | None, ...], basis: str) -> None:
    number = getattr(profile(identifier).settings, name)
    assert (number.value, number.minimum, number.maximum) == values
    assert number.basis.value == basis


def test_the_sizes() -> None:
    for identifier in ("animagine-xl-4.0", "animagine-xl-3.1", "animagine-xl-3.0", "generic-sdxl"):
        sizes = profile(identifier).settings.sizes
        assert sizes
        assert sorted((size.width, size.height) for size in sizes.sizes) == sorted(SDXL_SIZES)
    names = {
        "animagine-xl-4.0": "Square 1:1|Landscape 9:7|Landscape 3:2|Landscape 7:4|Landscape 12:5|Portrait 7:9|"
        "Portrait 2:3|Portrait 4:7|Portrait 5:12",
        "animagine-xl-3.1": "1:1 Square|9:7|7:9|19:13|13:19|7:4 Horizontal|4:7 Vertical|12:5 Horizontal|"
        "5:12 Vertical",
    }
    for identifier, expected in names.items():
        sizes = profile(identifier).settings.sizes
        assert sizes
        assert "|".join(size.name for size in sizes.sizes) == expected
    defaults = {
        "animagine-xl-4.0": (832, 1216, Basis.STATED),
        "animagine-xl-3.1": (832, 1216, Basis.STATED),
        "anything-v3.1": (512, 728, Basis.EXAMPLE),
        "generic-sdxl": (1024, 1024, Basis.TRAINING),
        "generic-sd1": (512, 512, Basis.TRAINING),
    }
    for identifier, wanted in defaults.items():
        size = profile(identifier).settings.size
        assert size and (size.width, size.height, size.basis) == wanted


def test_the_samplers() -> None:
    for identifier in ("animagine-xl-4.0", "animagine-xl-3.1", "animagine-xl-3.0"):
        sampler = profile(identifier).settings.sampler
        assert sampler
        assert (sampler.sampler, sampler.scheduler, sampler.fallback) == (
            "Euler a",
            "Automatic",
            ("Euler",),
        )
    anything = profile("anything-v3.1").settings.sampler
    assert anything and (anything.sampler, anything.basis) == ("DPM++ 2M", Basis.EXAMPLE)


def test_what_no_card_states_stays_empty() -> None:
    assert profile("sotediffusion-v2").settings == structures.Settings()
    for identifier in ("generic", "generic-sdxl", "generic-sd1"):
        own = profile(identifier)
        assert own.generic
        assert own.order and slots(own.order.slots) == ["general"]
        assert own.spelling is None
        assert own.inject == structures.Inject()
        assert own.vocabulary == structures.Vocabulary()
    assert profile("generic").settings == structures.Settings()


def test_clip_skip_is_stated_only_where_a_card_does() -> None:
    """Elsewhere it is hearsay, which is shown and never set."""
    skips = {name: each.settings.clip_skip for name, each in BUNDLED.profiles.items()}
    stated = {name: skip for name, skip in skips.items() if skip and skip.basis is Basis.STATED}
    assert {name for name, skip in stated.items() if skip.value == 2} == {
        "meinamix-v8",
        "meinamix-v10",
        "meinamix-v11",
        "pony-v6-xl",
    }
    ranges = {(skip.minimum, skip.maximum) for skip in stated.values() if skip.value is None}
    assert ranges == {(1, 2)}
    hearsay = [skip for name, skip in skips.items() if skip and name not in stated]
    assert {(skip.value, skip.basis) for skip in hearsay} == {(2, Basis.THIRD_PARTY)}


def test_the_presets() -> None:
    for identifier in ("animagine-xl-4.0", "animagine-xl-4.0-opt"):
        own = {preset.name: preset for preset in profile(identifier).presets}
        assert own["2007 retro"].year == 2007
        defaults = own["Card defaults"].settings
        assert (defaults.width, defaults.height, defaults.cfg_scale, defaults.steps) == (
            832,
            1216,
            5,
            28,
        )
        assert (own["Wallpaper"].settings.width, own["Wallpaper"].settings.height) == (1536, 640)
    for identifier in ("anything-v3.1", "anything-v3.2"):
        (preset,) = profile(identifier).presets
        assert (preset.name, preset.basis) == ("Card example", Basis.EXAMPLE)


def test_presets_use_the_profiles_own_sizes() -> None:
    for each in BUNDLED.profiles.values():
        sizes = each.settings.sizes
        known = {(size.width, size.height) for size in sizes.sizes} if sizes else set()
        for preset in each.presets:
            if known and preset.settings.width:
                assert (preset.settings.width, preset.settings.height) in known


def test_one_card_for_two_models_keeps_its_basis() -> None:
    opt, first = profile("animagine-xl-4.0-opt"), profile("animagine-xl-4.0")
    assert opt.order == first.order
    assert opt.settings == first.settings
    assert opt.vocabulary == first.vocabulary
    assert opt.limits == first.limits
    assert opt.match != first.match
    assert opt.examples == ()
