"""The tag that a card would have given for a score, at each edge of its table; and how many images each tag gets."""

from __future__ import annotations

import math

import pytest

from modelwise.profile_files import load_bundled
from modelwise.scores.histogram import histogram, text
from modelwise.scores.known import KNOWN
from modelwise.scores.verdicts import Scale, scales, verdicts
from modelwise.terms import Slot
from modelwise.thresholds import Threshold

BUNDLED = load_bundled().profiles
SHADOW, WAIFU = (scorer.id for scorer in KNOWN)
SOTE = [
    ("extremely aesthetic", 0.9),
    ("very aesthetic", 0.8),
    ("aesthetic", 0.7),
    ("slightly aesthetic", 0.5),
    ("not displeasing", 0.4),
    ("not aesthetic", 0.3),
    ("slightly displeasing", 0.2),
    ("displeasing", 0.1),
]
SOTE_QUALITY = [
    ("best quality", 0.98),
    ("high quality", 0.9),
    ("great quality", 0.75),
    ("medium quality", 0.5),
    ("normal quality", 0.25),
    ("bad quality", 0.125),
    ("low quality", 0.025),
]


def scale(profile: str, slot: Slot = Slot.AESTHETIC) -> Scale:
    (found,) = (each for each in scales([BUNDLED[profile]]) if each.slot is slot)
    return found


def test_the_cards_that_state_a_mapping() -> None:
    """V1's table comes from V2's card, so what V1's own images got is unknown; so are all others."""
    assert {(each.profile, each.slot.value, each.scorer) for each in scales(BUNDLED.values())} == {
        ("animagine-xl-3.1", "aesthetic", SHADOW),
        ("animagine-xl-3.1-coreml", "aesthetic", SHADOW),
        ("sotediffusion-v2", "aesthetic", SHADOW),
        ("sotediffusion-v2", "quality", WAIFU),
    }
    for unknown in ("animagine-xl-4.0", "animagine-xl-3.0", "sotediffusion-v1", "noobai-xl-eps-1.1"):
        assert scales([BUNDLED[unknown]]) == ()


@pytest.mark.parametrize(
    ("score", "tag"),
    [
        (1.0, "very aesthetic"),
        (math.nextafter(0.71, 1), "very aesthetic"),
        (0.71, "very aesthetic"),
        (math.nextafter(0.71, 0), "aesthetic"),
        (0.45, "aesthetic"),
        (math.nextafter(0.45, 0), "displeasing"),
        (math.nextafter(0.27, 1), "displeasing"),
        (0.27, "very displeasing"),
        (0.0, "very displeasing"),
    ],
)
@pytest.mark.parametrize("profile", ["animagine-xl-3.1", "animagine-xl-3.1-coreml"])
def test_open_bounds_belong_to_the_better_class_and_stated_ones_as_stated(
    profile: str, score: float, tag: str
) -> None:
    """The card: > .71; > .45 and < .71; > .27 and < .45; at most .27."""
    assert scale(profile).tag(score) == tag


@pytest.mark.parametrize(
    ("slot", "classes", "rest"),
    [(Slot.AESTHETIC, SOTE, "very displeasing"), (Slot.QUALITY, SOTE_QUALITY, "worst quality")],
)
def test_score_greater_than(slot: Slot, classes: list[tuple[str, float]], rest: str) -> None:
    own = scale("sotediffusion-v2", slot)
    names = [name for name, _ in classes]
    for (name, above), worse in zip(classes, [*names[1:], rest]):
        assert own.tag(math.nextafter(above, 1)) == name
        assert own.tag(above) == worse
    assert (own.tag(0.0), own.tag(1.0)) == (rest, names[0])
    assert [each.tag for each in own.thresholds] == [*names, rest]


def test_a_table_in_any_order_and_without_a_rest() -> None:
    thresholds = (Threshold(tag="low", above=0.1), Threshold(tag="high", above=0.9, included=True))
    profile = BUNDLED["sotediffusion-v2"]
    own = type(profile)(
        **{
            name: getattr(profile, name)
            for name in profile.__struct_fields__
            if name not in {"scores", "thresholds"}
        },
        scores=(
            type(profile.scores[0])(
                basis=profile.scores[0].basis,
                source="card",
                model="shadowlilac/aesthetic-shadow-v2",
                slot=Slot.AESTHETIC,
                thresholds=thresholds,
            ),
        ),
    )
    (found,) = scales([own])
    assert [found.tag(score) for score in (0.9, 0.5, 0.1)] == ["high", "low", None]
    made = histogram(found, [0.9, 0.5, 0.1, 0.05])
    assert (made.total, made.untagged) == (4, 2)
    assert text(made).endswith("  no tag for 2\n")


def test_verdicts_are_only_of_the_scorers_that_have_spoken() -> None:
    both = scales([BUNDLED["sotediffusion-v2"]])
    assert [(each.slot.value, each.tag) for each in verdicts(both, {SHADOW: 0.95})] == [
        ("aesthetic", "extremely aesthetic")
    ]
    found = verdicts(both, {SHADOW: 0.31, WAIFU: 0.99})
    assert [(each.slot.value, each.tag, each.score) for each in found] == [
        ("aesthetic", "not aesthetic", 0.31),
        ("quality", "best quality", 0.99),
    ]
    assert verdicts(both, {}) == ()


def test_a_histogram_counts_every_image_once() -> None:
    found = histogram(scale("animagine-xl-3.1"), [0.9, 0.71, 0.5, 0.3, 0.27, 0.1, 0.1])
    assert [(bar.tag, bar.scores, bar.count) for bar in found.bars] == [
        ("very aesthetic", "from 0.71", 2),
        ("aesthetic", "from 0.45", 1),
        ("displeasing", "above 0.27", 1),
        ("very displeasing", "the rest", 3),
    ]
    assert sum(bar.share for bar in found.bars) == pytest.approx(1)
    assert text(found) == (
        "Animagine XL 3.1, aesthetic by aesthetic-shadow-v2: 7 images\n"
        "  very aesthetic    from 0.71        2  28.6%  ###########################\n"
        "  aesthetic         from 0.45        1  14.3%  #############\n"
        "  displeasing       above 0.27       1  14.3%  #############\n"
        "  very displeasing  the rest         3  42.9%  ########################################\n"
    )


def test_a_histogram_of_nothing() -> None:
    found = histogram(scale("animagine-xl-3.1"), [])
    assert {bar.share for bar in found.bars} == {0.0}
    assert "0 images" in text(found) and "#" not in text(found)
