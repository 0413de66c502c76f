"""The REST interface over HTTP, as every host serves it: bounds, content types, errors, its documentation."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from modelwise.webui.api.routes import PREFIX, ROUTES, examples
from modelwise.workbench.handlers import Handlers

# gradio 4 uses what FastAPI calls old; our own code runs under errors in every other file.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

JSON = {"Content-Type": "application/json"}
OPT = "animagine-xl-4.0-opt"
COMPILE = f"{PREFIX}/compile"
PRESETS = f"{PREFIX}/presets"


@pytest.fixture
def client(gradio: Any, handlers: Handlers) -> Any:
    web = import_module("modelwise.workbench.web")
    with gradio.Blocks() as page:
        gradio.Markdown("a page")
    application = web.application(page, handlers.host, handlers.engine, "dark")
    return import_module("fastapi.testclient").TestClient(application, raise_server_exceptions=False)


def names(answer: Any) -> list[str]:
    """The names of the own presets in an answer."""
    return [preset["name"] for preset in answer.json()["presets"] if preset["own"]]


def test_the_page_is_still_there(client: Any) -> None:
    assert b"gradio" in client.get("/", params={"__theme": "dark"}).content
    assert client.get(f"{PREFIX}/nothing").status_code == 404


def test_compile(client: Any) -> None:
    answer = client.post(COMPILE, json={"prompt": "smile, 1girl"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["prompt"] == "1girl, smile, masterpiece, high score, great score, absurdres"
    assert answer.json()["profile"] == OPT


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({"prompt": 1}, "prompt", "found 1"),
        ({}, "prompt", "found nothing"),
        ({"prompt": "", "intent": {"year": "soon"}}, "intent.year", "'soon'; allowed: a whole number"),
        ({"prompt": "", "intent": {"quality": "best"}}, "intent.quality", "standard"),
        ({"prompt": "", "intent": {"yeer": 1}}, "intent.yeer", "an unknown key; allowed: quality, aesthetic"),
        ({"prompt": "", "promt": ""}, "promt", "an unknown key"),
        ({"prompt": "", "settings": {"policy": {"size": "no"}}}, "settings.policy.size", "fill, force, keep"),
        (
            {"prompt": "", "settings": {"policy": {"steps": "keep", "size": "no"}}},
            "settings.policy.size",
            "found 'no'",
        ),
        ({"prompt": "", "settings": {"policy": {"sise": "keep"}}}, "settings.policy.sise", "an unknown key"),
        ({"prompt": "", "settings": {"untouched": ["size", 1]}}, "settings.untouched[1]", "found 1"),
        ({"prompt": "", "profile": "nobody"}, "profile", "'nobody'; allowed: auto, anima"),
        ([], "", "an empty list"),
        ("text", "", "'text'"),
    ],
)
def test_a_wrong_field_is_named(client: Any, body: Any, field: str, said: str) -> None:
    answer = client.post(COMPILE, json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert said in answer.json()["error"]
    assert answer.json()["error"].startswith(f"{field}: found " if field else "found ")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"prompt": 1,', b"\xff", b'{"prompt": "\\ud800"}', b'{"prompt": NaN}', b"[" * 200_000]
    + [b'{"prompt": "", "settings": {"values": {"a": ' + b"[" * 200_000, b'{"prompt": ""} {}'],
    ids=range(9),
)
def test_what_is_no_json_is_refused(client: Any, body: bytes) -> None:
    answer = client.post(COMPILE, content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("the body: found ")
    assert answer.json()["error"].endswith("; allowed: JSON")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"])
def test_another_content_type_is_refused_unread(client: Any, kind: str) -> None:
    answer = client.post(COMPILE, content=b'{"prompt": "1girl"}', headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert f"found {kind!r}" in answer.json()["error"]


def test_content_type_with_a_character_set(client: Any) -> None:
    kind = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert client.post(COMPILE, content=b'{"prompt": "1girl"}', headers=kind).status_code == 200


def parts(count: int) -> Iterator[bytes]:
    """A body that does not say how long it is."""
    yield b'{"prompt": "'
    for _ in range(count):
        yield b"a" * 1000
    yield b'"}'


@pytest.mark.parametrize(("count", "status"), [(999, 200), (1000, 413), (5000, 413), (30_000, 413)])
def test_a_body_is_bounded_whatever_it_says_of_its_length(client: Any, count: int, status: int) -> None:
    answer = client.post(COMPILE, content=parts(count), headers=JSON)
    assert answer.status_code == status
    if status == 413:
        assert "at most 1,000,000" in answer.json()["error"]


def test_a_long_prompt_names_its_field(client: Any) -> None:
    for path in ("format", "translate"):
        answer = client.post(f"{PREFIX}/{path}", json={"prompt": "a" * 300_001})
        assert (answer.status_code, answer.json()["field"]) == (422, "prompt")
        assert "at most 300000 characters" in answer.json()["allowed"]


def test_an_address_is_checked_like_a_body(client: Any) -> None:
    for method, path, field in (
        ("GET", "/detect?checkpiont=x", "checkpiont"),
        ("GET", "/profiles?x=1", "x"),
        ("DELETE", "/presets", "name"),
        ("GET", "/presets?profile=nobody", "profile"),
    ):
        answer = client.request(method, PREFIX + path)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert client.get(f"{PREFIX}/profiles/nobody").status_code == 404
    assert client.get(f"{PREFIX}/detect?checkpoint=/etc/passwd").status_code == 404


def test_the_life_of_an_own_preset(client: Any, handlers: Handlers) -> None:
    night = {"name": "Night/..", "rating": "general", "settings": {"steps": 30, "cfg_scale": 5.5}}
    assert names(client.post(PRESETS, json={"preset": night})) == ["Night/.."]
    assert names(client.post(PRESETS, json={"preset": {"name": "Day"}})) == ["Night/..", "Day"]
    changed = client.patch(
        PRESETS, json={"name": "Night/..", "preset": {**night, "name": "Dusk"}, "place": 9}
    )
    assert names(changed) == ["Day", "Dusk"]
    assert names(client.patch(PRESETS, json={"name": "Dusk", "place": 0})) == ["Dusk", "Day"]
    listed = client.get(PRESETS).json()["presets"]
    assert listed[0]["own"] is False
    assert next(each for each in listed if each["name"] == "Dusk")["settings"]["cfg_scale"] == 5.5
    summary = client.get(f"{PREFIX}/profiles").json()["profiles"]
    assert "Dusk" in next(each for each in summary if each["id"] == OPT)["presets"]
    assert names(client.delete(PRESETS, params={"name": "Dusk"})) == ["Day"]
    assert [preset.name for preset in handlers.engine.own_presets.of(OPT)] == ["Day"]


def test_what_stands_in_the_way_of_a_preset(client: Any) -> None:
    card = client.get(PRESETS).json()["presets"][0]["name"]
    assert client.post(PRESETS, json={"preset": {"name": "Day"}}).status_code == 201
    for method, body, status, field in (
        ("POST", {"preset": {"name": "Day"}}, 409, "name"),
        ("POST", {"preset": {"name": card}}, 409, "name"),
        ("POST", {"preset": {"name": "a\n"}}, 422, "preset.name"),
        ("POST", {"preset": {"name": "x" * 81}}, 422, "preset.name"),
        ("POST", {"preset": {"name": "a", "settings": {"width": 1}}}, 422, "preset.settings.width"),
        ("PATCH", {"name": "Nobody", "place": 0}, 404, "name"),
        ("PATCH", {"name": "Day", "preset": {"name": card}}, 409, "name"),
        ("PATCH", {"name": card, "preset": {"name": "mine"}}, 404, "name"),
        ("PATCH", {"name": "Day", "place": -1}, 422, "place"),
    ):
        answer = client.request(method, PRESETS, json=body)
        assert (answer.status_code, answer.json()["field"]) == (status, field), body
    assert client.delete(PRESETS, params={"name": "Nobody"}).status_code == 404
    assert names(client.get(PRESETS)) == ["Day"]


def test_a_change_of_what_has_changed_is_a_conflict(client: Any, handlers: Handlers) -> None:
    seen = client.get(PRESETS).json()["version"]
    assert client.post(PRESETS, json={"preset": {"name": "Day"}, "version": seen}).status_code == 201
    for answer in (
        client.post(PRESETS, json={"preset": {"name": "Dusk"}, "version": seen}),
        client.patch(PRESETS, json={"name": "Day", "place": 0, "version": seen}),
        client.delete(PRESETS, params={"name": "Day", "version": seen}),
    ):
        assert answer.status_code == 409
        assert "it has changed meanwhile" in answer.json()["error"]
    now = client.get(PRESETS).json()["version"]
    assert client.delete(PRESETS, params={"name": "Day", "version": now}).status_code == 200


def test_a_file_that_can_not_be_read_is_named_without_its_folder(
    client: Any, handlers: Handlers, tmp_path: Path
) -> None:
    folder = handlers.host.data_folder() / "presets"
    folder.mkdir(parents=True)
    (folder / f"{OPT}.toml").write_text("[[presets]]\nname = 3\n", encoding="utf-8")
    for answer in (client.get(PRESETS), client.post(PRESETS, json={"preset": {"name": "Day"}})):
        assert answer.status_code == 409
        assert f"{OPT}.toml: presets[0].name: found 3" in answer.json()["error"]
        assert str(tmp_path) not in answer.text


def test_an_error_of_ours_is_logged_and_said_plainly(
    client: Any, handlers: Handlers, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("/secret/folder")

    monkeypatch.setattr(handlers.engine, "compiler", fail)
    with caplog.at_level(logging.ERROR, "modelwise"):
        answer = client.post(COMPILE, json={"prompt": "1girl"})
    assert answer.status_code == 500
    assert answer.json()["error"] == "something went wrong here; the host's log says what"
    assert "/secret/folder" in caplog.text


def test_the_document_holds_every_route_with_its_examples(client: Any) -> None:
    document = client.get("/openapi.json").json()
    for route in ROUTES:
        said = document["paths"][PREFIX + route.path][route.method.lower()]
        example = examples()[route.name]
        assert said["summary"] == route.summary
        done = said["responses"][str(route.status)]["content"]["application/json"]
        assert done["example"] == without_nothing(example.answered)
        if route.has_body:
            asked = said["requestBody"]["content"]["application/json"]
            assert asked["example"] == without_nothing(example.asked)
            assert asked["schema"]["additionalProperties"] is False
        else:
            shown = {
                each["name"]: each["example"] for each in said.get("parameters", ()) if "example" in each
            }
            assert shown == example.asked
        assert {"401", "422"} <= said["responses"].keys()
    assert "$ref" not in json.dumps(
        {path: document["paths"][path] for path in document["paths"] if PREFIX in path}
    )


def without_nothing(value: Any) -> Any:
    """FastAPI leaves out of its document whatever is null."""
    if isinstance(value, dict):
        return {key: without_nothing(entry) for key, entry in value.items() if entry is not None}
    return [without_nothing(entry) for entry in value] if isinstance(value, list) else value


def test_the_index_of_all_tags_is_that_of_its_version(client: Any, handlers: Handlers) -> None:
    version = client.get(f"{PREFIX}/completion/words").json()["index"]
    index = handlers.engine.completion_index()
    assert version == index.version
    for coding in ("gzip", "identity"):
        headers = {"Accept-Encoding": coding}
        answer = client.get(f"{PREFIX}/completion/index", params={"version": version}, headers=headers)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers.get("content-encoding", "identity") == coding
        assert "immutable" in answer.headers["cache-control"]
        assert answer.content == index.plain()


def test_counting_follows_the_setting(client: Any, handlers: Handlers) -> None:
    address = f"{PREFIX}/completion/uses"
    assert client.post(address, json={"name": "smile"}).json() == {"uses": {"smile": 1}}
    assert client.get(f"{PREFIX}/completion/words").json()["uses"] == {"smile": 1}
    handlers.host.options["modelwise_completion_uses"] = False
    refused = client.post(address, json={"name": "smile"})
    assert refused.status_code == 403
    assert "nothing is counted here" in refused.json()["error"]
    assert client.delete(address).json() == {"uses": {}}
    assert client.post(address, json={"name": ""}).status_code == 422
