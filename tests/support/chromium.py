"""Finds and starts the browser: the one that MODELWISE_BROWSER names, or this machine's, or Playwright's own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--disable-sync"),
)


class NoBrowser(Exception):
    """The message says where one was looked for."""


@contextmanager
def running() -> Iterator[Browser]:
    """A browser without a window.

    Raises NoBrowser.
    """
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable(driver), args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def executable(driver: Playwright) -> str:
    """Where the browser is; what MODELWISE_BROWSER names must exist."""
    named = os.environ.get("MODELWISE_BROWSER")
    if named:
        if found := shutil.which(named):
            return found
        raise NoBrowser(f"needs a browser: MODELWISE_BROWSER names {named}, which is no program")
    own = driver.chromium.executable_path
    found = next(filter(None, map(shutil.which, _NAMES)), own if Path(own).is_file() else None)
    if found is None:
        raise NoBrowser(
            f"needs a browser: none of {', '.join(_NAMES)} is on the path, and Playwright has none of its own"
            " (MODELWISE_BROWSER names another)"
        )
    return found
