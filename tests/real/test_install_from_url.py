"""Installed, updated and removed the way users do it: on the Extensions page of the WebUI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real.conftest import FILES, Start
from tests.real.expected import MESSY, ORDERED_4
from tests.real.generating import KEY, OPT, generate
from tests.real.installing import ROOT, commit, git, make_repository
from tests.real.running import Place, RunningWebUI

pytestmark = pytest.mark.browser
OWN = FILES / "modelwise" / "profiles" / "mine.toml"


@pytest.fixture
def no_backups_left(where: Place) -> Iterator[None]:
    """The WebUI writes a backup of its state into the checkout before it updates extensions."""
    folder = where.checkout / "config_states"
    before = set(folder.glob("*.json"))
    yield
    for file in set(folder.glob("*.json")) - before:
        file.unlink()


def extensions_page(browser: Any, webui: RunningWebUI, tab: str) -> Any:
    """The Extensions page of a fresh page, opened at one of its tabs."""
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    page.goto(webui.address)
    page.wait_for_selector("#txt2img_generate", timeout=60_000)
    page.locator("#tabs > .tab-nav > button", has_text="Extensions").click()
    page.locator("#tabs_extensions > .tab-nav > button", has_text=tab).click()
    return page


def install(browser: Any, webui: RunningWebUI, url: str) -> str:
    """Install from a URL; what the page then says."""
    page = extensions_page(browser, webui, "Install from URL")
    page.get_by_label("URL for extension's git repository").fill(url)
    page.locator("#tabs_extensions").get_by_role("button", name="Install", exact=True).click()
    said = page.locator("#extension_install_result").first
    page.wait_for_function(
        "/Installed|Error/.test(document.querySelector('#extension_install_result').innerText)",
        timeout=60_000,
    )
    text = str(said.inner_text())
    page.close()
    return text


def update(browser: Any, webui: RunningWebUI) -> str:
    """Check for updates, apply them and wait until the WebUI has ended; what the check said."""
    page = extensions_page(browser, webui, "Installed")
    row = page.locator("#extensions tr", has_text="modelwise")
    row.wait_for()
    page.get_by_role("button", name="Check for updates").click()
    page.wait_for_function(
        "[...document.querySelectorAll('#extensions tr')].some(row => row.innerText.includes('modelwise')"
        " && /new commits|latest|behind/.test(row.innerText))",
        timeout=60_000,
    )
    text = str(row.inner_text())
    page.get_by_role("button", name="Apply and quit").click()
    webui.wait_for_end()
    page.close()
    return text


def works(webui: RunningWebUI) -> bool:
    """Whether we compile, and know the user's own profile."""
    choices = [{"profile": "my-own-model"}]
    record = generate(webui, choices, OPT, prompt=MESSY).first.record
    return bool(record["profile"] == "my-own-model" and record["prompt"] == MESSY)


def test_install_update_remove(browser: Any, start: Start, tmp_path: Path, no_backups_left: None) -> None:
    source = make_repository(tmp_path / "source" / "modelwise")
    data = tmp_path / "data"
    webui = start(data)
    said = install(browser, webui, f"file://{source}")
    installed = data / "extensions" / "modelwise"
    assert f"Installed into {installed}" in said
    assert "Error" not in webui.log()
    mine = data / "modelwise" / "profiles" / "mine.toml"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(OWN.read_bytes())
    webui.stop()

    webui.start()
    assert generate(webui, ["on"], OPT, prompt=MESSY).first.prompt == ORDERED_4
    assert works(webui)

    (source / "NEWS.txt").write_text("An update.\n", encoding="utf-8")
    commit(source, "An update")
    (installed / "README.md").write_text("changed by the user\n", encoding="utf-8")
    assert "new commits" in update(browser, webui)
    assert git(installed, "rev-parse", "HEAD") == git(source, "rev-parse", "HEAD")
    assert (installed / "NEWS.txt").exists()
    assert git(installed, "status", "--porcelain") == ""

    webui.start()
    assert works(webui)
    assert mine.read_bytes() == OWN.read_bytes()
    webui.stop()

    for file in sorted(installed.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() and not file.is_symlink() else file.unlink()
    installed.rmdir()
    webui.start()
    names = [script["name"] for script in webui.get("/sdapi/v1/script-info")]
    assert KEY.lower() not in names
    assert generate(webui, None, OPT, prompt=MESSY).first.prompt == MESSY
    assert "Traceback" not in webui.log()
    assert mine.read_bytes() == OWN.read_bytes()
    assert (ROOT / "install.py").exists()
