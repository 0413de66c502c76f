"""The user's own presets in the panel: kept, renamed, moved, deleted and brought back, exchanged as TOML."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OPT, NewDesk
from tests.browser.desk import Desk, pick

OWN = (
    "() => [...document.querySelectorAll('#modelwise_txt2img button.modelwise-own')].map(b => b.dataset.name)"
)
ODD = "Mine/../<b>bold</b> 🌸"
TOML = """
[[presets]]
name = "From a friend"
rating = "general"
settings = { width = 1024, height = 1024, steps = 30 }
"""


def expect_own(desk: Desk, names: list[str]) -> None:
    desk.page.wait_for_function(f"names => JSON.stringify(({OWN})()) === JSON.stringify(names)", arg=names)


def expect_message(desk: Desk, text: str) -> None:
    expect(desk.panel_part("message")).to_contain_text(text)


def press(desk: Desk, name: str) -> None:
    desk.panel_part(f"preset_{name}").click()


def write(desk: Desk, part: str, text: str) -> None:
    desk.panel_part(f"preset_{part}").locator("textarea, input").fill(text)


def save(desk: Desk, name: str) -> None:
    write(desk, "name", name)
    press(desk, "save")
    expect_message(desk, f"Saved: {name}")


def choose(desk: Desk, name: str) -> None:
    pick(desk.panel_part("preset_chosen"), name)


@pytest.fixture
def mine(desk: Desk) -> Iterator[Desk]:
    """The panel with its presets open; those that a test has left are deleted at the end."""
    desk.open_panel()
    desk.open_part("presets")
    yield desk
    desk.open()
    desk.choose_checkpoint(OPT)
    desk.open_panel()
    desk.open_part("presets")
    left = desk.page.evaluate(OWN)
    for count, name in enumerate(left, 1):
        choose(desk, name)
        press(desk, "delete")
        expect_own(desk, left[count:])


def test_what_stands_in_the_fields_becomes_a_button(mine: Desk) -> None:
    mine.number("width", 640)
    mine.set_panel(rating="general", year="2007")
    save(mine, "Posters")
    expect_own(mine, ["Posters"])
    mine.open()
    mine.open_panel()
    mine.action("preset", "Posters").click()
    expect(mine.field("width")).to_have_value("640")
    expect(mine.panel_part("year").locator("input")).to_have_value("2007")
    assert mine.panel()["rating"] == "general"


def test_a_name_may_be_anything(mine: Desk) -> None:
    save(mine, ODD)
    expect_own(mine, [ODD])
    expect(mine.page.locator("#modelwise_txt2img button.modelwise-own b")).to_have_count(0)
    mine.page.locator("#modelwise_txt2img button.modelwise-own").first.click()
    expect_message(mine, f"Filled: {ODD}")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "presets[0].name: found ''"),
        ("x" * 10_000, "of at most 80 characters"),
        ("Card defaults", "a preset of the card"),
    ],
    ids=["empty", "10,000 characters", "the card's"],
)
def test_a_name_that_can_not_be_is_explained(mine: Desk, name: str, said: str) -> None:
    write(mine, "name", name)
    press(mine, "save")
    expect(mine.panel_part("message").locator(".modelwise-attention")).to_contain_text(said)
    expect_own(mine, [])


def test_renamed_moved_deleted_and_brought_back(mine: Desk) -> None:
    for name in ("One", "Two", "Three"):
        save(mine, name)
    expect_own(mine, ["One", "Two", "Three"])
    choose(mine, "Three")
    press(mine, "earlier")
    expect_own(mine, ["One", "Three", "Two"])
    press(mine, "later")
    expect_own(mine, ["One", "Two", "Three"])
    choose(mine, "One")
    write(mine, "name", "First")
    press(mine, "rename")
    expect_own(mine, ["First", "Two", "Three"])
    choose(mine, "Two")
    press(mine, "delete")
    expect_own(mine, ["First", "Three"])
    mine.action("undo").click()
    expect_own(mine, ["First", "Two", "Three"])


def test_exported_and_imported(mine: Desk) -> None:
    save(mine, "Mine")
    press(mine, "export")
    expect(mine.panel_part("preset_toml").locator("textarea")).to_have_value(re.compile(r"name = \"Mine\""))
    write(mine, "toml", TOML)
    press(mine, "import")
    expect_own(mine, ["Mine", "From a friend"])
    mine.action("preset", "From a friend").click()
    expect(mine.field("steps")).to_have_value("30")


def test_what_can_not_be_imported_is_explained_and_changes_nothing(mine: Desk) -> None:
    save(mine, "Mine")
    for text, said in (
        ("[[presets]\nname", "allowed: valid TOML"),
        ('[[presets]]\nname = "A"\nsteps = 3', "presets[0].steps: found an unknown key"),
    ):
        write(mine, "toml", text)
        press(mine, "import")
        expect(mine.panel_part("message").locator(".modelwise-attention")).to_contain_text(said)
        expect_own(mine, ["Mine"])


def test_two_pages_lose_nothing_of_each_other(mine: Desk, new_desk: NewDesk) -> None:
    other = new_desk()
    other.open_panel()
    other.open_part("presets")
    save(mine, "Of the first")
    save(other, "Of the second")
    expect_own(other, ["Of the first", "Of the second"])
    save(mine, "Of the first again")
    expect_own(mine, ["Of the first", "Of the second", "Of the first again"])


def test_they_belong_to_one_model(mine: Desk) -> None:
    save(mine, "Mine")
    mine.choose_checkpoint("animagine-xl-3.1")
    expect_own(mine, [])
    mine.choose_checkpoint(OPT)
    expect_own(mine, ["Mine"])
