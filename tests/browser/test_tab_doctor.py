"""The doctor in the tab's section Checkpoints: files are examined, findings shown, the loaded model repaired."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import NewDesk
from tests.browser.desk import Desk
from tests.browser.test_tab_checkpoints import BROKEN, MERGE, many, row, rows, said

HOSTILE = "<img src=x onerror=alert(1)>"
_CONTRAST = """mark => {
    const part = color => color.match(/[\\d.]+/g).slice(0, 3).map(Number)
        .map(value => value / 255).map(value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const light = color => { const [red, green, blue] = part(color);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue; };
    let under = mark;
    while (/, 0\\)$|transparent/.test(getComputedStyle(under).backgroundColor)) under = under.parentElement;
    const [one, other] = [light(getComputedStyle(mark).color), light(getComputedStyle(under).backgroundColor)];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}"""
"""How a text stands out from what is behind it, as WCAG reckons."""


def finding(severity: str, found: str = "there is no VAE in it") -> dict[str, Any]:
    meaning, advice = f"pictures are grey {HOSTILE}", "Choose a VAE."
    return {
        "check": "vae",
        "severity": severity,
        "certainty": "likely",
        "found": found,
        "meaning": meaning,
        "advice": advice,
        "tensors": [],
    }


def health(number: int, checkpoint: str, *severities: str) -> dict[str, Any]:
    findings = [finding(severity) for severity in severities]
    return {
        "number": number,
        "checkpoint": checkpoint,
        "tensors": 1131,
        "tensors_read": 702,
        "findings": findings,
    }


def answers(route: Route, **given: Callable[[Route], Any]) -> None:
    """Answer in the server's place. `given`: by the end of the address, and which method if it matters."""
    path = route.request.url.partition("/modelwise/v1/")[2].partition("?")[0].replace("/", "_")
    answer = given.get(f"{path}_{route.request.method}") or given.get(path)
    if answer is None:
        route.continue_()
    else:
        route.fulfill(json=answer(route))


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


@pytest.mark.smoke
def test_one_file_is_examined_and_its_findings_are_shown(desk: Desk) -> None:
    section = desk.open_section("Checkpoints")
    broken = row(section, BROKEN)
    expect(broken).to_contain_text("not examined")
    before = rows(section).count()
    button(broken, f"Examine {BROKEN}").click()
    expect(said(section)).to_have_text(f"{BROKEN}: 1 problem")
    expect(broken).to_contain_text("1 problem")
    toggle = button(broken, f"Findings in {BROKEN}")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    details = section.locator("tr.modelwise-details")
    expect(details).to_have_count(1)
    for text in ("truncated", "Means (certain): no program can load it", "To do: Get the file again"):
        expect(details).to_contain_text(text)
    assert rows(section).count() == before + 1
    toggle.click()
    expect(details).to_have_count(0)
    expect(toggle).to_have_attribute("aria-expanded", "false")


def test_nothing_is_examined_by_itself(new_desk: NewDesk) -> None:
    asked: list[str] = []

    def note(route: Route) -> None:
        if "/doctor/" in route.request.url:
            asked.append(f"{route.request.method} {route.request.url.rpartition('/v1/')[2]}")
        route.continue_()

    desk = new_desk(route=note)
    section = desk.open_section("Checkpoints")
    expect(said(section)).to_contain_text("checkpoints, ")
    desk.choose_checkpoint(MERGE.removesuffix(".safetensors"))
    desk.page.wait_for_timeout(1000)
    assert asked == ["GET doctor/checkpoints"]  # what is known already


def test_all_that_are_shown_by_keyboard(desk: Desk) -> None:
    section = desk.open_section("Checkpoints")
    section.get_by_label("Unknown only").check()
    expect(rows(section)).to_have_count(2)
    button(section, "Examine all").focus()
    desk.page.keyboard.press("Enter")
    expect(said(section)).to_have_text("Examined: 2 of 2 checkpoints")
    for name in (BROKEN, MERGE):
        expect(row(section, name)).to_contain_text("1 problem")
    section.get_by_label("Unknown only").uncheck()
    section.get_by_label("With findings only").check()
    expect(row(section, BROKEN)).to_be_visible()
    toggle = button(row(section, MERGE), f"Findings in {MERGE}")
    toggle.focus()
    desk.page.keyboard.press("Enter")
    expect(section.locator("tr.modelwise-details")).to_contain_text("its table contradicts itself")
    expect(toggle).to_be_focused()
    desk.page.keyboard.press("Space")
    expect(section.locator("tr.modelwise-details")).to_have_count(0)


class Examining:
    """A server that examines thirty files, one with each question, and has something to say of three."""

    names = tuple(f"folder/<b>mix</b> {number}.safetensors" for number in range(3))

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self._found = [
            health(1, self.names[0], "note", "problem"),
            health(2, self.names[1]),
            health(3, self.names[2], "warning"),
        ]
        self._state, self._done = "idle", 0

    def answer(self, route: Route) -> Any:
        if route.request.method == "POST":
            self.sent.append(route.request.post_data_json)
            self._state, self._done = "running", 0
        elif route.request.method == "DELETE":
            self._state = "stopped"
        elif self._state == "running":
            self._done = min(3, self._done + 1)
        after = int(route.request.url.partition("after=")[2] or 0)
        progress = {"state": self._state, "done": self._done, "total": 30, "message": ""}
        found = [each for each in self._found[: self._done] if each["number"] > after]
        return {"progress": progress, "found": found}


@pytest.fixture
def examining() -> Examining:
    return Examining()


@pytest.fixture
def thirty(new_desk: NewDesk, examining: Examining) -> Locator:
    """The section with thirty checkpoints, all of them asked to be examined, three of them done."""

    def listed(_route: Route) -> Any:
        done = {"state": "done", "done": 30, "total": 30, "message": ""}
        return {"progress": done, "checkpoints": many(30)}

    given = {"doctor_checkpoints": examining.answer, "checkpoints": listed}
    section = new_desk(route=lambda route: answers(route, **given)).open_section("Checkpoints")
    expect(said(section)).to_have_text("30 checkpoints, 0 recognised")
    button(section, "Examine all").click()
    expect(section.get_by_role("progressbar", name="Examining checkpoints")).to_be_visible()
    expect(section).to_contain_text("3 of 30 checkpoints")
    return section


def test_marks_come_while_it_goes_on_and_cancel_stops_it(thirty: Locator, examining: Examining) -> None:
    first = rows(thirty).first
    expect(first).to_contain_text("2 findings, worst: problem")
    expect(rows(thirty).nth(1)).to_contain_text("healthy")
    button(first, f"Findings in {Examining.names[0]}").click()
    expect(thirty.locator("tr.modelwise-details")).to_contain_text(HOSTILE)
    assert thirty.locator("tbody img, tbody b").count() == 0
    button(thirty, "Cancel").focus()
    thirty.page.keyboard.press("Enter")
    expect(said(thirty)).to_have_text("Stopped: 3 of 30 checkpoints")
    expect(button(thirty, "Cancel")).to_be_hidden()
    expect(button(thirty, "Examine all")).to_be_focused()
    assert examining.sent == [{"checkpoints": []}]


def test_order_and_filter_by_findings(thirty: Locator, examining: Examining) -> None:
    button(thirty, "Cancel").click()
    expect(said(thirty)).to_contain_text("Stopped")
    head = thirty.get_by_role("columnheader", name="Health")
    head.get_by_role("button").click()
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    order = thirty.locator("tr[data-checkpoint] td:last-child")
    for place, text in enumerate(("worst: problem", "1 warning", "healthy", "not examined")):
        expect(order.nth(place)).to_contain_text(text)
    thirty.get_by_label("With findings only").check()
    expect(rows(thirty)).to_have_count(2)
    button(thirty, "Examine all").click()
    expect(button(thirty, "Cancel")).to_be_visible()
    assert examining.sent[1:] == [{"checkpoints": [Examining.names[0], Examining.names[2]]}]
    button(thirty, "Cancel").click()
    expect(said(thirty)).to_contain_text("Stopped")


def test_nothing_shown_nothing_examined(desk: Desk) -> None:
    section = desk.open_section("Checkpoints")
    section.get_by_label("Search").fill("no such checkpoint")
    expect(rows(section)).to_have_count(0)
    button(section, "Examine all").click()
    expect(said(section)).to_have_text("There is nothing to examine here.")


def model(state: str, *changes: str) -> dict[str, Any]:
    damaged = state == "damaged"
    return {
        "state": state,
        "checkpoint": f"{HOSTILE}.safetensors",
        "says": f"It is {state}.",
        "repairable": damaged,
        "findings": [finding("problem", "position_ids is wrong")] * damaged,
        "changes": list(changes),
    }


def test_the_loaded_model_is_repaired_and_that_is_taken_back(new_desk: NewDesk) -> None:
    given = {
        "doctor_model_GET": lambda _: model("damaged"),
        "doctor_model_POST": lambda _: model(
            "repaired", f"ids {HOSTILE}: 1 of 77 places put right, in memory"
        ),
        "doctor_model_DELETE": lambda _: model("damaged"),
    }
    desk = new_desk(route=lambda route: answers(route, **given))
    section = desk.open_section("Checkpoints")
    doctor = section.locator(".modelwise-model-doctor")
    check, repair, undo = (
        button(doctor, name) for name in ("Check the loaded model", "Repair in memory", "Undo")
    )
    expect(repair).to_be_hidden()
    expect(undo).to_be_hidden()
    check.focus()
    desk.page.keyboard.press("Enter")
    expect(doctor.get_by_role("status")).to_contain_text("position_ids is wrong")
    expect(check).to_be_focused()
    desk.page.keyboard.press("Tab")
    expect(repair).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(doctor.get_by_role("status")).to_contain_text("1 of 77 places put right, in memory")
    expect(repair).to_be_hidden()
    expect(undo).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(doctor.get_by_role("status")).to_contain_text("It is damaged.")
    expect(undo).to_be_hidden()
    expect(check).to_be_focused()
    assert doctor.locator("img").count() == 0


def test_without_a_model_it_says_so(desk: Desk) -> None:
    doctor = desk.open_section("Checkpoints").locator(".modelwise-model-doctor")
    button(doctor, "Check the loaded model").click()
    expect(doctor.get_by_role("status")).to_have_text("The workbench loads no model.")
    expect(button(doctor, "Repair in memory")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read_and_nothing_stands_over_the_edge(new_desk: NewDesk, width: int, theme: str) -> None:
    name = "folder/<b>mix</b> 0.safetensors"
    long = "conditioner.embedders.0.transformer.text_model.embeddings.position_ids" * 2
    sick = health(1, name, "problem", "warning", "note") | {
        "findings": [finding(severity, long) for severity in ("problem", "warning", "note")]
    }
    progress = {"state": "done", "done": 2, "total": 2, "message": ""}
    given = {
        "doctor_checkpoints": lambda _: {
            "progress": progress,
            "found": [sick, health(2, name.replace("0", "1"))],
        },
        "doctor_model": lambda _: model("damaged", long),
        "checkpoints": lambda _: {"progress": progress, "checkpoints": many(2)},
    }
    route = lambda route: answers(route, **given)  # noqa: E731
    desk = new_desk(f"?__theme={theme}", route=route, viewport={"width": width, "height": 900})
    section = desk.open_section("Checkpoints")
    button(section, f"Findings in {name}").click()
    button(section, "Check the loaded model").click()
    expect(section.locator(".modelwise-model-doctor")).to_contain_text("It is damaged.")
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
    marks = section.locator(
        ".modelwise-sign:visible, .modelwise-mark:visible span, .modelwise-finding-list:visible div"
    )
    assert marks.count() > 8
    for mark in marks.all():
        assert mark.evaluate(_CONTRAST) >= 4.5, mark.inner_text()
        box = mark.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
