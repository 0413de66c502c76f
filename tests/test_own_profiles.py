"""The user's own profiles as files: what is written, what is refused, and that nothing is lost."""

from __future__ import annotations

import threading
import tracemalloc
from pathlib import Path

import pytest

from modelwise.own_profiles import (
    FileTakenError,
    InvalidProfileError,
    NoSuchProfileFileError,
    OwnProfiles,
    draft,
)
from modelwise.profile_files import BUNDLED, load_profiles
from modelwise.user_files import ChangedMeanwhileError, UserFileError, UserFolder
from tests.support.profiles import child, minimal, profile, write

PARENT = "animagine-xl-4.0"
MINE = """\
# Mine, with a comment   and odd   spaces.
schema = 1
id = 'mine'      # the id
version = 1
name = "Mine"
extends = "animagine-xl-4.0"
"""


@pytest.fixture
def own(tmp_path: Path) -> OwnProfiles:
    return OwnProfiles(UserFolder(tmp_path / "profiles"))


def on_disk(tmp_path: Path, name: str = "mine.toml") -> str:
    return (tmp_path / "profiles" / name).read_bytes().decode()


def test_a_profile_is_written_as_it_is_and_loads(own: OwnProfiles, tmp_path: Path) -> None:
    assert own.names() == ()
    made = own.create(MINE)
    assert (made.file, made.text, on_disk(tmp_path)) == ("mine.toml", MINE, MINE)
    assert own.names() == ("mine.toml",)
    loaded = load_profiles([BUNDLED, tmp_path / "profiles"])
    assert loaded.profiles["mine"].settings.sizes.sizes == profile(PARENT).settings.sizes.sizes  # type: ignore[union-attr]
    assert loaded.files["mine"] == tmp_path / "profiles" / "mine.toml"


def test_an_edit_keeps_every_other_character(own: OwnProfiles, tmp_path: Path) -> None:
    made = own.create(MINE)
    text = MINE.replace("version = 1", "version = 2")
    saved = own.replace("mine.toml", text, made.version)
    assert on_disk(tmp_path) == text == saved.text == own.read("mine.toml").text
    assert saved.version not in (made.version, "") and own.read("mine.toml") == saved
    assert on_disk(tmp_path, "mine.toml.bak") == MINE


def test_line_ends_of_a_file_from_windows_stay(own: OwnProfiles, tmp_path: Path) -> None:
    write(tmp_path / "profiles", "mine.toml", "")
    (tmp_path / "profiles" / "mine.toml").write_bytes(MINE.replace("\n", "\r\n").encode())
    seen = own.read("mine.toml")
    own.replace("mine.toml", MINE.replace("version = 1", "version = 2"), seen.version)
    assert on_disk(tmp_path) == MINE.replace("version = 1", "version = 2").replace("\n", "\r\n")


def test_who_comes_second_is_told_and_nothing_is_lost(own: OwnProfiles, tmp_path: Path) -> None:
    seen = own.create(MINE)
    first = own.replace("mine.toml", MINE + "# the first\n", seen.version)
    with pytest.raises(ChangedMeanwhileError, match="changed it meanwhile, and nothing was written"):
        own.replace("mine.toml", MINE + "# the second\n", seen.version)
    with pytest.raises(ChangedMeanwhileError):
        own.delete("mine.toml", seen.version)
    assert on_disk(tmp_path) == MINE + "# the first\n"
    own.replace("mine.toml", MINE + "# the second\n", first.version)
    assert on_disk(tmp_path) == MINE + "# the second\n"


def test_what_is_deleted_can_be_brought_back(own: OwnProfiles, tmp_path: Path) -> None:
    seen = own.create(MINE)
    own.delete("mine.toml", seen.version)
    assert own.names() == ()
    with pytest.raises(NoSuchProfileFileError):
        own.read("mine.toml")
    assert own.restore("mine.toml", seen.version) == seen
    assert on_disk(tmp_path) == MINE


def test_a_file_that_is_no_profile_can_be_read_deleted_and_brought_back(
    own: OwnProfiles, tmp_path: Path
) -> None:
    write(tmp_path / "profiles", "broken file.toml", "id = ")
    seen = own.read("broken file.toml")
    own.delete("broken file.toml", seen.version)
    assert own.restore("broken file.toml", seen.version).text == "id = "


def test_nothing_is_brought_back_over_something_new(own: OwnProfiles) -> None:
    seen = own.create(MINE)
    own.delete("mine.toml", seen.version)
    with pytest.raises(NoSuchProfileFileError):
        own.restore("mine.toml", "another version")
    own.create(MINE + "# new\n")
    with pytest.raises(FileTakenError):
        own.restore("mine.toml", seen.version)
    assert own.read("mine.toml").text == MINE + "# new\n"


@pytest.mark.parametrize(
    ("text", "key", "line", "said"),
    [
        ("id = ", "", 1, "valid TOML"),
        (MINE + "x = [\n", "", 8, "valid TOML"),
        (MINE + "\n[settings]\nsteps = 3\n", "settings.steps", 9, "a table with"),
        (MINE.replace("version = 1", "version = 0"), "version", 4, "a whole number over 0"),
        (MINE.replace(PARENT, "nobody"), "extends", 6, "the id of a profile"),
        (MINE.replace("'mine'", f"'{PARENT}'"), "id", 3, "an id that no other profile has"),
        (MINE.replace("'mine'", "'../mine'"), "id", 3, "of the form"),
        (minimal("mine", "[order]\nbasis = 'stated'\nsource = 'nowhere'\nslots = ['general']\n"), "order.source", 10, "card"),
        (MINE + "[[limits]]\nbasis = 'stated'\nsource = 'card'\nwhen = 'note'\ntext = ''\n", "limits[0].text", 11, "not empty"),
        ("", "id", 1, "a text that no other profile has"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(
    own: OwnProfiles, tmp_path: Path, text: str, key: str, line: int, said: str
) -> None:
    found = own.check(text)
    assert [(each.key, each.line) for each in found.problems] == [(key, line)]
    assert said in found.problems[0].allowed
    assert found.profile is None
    with pytest.raises(InvalidProfileError, match=f"line {line}: "):
        own.create(text)
    assert not (tmp_path / "profiles").exists()


def test_an_edit_that_is_no_profile_changes_nothing(own: OwnProfiles, tmp_path: Path) -> None:
    seen = own.create(MINE)
    with pytest.raises(InvalidProfileError):
        own.replace("mine.toml", MINE + "colour = 'red'\n", seen.version)
    assert on_disk(tmp_path) == MINE


def test_others_that_would_not_load_are_named(own: OwnProfiles) -> None:
    own.create(MINE)
    own.create(child("grandchild", "mine"))
    found = own.check(MINE.replace("'mine'", "'other'"), "mine.toml")
    assert found.problems == () and found.profile is not None
    assert [(each.file, each.key) for each in found.others] == [("grandchild.toml", "extends")]
    assert own.check(MINE, "mine.toml").others == ()


def test_what_was_wrong_before_is_not_this_texts_doing(own: OwnProfiles, tmp_path: Path) -> None:
    write(tmp_path / "profiles", "bad.toml", "id = 3")
    assert own.check(MINE).others == ()


HOSTILE = {
    "10 MB": "# " + "x" * 10_000_000,
    "a long text": MINE + f"text = '{'x' * 1_000_000}'\n",
    "deep lists": MINE + "x = " + "[" * 100_000,
    "deep tables": MINE + "x = " + "{a = " * 50_000,
    "deep headers": MINE + "[" + ".".join("a" * 60_000) + "]\n",
    "a deep key": MINE + ".".join("a" * 60_000) + " = 1\n",
    "a huge integer": MINE.replace("version = 1", f"version = {'9' * 100_000}"),
    "a huge hexadecimal": MINE.replace("version = 1", f"version = 0x{'f' * 100_000}"),
    "infinite": MINE + "[settings.steps]\nbasis = 'stated'\nsource = 'card'\nvalue = inf\n",
    "control characters": MINE + "x = '\0'\n",
    "many tables": MINE + "[[x]]\n" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_refused_with_a_word(own: OwnProfiles, text: str) -> None:
    found = own.check(text)
    assert len(found.problems) == 1 and found.profile is None
    assert found.problems[0].allowed
    assert len(str(found.problems[0])) < 2000
    with pytest.raises(InvalidProfileError):
        own.create(text)


def test_a_large_text_is_not_even_read(own: OwnProfiles) -> None:
    text = HOSTILE["10 MB"]
    tracemalloc.start()
    found = own.check(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert str(found.problems[0]) == "line 1: found a text of over 1 MB; allowed: at most 1 MB"
    assert peak < 3 * len(text)


@pytest.mark.parametrize(
    "name", ["../x.toml", "/etc/passwd", "", ".", "mine", "a/b.toml", "..\\x.toml", "x" * 300, "\0"]
)
def test_a_name_never_leads_out_of_the_folder(own: OwnProfiles, tmp_path: Path, name: str) -> None:
    write(tmp_path, "x.toml", MINE)
    for act in (
        lambda: own.read(name),
        lambda: own.replace(name, MINE, ""),
        lambda: own.delete(name, ""),
        lambda: own.restore(name, ""),
    ):
        with pytest.raises(UserFileError):
            act()
    assert (tmp_path / "x.toml").read_text() == MINE


@pytest.mark.parametrize("name", ["con", "aux", "nul.2", "com1", "lpt9.x"])
def test_a_name_that_is_a_device_on_windows_is_refused(own: OwnProfiles, name: str) -> None:
    with pytest.raises(UserFileError):
        own.create(MINE.replace("'mine'", f"'{name}'"))


@pytest.mark.parametrize("name", ["mine\n", "x" * 81])
def test_an_id_that_makes_no_file_name_is_refused(own: OwnProfiles, name: str) -> None:
    with pytest.raises(InvalidProfileError, match="at most 80"):
        own.create(MINE.replace("'mine'", f'"""{name}"""'))


def test_a_link_is_not_followed(own: OwnProfiles, tmp_path: Path) -> None:
    write(tmp_path, "elsewhere.toml", MINE)
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.toml").symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(UserFileError):
        own.read("mine.toml")
    with pytest.raises(UserFileError):
        own.delete("mine.toml", "")
    assert (tmp_path / "elsewhere.toml").exists()


def test_a_file_of_the_same_name_is_not_overwritten(own: OwnProfiles, tmp_path: Path) -> None:
    write(tmp_path / "profiles", "mine.toml", "id = 3")
    with pytest.raises(FileTakenError):
        own.create(MINE)
    assert on_disk(tmp_path) == "id = 3"


def test_of_two_that_create_at_once_one_wins(own: OwnProfiles) -> None:
    errors: list[Exception] = []

    def make(number: int) -> None:
        try:
            own.create(MINE + f"# {number}\n")
        except UserFileError as error:
            errors.append(error)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 3


@pytest.mark.parametrize("kind", ["copy", "child"])
@pytest.mark.parametrize("file", sorted(BUNDLED.glob("*.toml")), ids=lambda file: file.stem)
def test_every_profile_can_be_copied_and_extended(own: OwnProfiles, file: Path, kind: str) -> None:
    source = profile(file.stem)
    text = draft(source, file.read_text(encoding="utf-8"), kind, frozenset({file.stem, f"{file.stem}-mine"}))  # type: ignore[arg-type]
    found = own.check(text)
    assert found.problems == () and found.profile is not None
    assert found.profile.id == f"{file.stem}-mine-2"
    assert found.profile.name == f"{source.name} (mine)"
    assert found.profile.match == type(source.match)()
    assert found.profile.settings.sizes == source.settings.sizes or kind == "child"
    if kind == "copy":
        comments = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
        assert set(comments[1:3]).issubset(text.splitlines())
