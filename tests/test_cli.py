"""The commands for people: readable output, files, wrong calls, and terminals of every kind."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from modelwise import __version__
from modelwise.profile_files import BUNDLED
from tests.support.checking import bundled
from tests.support.commands import PLAIN, WINDOWS, called, in_terminal
from tests.support.hosts import checkpoint_file

OPT = "animagine-xl-4.0-opt"
MADE = "1girl, smile, masterpiece, high score, great score, absurdres"
FOREIGN_TEXT = "smile, 初音ミク, café 🎉"
machines = pytest.mark.parametrize("machine", [{}, PLAIN, WINDOWS], ids=["utf-8", "C locale", "windows"])


def test_readable_output() -> None:
    done = called("compile", "smile, 1girl", "--profile", OPT, "--negative", "blurry")
    lines = done.output.splitlines()
    assert lines[0] == f"Prompt:   {MADE}"
    assert lines[1].startswith("Negative: lowres, bad anatomy") and lines[1].endswith("blurry")
    assert lines[2].startswith("Summary:  +4 tags · ")
    assert "832x1216, CFG 5, 28 steps, Euler a" in lines[2]
    assert any(line.startswith("  + masterpiece [quality] (prompt): ") for line in lines)
    assert (done.code, done.errors) == (0, "")
    assert "\x1b" not in done.output, "no terminal, no colour"


@pytest.mark.skipif(os.name == "nt", reason="needs a terminal of Unix's kind")
def test_colour_in_a_terminal_and_none_where_it_is_not_wanted() -> None:
    command = ["compile", "smile, 1girl", "--profile", OPT]
    coloured, plain = in_terminal(*command), in_terminal(*command, NO_COLOR="1")
    assert "\x1b[32m+ masterpiece\x1b[0m" in coloured
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_compile_json_is_the_answer_of_the_batch_interface() -> None:
    answer = called("compile", "smile, 1girl", "--profile", OPT, "--json").json()
    assert list(answer) == ["prompt", "negative", "settings", "report"]
    assert answer["prompt"] == MADE


@pytest.mark.parametrize(
    ("options", "prompt"),
    [
        (["--no-order"], "smile, 1girl, masterpiece, high score, great score, absurdres"),
        (["--no-quality"], "1girl, smile"),
        (["--rating", "explicit", "--year", "2010"], MADE.replace("smile", "explicit, year 2010, smile")),
        (["--no-negative", "--no-settings", "--no-spelling", "--no-quality", "--no-order"], "smile, 1girl"),
    ],
)
def test_options_of_compile(options: list[str], prompt: str) -> None:
    answer = called("compile", "smile, 1girl", "--profile", OPT, "--json", *options).json()
    assert answer["prompt"] == prompt
    assert (answer["negative"] == "") == ("--no-negative" in options)
    assert (answer["settings"] == {}) == ("--no-settings" in options)


def test_levels_and_aesthetic_of_compile() -> None:
    options = ["--profile", "animagine-xl-3.1", "--json"]
    light = called("compile", "1girl", *options, "--quality", "light").json()["prompt"]
    heavy = called("compile", "1girl", *options, "--quality", "heavy").json()["prompt"]
    assert light.startswith("(masterpiece), best quality") and light != heavy
    high = called("compile", "1girl", "--no-quality", "--aesthetic", "high", *options)
    assert high.code == 0


@machines
@pytest.mark.parametrize("command", ["compile", "format"])
def test_standard_input_is_utf_8_everywhere(machine: dict[str, str], command: str) -> None:
    done = called(command, "--json", given=FOREIGN_TEXT, **machine)
    assert done.json()["prompt"] == FOREIGN_TEXT


@machines
def test_readable_output_is_utf_8_everywhere(machine: dict[str, str]) -> None:
    done = called("compile", given=FOREIGN_TEXT, **machine)
    assert done.output.splitlines()[0] == f"Prompt:   {FOREIGN_TEXT}"


@pytest.mark.skipif(os.name == "nt", reason="arguments are Unicode there")
@pytest.mark.parametrize("machine", [{}, PLAIN], ids=["utf-8", "C locale"])
def test_arguments_are_utf_8_everywhere(machine: dict[str, str]) -> None:
    done = called("compile", FOREIGN_TEXT, "--negative", "café", "--json", **machine)
    assert (done.json()["prompt"], done.json()["negative"]) == (FOREIGN_TEXT, "café")


@pytest.mark.parametrize(
    ("given", "output"),
    [
        ("smile, 1girl\n", "1girl, smile\n"),
        ("smile, 1girl", "1girl, smile\n"),
        (
            "smile, 1girl\nhat, 1boy # a note, smile\n\nsky",
            "1girl, smile\n1boy, hat # a note, smile\n\nsky\n",
        ),
        ("\ufeffsmile, 1girl\n", "1girl, smile\n"),
        ("smile, 1girl\r\nhat\r\n", "1girl, smile\r\nhat\n"),
        ("", "\n"),
    ],
    ids=["end", "no end", "lines and comments", "byte order mark", "carriage returns", "empty"],
)
def test_format_keeps_lines_and_comments_and_adds_nothing(given: str, output: str) -> None:
    done = called("format", "--profile", OPT, given=given)
    assert (done.output, done.code) == (output, 0)


def test_vocabulary_of_several_files(tmp_path: Path) -> None:
    for name, tag in (("one.csv", "zz_one"), ("two.csv", "zz_two")):
        (tmp_path / name).write_text(f"{tag},4,1\nnonsense\n", encoding="utf-8")
    options = ["--vocabulary", str(tmp_path / "one.csv"), "--vocabulary", str(tmp_path / "two.csv")]
    done = called("format", "smile, zz_two, zz_one, 1girl", "--profile", OPT, *options)
    assert done.output == "1girl, zz two, zz one, smile\n"
    assert "one.csv: line 2: found 'nonsense'; allowed: name,type,count" in done.errors
    assert "two.csv: 1 lines with problems" in done.errors


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["compile", "a", "--profile", "pony"],
        ["compile", "a", "--quality", "best"],
        ["compile", "a", "--year", "soon"],
        ["compile", "a", "--rating", "r18"],
        ["compile", "a", "--vocabulary", "no/such/file.csv"],
        ["compile", "a", "b"],
        ["format", "a", "--profile", "pony"],
        ["format", "a", "--vocabulary", "."],
        ["detect"],
        ["validate"],
        ["profiles", "--colour"],
    ],
    ids=" ".join,
)
def test_wrong_call_says_why_and_ends_with_2(arguments: list[str]) -> None:
    done = called(*arguments)
    assert (done.code, done.output) == (2, "")
    assert done.errors.strip()


def test_unknown_profile_lists_the_known_ones() -> None:
    errors = called("compile", "a", "--profile", "pony").errors
    assert "found 'pony'" in errors and all(name in errors for name in bundled())


@pytest.mark.parametrize(
    "arguments", [["--help"], ["compile", "--help"], ["validate", "--help"]], ids=" ".join
)
def test_help(arguments: list[str]) -> None:
    done = called(*arguments)
    assert done.code == 0 and done.output.startswith("usage: modelwise")


def test_version() -> None:
    assert called("--version").output == f"{__version__}\n"


def test_detect(tmp_path: Path) -> None:
    known, strange = tmp_path / f"{OPT}.ckpt", checkpoint_file(tmp_path, "sdxl").file
    known.touch()
    done = called("detect", "--json", known, strange, tmp_path / "gone.safetensors")
    rows = done.json()
    assert done.code == 0
    keys = ["file", "profile", "family", "architecture", "rule", "reason"]
    assert [list(row) for row in rows] == [keys] * 3
    assert [row["file"] for row in rows] == [str(known), str(strange), str(tmp_path / "gone.safetensors")]
    assert [row["profile"] for row in rows] == [OPT, "generic-sdxl", "generic"]
    assert [row["family"] for row in rows] == ["animagine-xl-4", None, None]
    assert rows[0]["rule"] == "name" and all(row["reason"] for row in rows)
    plain = called("detect", known, strange).output.splitlines()
    assert plain[0] == f"{known}: {OPT} (by name): {rows[0]['reason']}"
    assert len(plain) == 2


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
@pytest.mark.parametrize("machine", [{}, PLAIN], ids=["utf-8", "C locale"])
def test_detect_with_a_name_in_unicode(tmp_path: Path, machine: dict[str, str]) -> None:
    file = checkpoint_file(tmp_path, "sd1", "café 初音")
    (row,) = called("detect", "--json", file.file, **machine).json()
    assert (row["file"], row["profile"]) == (str(file.file), "generic-sd1")


@pytest.mark.parametrize(("name", "filled"), [(OPT, True), (f"{OPT}-lightning", False)])
def test_compile_for_a_checkpoint(name: str, filled: bool) -> None:
    answer = called("compile", "smile, 1girl", "--checkpoint", f"{name}.ckpt", "--json").json()
    assert answer["prompt"] == MADE
    assert bool(answer["settings"]) == filled


def test_profiles() -> None:
    done = called("profiles", "--json")
    rows = done.json()
    assert isinstance(rows, list) and done.code == 0
    assert {row["id"] for row in rows} == set(bundled())
    assert all(row["name"] == bundled()[row["id"]].name for row in rows)
    lines = called("profiles").output.splitlines()
    assert len(lines) == len(rows)
    assert any(
        re.fullmatch(rf"{re.escape(OPT)} +Animagine XL 4\.0 Opt \(version \d+\)", line) for line in lines
    )


def test_own_profiles(tmp_path: Path) -> None:
    text = (
        f'schema = 1\nid = "mine"\nversion = 1\nname = "Mine"\nfamily = "animagine-xl-4"\nextends = "{OPT}"\n'
    )
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    assert (
        called("--profiles", tmp_path, "format", "smile, 1girl", "--profile", "mine").output
        == "1girl, smile\n"
    )
    (tmp_path / "bad.toml").write_text("id = 3\n", encoding="utf-8")
    done = called("--profiles", tmp_path, "profiles", "--json")
    assert done.code == 1 and "mine" in {row["id"] for row in done.json()}
    assert done.errors.count("bad.toml: id: found 3; allowed: ") == 1


def test_validate_of_good_files() -> None:
    files = sorted(BUNDLED.glob("*.toml"))
    done = called("validate", *files)
    assert (done.code, done.output, done.errors) == (0, f"{len(files)} valid\n", "")
    assert called("validate", "--json", *files).json() == []


def test_validate_of_bad_files(tmp_path: Path) -> None:
    text = (BUNDLED / f"{OPT}.toml").read_text(encoding="utf-8")
    changed = text.replace(f'id = "{OPT}"', 'id = "mine"').replace("schema = 1", "schema = 9")
    (tmp_path / "mine.toml").write_text(changed, encoding="utf-8")
    (tmp_path / "broken.toml").write_text("id = \n", encoding="utf-8")
    shutil.copy(BUNDLED / "generic.toml", tmp_path / "copy.toml")
    names = ["mine.toml", "broken.toml", "copy.toml", "missing.toml"]
    done = called("validate", *(tmp_path / name for name in names), BUNDLED / "generic.toml")
    assert done.code == 1
    lines = done.output.splitlines()
    assert [line.split(":")[0] for line in lines] == names
    assert all("found " in line and "; allowed: " in line for line in lines)
    assert "schema: found 9" in lines[0]
    rows = called("validate", "--json", *(tmp_path / name for name in names)).json()
    assert [row["file"] for row in rows] == names
    assert [list(row) for row in rows] == [["file", "key", "found", "allowed"]] * 4


@pytest.mark.parametrize("name", ["", "notes.txt", "gone.txt", "gone"])
def test_validate_never_calls_valid_what_it_has_not_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.toml").write_text("id = \n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("id = \n", encoding="utf-8")
    done = called("validate", tmp_path / name if name else tmp_path)
    assert done.code == 1
    assert "found" in done.output and "valid\n" not in done.output.replace("allowed: valid", "")


def test_explain_says_of_each_item_its_slot_and_why() -> None:
    command = ["explain", "smile, long_hair, 1girl", "--profile", OPT]
    done = called(*command)
    assert "\n~ long hair [general] (you wrote long_hair)\n" in done.output
    assert "    why: general by the lists (general.txt)\n" in done.output
    assert "\n+ masterpiece [quality]\n" in done.output
    assert "\nNegative\n+ lowres\n" in done.output
    first = called(*command, "--json").json()["prompt"][0]
    assert (first["text"], first["slot"], first["changes"]) == ("1girl", "subject", ["moved"])
