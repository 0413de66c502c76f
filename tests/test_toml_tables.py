"""An array of tables in a TOML text: changed alone, with everything around it left as it was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from modelwise.toml_tables import edited

HEADER = "What this file is for."
BY_HAND = """\
# mine, by hand
title = 'mine'   # kept

[[things]]
name = "a"  # the first

# about the second
[[things]]
name = 'b'
size = { width = 1 } # small

# another kind
[[other]]
name = 'o'

[last]
x = 0x10
"""
SCATTERED = "[[things]]\nname = 'a'\n[[other]]\nname = 'o'\n[[things]]\nname = 'b'\n"
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def table(name: str) -> tomlkit.items.Table:
    made = tomlkit.table()
    made.add("name", name)
    return made


def adding(*names: str) -> Callable[[AoT], None]:
    def change(things: AoT) -> None:
        for name in names:
            things.append(table(name))

    return change


def nothing(things: AoT) -> None:
    """A change that changes nothing."""


def names(text: str) -> list[str]:
    return [thing["name"] for thing in tomlkit.parse(text).unwrap().get("things", [])]


def test_a_new_file_begins_with_its_header() -> None:
    text = edited("", "things", HEADER, adding("a"))
    assert text.startswith(f"# {HEADER}\n")
    assert names(text) == ["a"]


@pytest.mark.parametrize("blank", ["", "\n", "  \n\t\n"])
def test_a_blank_file_is_a_new_one(blank: str) -> None:
    assert edited(blank, "things", HEADER, adding("a")).count(HEADER) == 1


@pytest.mark.parametrize("text", ["# only mine\n", "x = 1\n", BY_HAND])
def test_the_header_is_for_a_new_file_alone(text: str) -> None:
    assert HEADER not in edited(text, "things", HEADER, adding("c"))


@pytest.mark.parametrize("text", ["# only mine\n", "x = 1  # kept\n", "[t]\nx = 1\n", "x = 1"])
def test_the_first_table_comes_behind_what_is_there(text: str) -> None:
    changed = edited(text, "things", HEADER, adding("a"))
    assert changed.startswith(text)
    assert names(changed) == ["a"]


@pytest.mark.parametrize("text", [BY_HAND, "# only mine\n", "[[things]]\nname = 'a'\r\n", "[[things]]\n"])
def test_no_change_gives_the_same_text(text: str) -> None:
    assert edited(text, "things", HEADER, nothing) == text


def test_what_was_written_by_hand_stays() -> None:
    def rename(things: AoT) -> None:
        things[1]["name"] = "second"

    assert edited(BY_HAND, "things", HEADER, rename) == BY_HAND.replace("'b'", '"second"')


def test_other_tables_and_comments_outlive_every_change() -> None:
    def shuffle(things: AoT) -> None:
        things.append(table("c"))
        things.insert(0, table("front"))
        things.pop(1)

    text = edited(BY_HAND, "things", HEADER, shuffle)
    assert names(text) == ["front", "b", "c"]
    for kept in ("# mine, by hand", "title = 'mine'   # kept", "[[other]]\nname = 'o'", "x = 0x10"):
        assert kept in text
    assert "size = { width = 1 } # small" in text


def test_scattered_tables_are_gathered_and_none_is_lost() -> None:
    text = edited(SCATTERED, "things", HEADER, adding("c"))
    assert names(text) == ["a", "b", "c"]
    assert tomlkit.parse(text)["other"].unwrap() == [{"name": "o"}]


@pytest.mark.parametrize(
    "text",
    ["[[things]]\nname = 'a'", "[[things]]\nname = 'a' # a comment", "[[things]]\nname = 'a'\n# the end"],
)
def test_a_last_line_without_an_end_is_not_written_into(text: str) -> None:
    changed = edited(text, "things", HEADER, adding("b"))
    assert changed.startswith(f"{text}\n")
    assert names(changed) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("things = []\n", []),
        ("things = [] # none yet\nx = 1\n", []),
        ("things = [{ name = 'a' }, { name = 'b' }]\nx = 1\n", ["a", "b"]),
        ("x = 1\nthings = [\n  { name = 'a' }, # first\n]\n[last]\ny = 1\n", ["a"]),
    ],
)
def test_a_list_in_one_value_becomes_tables(text: str, before: list[str]) -> None:
    changed = edited(text, "things", HEADER, adding("new"))
    assert names(changed) == [*before, "new"]
    others = [{**tomlkit.parse(each).unwrap(), "things": None} for each in (text, changed)]
    assert others[0] == others[1]


def test_what_stands_in_a_list_keeps_all_its_values() -> None:
    text = "things = [{ name = 'a', size = { width = 1, tall = true } }]\n"
    changed = edited(text, "things", HEADER, nothing)
    assert tomlkit.parse(changed).unwrap() == tomlkit.parse(text).unwrap()


def test_the_last_table_leaves_no_key_behind() -> None:
    """An empty list would have to stand before every table, and nobody has written one."""
    text = edited("# mine\n[[things]]\nname = 'a'\n", "things", HEADER, lambda things: things.pop())
    assert "things" not in text and "# mine" in text
    assert names(edited(text, "things", HEADER, adding("b"))) == ["b"]


def test_nothing_added_to_a_new_file_is_its_header() -> None:
    assert edited("", "things", HEADER, nothing) == f"# {HEADER}\n"


@pytest.mark.parametrize("text", ["nonsense", "x = 1\nx = 2", "[things", "\x00", "x = '"])
def test_what_is_no_toml_is_an_error(text: str) -> None:
    with pytest.raises(TOMLKitError):
        edited(text, "things", HEADER, nothing)


def test_the_errors_of_a_change_come_through() -> None:
    def refuse(things: AoT) -> None:
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        edited(BY_HAND, "things", HEADER, refuse)


@settings(max_examples=200)
@given(st.lists(NAMES, max_size=6), st.lists(NAMES, max_size=3))
def test_tables_come_back_in_their_order_whatever_their_text(first: list[str], more: list[str]) -> None:
    text = edited("", "things", HEADER, adding(*first))
    assert names(text) == first
    assert names(edited(text, "things", HEADER, adding(*more))) == first + more


@settings(max_examples=200)
@given(st.lists(NAMES, min_size=1, max_size=6), st.data())
def test_one_taken_out_leaves_the_others(all_names: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(all_names) - 1))
    text = edited(edited("", "things", HEADER, adding(*all_names)), "things", HEADER, lambda t: t.pop(place))
    assert names(text) == all_names[:place] + all_names[place + 1 :]
