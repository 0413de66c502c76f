"""The user's own presets: every change keeps the rest of the file, and bad input loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwise.own_presets import LONGEST_NAME, MOST, OwnPreset, OwnPresets
from modelwise.profiles import PresetSettings
from modelwise.user_files import UserFileError, UserFolder

PROFILE = "animagine-xl-4.0"
PORTRAIT = OwnPreset(name="My portrait", settings=PresetSettings(width=832, height=1216))
NIGHT = OwnPreset(name="Night", quality="heavy", rating="general", year=2007)
SQUARE = OwnPreset(
    name="Square", settings=PresetSettings(width=1024, height=1024, sampler="Euler a", cfg_scale=4.5)
)
THREE = (PORTRAIT, NIGHT, SQUARE)

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=LONGEST_NAME)
PRESETS = st.builds(
    OwnPreset,
    name=NAMES,
    quality=st.sampled_from([None, "standard", "light"]),
    rating=st.sampled_from([None, "general", "explicit"]),
    year=st.none() | st.integers(1900, 2100),
    settings=st.builds(
        PresetSettings, width=st.none() | st.integers(64, 2048), steps=st.none() | st.integers(1, 99)
    ),
)


@pytest.fixture
def presets(tmp_path: Path) -> OwnPresets:
    return OwnPresets(UserFolder(tmp_path))


@pytest.fixture
def three(presets: OwnPresets) -> OwnPresets:
    for preset in THREE:
        presets.save(PROFILE, preset)
    return presets


def file_of(folder: Path) -> Path:
    return folder / f"{PROFILE}.toml"


@settings(max_examples=80)  # each writes files
@given(kept=st.lists(PRESETS, max_size=5, unique_by=lambda preset: preset.name))
def test_what_is_saved_comes_back(tmp_path_factory: pytest.TempPathFactory, kept: list[OwnPreset]) -> None:
    presets = OwnPresets(UserFolder(tmp_path_factory.mktemp("presets")))
    for preset in kept:
        presets.save(PROFILE, preset)
    assert presets.of(PROFILE) == tuple(kept)


def test_nothing_is_there_at_first(presets: OwnPresets) -> None:
    assert presets.of(PROFILE) == ()


def test_saving_a_name_again_replaces_it_in_its_place(three: OwnPresets) -> None:
    changed = msgspec.structs.replace(NIGHT, year=None)
    three.save(PROFILE, changed)
    assert three.of(PROFILE) == (PORTRAIT, changed, SQUARE)


def test_deleting_can_be_undone(three: OwnPresets) -> None:
    for preset in THREE:
        gone, place = three.delete(PROFILE, preset.name)
        assert preset not in three.of(PROFILE)
        three.insert(PROFILE, gone, place)
        assert three.of(PROFILE) == THREE


def test_the_last_one_can_be_deleted_and_come_back(presets: OwnPresets, tmp_path: Path) -> None:
    presets.save(PROFILE, NIGHT)
    before = file_of(tmp_path).read_text(encoding="utf-8")
    gone = presets.delete(PROFILE, NIGHT.name)
    assert presets.of(PROFILE) == ()
    presets.insert(PROFILE, *gone)
    assert file_of(tmp_path).read_text(encoding="utf-8") == before


def test_an_empty_list_in_the_file_is_none_yet(presets: OwnPresets, tmp_path: Path) -> None:
    file_of(tmp_path).write_text("presets = []  # none yet\n", encoding="utf-8")
    presets.save(PROFILE, NIGHT)
    assert presets.of(PROFILE) == (NIGHT,)


def test_undoing_beside_a_new_one_of_that_name_is_refused(three: OwnPresets) -> None:
    gone, place = three.delete(PROFILE, NIGHT.name)
    three.save(PROFILE, NIGHT)
    with pytest.raises(UserFileError, match="a name that no other preset has"):
        three.insert(PROFILE, gone, place)


def test_renaming(three: OwnPresets) -> None:
    three.rename(PROFILE, "Night", "Evening")
    assert [preset.name for preset in three.of(PROFILE)] == ["My portrait", "Evening", "Square"]
    three.rename(PROFILE, "Evening", "Evening")
    with pytest.raises(UserFileError, match="found 'Square'; allowed: a name that no other preset has"):
        three.rename(PROFILE, "Evening", "Square")


@pytest.mark.parametrize(
    ("name", "by", "order"),
    [
        ("Square", -1, "PSN"),
        ("Square", -9, "SPN"),
        ("My portrait", 1, "NPS"),
        ("My portrait", 9, "NSP"),
        ("Night", 0, "PNS"),
    ],
)
def test_moving(three: OwnPresets, name: str, by: int, order: str) -> None:
    three.move(PROFILE, name, by)
    assert (
        "".join(
            {"My portrait": "P", "Night": "N", "Square": "S"}[preset.name] for preset in three.of(PROFILE)
        )
        == order
    )


def test_what_is_gone_is_said(three: OwnPresets) -> None:
    for call in (
        lambda: three.delete(PROFILE, "none"),
        lambda: three.rename(PROFILE, "none", "other"),
        lambda: three.move(PROFILE, "none", 1),
    ):
        with pytest.raises(UserFileError, match="found 'none', which is not there any more"):
            call()
    assert three.of(PROFILE) == THREE


COMMENTED = """\
# mine, by hand

[[presets]]
name = "First"  # the one for the blog
settings = { width = 832, height = 1216 }  # tall

# about the second
[[presets]]
name = 'Second'
year = 2007
"""


def test_comments_and_layout_survive_every_change(presets: OwnPresets, tmp_path: Path) -> None:
    file_of(tmp_path).write_text(COMMENTED, encoding="utf-8")
    presets.save(PROFILE, NIGHT)
    assert file_of(tmp_path).read_text(encoding="utf-8").startswith(COMMENTED)
    presets.rename(PROFILE, "First", "Primus")
    presets.move(PROFILE, "Night", -1)
    presets.delete(PROFILE, "Night")
    text = file_of(tmp_path).read_text(encoding="utf-8")
    for comment in ("# mine, by hand", "# the one for the blog", "# tall", "# about the second"):
        assert comment in text
    assert "name = 'Second'" in text
    assert [preset.name for preset in presets.of(PROFILE)] == ["Primus", "Second"]


@pytest.mark.parametrize(
    "text",
    [
        "presets = [{ name = 'a', settings = { width = 640 } }]\n",
        "[[presets]]\nname = 'a'\nsettings = { width = 640 }",
        "[[presets]]\nname = 'a'\n[presets.settings]\nwidth = 640\n# the end",
    ],
    ids=["a list in one value", "no line end", "a comment without a line end"],
)
def test_other_ways_to_write_it_by_hand_lose_nothing(presets: OwnPresets, tmp_path: Path, text: str) -> None:
    file_of(tmp_path).write_text(text, encoding="utf-8")
    presets.save(PROFILE, NIGHT)
    assert presets.of(PROFILE) == (OwnPreset(name="a", settings=PresetSettings(width=640)), NIGHT)


@pytest.mark.parametrize(
    "text",
    [
        "presets = 3",
        "[[presets]]\nname = 3",
        "[[presets]]\nname = ''",
        "[[presets]]\nname = 'a'\nsettings = { width = 1 }",
        "[[presets]]\nname = 'a'\ncolour = 'red'",
        "[[presets]]\nyear = 2007",
        "nonsense",
        "[[presets]]\nname = 'a\x00'",
        "\x00",
    ],
)
def test_a_file_edited_into_nonsense_is_said_and_left_alone(
    presets: OwnPresets, tmp_path: Path, text: str
) -> None:
    file_of(tmp_path).write_text(text, encoding="utf-8")
    for call in (lambda: presets.of(PROFILE), lambda: presets.save(PROFILE, NIGHT)):
        with pytest.raises(UserFileError, match=rf"^{PROFILE}\.toml: "):
            call()
    assert file_of(tmp_path).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", ["", "x" * 10_000, "line\nbreak", "\x00"])
def test_a_bad_name_is_refused_before_anything_is_written(
    three: OwnPresets, tmp_path: Path, name: str
) -> None:
    before = file_of(tmp_path).read_bytes()
    bad = msgspec.structs.replace(NIGHT, name=name)
    calls: list[Callable[[], object]] = [
        lambda: three.save(PROFILE, bad),
        lambda: three.rename(PROFILE, "Night", name),
    ]
    for call in calls:
        with pytest.raises(UserFileError, match=rf"{PROFILE}\.toml: .*name"):
            call()
    assert file_of(tmp_path).read_bytes() == before


@pytest.mark.parametrize(
    "name", ["a/b", "../x", "<b>bold</b>", "😀", "猫", '"quoted"', "'", "a = 3 # b", "[[x]]"]
)
def test_odd_names_are_names(three: OwnPresets, name: str) -> None:
    three.save(PROFILE, msgspec.structs.replace(NIGHT, name=name))
    assert three.of(PROFILE)[-1].name == name
    three.delete(PROFILE, name)
    assert three.of(PROFILE) == THREE


def test_an_export_can_be_imported_elsewhere(three: OwnPresets, tmp_path: Path) -> None:
    other = OwnPresets(UserFolder(tmp_path / "other"))
    other.save(PROFILE, msgspec.structs.replace(NIGHT, year=1999))
    assert other.imported(PROFILE, three.exported(PROFILE)) == ("My portrait", "Night", "Square")
    assert other.of(PROFILE) == (NIGHT, PORTRAIT, SQUARE)


@pytest.mark.parametrize("text", ["", "x = 1", "[[presets]]\n", "no toml", "presets = []"])
def test_a_bad_import_changes_nothing(three: OwnPresets, text: str) -> None:
    with pytest.raises(UserFileError, match=r"^the imported file: "):
        three.imported(PROFILE, text)
    assert three.of(PROFILE) == THREE


def test_an_import_that_does_not_fit_changes_nothing(three: OwnPresets) -> None:
    many = "".join(f"[[presets]]\nname = 'n{number}'\n" for number in range(MOST))
    with pytest.raises(UserFileError, match=r"found a list of 203; allowed: a list of at most 200 times"):
        three.imported(PROFILE, many)
    assert three.of(PROFILE) == THREE


def test_two_who_save_at_once_lose_nothing(presets: OwnPresets) -> None:
    def save(start: int) -> None:
        for number in range(start, start + 8):
            presets.save(PROFILE, OwnPreset(name=f"n{number}"))

    threads = [threading.Thread(target=save, args=(start,)) for start in (0, 8, 16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(presets.of(PROFILE)) == 24
