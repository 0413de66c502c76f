"""Profile files: the bundled ones say what the cards say, and a bad one is refused by name and key."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise import profiles as structures
from modelwise.profile_checks import check_profile
from modelwise.profile_files import ProfileSet, json_schema, load_bundled, load_profiles
from modelwise.profile_problems import ProfileError, ProfileProblem
from modelwise.profiles import Profile, Words
from modelwise.terms import Basis, Slot, Struct

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
PRESETS = ROOT / "presets"
SLOTS = ", ".join(slot.value for slot in Slot)
SDXL_SIZES = [
    (1024, 1024),
    (1152, 896),
    (896, 1152),
    (1216, 832),
    (832, 1216),
    (1344, 768),
    (768, 1344),
    (1536, 640),
    (640, 1536),
]
BUNDLED = load_bundled()

MINIMAL = """
schema = 1
id = "{id}"
version = 1
name = "A model"
family = "family"
sources = [{{ id = "card", name = "A card" }}]
"""
GENERAL = '[order]\nbasis = "stated"\nsource = "card"\nslots = {slots}\n'


def shared(name: str) -> str:
    """A model card as published, where the cards stand beside the project."""
    path = ROOT.parent / "shared" / "cards" / name
    if not path.is_file():
        pytest.skip(f"the card {name} is not beside the project; the literal strings are tested")
    return path.read_text(encoding="utf-8")


def profile(identifier: str) -> Profile:
    return BUNDLED.profiles[identifier]


def tags(words: Words | None) -> list[str]:
    return [word.tag for word in words.words] if words else []


def low(words: Words | None) -> list[str]:
    return [word.tag for word in words.words if word.low] if words else []


def slots(blocks: tuple[structures.Block, ...]) -> list[str | list[str]]:
    return [[slot.value for slot in b] if isinstance(b, tuple) else b.value for b in blocks]


def eras(identifier: str) -> list[tuple[str, int, int]]:
    year = profile(identifier).vocabulary.year
    assert year
    return [(era.tag, era.first, era.last) for era in year.eras]


def injected(identifier: str, level: str = "standard") -> tuple[str, str]:
    added = profile(identifier).inject.quality[level]  # type: ignore[index]
    return ", ".join(added.positive), ", ".join(added.negative)


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def minimal(identifier: str, rest: str = "") -> str:
    return MINIMAL.format(id=identifier) + rest


def child(identifier: str, parent: str, rest: str = "") -> str:
    head = f'schema = 1\nid = "{identifier}"\nversion = 1\nname = "Child"\nextends = "{parent}"\n'
    return head + rest


def load_with_good(tmp_path: Path, text: str) -> ProfileSet:
    """Load one file beside a good one, which has to load whatever the other holds."""
    write(tmp_path, "good.toml", minimal("good"))
    loaded = load_profiles([write(tmp_path, "bad.toml", text)])
    assert "good" in loaded.profiles
    return loaded


def only_problem(loaded: ProfileSet) -> ProfileProblem:
    assert len(loaded.problems) == 1, loaded.problems
    return loaded.problems[0]


# The bundled profiles


def test_every_bundled_profile_loads() -> None:
    assert BUNDLED.problems == ()
    assert sorted(BUNDLED.profiles) == sorted(path.stem for path in PRESETS.glob("*.toml"))
    assert set(BUNDLED.profiles) >= {
        "animagine-xl-3.0",
        "animagine-xl-3.1",
        "animagine-xl-4.0",
        "animagine-xl-4.0-opt",
        "anything-v3.1",
        "anything-v3.2",
        "sotediffusion-v2",
        "generic-sdxl",
        "generic-sd1",
        "generic",
    }


@pytest.mark.parametrize("path", sorted(PRESETS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_bundled_file_names_its_schema_and_itself(path: Path) -> None:
    first, second, *_ = path.read_text(encoding="utf-8").splitlines()
    assert first == "#:schema ./profile.schema.json"
    assert second.startswith("# ")
    assert BUNDLED.profiles[path.stem].id == path.stem


def test_the_bundled_profiles_share_no_name_and_no_hash() -> None:
    for key in ("names", "sha256", "autov2"):
        found = [entry for each in BUNDLED.profiles.values() for entry in getattr(each.match, key)]
        assert len(found) == len(set(found))


def test_autov2_is_the_start_of_the_hash() -> None:
    for each in BUNDLED.profiles.values():
        assert [long[:10] for long in each.match.sha256] == list(each.match.autov2)


def test_the_schema_file_is_current() -> None:
    text = (PRESETS / "profile.schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", (
        "write it again with the command at the end of presets/README.md"
    )


def test_the_readmes_examples_load(tmp_path: Path) -> None:
    readme = (PRESETS / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    assert len(examples) == 2
    for number, text in enumerate(examples):
        write(tmp_path, f"{number}.toml", text)
    loaded = load_profiles([PRESETS, tmp_path])
    assert loaded.problems == ()
    changed = loaded.profiles["my-animagine"].settings.steps
    assert changed and (changed.value, changed.minimum, changed.maximum) == (20, 15, 28)


def test_the_readme_names_every_key() -> None:
    readme = (PRESETS / "README.md").read_text(encoding="utf-8")
    tables = [each for each in vars(structures).values() if isinstance(each, type)]
    tables = [each for each in tables if issubclass(each, Struct)]
    for table in set(tables):
        for field in msgspec.structs.fields(table):
            assert re.search(
                rf"[`.]{field.name}`|\[+{field.name}[\].]|^{field.name} = ", readme, re.MULTILINE
            ), field


# What the cards say

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
    assert all(each.settings.clip_skip is None for each in BUNDLED.profiles.values())
    for identifier in ("generic", "generic-sdxl", "generic-sd1"):
        own = profile(identifier)
        assert own.generic
        assert own.order and slots(own.order.slots) == ["general"]
        assert own.spelling is None
        assert own.inject == structures.Inject()
        assert own.vocabulary == structures.Vocabulary()
    assert profile("generic").settings == structures.Settings()


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


# Inheriting

PARENT = """
limits = [{ basis = "stated", source = "card", when = "note", text = "A limit." }]
presets = [{ basis = "stated", source = "card", name = "Preset" }]
examples = [{ basis = "stated", source = "card", prompt = "1girl" }]
architecture = "sdxl"
[match]
names = ["parent"]
[order]
basis = "stated"
source = "card"
slots = ["quality", "general"]
[vocabulary.quality]
basis = "third_party"
source = "card"
words = [{ tag = "masterpiece" }]
[settings.steps]
basis = "stated"
source = "card"
value = 28
minimum = 25
maximum = 30
[settings.cfg_scale]
basis = "example"
source = "card"
value = 5
"""


def inherited(tmp_path: Path, rest: str = "") -> Profile:
    write(tmp_path, "parent.toml", minimal("parent", PARENT))
    loaded = load_profiles([write(tmp_path, "a-child.toml", child("child", "parent", rest))])
    assert loaded.problems == ()
    return loaded.profiles["child"]


def test_a_child_inherits_but_not_what_is_the_parents_own(tmp_path: Path) -> None:
    own = inherited(tmp_path)
    assert (own.id, own.name, own.family, own.architecture) == ("child", "Child", "family", "sdxl")
    assert own.match == structures.Match()
    assert own.presets == ()
    assert own.examples == ()
    assert own.settings.steps and own.settings.steps.value == 28


def test_what_another_card_says_is_related(tmp_path: Path) -> None:
    own = inherited(tmp_path)
    assert own.order and own.order.basis is Basis.RELATED
    assert own.settings.cfg_scale and own.settings.cfg_scale.basis is Basis.RELATED
    assert own.limits[0].basis is Basis.RELATED
    assert own.vocabulary.quality and own.vocabulary.quality.basis is Basis.THIRD_PARTY


def test_what_the_same_card_says_keeps_its_basis(tmp_path: Path) -> None:
    own = inherited(tmp_path, "same_card = true\n")
    assert own.order and own.order.basis is Basis.STATED
    assert own.settings.cfg_scale and own.settings.cfg_scale.basis is Basis.EXAMPLE


def test_tables_merge_and_lists_are_replaced(tmp_path: Path) -> None:
    own = inherited(
        tmp_path,
        '[settings.steps]\nvalue = 26\n[settings.cfg_scale]\nbasis = "stated"\nvalue = 6\n'
        '[order]\nslots = ["general", "quality"]\n',
    )
    steps, cfg = own.settings.steps, own.settings.cfg_scale
    assert steps and (steps.value, steps.minimum, steps.basis) == (26, 25, Basis.RELATED)
    assert cfg and (cfg.value, cfg.basis) == (6, Basis.STATED)
    assert own.order and slots(own.order.slots) == ["general", "quality"]


def test_a_childs_sources_stand_beside_the_parents(tmp_path: Path) -> None:
    own = inherited(tmp_path, 'sources = [{ id = "mine", name = "Mine" }]\n')
    assert [source.id for source in own.sources] == ["mine", "card"]


def test_same_card_is_not_inherited(tmp_path: Path) -> None:
    write(tmp_path, "middle.toml", child("middle", "parent", "same_card = true\n"))
    write(tmp_path, "last.toml", child("last", "middle"))
    inherited(tmp_path)
    loaded = load_profiles([tmp_path])
    middle, last = loaded.profiles["middle"], loaded.profiles["last"]
    assert middle.order and middle.order.basis is Basis.STATED
    assert last.order and last.order.basis is Basis.RELATED
    assert not last.same_card


def test_a_users_profile_extends_a_bundled_one(tmp_path: Path) -> None:
    write(tmp_path, "mine.toml", child("mine", "animagine-xl-4.0-opt"))
    loaded = load_profiles([PRESETS, tmp_path])
    assert loaded.problems == ()
    assert loaded.profiles["mine"].family == profile("animagine-xl-4.0").family


def test_an_unknown_parent(tmp_path: Path) -> None:
    loaded = load_with_good(tmp_path, child("bad", "nobody"))
    assert only_problem(loaded) == ProfileProblem(
        "bad.toml", "extends", "'nobody'", "the id of a profile: bad, good"
    )


def test_a_loop(tmp_path: Path) -> None:
    for name, parent in (("one", "two"), ("two", "three"), ("three", "one"), ("outside", "one")):
        write(tmp_path, f"{name}.toml", child(name, parent))
    loaded = load_profiles([write(tmp_path, "good.toml", minimal("good"))])
    assert list(loaded.profiles) == ["good"]
    found = {problem.file: (problem.key, problem.found) for problem in loaded.problems}
    assert found == {
        "one.toml": ("extends", "a loop: one -> two -> three -> one"),
        "two.toml": ("extends", "a loop: two -> three -> one -> two"),
        "three.toml": ("extends", "a loop: three -> one -> two -> three"),
        "outside.toml": ("extends", "'one', which has a problem of its own"),
    }


def test_a_profile_that_extends_itself(tmp_path: Path) -> None:
    problem = only_problem(load_with_good(tmp_path, child("bad", "bad")))
    assert (problem.key, problem.found) == ("extends", "a loop: bad -> bad")


def test_a_child_of_a_bad_parent_names_it(tmp_path: Path) -> None:
    write(tmp_path, "a-child.toml", child("child", "bad"))
    write(tmp_path, "grandchild.toml", child("grandchild", "child"))
    loaded = load_with_good(tmp_path, minimal("bad", 'architecture = "sd9"\n'))
    assert [problem.file for problem in loaded.problems] == [
        "a-child.toml",
        "bad.toml",
        "grandchild.toml",
    ]
    assert loaded.problems[0] == ProfileProblem(
        "a-child.toml",
        "extends",
        "'bad', which has a problem of its own",
        "a profile that loads: put bad.toml right first",
    )
    assert "'child'" in loaded.problems[2].found


# Ids


def test_the_first_of_two_files_keeps_the_id(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", minimal("same").replace("A model", "First"))
    loaded = load_profiles([write(tmp_path, "b.toml", minimal("same"))])
    assert loaded.profiles["same"].name == "First"
    assert only_problem(loaded) == ProfileProblem(
        "b.toml",
        "id",
        "'same', which a.toml has already",
        "an id that no other profile has: pick another id",
    )


def test_a_users_file_cannot_take_a_bundled_id(tmp_path: Path) -> None:
    write(tmp_path, "0.toml", minimal("generic"))
    loaded = load_profiles([PRESETS, tmp_path])
    assert loaded.profiles["generic"] == profile("generic")
    assert "pick another id" in only_problem(loaded).allowed


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert load_profiles([tmp_path / "none"]) == ProfileSet({}, ())


def test_only_toml_files_are_read(tmp_path: Path) -> None:
    write(tmp_path / "folder.toml", "inner.toml", minimal("inner"))
    loaded = load_profiles([write(tmp_path, "notes.txt", "nothing")])
    assert loaded == ProfileSet({}, ())


# Files that are no TOML


def test_bad_toml_gives_line_and_column(tmp_path: Path) -> None:
    problem = only_problem(load_with_good(tmp_path, "schema = 1\nid  'x'\n"))
    assert (problem.file, problem.key, problem.allowed) == ("bad.toml", "", "valid TOML")
    assert "line 2, column 5" in problem.found


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    write(tmp_path, "good.toml", minimal("good"))
    (tmp_path / "bad.toml").write_bytes(b"name = '\xff'")
    loaded = load_profiles([tmp_path])
    assert "good" in loaded.profiles
    assert only_problem(loaded) == ProfileProblem("bad.toml", "", "byte 0xff at 8", "UTF-8")


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + minimal("marked").replace("\n", "\r\n").encode()
    (tmp_path / "marked.toml").write_bytes(content)
    assert load_profiles([tmp_path]).problems == ()


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    loaded = load_with_good(tmp_path, minimal("bad", "#" * 1_000_001))
    assert only_problem(loaded) == ProfileProblem("bad.toml", "", "a file of over 1 MB", "at most 1 MB")


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        ".".join(["a"] * 5000) + " = 1",
        minimal("bad", ".".join(["settings"] + ["a"] * 5000) + " = 1"),
        minimal("bad", "[settings.steps]\nbasis = 'stated'\nsource = 'card'\nvalue = 0x" + "f" * 9999),
        minimal("bad", "[settings.steps]\nbasis = 'stated'\nsource = 'card'\nmaximum = 0x" + "f" * 9999),
        minimal("bad", '"x - at `$.settings.none" = 1\n'),
        minimal("bad", '"x - at `$.sources[7]" = 1\n'),
        child("bad", "good", "sources = 3\n"),
        child("bad", "good", "sources = [3, { id = [] }]\n"),
        child("bad", "good", "settings = 3\nvocabulary = []\n"),
        "id = 3\n",
        "",
    ],
)
def test_hostile_files_become_problems(tmp_path: Path, text: str) -> None:
    assert only_problem(load_with_good(tmp_path, text)).file == "bad.toml"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["basis", "source", "slots", "words", "quality", "steps", "value", "id", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
    ),
    st.sampled_from(["order", "vocabulary", "inject", "settings", "sources", "match", "scores", "limits"]),
)
def test_whatever_stands_in_a_table_is_a_profile_or_a_finding(value: object, key: str) -> None:
    table = {"schema": 1, "id": "a", "version": 1, "name": "A", "family": "f", key: value}
    try:
        check_profile(table, "a.toml")
    except ProfileError as error:
        assert error.problem.allowed


# Each kind of error: file text, key, what was found, what is allowed


def order(text: str, accepted: str = "") -> str:
    return GENERAL.format(slots=text) + (f"accepted = {accepted}\n" if accepted else "")


def words(text: str, name: str = "quality") -> str:
    return f'[vocabulary.{name}]\nbasis = "stated"\nsource = "card"\nwords = {text}\n'


def steps(text: str) -> str:
    return f'[settings.steps]\nbasis = "stated"\nsource = "card"\n{text}\n'


def years(text: str) -> str:
    return f'[vocabulary.year]\nbasis = "stated"\nsource = "card"\n{text}\n'


def level(text: str, path: str = "quality.standard") -> str:
    return f'[inject.{path}]\nbasis = "stated"\nsource = "card"\n{text}\n'


ORDER_SLOTS = f"{SLOTS} or a list of {SLOTS}"
ERRORS = {
    "unknown key": ("colour = 1", "colour", "an unknown key", "schema, id, version, name, family"),
    "unknown inner key": (
        steps("valu = 1"),
        "settings.steps.valu",
        "an unknown key",
        "basis, source, value",
    ),
    "missing key": (
        "[order]\nslots = ['general']",
        "order.basis",
        "nothing",
        "stated, example, training",
    ),
    "wrong type": (
        steps('value = "x"'),
        "settings.steps.value",
        "'x'",
        "a whole number over 0 or a number over 0",
    ),
    "a table for a list": ("match = []", "match", "an empty list", "a table with names, sha256"),
    "out of range": (steps("value = 0"), "settings.steps.value", "0", "over 0"),
    "size out of range": (
        '[settings.size]\nbasis = "stated"\nsource = "card"\nwidth = 32\nheight = 64',
        "settings.size.width",
        "32",
        "a whole number at least 64, at most 8192",
    ),
    "infinite": (steps("value = inf"), "settings.steps.value", "inf", "a finite number"),
    "no number": (steps("value = nan"), "settings.steps.value", "nan", "over 0"),
    "half a step": (steps("value = 20.5"), "settings.steps.value", "20.5", "a whole number"),
    "unknown level": (
        level("positive = []", "quality.best"),
        "inject.quality.best",
        "an unknown key",
        "heavy, light, standard",
    ),
    "unknown basis": (
        order('["general"]').replace("stated", "sure"),
        "order.basis",
        "'sure'",
        "stated, example",
    ),
    "bad hash": (
        'match = { sha256 = ["ABC"] }',
        "match.sha256[0]",
        "'ABC'",
        "a text of the form ^[0-9a-f]{64}$",
    ),
    "empty order": (order("[]"), "order.slots", "an empty list", f"a list of {ORDER_SLOTS}"),
    "empty block": (order('["general", []]'), "order.slots[1]", "an empty list", "at least one slot"),
    "unknown slot": (
        order('["quality", "subject", "general", "qualty"]'),
        "order.slots[3]",
        "'qualty'",
        SLOTS,
    ),
    "unknown slot in a block": (order('["general", ["x"]]'), "order.slots[1][0]", "'x'", SLOTS),
    "duplicate slot": (
        order('["quality", "general", "quality"]'),
        "order.slots[2]",
        "quality a second time",
        "every slot once",
    ),
    "duplicate in a block": (
        order('["general", ["meta", "meta"]]'),
        "order.slots[1]",
        "meta a second time",
        "once",
    ),
    "no general": (order('["quality"]'), "order.slots", "no general", "general stands once"),
    "other slots accepted": (
        order('["quality", "general"]', '[["general"]]'),
        "order.accepted[0]",
        "general",
        "the same slots as order.slots: quality, general",
    ),
    "unknown source": (
        order('["general"]').replace("card", "nowhere"),
        "order.source",
        "'nowhere'",
        "an id of `sources`: card",
    ),
    "unknown source in a list": (
        'limits = [{ basis = "stated", source = "x", when = "note", text = "t" }]',
        "limits[0].source",
        "'x'",
        "card",
    ),
    "tag twice": (
        words('[{ tag = "best quality" }, { tag = "Best_Quality" }]'),
        "vocabulary.quality.words[1].tag",
        "'Best_Quality'",
        "every tag once",
    ),
    "empty word": (words('[{ tag = "" }]'), "vocabulary.quality.words[0].tag", "''", "not empty"),
    "word without a table": (
        words('["a"]'),
        "vocabulary.quality.words[0]",
        "'a'",
        "a table with tag, low",
    ),
    "bare pattern": (
        'vocabulary = { patterns = [{ slot = "custom" }] }',
        "vocabulary.patterns[0]",
        "neither prefix nor suffix",
        "a prefix, a suffix, or both",
    ),
    "empty positive tag": (
        level('positive = [""]'),
        "inject.quality.standard.positive[0]",
        "''",
        "not empty",
    ),
    "blank negative tag": (
        level('negative = ["a", " "]'),
        "inject.quality.standard.negative[1]",
        "a text of spaces",
        "not blank",
    ),
    "nothing injected": (
        level("positive = []"),
        "inject.quality.standard",
        "no tags",
        "at least one tag",
    ),
    "homeless tag": (
        words('[{ tag = "masterpiece" }]') + level('positive = ["masterpiece", "shiny"]'),
        "inject.quality.standard.positive[1]",
        "'shiny'",
        "a tag of vocabulary.subject, quality, score, aesthetic, meta, custom, extra, rating or year: masterpiece",
    ),
    "homeless aesthetic": (
        level('positive = ["(shiny:1.2)"]', "aesthetic.high"),
        "inject.aesthetic.high.positive[0]",
        "'(shiny:1.2)'",
        "a tag of vocabulary.",
    ),
    "minimum over maximum": (
        steps("minimum = 30\nmaximum = 20"),
        "settings.steps.minimum",
        "30",
        "at most `maximum`, 20",
    ),
    "value outside its range": (
        steps("value = 40\nminimum = 25\nmaximum = 28"),
        "settings.steps.value",
        "40",
        "25 to 28, the range of the same table",
    ),
    "era backwards": (
        years('eras = [{ tag = "mid", first = 2018, last = 2015 }]'),
        "vocabulary.year.eras[0].first",
        "2018",
        "at most `last`, 2015",
    ),
    "eras overlap": (
        years(
            'eras = [{ tag = "mid", first = 2014, last = 2017 }, { tag = "early", first = 2011, last = 2014 }]'
        ),
        "vocabulary.year.eras[1]",
        "2011 to 2014",
        "years outside 2014 to 2017 (mid)",
    ),
    "years backwards": (
        years('prefix = "year "\nfirst = 2025\nlast = 2005'),
        "vocabulary.year.first",
        "2025",
        "at most `last`, 2005",
    ),
    "prefix without years": (
        years('prefix = "year "'),
        "vocabulary.year",
        "a prefix alone",
        "`first` and `last`",
    ),
    "wrong count": (
        '[vocabulary.rating]\nbasis = "stated"\nsource = "card"\ncounts = { safe = 1, nsfw = "2" }',
        "vocabulary.rating.counts.nsfw",
        "'2'",
        "a whole number",
    ),
    "wrong scheme": ("generic = 1", "generic", "1", "true, false"),
    "date": ("knowledge_cutoff = 2025-01-07", "knowledge_cutoff", "2025-01-07", "a text"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_names_file_key_found_and_allowed(name: str, tmp_path: Path) -> None:
    text, key, found, allowed = ERRORS[name]
    problem = only_problem(load_with_good(tmp_path, minimal("bad", text)))
    assert (problem.file, problem.key, problem.found) == ("bad.toml", key, found)
    assert allowed in problem.allowed
    assert str(problem).startswith(f"bad.toml: {key}: found {found}; allowed: ")


@pytest.mark.parametrize("key", ["schema", "version", "name", "family"])
def test_a_missing_key_of_the_file(key: str, tmp_path: Path) -> None:
    text = "\n".join(line for line in minimal("bad").splitlines() if not line.startswith(key))
    problem = only_problem(load_with_good(tmp_path, text))
    assert (problem.key, problem.found) == (key, "nothing")


@pytest.mark.parametrize("key", ["schema", "version", "name"])
def test_a_child_states_its_own_identity(key: str, tmp_path: Path) -> None:
    text = "\n".join(line for line in child("bad", "good").splitlines() if not line.startswith(key))
    problem = only_problem(load_with_good(tmp_path, text))
    assert (problem.key, problem.found) == (key, "nothing")


@pytest.mark.parametrize("identifier", ["", "Upper", "a/b", "../a", "a b"])
def test_an_id_is_fit_for_a_file_name(identifier: str, tmp_path: Path) -> None:
    problem = only_problem(load_with_good(tmp_path, minimal(identifier)))
    assert problem.key == "id"
    assert "a text of the form" in problem.allowed


def test_a_missing_id(tmp_path: Path) -> None:
    text = "\n".join(line for line in minimal("bad").splitlines() if not line.startswith("id"))
    problem = only_problem(load_with_good(tmp_path, text))
    assert (problem.key, problem.found) == ("id", "nothing")


def test_a_childs_error_is_put_down_to_the_child(tmp_path: Path) -> None:
    write(tmp_path, "parent.toml", minimal("parent", PARENT))
    loaded = load_with_good(tmp_path, child("bad", "parent", "[settings.steps]\nvalue = 60\n"))
    problem = only_problem(loaded)
    assert (problem.file, problem.key, problem.found) == ("bad.toml", "settings.steps.value", "60")
    assert "parent" in loaded.profiles


@pytest.mark.parametrize(
    "positive",
    [
        "masterpiece",
        "(masterpiece)",
        "((masterpiece))",
        "(masterpiece:1.2)",
        "[masterpiece]",
        "newest",
        "safe",
    ]
    + ["Masterpiece", r"art \(style\)", "perfect face", "(masterpiece, newest:1.1)"],
)
def test_an_injected_tag_finds_its_home(positive: str, tmp_path: Path) -> None:
    text = (
        words(r"[{ tag = 'masterpiece' }, { tag = 'art \(style\)' }]")
        + words("[{ tag = 'perfect face' }]", "extra")
        + years("eras = [{ tag = 'newest', first = 2021, last = 2024 }]")
        + "[vocabulary.rating]\nbasis = 'stated'\nsource = 'card'\ngeneral = ['safe']\n"
        + level(f"positive = ['{positive}']")
    )
    assert load_with_good(tmp_path, minimal("bad", text)).problems == ()


def test_a_number_year_is_a_home(tmp_path: Path) -> None:
    text = years('prefix = "year "\nfirst = 2005\nlast = 2025') + level('positive = ["year 2007"]')
    assert load_with_good(tmp_path, minimal("bad", text)).problems == ()
    refused = load_with_good(tmp_path, minimal("bad", text.replace("2007", "2004")))
    assert only_problem(refused).key == "inject.quality.standard.positive[0]"


def test_loading_twice_gives_the_same() -> None:
    assert load_bundled() == BUNDLED


def test_the_schema_allows_every_bundled_key() -> None:
    known = set(json_schema()["$defs"]["Profile"]["properties"])
    for path in PRESETS.glob("*.toml"):
        assert set(tomllib.loads(path.read_text(encoding="utf-8"))) <= known
