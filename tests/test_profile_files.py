"""Profile files are read, inherited and kept apart; a bad file leaves the others loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwise import profiles as structures
from modelwise.profile_checks import check_profile
from modelwise.profile_files import ProfileSet, load_profiles
from modelwise.profile_problems import ProfileError, ProfileProblem
from modelwise.profiles import Profile
from modelwise.terms import Basis
from tests.support.profiles import (
    PARENT,
    PRESETS,
    child,
    load_with_good,
    minimal,
    only_problem,
    profile,
    slots,
    write,
)

# Inheriting


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
    assert own.settings.cfg_scale and own.settings.cfg_scale.basis is Basis.EXAMPLE
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


@pytest.mark.parametrize(
    ("without", "left"),
    [
        ('["settings"]', (None, None)),
        ('["settings.steps"]', (None, 5)),
        ('["settings.steps", "settings.cfg_scale.value"]', (None, None)),
        ("[]", (28, 5)),
    ],
)
def test_what_does_not_hold_for_the_child_is_left_behind(
    without: str, left: tuple[int | None, int | None], tmp_path: Path
) -> None:
    settings = inherited(tmp_path, f"without = {without}\n").settings
    numbers = (settings.steps, settings.cfg_scale)
    assert tuple(number and number.value for number in numbers) == left


def test_the_child_states_anew_what_it_left_behind(tmp_path: Path) -> None:
    text = '[settings.steps]\nbasis = "example"\nsource = "card"\nvalue = 50\n'
    steps = inherited(tmp_path, 'without = ["settings.steps"]\n' + text).settings.steps
    assert steps and (steps.value, steps.minimum, steps.maximum) == (50, None, None)


def test_without_is_not_inherited(tmp_path: Path) -> None:
    inherited(tmp_path, 'without = ["settings"]\n')
    write(tmp_path, "last.toml", child("last", "child"))
    loaded = load_profiles([tmp_path])
    assert loaded.problems == ()
    assert loaded.profiles["last"].without == ()


@pytest.mark.parametrize("key", ["setings", "settings.step", "settings.steps.value.x", "limits.text", ""])
def test_without_names_what_the_parent_has(key: str, tmp_path: Path) -> None:
    write(tmp_path, "parent.toml", minimal("parent", PARENT))
    loaded = load_with_good(tmp_path, child("bad", "parent", f'without = ["order", "{key}"]\n'))
    assert only_problem(loaded) == ProfileProblem(
        "bad.toml", "without[1]", repr(key), "a key that parent has"
    )


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
