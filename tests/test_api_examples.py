"""The examples of the REST interface: in the WebUI's /docs and in docs/api.md alike, and what is really answered."""

from __future__ import annotations

import json
import re
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from modelwise.scores.known import KNOWN
from modelwise.tag_fetch import Fetched
from modelwise.webui import given_images, scorer_fetch, tag_list_fetch
from modelwise.webui.api import checkpoints, doctor
from modelwise.webui.api.refusals import Refusal, invalid
from modelwise.webui.api.route import Route
from modelwise.webui.api.routes import PREFIX, ROUTES, examples
from modelwise.webui.api.service import Service
from modelwise.webui.engine import Engine
from modelwise.webui.host import CheckpointFacts, LoadedModel, StyleTexts
from tests.support.checkpoints import POSITIONS, numbers, whole, write
from tests.support.encoders import DAMAGED, Encoders
from tests.support.hosts import ANIMAGINE, ANYTHING, FakeHost

PAGE = (Path(__file__).parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
CHANGING = {"version", "tags", "value", "milliseconds", "report", "index"}
"""What differs from release to release, and what runs here: digests of files, how many tags our own lists have."""
MERGE = "some-merge.safetensors"
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
)
SCORED = {"file": "one.png", "scores": {"aesthetic-shadow-v2": 0.8}}
BODIES = {
    "add_tags": b"zz_new_hat,0,3,\n",
    "score_image": PICTURE,
    "score_tables": json.dumps(SCORED).encode() + b"\n",
}
"""What the example of an upload sends."""

SHOWN = {
    **{name: body.decode() for name, body in BODIES.items() if body != PICTURE},
    "score_image": "@one.png",
}
"""What the page shows of it."""

every_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The service that the examples speak of: checkpoints, one of them damaged, a damaged model in memory, and a
    small list of the user's."""
    (tmp_path / "tags").mkdir()
    mine = 'my_hero,4,12,\nmy hat,0,3,"cap of mine"\n'
    (tmp_path / "tags" / "mine.csv").write_text(mine, encoding="utf-8")
    host = FakeHost(tmp_path)
    host.current = ANIMAGINE
    host.listed = {ANYTHING.file.name: ANYTHING}
    damaged = whole("sd1") | {POSITIONS["sd1"]: numbers("I64", DAMAGED, (1, 77))}
    host.listed[MERGE] = CheckpointFacts(write(tmp_path / MERGE, damaged))
    encoders = Encoders()
    host.in_memory = LoadedModel(MERGE, encoders, encoders, lambda: None)
    host.called = {"lora": ["pastel lines"], "embedding": ["bad-hands"], "wildcard": ["hair/color"]}
    host.own_styles = [StyleTexts("Night", "night, {prompt}", "")]
    ended = Event()  # of a fetch that goes on while it is asked for
    monkeypatch.setattr(tag_list_fetch, "fetch", lambda *_: ended.wait() and Fetched(0, 0, 0))
    monkeypatch.setattr(scorer_fetch, "fetch", lambda *_: ended.wait() and [])
    with_a_scorer(tmp_path / "scores" / KNOWN[0].id, monkeypatch)
    for route in (checkpoints, doctor):
        monkeypatch.setattr(route, "_AT_ONCE", 30.0)  # the examples show what is done, on a busy machine too
    yield Service(Engine(host))
    ended.set()


def with_a_scorer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scorer whose every score is 0.8, on any Python."""
    folder.mkdir(parents=True)
    for file in KNOWN[0].files:
        (folder / file.name).write_bytes(b"{}")
    judge = SimpleNamespace(outcomes=lambda *_: [0.8], close=lambda: None)
    module = ModuleType("modelwise.scores.judge")
    vars(module)["Judge"] = lambda *_, **__: judge
    monkeypatch.setitem(sys.modules, "modelwise.scores.judge", module)
    monkeypatch.setattr(given_images, "PACKAGES", {})


def answered(service: Service, route: Route, asked: Any) -> Any:
    """What a route answers; a file is sent in one go."""
    found = route.answer(service, asked)
    if not route.upload:
        return found
    try:
        found.take(BODIES[route.name])
        return found.finish()
    finally:
        found.close()


def holds(found: Any, expected: Any, key: str = "") -> bool:
    """Whether an answer holds an example: all of its keys, and of lists its entries in their order."""
    if key in CHANGING:
        return type(found) is type(expected)
    if isinstance(expected, dict):
        return all(name in found and holds(found[name], value, name) for name, value in expected.items())
    if isinstance(expected, list):
        left = iter(found)
        return all(any(holds(entry, wanted) for entry in left) for wanted in expected)
    return bool(found == expected)


def section(route: Route) -> str:
    """What docs/api.md says of a route."""
    found = re.search(rf"^### {re.escape(route.summary)}$\n(.+?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/api.md has no section: {route.summary}"
    return found[1]


def test_examples_are_answered_so_one_after_the_other(service: Service) -> None:
    for name in ("numpy", "safetensors"):
        pytest.importorskip(name, reason=f"needs {name}, which every WebUI brings")
    for route in ROUTES:
        example = examples()[route.name]
        asked = msgspec.convert(example.asked, route.takes)
        found = json.loads(msgspec.json.encode(answered(service, route, asked)))
        assert holds(found, example.answered), f"{route.name}: {json.dumps(found)[:3000]}"


def test_every_route_has_an_example_and_every_example_a_route() -> None:
    assert sorted(examples()) == sorted(route.name for route in ROUTES)


@every_route
def test_an_example_is_of_the_routes_types(route: Route) -> None:
    example = examples()[route.name]
    msgspec.convert(example.asked, route.takes)
    msgspec.convert(example.answered, route.gives)


@every_route
def test_the_page_shows_the_example(route: Route) -> None:
    text, example = section(route), examples()[route.name]
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.+?)```", text, re.DOTALL)]
    call = re.search(r"^`(\w+) (\S+)`$", text, re.MULTILINE)
    assert call
    assert call[1] == route.method
    if route.has_body:
        assert call[2] == PREFIX + route.path
        assert blocks == [example.asked, example.answered]
    else:
        address = urlsplit(call[2])
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", PREFIX + route.path)
        path = re.fullmatch(pattern, address.path)
        assert path
        assert {**path.groupdict(), **dict(parse_qsl(address.query))} == example.asked
        assert blocks == [example.answered]
        assert route.upload == "" or SHOWN[route.name] in text


def test_the_pages_error_is_the_one_that_is_given() -> None:
    shown = json.loads(re.findall(r"```json\n(.+?)```", PAGE, re.DOTALL)[0])
    compile_ = ROUTES[0]
    values = {"prompt": "1girl", "intent": {"year": "soon"}}
    with pytest.raises(msgspec.ValidationError) as wrong:
        msgspec.convert(values, compile_.takes)
    refusal = invalid(wrong.value, values, compile_.takes)
    assert isinstance(refusal, Refusal)
    assert json.loads(msgspec.json.encode(refusal.problem)) == shown


@pytest.mark.parametrize(
    ("found", "expected", "held"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"b": 1}, False),
        ([1, 2, 3], [1, 3], True),
        ([1, 2, 3], [3, 1], False),
        ({"tags": 5}, {"tags": 6}, True),
        ({"tags": "5"}, {"tags": 6}, False),
    ],
)
def test_the_comparison_tells(found: Any, expected: Any, held: bool) -> None:
    assert holds(found, expected) is held
