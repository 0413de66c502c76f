"""Own profiles and the lab over HTTP: what is saved is used at once, and nothing else is disturbed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from modelwise.webui.api.access import OpenAccess
from modelwise.webui.api.routes import PREFIX, ROUTES
from modelwise.workbench.handlers import Handlers

# gradio 4 uses what FastAPI calls old; our own code runs under errors in every other file.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

OWN = f"{PREFIX}/own-profiles"
MINE = 'schema = 1\nid = "mine"  # mine\nversion = 1\nname = "Mine"\nextends = "animagine-xl-4.0"\n'
CHANGED = MINE + '[inject.quality.standard]\nbasis = "stated"\nsource = "card"\npositive = ["best quality"]\n'


@pytest.fixture
def client(gradio: Any, handlers: Handlers) -> Any:
    web = import_module("modelwise.workbench.web")
    with gradio.Blocks() as page:
        gradio.Markdown("a page")
    application = web.application(page, handlers.host, handlers.engine, "dark")
    return import_module("fastapi.testclient").TestClient(application, raise_server_exceptions=False)


def made(client: Any, profile: str = "mine") -> str:
    """What a prompt becomes under a profile."""
    return str(
        client.post(f"{PREFIX}/compile", json={"prompt": "smile, 1girl", "profile": profile}).json()["prompt"]
    )


def test_the_life_of_an_own_profile(client: Any, handlers: Handlers) -> None:
    created = client.post(OWN, json={"text": MINE})
    assert created.status_code == 201
    assert made(client) == "1girl, smile, masterpiece, high score, great score, absurdres"
    version = created.json()["version"]
    changed = client.patch(OWN, json={"file": "mine.toml", "text": CHANGED, "version": version})
    assert changed.status_code == 200 and made(client).startswith("1girl, smile, best quality")
    assert client.get(f"{OWN}/mine.toml").json() == changed.json()
    listed = client.get(OWN).json()["files"]
    assert listed == [{"file": "mine.toml", "profile": "mine", "problem": None}]
    query = {"file": "mine.toml", "version": changed.json()["version"]}
    assert client.delete(OWN, params=query).json() == {"files": []}
    assert client.get(f"{PREFIX}/profiles/mine").status_code == 404
    assert client.post(f"{OWN}/restore", json=query).json() == changed.json()
    assert made(client).startswith("1girl, smile, best quality")
    assert (handlers.host.data_folder() / "profiles" / "mine.toml").read_text() == CHANGED


def test_a_new_profile_is_recognised_at_once(client: Any, handlers: Handlers) -> None:
    asked = [
        client.get(f"{PREFIX}/detect?checkpoint={name}").json() for name in handlers.host.checkpoint_names()
    ]
    name = next(each["checkpoint"] for each in asked if each["profile"] == "generic-sdxl")
    client.post(OWN, json={"text": f'{MINE}[match]\nnames = ["{Path(name).stem}"]\n'})
    assert client.get(f"{PREFIX}/detect?checkpoint={name}").json()["profile"] == "mine"


def test_two_people_at_one_profile(client: Any) -> None:
    seen = client.post(OWN, json={"text": MINE}).json()["version"]
    first = client.patch(OWN, json={"file": "mine.toml", "text": MINE + "# first\n", "version": seen})
    second = client.patch(OWN, json={"file": "mine.toml", "text": MINE + "# second\n", "version": seen})
    assert (first.status_code, second.status_code) == (200, 409)
    assert "changed it meanwhile" in second.json()["error"]
    assert client.get(f"{OWN}/mine.toml").json()["text"] == MINE + "# first\n"
    assert client.delete(OWN, params={"file": "mine.toml", "version": seen}).status_code == 409


def test_a_text_is_checked_without_being_written(client: Any, handlers: Handlers) -> None:
    found = client.post(f"{OWN}/check", json={"text": MINE.replace("version = 1", "version = 'one'")}).json()
    assert [(each["key"], each["line"]) for each in found["problems"]] == [("version", 3)]
    assert (found["id"], found["name"]) == (None, None)
    good = client.post(f"{OWN}/check", json={"text": MINE}).json()
    assert (good["problems"], good["id"], good["name"]) == ([], "mine", "Mine")
    assert not (handlers.host.data_folder() / "profiles").exists()


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field"),
    [
        ("POST", "", {"text": "id = 3"}, 422, "text"),
        ("POST", "", {"text": "x" * 2_000_000}, 413, ""),
        ("POST", "", {}, 422, "text"),
        ("PATCH", "", {"file": "nobody.toml", "text": MINE, "version": ""}, 404, "file"),
        ("PATCH", "", {"file": "../mine.toml", "text": MINE, "version": ""}, 404, "file"),
        ("PATCH", "", {"file": "x" * 121, "text": MINE, "version": ""}, 422, "file"),
        ("POST", "/restore", {"file": "nobody.toml", "version": ""}, 404, "file"),
        ("POST", "/restore", {"file": "../x", "version": ""}, 409, ""),
        ("GET", "/nobody.toml", None, 404, "file"),
        ("GET", "/..%2F..%2Fx.toml", None, 404, ""),
        ("DELETE", "?file=nobody.toml&version=", None, 404, "file"),
    ],
)
def test_what_is_refused(client: Any, method: str, path: str, body: Any, status: int, field: str) -> None:
    answer = client.request(method, OWN + path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.json().get("field", "") == field


def test_a_text_with_a_problem_says_its_line(client: Any) -> None:
    answer = client.post(OWN, json={"text": MINE + "colour = 1\n"}).json()
    assert answer["error"].startswith("line 6: colour: found an unknown key; allowed: schema, id")


def test_a_broken_file_is_listed_with_its_reason(client: Any, handlers: Handlers) -> None:
    folder = handlers.host.data_folder() / "profiles"
    folder.mkdir(parents=True)
    (folder / "bad.toml").write_text("id = 3\n")
    handlers.engine.forget_profiles()
    (found,) = client.get(OWN).json()["files"]
    assert (found["file"], found["profile"], found["problem"]["key"]) == ("bad.toml", None, "id")
    assert str(folder) not in client.get(OWN).text


@pytest.mark.parametrize("kind", ["child", "copy"])
def test_a_draft_is_a_profile(client: Any, kind: str) -> None:
    text = client.get(f"{PREFIX}/profiles/animagine-xl-4.0/draft", params={"kind": kind}).json()["text"]
    checked = client.post(f"{OWN}/check", json={"text": text}).json()
    assert (checked["problems"], checked["id"]) == ([], "animagine-xl-4.0-mine")
    assert client.get(f"{PREFIX}/profiles/nobody/draft").status_code == 404
    assert client.get(f"{PREFIX}/profiles/animagine-xl-4.0/draft?kind=no").status_code == 422


def test_where_nothing_may_be_changed_nothing_is(
    client: Any, handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = client.post(OWN, json={"text": MINE}).json()["version"]
    monkeypatch.setattr(OpenAccess, "why_nothing_changes", lambda _: "it is closed")
    query = {"file": "mine.toml", "version": version}
    for answer in (
        client.post(OWN, json={"text": MINE.replace('"mine"', '"other"')}),
        client.patch(OWN, json={"text": CHANGED, **query}),
        client.delete(OWN, params=query),
        client.post(f"{OWN}/restore", json=query),
    ):
        assert answer.status_code == 403 and "it is closed" in answer.json()["error"]
    assert client.get(f"{OWN}/mine.toml").json()["text"] == MINE
    assert {route.name for route in ROUTES if route.writes} >= {
        *("create_profile", "change_profile", "delete_profile", "restore_profile")
    }


def test_requests_go_on_while_profiles_change(client: Any) -> None:
    expected = made(client, "animagine-xl-4.0")
    stop = False

    def ask() -> set[str]:
        found = set()
        while not stop:
            found.add(made(client, "animagine-xl-4.0"))
        return found

    with ThreadPoolExecutor(3) as pool:
        askers = [pool.submit(ask) for _ in range(2)]
        version = client.post(OWN, json={"text": MINE}).json()["version"]
        for number in range(6):
            body = {"file": "mine.toml", "text": f"{MINE}# {number}\n", "version": version}
            version = client.patch(OWN, json=body).json()["version"]
        stop = True
        assert [asker.result() for asker in askers] == [{expected}] * 2
    assert made(client).startswith("1girl, smile")


def test_the_lab(client: Any) -> None:
    body = {"prompt": "smile, 1girl", "profiles": ["animagine-xl-3.1", "anything-v3.1"]}
    results = client.post(f"{PREFIX}/lab", json=body).json()["results"]
    assert [each["name"] for each in results] == ["Animagine XL 3.1", "Anything V3.1"]
    answer = client.post(f"{PREFIX}/lab", json={"prompt": "", "profiles": ["nobody"]})
    assert (answer.status_code, answer.json()["field"]) == (422, "profiles[0]")
    assert client.post(f"{PREFIX}/lab", json={"prompt": "a" * 300_001}).json()["field"] == "prompt"
