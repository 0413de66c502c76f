"""Where the host has fields for each kind of model at the top, its own writing into them counts as nobody's choice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.real.desk import Desk
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4

pytestmark = pytest.mark.browser
BOX = "#forge_ui_preset"


@pytest.fixture
def kinds(desk: Desk) -> Iterator[Desk]:
    if desk.page.locator(BOX).count() == 0:
        pytest.skip("this host has no such box")
    yield desk
    choose(desk, "sd")


def choose(desk: Desk, kind: str) -> None:
    """Click a kind, and wait until the host has written its fields."""
    desk.page.click(f"{BOX} label:has(input[value={kind}])")
    desk.page.wait_for_timeout(2000)


@pytest.mark.parametrize(("kind", "cfg_scale"), [("xl", "5"), ("flux", "1"), ("all", "7")])
def test_a_kind_is_no_touch(kinds: Desk, kind: str, cfg_scale: str) -> None:
    choose(kinds, kind)
    assert kinds.fields()["cfg_scale"] == cfg_scale
    assert kinds.touched() == set()
    kinds.write("prompt", MESSY)
    assert "832x1216, CFG 5" in kinds.waits_for_line("832x1216")
    kinds.small()
    found = kinds.generate()
    assert (found.prompt, found.negative) == (ORDERED_4, NEGATIVE_4)
    assert (found.params["CFG scale"], found.params["Sampler"]) == ("5", "Euler a")


def test_a_kind_is_kept_over_loading_the_page(kinds: Desk) -> None:
    choose(kinds, "xl")
    kinds.page.reload()
    kinds.waits_for_line("832x1216")
    kinds.page.wait_for_timeout(3000)
    assert (kinds.fields()["width"], kinds.fields()["height"]) == ("896", "1152")
    assert kinds.touched() == set()


def test_cfg_1_of_the_user_stays(kinds: Desk) -> None:
    """The host then leaves the negative out."""
    choose(kinds, "flux")
    kinds.number("cfg_scale", 1)
    kinds.small()
    kinds.write("prompt", MESSY)
    found = kinds.generate()
    assert (found.prompt, found.params["CFG scale"]) == (ORDERED_4, "1")
