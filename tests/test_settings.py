"""Which settings a profile sets, under which policy, and what is said of the user's own values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise.profiles import DefaultSize, Number, Profile, Sampler, Settings, Size, Sizes
from modelwise.settings import FIELDS, SettingsRequest, decide, nearest_size, untouched_fields
from modelwise.terms import Basis
from tests.support.checking import bundled

FOUNDED = {Basis.STATED, Basis.TRAINING, Basis.RELATED}
PARTS: dict[str, dict[str, Any]] = {
    "size": {"width": 640, "height": 960},
    "cfg_scale": {"cfg_scale": 5.5},
    "steps": {"steps": 25},
    "sampler": {"sampler": "Euler a", "scheduler": "Karras"},
    "clip_skip": {"clip_skip": 2},
}
BASES = st.sampled_from(list(Basis))
POLICIES = st.sampled_from(["keep", "fill", "force"])
FIELD = st.sampled_from(FIELDS)


def profile(bases: dict[str, Basis], **more: Any) -> Profile:
    """A profile that gives these fields, each with its basis."""
    kinds: dict[str, Any] = {"size": DefaultSize, "sampler": Sampler}
    tables: dict[str, Any] = {
        field: kinds[field](basis=basis, source="card", **PARTS[field])
        if field in kinds
        else Number(basis=basis, source="card", value=PARTS[field][field])
        for field, basis in bases.items()
    }
    settings = Settings(**tables, **more)
    return Profile(schema=1, id="mine", version=1, name="Mine", family="mine", settings=settings)


@given(
    st.dictionaries(FIELD, BASES),
    st.one_of(POLICIES, st.dictionaries(FIELD, POLICIES)),
    st.one_of(st.none(), st.sets(FIELD)),
)
def test_policy_matrix(bases: dict[Any, Basis], policy: Any, untouched: set[Any] | None) -> None:
    request = SettingsRequest({}, None if untouched is None else tuple(untouched), policy)
    values, entries = decide(profile(bases), request)
    expected: dict[str, Any] = {}
    for field in FIELDS:
        own = policy if isinstance(policy, str) else policy.get(field, "fill")
        free = untouched is None or field in untouched
        if field in bases and bases[field] in FOUNDED and (own == "force" or (own == "fill" and free)):
            expected |= PARTS[field]
    assert values == expected
    added = [entry.item for entry in entries if entry.kind == "added"]
    assert added == [field for field in FIELDS if PARTS[field].keys() <= expected.keys()]
    assert all(entry.where == "settings" and entry.reason.startswith("Mine: ") for entry in entries)


@pytest.mark.parametrize("basis", [Basis.EXAMPLE, Basis.THIRD_PARTY])
def test_example_and_third_party_are_never_filled(basis: Basis) -> None:
    subject = profile(dict.fromkeys(PARTS, basis))
    for policy in ("keep", "fill", "force"):
        assert decide(subject, SettingsRequest(policy=policy)) == ({}, [])


def test_range_without_a_value_is_not_filled() -> None:
    number = Number(basis=Basis.STATED, source="card", minimum=4, maximum=7)
    settings = Settings(cfg_scale=number)
    subject = Profile(schema=1, id="mine", version=1, name="Mine", family="mine", settings=settings)
    assert decide(subject, SettingsRequest()) == ({}, [])


def test_distilled_variant_gets_a_warning_and_nothing_else() -> None:
    values, entries = decide(profile(dict.fromkeys(PARTS, Basis.STATED)), SettingsRequest(), distilled=True)
    assert values == {}
    assert [(entry.kind, entry.where) for entry in entries] == [("warning", "settings")]


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        (None, set(FIELDS)),
        ((), set()),
        (("width",), set()),
        (("height",), set()),
        (("width", "height"), {"size"}),
        (("size",), {"size"}),
        (("scheduler",), set()),
        (("sampler", "scheduler"), {"sampler"}),
        (("steps", "width", "height"), {"steps", "size"}),
    ],
)
def test_boxes_and_fields(names: Any, fields: set[str]) -> None:
    assert untouched_fields(names) == fields


def warnings(settings: Settings, values: dict[str, Any]) -> list[str]:
    """What is said of touched values."""
    subject = Profile(schema=1, id="mine", version=1, name="Mine", family="mine", settings=settings)
    found, entries = decide(subject, SettingsRequest(values, ()))
    assert found == {}
    assert all(entry.kind == "warning" for entry in entries)
    return [entry.reason for entry in entries]


@pytest.mark.parametrize(
    ("low", "high", "value", "said"),
    [
        (4, 7, 4, None),
        (4, 7, 7, None),
        (4, 7, 3.5, "3.5 is outside the card's range, 4 to 7"),
        (4, 7, 8, "8 is outside the card's range, 4 to 7"),
        (None, 29, 1, None),
        (None, 29, 30, "30 is outside the card's range, up to 29"),
        (20, None, 200, None),
        (20, None, 19, "19 is outside the card's range, from 20"),
        (None, None, 99, None),
        (4, 7, "9", None),
        (4, 7, None, None),
    ],
)
def test_range(low: float | None, high: float | None, value: Any, said: str | None) -> None:
    number = Number(basis=Basis.STATED, source="card", value=5, minimum=low, maximum=high)
    found = warnings(Settings(steps=number), {"steps": value})
    assert found == ([said] if said else [])


def test_untouched_value_is_never_warned_of_while_it_is_filled() -> None:
    number = Number(basis=Basis.STATED, source="card", value=5, minimum=4, maximum=7)
    subject = Profile(
        schema=1, id="mine", version=1, name="Mine", family="mine", settings=Settings(cfg_scale=number)
    )
    values, entries = decide(subject, SettingsRequest({"cfg_scale": 99}, ("cfg_scale",)))
    assert values == {"cfg_scale": 5}
    assert [entry.kind for entry in entries] == ["added"]


TRAINED = tuple(
    Size(width=width, height=height)
    for width, height in (
        (1024, 1024),
        (1152, 896),
        (896, 1152),
        (1216, 832),
        (832, 1216),
        (640, 1536),
        (1536, 640),
    )
)
SIZES = Settings(sizes=Sizes(basis=Basis.STATED, source="card", sizes=TRAINED))


@pytest.mark.parametrize("size", [(each.width, each.height) for each in TRAINED])
def test_trained_size_is_no_news(size: tuple[int, int]) -> None:
    assert warnings(SIZES, {"width": size[0], "height": size[1]}) == []


@pytest.mark.parametrize(
    ("size", "near"),
    [
        ((512, 512), "1024x1024"),
        ((2048, 2048), "1024x1024"),
        ((512, 768), "832x1216"),
        ((768, 512), "1216x832"),
        ((100, 2000), "640x1536"),
        ((2000, 100), "1536x640"),
        ((1024, 1025), "1024x1024"),
    ],
)
def test_nearest_trained_size_is_named(size: tuple[int, int], near: str) -> None:
    (said,) = warnings(SIZES, {"width": size[0], "height": size[1]})
    assert said == f"{size[0]}x{size[1]} is not among the trained sizes; the nearest is {near}"


@pytest.mark.parametrize("size", [(0, 0), (832, 0), (0, 832), (-1, 5), (None, 5), ("832", "1216"), (8.5, 3)])
def test_size_that_is_none_brings_no_error(size: tuple[Any, Any]) -> None:
    assert warnings(SIZES, {"width": size[0], "height": size[1]}) == []


@given(st.integers(1, 4000), st.integers(1, 4000))
def test_nearest_size_treats_portrait_and_landscape_alike(width: int, height: int) -> None:
    near = nearest_size(TRAINED, width, height)
    turned = nearest_size(TRAINED, height, width)
    assert (turned.height, turned.width) == (near.width, near.height)


@given(st.sampled_from(TRAINED))
def test_nearest_size_of_a_trained_one_is_itself(size: Size) -> None:
    assert nearest_size(TRAINED, size.width, size.height) == size


@pytest.mark.parametrize("name", sorted(bundled()))
def test_bundled_profile_sets_nothing_on_a_poor_basis(name: str) -> None:
    subject = bundled()[name]
    values, entries = decide(subject, SettingsRequest(policy="force"))
    for field in FIELDS:
        stated = getattr(subject.settings, field)
        range_alone = isinstance(stated, Number) and stated.value is None
        founded = stated is not None and stated.basis in FOUNDED and not range_alone
        assert (field in {entry.item for entry in entries}) == founded
    if subject.id == "anything-v3.1":
        assert values == {}


@pytest.mark.parametrize("number", [10**30, -(10**400), 10**4000, 1e300], ids=["30", "-400", "4000", "1e300"])
def test_a_number_beyond_everything_is_no_setting(number: float) -> None:
    values = {"width": number, "height": number, "cfg_scale": number, "steps": number, "clip_skip": number}
    for profile in bundled().values():
        decide(profile, SettingsRequest(values=values, policy="keep"))
        decide(profile, SettingsRequest(values=values, untouched=()))
