"""The line of a key: every way in which TOML can write one."""

from __future__ import annotations

import sys

import pytest

from modelwise.profile_files import BUNDLED
from modelwise.toml_places import line_in_message, line_of, lines_of, long_key

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TEXT = '''# a comment with = and [brackets]
id = "one # no comment = [x]"
"quoted key" = 1.5
a.b.c = 2
list = [
    "x", # one
    "y",
    { tag = "z", low = true },
]
text = """
[not.a.table]
key = "inside"
"""
date = 1979-05-27T07:32:00Z
literal = '\\'
[table.inner] # why
key = [[1, 2], [3]]
[[several]]
name = "first"
[[several]]
name = "second"
[several.sub]
deep = { one = { two = 3 } }
[[several.more]]
last = 0
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("id", 2),
        ("quoted key", 3),
        ("a.b.c", 4),
        ("a.b", 4),
        ("list", 5),
        ("list[0]", 6),
        ("list[1]", 7),
        ("list[2].low", 8),
        ("text", 10),
        ("date", 14),
        ("literal", 15),
        ("table.inner", 16),
        ("table.inner.key[1][0]", 17),
        ("several[0].name", 19),
        ("several[1]", 20),
        ("several[1].name", 21),
        ("several[1].sub.deep.one.two", 23),
        ("several[1].more[0].last", 25),
        ("several[1].more[0].missing", 24),
        ("table.missing.too", 16),
        ("missing", 1),
        ("", 1),
    ],
)
def test_where_a_key_stands(path: str, line: int) -> None:
    assert line_of(path, TEXT) == line


def paths(value: object, path: str = "") -> list[str]:
    """Every path of a document as it was read."""
    if isinstance(value, dict):
        steps = [(f"{path}.{key}" if path else key, entry) for key, entry in value.items()]
    elif isinstance(value, list):
        steps = [(f"{path}[{at}]", entry) for at, entry in enumerate(value)]
    else:
        return []
    return [name for step, entry in steps for name in (step, *paths(entry, step))]


@pytest.mark.parametrize("file", sorted(BUNDLED.glob("*.toml")), ids=lambda file: file.stem)
def test_every_key_of_a_profile_has_its_line(file: object) -> None:
    text = file.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    places = lines_of(text)
    assert sorted(places) == sorted(set(paths(tomllib.loads(text))))
    lines = text.split("\n")
    for path, line in places.items():
        key = path.rpartition(".")[2].partition("[")[0]
        assert key in lines[line - 1] or path.endswith("]"), path


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = \n", 2), ("a = 1\n\n= 3", 3), ('a = 1\nb = """x\n', 3), ("a = [\n", 2)]
)
def test_the_line_of_what_is_no_toml(text: str, line: int) -> None:
    with pytest.raises(ValueError) as wrong:  # noqa: PT011 (its message is what is tested)
        tomllib.loads(text)
    assert line_in_message(str(wrong.value), text) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (".".join("a" * 32) + " = 1", None),
        ("x = 1\n" + ".".join("a" * 33) + " = 1", 2),
        ("[" + " . ".join(["'a'"] * 33) + "]", 1),
        ("x = { " + ".".join("a" * 33) + " = 1 }", 1),
        ("x = '" + "a." * 100 + "' # " + "a." * 100, None),
        ('x = """\n' + "a." * 100 + '\n"""', None),
        ("x = [" + "1.5, " * 100 + "]", None),
    ],
)
def test_a_key_of_too_many_steps(text: str, line: int | None) -> None:
    assert long_key(text) == line


@pytest.mark.parametrize("text", ["a = [", "[", "[[", "a", "a = {", '"', "[" * 5_000, "a=" + "[" * 50_000])
def test_a_text_that_ends_too_early_or_is_too_deep(text: str) -> None:
    assert all(line >= 1 for line in lines_of(text).values())
