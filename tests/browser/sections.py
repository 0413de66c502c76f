"""A section of the Modelwise tab as a user has it before them."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.desk import Desk

LAB = ("Animagine XL 3.1", "Anything V3.1")
"""The names of profiles to compare."""


def open_section(desk: Desk, title: str) -> Locator:
    """Go to a section; it is built by then."""
    desk.open_tab("Modelwise")
    desk.page.locator("#modelwise_sections > .tab-nav > button").get_by_text(title, exact=True).click()
    section = desk.page.locator(f"[data-section={title.lower()}]")
    expect(section.locator("> *").first).to_be_attached()
    return section


def text_of(lab: Locator, name: str) -> Locator:
    """A text box of the lab's: a textbox until it is focused, and a combobox from then on."""
    return lab.locator("textarea").and_(lab.get_by_label(name, exact=True))


def choose_profiles(lab: Locator, *names: str) -> None:
    """Choose profiles in the lab."""
    if not lab.get_by_label("Search: Profiles").is_visible():
        lab.locator(".modelwise-choice summary").click()
    for name in names:
        lab.get_by_label("Search: Profiles").fill(name)
        lab.locator(".modelwise-options li:visible input").first.check()
    lab.get_by_label("Search: Profiles").fill("")


def chips(column: Locator) -> list[str]:
    """A result's prompt, chip by chip, with their signs."""
    return column.locator(".modelwise-chips").first.locator(".modelwise-chip").all_inner_texts()


def column(lab: Locator, name: str) -> Locator:
    """The result of a profile."""
    return lab.locator(".modelwise-column").filter(has=lab.page.locator("h3", has_text=name))
