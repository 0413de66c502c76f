"""The tab's section Scores: fetching a scorer, images dropped, pasted and picked, a folder, and what is shown."""

from __future__ import annotations

import csv
import json
import re
import shutil
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser import measuring
from tests.browser.conftest import NewDesk
from tests.browser.desk import Desk
from tests.browser.scoring import counts, drop, folder_of, paste, picture, row
from tests.browser.serving import RunningWorkbench
from tests.support.scorers import random_vit, write_shadow
from tests.support.tag_server import Server, whole

SHADOW, WAIFU = "aesthetic-shadow-v2", "aes-B32-v0"
ANIMAGINE = "Animagine XL 3.1, Animagine XL 3.1 (Core ML)"
IMAGES = "**/modelwise/v1/scores/images*"
READABLE = 4.5

needs_torch = pytest.mark.skipif(
    find_spec("torch") is None, reason="needs torch, which every WebUI brings; this environment has none"
)


@pytest.fixture(scope="module")
def scorer_server() -> Iterator[Server]:
    """Where the workbench fetches scorers."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbench's folder of scorers."""
    return tmp_path_factory.mktemp("own") / "scores"


@pytest.fixture(scope="module")
def workbench(
    tmp_path_factory: pytest.TempPathFactory, scorer_server: Server, place: Path
) -> Iterator[RunningWorkbench]:
    """A workbench whose files of the user's can be laid down beforehand."""
    log = tmp_path_factory.mktemp("workbench") / "log.txt"
    arguments = ["--scorers-url", scorer_server.address, "--data", str(place.parent)]
    running = RunningWorkbench(log, arguments=arguments)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def nothing_there(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def scorer(place: Path) -> Path:
    """A small random scorer, whose scores of noise lie far apart."""
    return write_shadow(place, random_vit(7))


@pytest.fixture
def section(scorer: Path, desk: Desk) -> Locator:
    found = desk.open_section("Scores")
    expect(found.get_by_role("heading", name="Images", exact=True)).to_be_visible()
    return found


def said(section: Locator) -> Locator:
    return section.locator(".modelwise-scores > [role=status]").first


def histogram(section: Locator, name: str = ANIMAGINE) -> Locator:
    return section.get_by_role("region", name=re.compile(rf"^{re.escape(name)}, "))


@pytest.mark.smoke
@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is there: the others say what it does")
def test_without_torch_the_page_says_so(scorer: Path, desk: Desk) -> None:
    section = desk.open_section("Scores")
    expect(section.get_by_text("Nothing can be scored here: this Python has no torch")).to_be_visible()
    expect(section.get_by_role("heading", name="Images", exact=True)).to_be_hidden()


@needs_torch
def test_a_scorer_is_fetched_stopped_and_gone_on_with(
    desk: Desk, scorer_server: Server, place: Path, tmp_path: Path
) -> None:
    folder = write_shadow(tmp_path / "remote")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    files["model.safetensors"] += bytes(600_000)  # more than the header speaks of: it takes a while to come
    slow, fast = (
        lambda handler: whole(files[handler.path.strip("/")], pause=0.3)(handler),
        lambda handler: whole(files[handler.path.strip("/")])(handler),
    )
    scorer_server.answer = slow
    section = desk.open_section("Scores")
    line = section.get_by_role("row").filter(has_text=SHADOW)
    expect(line).to_contain_text("about 4,370 MB to fetch")
    expect(line).to_contain_text("CC BY-NC 4.0")
    assert scorer_server.asked == []
    section.get_by_role("button", name="Fetch").first.press("Enter")
    expect(section.get_by_role("progressbar", name="Fetching a scorer")).to_be_visible()
    expect(section.get_by_role("button", name="Stop")).to_be_focused()
    expect(section).to_contain_text(re.compile(r"0\.[1-9] of 0\.\d MB"))
    expect(section.get_by_text(f"Fetching {SHADOW}: model.safetensors")).to_be_visible()
    section.get_by_role("button", name="Stop").press("Enter")
    expect(section.get_by_text(f"Stopped {SHADOW}: ")).to_be_visible()
    scorer_server.answer = fast
    line.get_by_role("button", name="Go on").click()
    expect(section.get_by_text(f"Fetched {SHADOW}: ")).to_contain_text("SHA-256")
    expect(line).to_contain_text("there")
    expect(section.get_by_role("heading", name="Images", exact=True)).to_be_visible()
    assert {path.name for path in (place / SHADOW).iterdir()} == files.keys()


@needs_torch
def test_a_fetch_that_fails_says_why(desk: Desk, scorer_server: Server) -> None:
    scorer_server.answer = lambda handler: handler.send_error(404)
    section = desk.open_section("Scores")
    section.get_by_role("button", name="Fetch").first.click()
    expect(section.get_by_text(f"Not fetched {SHADOW}: ")).to_contain_text("found 404")
    expect(section).to_contain_text("<data>/scores/")


@needs_torch
def test_images_are_dropped_bad_ones_among_them(section: Locator) -> None:
    drop(
        section,
        ("one.png", picture(1)),
        ("<img src=x>.png", picture(2, kind="jpeg", mode="CMYK")),
        ("notes.txt", b"no <b>image</b>"),
        ("half.png", picture(3)[:-3000]),
    )
    expect(said(section)).to_have_text("2 images have their scores, 2 can't be scored.")
    expect(row(section, "one.png")).to_contain_text(re.compile(rf"{SHADOW}\s*0\.\d{{4}}"))
    expect(row(section, "one.png")).to_contain_text(
        re.compile(r"Animagine XL 3\.1 \(Core ML\) \(aesthetic\)\s*\w+")
    )
    expect(row(section, "<img src=x>.png")).to_contain_text(SHADOW)
    expect(row(section, "notes.txt")).to_contain_text("found no image; allowed: PNG, JPEG")
    expect(row(section, "half.png")).to_contain_text("can't be read")
    assert section.locator("img, b").count() == 0
    expect(section.get_by_text("For all other profiles the tag is unknown.")).to_be_visible()
    thumbnail = row(section, "one.png").locator("canvas")
    expect(thumbnail).to_have_attribute("width", "72")  # of 60 x 80, 96 high
    assert sum(counts(histogram(section))) == 2


@needs_torch
def test_images_are_pasted(desk: Desk, section: Locator) -> None:
    paste(desk.page, ("image.png", picture(1)))
    expect(said(section)).to_have_text("1 image has its scores.")
    paste(desk.page, ("image.png", picture(2, size=(90, 40))))
    expect(said(section)).to_have_text("2 images have their scores.")
    expect(row(section, "image (2).png")).to_be_visible()
    desk.open_tab("txt2img")
    paste(desk.page, ("image.png", picture(3)))  # that is not for us
    desk.open_section("Scores")
    expect(section.locator(".modelwise-scored")).to_have_count(2)


@needs_torch
def test_a_folder_its_histogram_and_its_tables(desk: Desk, section: Locator, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "pictures", 8)
    section.get_by_label("A folder").set_input_files(folder)
    expect(said(section)).to_have_text("8 images have their scores.")
    expect(row(section, "pictures/below/001.png")).to_be_visible()
    shown = histogram(section)
    expect(shown).to_contain_text("aesthetic by aesthetic-shadow-v2: 8 images")
    with desk.page.expect_download() as saved:
        section.get_by_role("button", name="Save as CSV").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert [each["file"] for each in rows] == sorted(each["file"] for each in rows)
    tags = [each["animagine-xl-3.1 aesthetic"] for each in rows]
    names = shown.locator("tbody td:first-child").all_inner_texts()
    assert counts(shown) == [tags.count(name) for name in names] and len(set(tags)) > 1
    for each in rows:
        expect(row(section, each["file"])).to_contain_text(f"{float(each[SHADOW]):.4f}")
    with desk.page.expect_download() as saved:
        section.get_by_role("button", name="Save as JSON").click()
    found = json.loads(Path(saved.value.path()).read_bytes())
    assert [image["file"] for image in found["images"]] == [each["file"] for each in rows]
    assert {bar["tag"] for scale in found["histograms"] for bar in scale["bars"]} >= set(tags)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    section.get_by_label("A folder").set_input_files(folder)
    expect(section.get_by_text("8 of them have their scores already.")).to_be_visible()
    assert asked == []
    section.get_by_role("button", name="Forget all").click()
    section.get_by_role("button", name="Yes").click()
    expect(section.locator(".modelwise-scored")).to_have_count(0)
    expect(shown).to_have_count(0)
    expect(section.get_by_label("Images", exact=True)).to_be_focused()


@needs_torch
def test_stopped_and_gone_on_with(desk: Desk, section: Locator, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "pictures", 8)
    asked: list[str] = []

    def slowly(route: Route) -> None:
        asked.append(route.request.url)
        time.sleep(0.3)
        route.continue_()

    desk.page.route(IMAGES, slowly)
    section.get_by_label("A folder").set_input_files(folder)
    expect(section.get_by_text(re.compile(r"^[1-4] of 8 images$"))).to_be_visible()
    expect(histogram(section)).to_contain_text(re.compile(r": [1-5] images?"))  # it follows
    section.get_by_role("button", name="Stop").press("Enter")
    expect(said(section)).to_contain_text(re.compile(r"(has its|have their) scores, \d waits?\."))
    expect(section.get_by_role("button", name="Go on")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(said(section)).to_have_text("8 images have their scores.")
    assert 8 <= len(asked) <= 9  # the one that was on its way is asked for again
    assert len(set(asked)) == 8
    desk.problems.clear()  # the browser's own word on what was stopped


@needs_torch
def test_it_waits_while_something_is_generated(desk: Desk, section: Locator) -> None:
    busy = {"error": "an image is being generated", "field": "", "found": "", "allowed": ""}
    left = [1, 2]

    def first(route: Route) -> None:
        if left:
            left.pop()
            route.fulfill(status=503, json=busy)
        else:
            route.continue_()

    desk.page.route(IMAGES, first)
    drop(section, ("one.png", picture(1)))
    expect(section.get_by_text("Waiting: an image is being generated")).to_be_visible()
    expect(said(section)).to_have_text("1 image has its scores.")
    expect(section.get_by_text("Waiting: ")).to_have_count(0)
    desk.problems.clear()  # the browser's own word on each refusal


@needs_torch
def test_a_server_that_is_gone_is_said_and_gone_on_with(desk: Desk, section: Locator) -> None:
    desk.page.route(IMAGES, lambda route: route.abort())
    drop(section, ("one.png", picture(1)), ("two.png", picture(2)))
    expect(section.get_by_text("Failed to fetch")).to_be_visible()
    expect(said(section)).to_contain_text("2 wait")
    desk.page.unroute(IMAGES)
    section.get_by_role("button", name="Go on").click()
    expect(said(section)).to_have_text("2 images have their scores.")
    desk.problems.clear()  # the browser's own word on it


@needs_torch
def test_what_is_said_in_passing_is_shown(desk: Desk, section: Locator) -> None:
    answer: dict[str, Any] = {
        "file": "one.png",
        "scores": {SHADOW: 0.5},
        "tags": {},
        "error": "",
        "notice": f"{SHADOW}: memory ran out on the graphics card; the processor goes on, more slowly",
    }
    desk.page.route(IMAGES, lambda route: route.fulfill(json=answer))
    drop(section, ("one.png", picture(1)))
    expect(section.get_by_text("memory ran out on the graphics card")).to_be_visible()


@needs_torch
def test_by_keyboard_alone(desk: Desk, section: Locator, tmp_path: Path) -> None:
    file = tmp_path / "one.png"
    file.write_bytes(picture(1))
    # Watched from the start: Playwright does not wait for a watcher before it presses a key.
    desk.page.on("filechooser", lambda chooser: chooser.set_files(file))
    box = section.get_by_label("Images", exact=True)
    section.get_by_role("link").last.focus()
    for _ in range(4):
        if box.evaluate("element => element === document.activeElement"):
            break
        desk.page.keyboard.press("Tab")
    expect(box).to_be_focused()
    desk.page.keyboard.press("Space")
    expect(said(section)).to_have_text("1 image has its scores.")
    for _ in range(4):
        desk.page.keyboard.press("Tab")
        if section.get_by_role("button", name="Save as CSV").evaluate("e => e === document.activeElement"):
            break
    with desk.page.expect_download() as saved:
        desk.page.keyboard.press("Enter")
    assert saved.value.suggested_filename == "modelwise-scores.csv"


@needs_torch
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_said_can_be_read(new_desk: NewDesk, scorer: Path, theme: str) -> None:
    section = new_desk(f"?__theme={theme}").open_section("Scores")
    drop(section, ("one.png", picture(1)), ("notes.png", b"no image"))
    expect(said(section)).to_contain_text("can't be scored")
    places = {
        "score": row(section, "one.png").locator("dd").first,
        "card": row(section, "one.png").locator("dt").last,
        "name": row(section, "one.png").locator("h5"),
        "wrong": row(section, "notes.png").locator("p"),
        "intake": section.locator(".modelwise-intake p"),
        "label": section.locator(".modelwise-intake label span").first,
        "said": said(section),
        "histogram": histogram(section).locator("td").first,
        "cards": section.get_by_text("For all other profiles"),
        "licence": section.get_by_text("CC BY-NC 4.0"),
        "link": section.get_by_role("link").first,
    }
    contrasts = {name: measuring.contrast(each) for name, each in places.items()}
    assert {name: contrast for name, contrast in contrasts.items() if contrast < READABLE} == {}


@needs_torch
@pytest.mark.parametrize("width", [360, 768, 1280, 1920, 2560])
def test_every_width(new_desk: NewDesk, scorer: Path, width: int) -> None:
    desk = new_desk(viewport={"width": width, "height": 900})
    section = desk.open_section("Scores")
    drop(section, *((f"{'long name ' * number}{number}.png", picture(number)) for number in range(5)))
    expect(said(section)).to_have_text("5 images have their scores.")
    expect(histogram(section)).to_contain_text(": 5 images")
    assert measuring.sideways(desk.page) == 0
    cards = [
        measuring.box(str(at), each) for at, each in enumerate(section.locator(".modelwise-scored").all())
    ]
    tables = [measuring.box("table", each) for each in section.locator(".modelwise-histogram").all()]
    intake = measuring.box("intake", section.locator(".modelwise-intake"))
    assert measuring.outside([*cards, *tables, intake], width) == []
    assert measuring.overlapping([*cards, *tables, intake]) == []
