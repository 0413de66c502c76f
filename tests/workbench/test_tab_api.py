"""The routes of the tab over HTTP: checkpoints, tag lists with uploads, About."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from modelwise import own_tag_lists
from modelwise.webui.api import access
from modelwise.webui.api.routes import PREFIX
from modelwise.webui.log_tail import log_tail
from modelwise.workbench.handlers import Handlers

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

LISTS, CHECKPOINTS, FETCH = f"{PREFIX}/tags/lists", f"{PREFIX}/checkpoints", f"{PREFIX}/tags/fetch"
MODEL = f"{PREFIX}/doctor/model"
CSV = {"Content-Type": "text/csv"}
GOOD = b"zz_hero,4,12,\nzz_hat,0,3,\n"
OPT = "animagine-xl-4.0-opt"


@pytest.fixture
def client(gradio: Any, handlers: Handlers) -> Any:
    web = import_module("modelwise.workbench.web")
    with gradio.Blocks() as page:
        gradio.Markdown("a page")
    nobody = "http://127.0.0.1:9/danbooru.csv"
    application = web.application(page, handlers.host, handlers.engine, "dark", nobody)
    return import_module("fastapi.testclient").TestClient(application, raise_server_exceptions=False)


def tags(handlers: Handlers) -> list[str]:
    """What is in the user's folder of lists."""
    folder = handlers.host.data_folder() / "tags"
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


def own(answer: Any) -> list[tuple[str, int]]:
    return [(each["name"], each["rows"]) for each in answer["lists"] if each["own"]]


def test_every_checkpoint_of_the_box_has_a_row(client: Any, handlers: Handlers, tmp_path: Path) -> None:
    answer = client.post(CHECKPOINTS, json={}).json()
    while answer["progress"]["state"] == "running":
        answer = client.get(CHECKPOINTS).json()
    assert [row["checkpoint"] for row in answer["checkpoints"]] == handlers.host.checkpoint_names()
    broken = [row for row in answer["checkpoints"] if "truncated" in row["reason"]]
    assert [row["checkpoint"] for row in broken] == ["half_a_download.safetensors"]
    assert str(tmp_path) not in client.get(CHECKPOINTS).text


def test_a_choice_is_followed_by_the_next_prompt(client: Any, handlers: Handlers) -> None:
    name = "somebodys_merge_v7.safetensors"
    handlers.host.options["sd_model_checkpoint"] = name
    asked = {"prompt": "smile, 1girl"}
    assert client.post(f"{PREFIX}/compile", json=asked).json()["prompt"] == "smile, 1girl"
    answer = client.patch(CHECKPOINTS, json={"checkpoint": name, "profile": OPT})
    assert (answer.status_code, answer.json()["chosen"]) == (200, True)
    assert client.post(f"{PREFIX}/compile", json=asked).json()["profile"] == OPT
    assert client.patch(CHECKPOINTS, json={"checkpoint": name}).json()["chosen"] is False


def test_the_life_of_an_own_list(client: Any, handlers: Handlers) -> None:
    added = client.post(LISTS, params={"name": "My list.csv"}, content=GOOD, headers=CSV)
    assert added.status_code == 201
    assert (added.json()["added"], own(added.json()["tags"])) == ("My list.csv", [("My list.csv", 2)])
    found = client.get(f"{PREFIX}/tags/find", params={"tag": "ZZ_Hero"}).json()["found"]
    assert (found["category"], found["list"]) == ("character", "My list.csv")
    compiled = client.post(f"{PREFIX}/compile", json={"prompt": "smile, zz hero, 1girl"}).json()["prompt"]
    assert compiled.startswith("1girl, zz hero, smile")
    again = client.post(LISTS, params={"name": "My list.csv"}, content=GOOD, headers=CSV)
    assert (again.status_code, again.json()["field"]) == (409, "name")
    replaced = {"name": "My list.csv", "replace": "true"}
    answer = client.post(LISTS, params=replaced, content=b"zz_other,0,1\n", headers=CSV)
    assert own(answer.json()["tags"]) == [("My list.csv", 1)]
    gone = client.delete(LISTS, params={"list": "My list.csv"})
    assert (gone.status_code, own(gone.json())) == (200, [])
    assert client.get(f"{PREFIX}/tags/find", params={"tag": "zz other"}).json()["found"] is None
    assert tags(handlers) == ["My list.csv.bak"]
    assert client.delete(LISTS, params={"list": "My list.csv"}).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"PK\x03\x04" * 50, 422, "found byte 0x03"),
        (b"<html>\n" * 50, 422, "50 lines that are none"),
        (b"", 422, "found 0 tags"),
    ],
)
def test_a_file_that_is_no_list(
    client: Any, handlers: Handlers, content: bytes, status: int, said: str
) -> None:
    answer = client.post(LISTS, params={"name": "x.csv"}, content=content, headers=CSV)
    assert answer.status_code == status
    assert said in answer.json()["error"]
    assert tags(handlers) == []


def parts(count: int) -> Iterator[bytes]:
    """A list that does not say how long it is, a tag in 1,000 bytes."""
    for number in range(count):
        yield f"zz_tag_{number},0,1,".encode().ljust(999) + b"\n"


def test_a_list_may_be_larger_than_other_bodies_and_is_bounded(
    client: Any, handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_tag_lists, "LARGEST_LIST", 3_000_000)
    answer = client.post(LISTS, params={"name": "x.csv"}, content=parts(3000), headers=CSV)
    assert (answer.status_code, own(answer.json()["tags"])) == (201, [("x.csv", 3000)])
    answer = client.post(LISTS, params={"name": "y.csv"}, content=parts(5000), headers=CSV)
    assert answer.status_code == 413
    assert "y.csv: found over 3,000,000 bytes" in answer.json()["error"]
    assert tags(handlers) == ["x.csv"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "", "application/json"]
)
def test_what_a_page_from_elsewhere_can_send_unasked_is_refused(
    client: Any, handlers: Handlers, kind: str
) -> None:
    answer = client.post(LISTS, params={"name": "x.csv"}, content=GOOD, headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert answer.json()["error"].endswith("allowed: text/csv")
    assert tags(handlers) == []


@pytest.mark.parametrize(
    ("method", "address", "more"),
    [
        ("POST", f"{LISTS}?name=x.csv", {"content": GOOD}),
        ("DELETE", f"{LISTS}?list=x.csv", {}),
        ("POST", FETCH, {"json": {}}),
        ("DELETE", FETCH, {}),
        ("POST", MODEL, {"json": {}}),
        ("DELETE", MODEL, {}),
        ("PATCH", CHECKPOINTS, {"json": {"checkpoint": "half_a_download.safetensors"}}),
    ],
)
def test_changes_need_leave(
    client: Any,
    handlers: Handlers,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    address: str,
    more: dict[str, Any],
) -> None:
    headers = CSV if "content" in more else {}
    abroad = client.request(method, address, headers={**headers, "Origin": "https://example.org"}, **more)
    assert abroad.status_code == 403
    monkeypatch.setattr(access.OpenAccess, "why_nothing_changes", lambda _self: "it is closed")
    closed = client.request(method, address, headers=headers, **more)
    assert (closed.status_code, "it is closed" in closed.json()["error"]) == (403, True)
    monkeypatch.setattr(access.OpenAccess, "admits", lambda *_: False)
    assert client.request(method, address, headers=headers, **more).status_code == 401
    assert tags(handlers) == []


def test_a_fetch_without_a_network(client: Any, handlers: Handlers) -> None:
    answer = client.post(FETCH, json={}).json()
    assert answer["address"] == "http://127.0.0.1:9/danbooru.csv"
    while answer["progress"]["state"] == "running":
        answer = client.get(FETCH).json()
    assert (answer["progress"]["state"], answer["kept"]) == ("failed", 0)
    assert "no connection" in answer["progress"]["message"]
    assert client.get(f"{PREFIX}/tags").json()["fetch"] == answer
    assert client.delete(FETCH).json()["progress"]["state"] == "failed"


def test_two_lists_of_one_name_only_the_users_own_can_go(
    client: Any, handlers: Handlers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    neighbour = tmp_path / "neighbour" / "danbooru.csv"
    neighbour.parent.mkdir()
    neighbour.write_bytes(GOOD)
    monkeypatch.setattr(handlers.host, "tag_lists", lambda: [neighbour])
    client.post(LISTS, params={"name": "danbooru.csv"}, content=GOOD + b"zz_3,0,1\n", headers=CSV)
    lists = client.get(f"{PREFIX}/tags").json()["lists"]
    named = [(each["rows"], each["own"]) for each in lists if each["name"] == "danbooru.csv"]
    assert named == [(2, False), (3, True)]


@pytest.mark.parametrize(
    ("tag", "status"), [("", 422), ("x" * 201, 422), ("x" * 200, 200), ("_", 200), ("%00", 200)]
)
def test_any_tag_can_be_asked_for(client: Any, tag: str, status: int) -> None:
    assert client.get(f"{PREFIX}/tags/find", params={"tag": tag}).status_code == status


def test_tags_by_alias_misspelling_and_beginning(client: Any, handlers: Handlers) -> None:
    folder = handlers.host.data_folder() / "tags"
    folder.mkdir(parents=True)
    lines = "".join(f"zz_tag_{n},0,1,\n" for n in range(30)) + 'zz_main,3,9,"zz_alias,zz_other"\n'
    (folder / "mine.csv").write_text(lines, encoding="utf-8")

    def ask(tag: str) -> Any:
        return client.get(f"{PREFIX}/tags/find", params={"tag": tag}).json()

    found = ask("ZZ alias")["found"]
    assert (found["name"], found["exact"], found["category"]) == ("zz main", False, "series")
    assert found["aliases"] == ["zz alias", "zz other"]
    assert (len(ask("zz tag")["near"]), ask("zz tag")["found"]) == (20, None)
    assert "zz tag 1" not in ask("zz tag 1")["near"]


def test_about_tells_nothing_private(client: Any, handlers: Handlers, tmp_path: Path) -> None:
    log_tail()
    folder = handlers.host.data_folder()
    logging.getLogger("modelwise").warning("read %s and /mnt/photos/me.csv", folder / "tags" / "mine.csv")
    client.post(f"{PREFIX}/preview", json={"tab": "txt2img", "page": {"prompt": "1girl"}})
    answer = client.get(f"{PREFIX}/about").json()
    versions = {fact["name"]: fact["value"] for fact in answer["versions"]}
    assert {"Modelwise", "Python", "gradio", "workbench"} <= versions.keys()
    assert answer["log"][-1].endswith("WARNING read <data>/tags/mine.csv and …/me.csv")
    assert {"profiles", "preview"} <= {each["work"] for each in answer["timings"]}
    assert answer["features"][0]["found"] is False
    for text in (str(tmp_path), str(Path.home()), str(Path(__file__).parents[2])):
        assert text not in str(answer)
    for part in ("## Versions", "Modelwise: ", "## Log", "<data>/tags/mine.csv", "token counter: missing"):
        assert part in answer["report"]
