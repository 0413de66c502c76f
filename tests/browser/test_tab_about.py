"""The tab's section About: what runs here, and the report."""

from __future__ import annotations

import getpass
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk


@pytest.mark.smoke
def test_what_runs_here(desk: Desk) -> None:
    section = desk.open_section("About")
    for title in ("Versions", "What the host has", "Loaded", "How long it took last"):
        expect(section.get_by_role("region", name=title)).to_be_visible()
    expect(section.get_by_role("region", name="Versions")).to_contain_text(re.compile(r"gradio\s*\d+\."))
    expect(section.get_by_role("region", name="How long it took last")).to_contain_text("profiles")
    expect(section.get_by_role("region", name="Log")).to_be_visible()


def test_the_report_is_copied_without_anything_private(desk: Desk) -> None:
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    section = desk.open_section("About")
    expect(section.get_by_role("region", name="Versions")).to_be_visible()
    section.get_by_role("button", name="Copy report").press("Enter")
    expect(section.get_by_role("status")).to_have_text("Copied: without folders, and without your name.")
    report = desk.page.evaluate("navigator.clipboard.readText()")
    assert report.startswith("## Versions\nModelwise: ")
    assert str(Path(__file__).parents[2]) not in report
    assert str(Path.home()) not in report
    assert not re.search(rf"\b{re.escape(getpass.getuser())}\b", report)
