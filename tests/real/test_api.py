"""Our REST interface in the real WebUI: with its page and without, behind its logins, in its /docs, closed to changes."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from modelwise.webui.api.routes import PREFIX, ROUTES
from tests.real.conftest import Start
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4
from tests.real.generating import OPT, same_checkpoint
from tests.real.installing import choose_first, put_in_place
from tests.real.running import LOCAL, RunningWebUI

COMPILE = {"prompt": MESSY, "profile": "animagine-xl-4.0-opt"}
PRESET = {"profile": "animagine-xl-4.0-opt", "preset": {"name": "Night", "settings": {"steps": 30}}}
WITH_API_PASSWORD = {"Authorization": "Basic " + base64.b64encode(b"ann:secret").decode()}
WITH_WRONG_PASSWORD = {"Authorization": "Basic " + base64.b64encode(b"ann:other").decode()}


class Answer(NamedTuple):
    """A status and what came with it."""

    status: int
    value: Any


def ask(
    webui: RunningWebUI,
    method: str,
    path: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    opener: urllib.request.OpenerDirector = LOCAL,
) -> Answer:
    """A request that may be refused."""
    sent = {**({} if body is None else {"Content-Type": "application/json"}), **(headers or {})}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(webui.address + PREFIX + path, data, sent, method=method)  # noqa: S310
    try:
        with opener.open(request, timeout=30) as answer:
            return Answer(answer.status, json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, json.load(error))


def logged_in(webui: RunningWebUI, user: str, password: str) -> urllib.request.OpenerDirector:
    """Somebody who has logged in to the page."""
    jar = urllib.request.HTTPCookieProcessor(CookieJar())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
    form = urllib.parse.urlencode({"username": user, "password": password}).encode()
    opener.open(f"{webui.address}/login", form, timeout=30).close()
    return opener


def assert_it_works(webui: RunningWebUI, **more: Any) -> None:
    found = ask(webui, "POST", "/compile", COMPILE, **more)
    assert found.status == 200
    assert (found.value["prompt"], found.value["negative"]) == (ORDERED_4, NEGATIVE_4)
    assert found.value["profile"] == "animagine-xl-4.0-opt"


def test_beside_the_page(server: RunningWebUI) -> None:
    assert_it_works(server)
    with same_checkpoint(server):
        server.post("/sdapi/v1/options", {"sd_model_checkpoint": OPT})
        detected = ask(server, "GET", "/detect").value
    assert (detected["checkpoint"], detected["profile"]) == (OPT, "animagine-xl-4.0-opt")
    for listed in server.get("/sdapi/v1/sd-models"):
        for name in (listed["title"], listed["model_name"]):
            found = ask(server, "GET", f"/detect?{urllib.parse.urlencode({'checkpoint': name})}")
            assert found.value["checkpoint"] == Path(listed["filename"]).name
        by_path = ask(server, "GET", f"/detect?{urllib.parse.urlencode({'checkpoint': listed['filename']})}")
        assert by_path.status == 404
    assert ask(server, "POST", "/compile", {"prompt": 1}).value["field"] == "prompt"


def test_no_answer_names_a_folder(server: RunningWebUI) -> None:
    folders = (str(server.data), str(server.where.checkout), str(server.where.checkpoints))
    for path in ("/profiles", "/presets", "/detect", "/vocabulary", "/profiles/animagine-xl-4.0"):
        text = json.dumps(ask(server, "GET", path).value)
        assert not [folder for folder in folders if folder in text]


def test_own_presets(server: RunningWebUI) -> None:
    assert ask(server, "POST", "/presets", PRESET).status == 201
    assert ask(server, "POST", "/presets", PRESET).status == 409
    assert "Night" in (server.data / "modelwise/presets/animagine-xl-4.0-opt.toml").read_text(
        encoding="utf-8"
    )
    assert ask(server, "DELETE", "/presets?profile=animagine-xl-4.0-opt&name=Night").status == 200
    elsewhere = {"Origin": "http://elsewhere.example"}
    assert ask(server, "POST", "/presets", PRESET, elsewhere).status == 403
    assert ask(server, "POST", "/presets", PRESET, {"Content-Type": "text/plain"}).status == 415


def test_the_documentation_lists_the_routes(server: RunningWebUI) -> None:
    document = server.get("/openapi.json")
    listed = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
    assert {(PREFIX + route.path, route.method) for route in ROUTES} <= listed
    with LOCAL.open(f"{server.address}/docs", timeout=30) as page:
        assert b"openapi.json" in page.read()


def test_without_the_page_and_with_its_password(start: Start, repository: Path, tmp_path: Path) -> None:
    put_in_place(repository, tmp_path / "data")
    webui = start(tmp_path / "data", ["--nowebui", "--api-auth", "ann:secret"], api_login="ann:secret")
    assert_it_works(webui, headers=WITH_API_PASSWORD)
    assert ask(webui, "POST", "/compile", COMPILE).status == 401
    assert ask(webui, "POST", "/compile", COMPILE, WITH_WRONG_PASSWORD).status == 401
    assert ask(webui, "GET", "/profiles").status == 401
    assert ask(webui, "POST", "/presets", PRESET, WITH_API_PASSWORD).status == 201
    assert f"{PREFIX}/compile" in webui.get("/openapi.json")["paths"]


def test_behind_the_pages_login(start: Start, repository: Path, tmp_path: Path) -> None:
    put_in_place(repository, tmp_path / "data")
    arguments = ["--gradio-auth", "bob:hidden", "--api-auth", "ann:secret"]
    webui = start(tmp_path / "data", arguments, api_login="ann:secret")
    assert ask(webui, "POST", "/compile", COMPILE).status == 401
    assert ask(webui, "POST", "/compile", COMPILE, WITH_WRONG_PASSWORD).status == 401
    assert_it_works(webui, opener=logged_in(webui, "bob", "hidden"))
    assert_it_works(webui, headers=WITH_API_PASSWORD)
    assert ask(webui, "POST", "/compile", COMPILE, {"Cookie": "access-token=made-up"}).status == 401


def test_after_reload_ui(start: Start, repository: Path, tmp_path: Path) -> None:
    put_in_place(repository, tmp_path / "data")
    webui = start(tmp_path / "data")
    paths = set(webui.get("/openapi.json")["paths"])
    config = webui.get("/config")
    button = next(
        each["id"]
        for each in config["components"]
        if each["props"].get("elem_id") == "settings_restart_gradio"
    )
    own = (button, [button, "click"])  # in gradio 3 the element alone, in gradio 4 with its event
    events = [
        number
        for number, event in enumerate(config["dependencies"])
        if any(target in own for target in event["targets"])
    ]
    webui.post("/run/predict", {"fn_index": events[0], "data": []})
    webui.wait_for_restart()
    assert_it_works(webui)
    assert set(webui.get("/openapi.json")["paths"]) == paths


@pytest.mark.parametrize("argument", ["--freeze-settings", "--hide-ui-dir-config"])
def test_closed_to_changes(start: Start, repository: Path, tmp_path: Path, argument: str) -> None:
    put_in_place(repository, tmp_path / "data")
    choose_first(tmp_path / "data")
    webui = start(tmp_path / "data", ["--nowebui", argument])
    assert_it_works(webui)
    for method in ("POST", "PATCH"):
        assert ask(webui, method, "/presets", PRESET).status == 403
    assert ask(webui, "DELETE", "/presets?name=Night").status == 403
    assert not (tmp_path / "data" / "modelwise" / "presets").exists()
