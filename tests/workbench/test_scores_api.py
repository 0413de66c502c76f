"""The routes of image scores over HTTP: scorers, images good and bad, tables, fetching from this machine."""

from __future__ import annotations

import csv
import io
import json
import time
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from modelwise.profile_files import load_bundled
from modelwise.scores.configs import read_preprocessing
from modelwise.scores.known import KNOWN
from modelwise.scores.verdicts import scales
from modelwise.webui import given_images
from modelwise.webui.api import access, scores
from modelwise.webui.api.routes import PREFIX
from modelwise.workbench.handlers import Handlers
from tests.support.commands import called
from tests.support.scorers import random_vit, vit_score, write_shadow, write_waifu
from tests.support.tag_server import Server, refusing, whole

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

IMAGES, TABLES, FETCH = (f"{PREFIX}/scores/{name}" for name in ("images", "tables", "fetch"))
IMAGE, LINES = {"Content-Type": scores.IMAGE}, {"Content-Type": scores.LINES}
SHADOW, WAIFU = KNOWN
LIMIT = 30.0


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.stop()


@pytest.fixture
def client(gradio: Any, handlers: Handlers, server: Server) -> Iterator[Any]:
    web = import_module("modelwise.workbench.web")
    with gradio.Blocks() as page:
        gradio.Markdown("a page")
    parts = (page, handlers.host, handlers.engine, "dark", "http://127.0.0.1:9", server.address)
    yield import_module("fastapi.testclient").TestClient(
        web.application(*parts), raise_server_exceptions=False
    )
    handlers.engine.close()


@pytest.fixture
def place(handlers: Handlers) -> Path:
    """The folder of the scorers."""
    return handlers.host.data_folder() / "scores"


@pytest.fixture
def scoring(place: Path) -> Path:
    """Both scorers, small and random."""
    for package in ("torch", "safetensors"):
        pytest.importorskip(package, reason=f"needs {package}, which every WebUI brings")
    write_shadow(place)
    write_waifu(place)
    return place


def picture(wide: int = 40, high: int = 60, kind: str = "png", mode: str = "RGB") -> bytes:
    image = pytest.importorskip("PIL.Image")
    numpy = pytest.importorskip("numpy")
    made = io.BytesIO()
    pixels = numpy.random.default_rng(1).integers(0, 255, (high, wide, 3), dtype=numpy.uint8)
    image.fromarray(pixels).convert(mode).save(made, kind)
    return made.getvalue()


def asked(client: Any, content: Any, name: str = "one.png") -> Any:
    return client.post(IMAGES, params={"name": name}, content=content, headers=IMAGE)


def ended(client: Any) -> Any:
    end = time.monotonic() + LIMIT
    while (answer := client.get(FETCH).json())["progress"]["state"] == "running":
        assert time.monotonic() < end
        time.sleep(0.01)
    return answer


def test_an_image_is_scored_by_all_that_are_there(client: Any, scoring: Path, tmp_path: Path) -> None:
    """The number is that of an independent arithmetic; the tags are those of the cards."""
    content = picture()
    answer = asked(client, content)
    assert answer.status_code == 200
    found = answer.json()
    images = import_module("modelwise.scores.images")  # it needs numpy and Pillow
    preprocessing = read_preprocessing(scoring / SHADOW.id / "preprocessor_config.json")
    expected = vit_score(random_vit(), images.numbers(images.opened(io.BytesIO(content)), preprocessing))
    assert found["scores"][SHADOW.id] == pytest.approx(expected, abs=2e-4)
    assert found["scores"].keys() == {SHADOW.id, WAIFU.id}
    for scale in scales(load_bundled().profiles.values()):
        given = found["tags"][scale.profile][scale.slot.value]
        assert given == scale.tag(found["scores"][scale.scorer])
    assert (found["file"], found["error"], found["notice"]) == ("one.png", "", "")
    assert str(tmp_path) not in answer.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "found no image"),
        (b"no image", "found no image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "found no image"),
        ("truncated", "can't be read"),
        ("bomb", "pixels; allowed: at most"),
    ],
)
def test_a_bad_image_says_what_is_wrong(client: Any, scoring: Path, content: Any, said: str) -> None:
    if content == "truncated":
        content = picture()[:-2000]
    if content == "bomb":
        content = picture(1, 1).replace((1).to_bytes(4, "big") * 2, (20_000).to_bytes(4, "big") * 2)
        content = _with_checksum(content)
    answer = asked(client, content)
    assert answer.status_code == 200
    assert said in answer.json()["error"] and answer.json()["scores"] == {}


def _with_checksum(data: bytes) -> bytes:
    """A PNG whose first chunk was changed."""
    return data[:29] + zlib.crc32(data[12:29]).to_bytes(4, "big") + data[33:]


@pytest.mark.parametrize(
    ("kind", "mode"), [("jpeg", "CMYK"), ("gif", "P"), ("tiff", "RGB"), ("webp", "RGBA")]
)
def test_unusual_images(client: Any, scoring: Path, kind: str, mode: str) -> None:
    answer = asked(client, picture(kind=kind, mode=mode)).json()
    assert (len(answer["scores"]), answer["error"]) == (2, "")


def test_an_image_has_its_limit(client: Any, scoring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores, "LARGEST", 1_500_000)
    answer = asked(client, b"\x89PNG" * 500_000)
    assert answer.status_code == 413
    assert "the image: found over 1,500,000 bytes" in answer.json()["error"]
    assert asked(client, picture()).status_code == 200


@pytest.mark.parametrize("kind", ["image/png", "text/plain", "multipart/form-data", ""])
def test_what_a_page_from_elsewhere_can_send_unasked_is_refused(
    client: Any, scoring: Path, kind: str
) -> None:
    answer = client.post(IMAGES, content=picture(), headers={"Content-Type": kind})
    assert answer.status_code == 415


def test_without_a_scorer_and_without_torch(
    client: Any, handlers: Handlers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(given_images, "PACKAGES", {})
    answer = asked(client, b"x")
    assert (answer.status_code, "found no image scorer" in answer.json()["error"]) == (409, True)
    monkeypatch.setattr(given_images, "PACKAGES", {"no_such_module": "torch"})
    answer = asked(client, b"x")
    assert (answer.status_code, "scores need torch" in answer.json()["error"]) == (409, True)
    found = client.get(f"{PREFIX}/scores")
    assert found.json()["missing_packages"] == ["torch"]
    assert [each["id"] for each in found.json()["scorers"]] == [SHADOW.id, WAIFU.id]
    assert str(tmp_path) not in found.text


def test_weights_that_are_damaged(client: Any, scoring: Path, tmp_path: Path) -> None:
    file = scoring / SHADOW.id / "model.safetensors"
    whole_file = file.read_bytes()
    file.write_bytes(whole_file[:1000])
    answer = asked(client, picture())
    assert (answer.status_code, "model.safetensors: " in answer.json()["error"]) == (409, True)
    assert str(tmp_path) not in answer.text
    file.write_bytes(whole_file)
    assert asked(client, picture()).status_code == 200


def test_beside_a_generation_it_has_to_be_asked_again(
    client: Any, handlers: Handlers, scoring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers.host, "turn", lambda: nullcontext(False))
    answer = asked(client, picture())
    assert (answer.status_code, "is being generated" in answer.json()["error"]) == (503, True)


def lines(*images: Any) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in images)


def test_tables_as_the_command_line_writes_them(client: Any, scoring: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.png").write_bytes(picture(40 + 20 * number))
    (folder / "notes.png").write_bytes(b"no image")
    answers = [asked(client, file.read_bytes(), file.name).json() for file in sorted(folder.iterdir())]
    given = [{name: each[name] for name in ("file", "scores", "error")} for each in answers]
    found = client.post(TABLES, content=lines(*given), headers=LINES).json()
    for write in (write_shadow, write_waifu):
        write(tmp_path / "webui" / "modelwise" / "scores")
    options = ("--folder", tmp_path / "webui", "--csv", tmp_path / "all.csv", "--batch", "1", "--json")
    written = called("scores", folder, *options).json()
    expected = (tmp_path / "all.csv").read_text(encoding="utf-8")
    assert found["csv"].splitlines()[0] == expected.splitlines()[0]
    for mine, theirs in zip(*(csv.DictReader(io.StringIO(text)) for text in (found["csv"], expected))):
        assert {**mine, SHADOW.id: "", WAIFU.id: ""} == {**theirs, SHADOW.id: "", WAIFU.id: ""}
        assert float(mine[SHADOW.id] or 0) == pytest.approx(float(theirs[SHADOW.id] or 0), abs=1e-5)
    assert found["histograms"] == written["histograms"]
    assert [each["file"] for each in found["images"]] == [each["file"] for each in written["images"]]
    assert [each["tags"] for each in found["images"]] == [each["tags"] for each in written["images"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[1]\n", "line 1: found Expected `object`"),
        (lines({"file": "x"}) + b"{\n", "line 2: found "),
        (b"\xff\n", "line 1: found "),
        (lines({"file": "x", "scores": {"mine": 0.5}}), "line 1: scores: found 'mine'; allowed: aesthetic"),
        (lines({"file": "x", "scores": {SHADOW.id: 1.5}}), "`float` <= 1.0"),
        (lines({"file": "x", "path": "/etc"}), "unknown field `path`"),
        (lines({"scores": {}}), "missing required field `file`"),
        (b"[" * 100_000, "line 1: found "),
    ],
)
def test_lines_that_are_none(client: Any, content: bytes, said: str) -> None:
    answer = client.post(TABLES, content=content, headers=LINES)
    assert answer.status_code == 422
    assert said in answer.json()["error"]


def test_tables_of_nothing_and_of_too_much(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = client.post(TABLES, content=b"", headers=LINES).json()
    assert (found["csv"], found["images"], found["histograms"]) == ("file,error\n", [], [])
    monkeypatch.setattr(scores, "MOST_LINES", 2)
    answer = client.post(TABLES, content=lines(*[{"file": "x"}] * 3), headers=LINES)
    assert (answer.status_code, "found 3; allowed: at most 2" in answer.json()["error"]) == (413, True)
    monkeypatch.setattr(scores, "LARGEST", 10)
    assert client.post(TABLES, content=lines({"file": "x"}), headers=LINES).status_code == 413


@pytest.fixture
def files(server: Server, tmp_path: Path) -> dict[str, bytes]:
    """The files of a scorer, which the server gives."""
    folder = write_shadow(tmp_path / "remote")
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    server.answer = lambda handler: whole(found[handler.path.strip("/")])(handler)
    return found


def test_a_scorer_is_fetched_and_used(client: Any, place: Path, files: dict[str, bytes]) -> None:
    before = {each["id"]: each for each in client.get(f"{PREFIX}/scores").json()["scorers"]}
    assert before[SHADOW.id]["missing"] == [file.name for file in SHADOW.files]
    assert before[SHADOW.id]["size"] == SHADOW.size
    begun = client.post(FETCH, json={"scorer": SHADOW.id}).json()
    assert begun["scorer"] == SHADOW.id
    done = ended(client)
    assert done["progress"]["state"] == "done"
    assert sha256(files["model.safetensors"]).hexdigest() in done["progress"]["message"]
    after = {each["id"]: each for each in client.get(f"{PREFIX}/scores").json()["scorers"]}
    assert after[SHADOW.id]["missing"] == []
    assert after[SHADOW.id]["size"] == sum(map(len, files.values()))
    assert {path.name for path in (place / SHADOW.id).iterdir()} == files.keys()


def test_a_fetch_is_stopped_and_gone_on_with(client: Any, server: Server, files: dict[str, bytes]) -> None:
    weights = files["model.safetensors"] + bytes(400_000)
    files["model.safetensors"] = weights
    server.answer = lambda handler: whole(files[handler.path.strip("/")], pause=0.1)(handler)
    client.post(FETCH, json={"scorer": SHADOW.id})
    end = time.monotonic() + LIMIT
    while client.get(FETCH).json()["progress"]["done"] < 50_000:
        assert time.monotonic() < end
    other = client.post(FETCH, json={"scorer": WAIFU.id})
    assert (other.status_code, "is being fetched" in other.json()["error"]) == (409, True)
    client.delete(FETCH)
    assert ended(client)["progress"]["state"] == "stopped"
    (shadow, _) = client.get(f"{PREFIX}/scores").json()["scorers"]
    assert 0 < shadow["kept"] < len(weights)
    server.answer = lambda handler: whole(files[handler.path.strip("/")])(handler)
    client.post(FETCH, json={"scorer": SHADOW.id})
    assert ended(client)["progress"]["state"] == "done"
    assert server.asked[-1]["range"].startswith("bytes=")


def test_other_bytes_than_those_that_are_known(
    client: Any, place: Path, server: Server, tmp_path: Path
) -> None:
    server.answer = lambda handler: whole(b"{}" if "json" in handler.path else b"something else")(handler)
    client.post(FETCH, json={"scorer": WAIFU.id})
    answer = ended(client)
    assert answer["progress"]["state"] == "failed"
    assert "pytorch_model.bin: found SHA-256" in answer["progress"]["message"]
    assert not (place / WAIFU.id / "pytorch_model.bin").exists()
    server.answer = refusing(404)
    client.post(FETCH, json={"scorer": WAIFU.id})
    said = ended(client)["progress"]["message"]
    assert "found 404" in said and "<data>/scores/aes-B32-v0/pytorch_model.bin" in said.replace("\\", "/")
    assert str(tmp_path) not in said


def test_an_unknown_scorer(client: Any) -> None:
    answer = client.post(FETCH, json={"scorer": "../../x"})
    assert (answer.status_code, answer.json()["field"]) == (404, "scorer")


@pytest.mark.parametrize(("method", "more"), [("POST", {"json": {"scorer": SHADOW.id}}), ("DELETE", {})])
def test_fetching_needs_leave(
    client: Any, place: Path, monkeypatch: pytest.MonkeyPatch, method: str, more: dict[str, Any]
) -> None:
    abroad = client.request(method, FETCH, headers={"Origin": "https://example.org"}, **more)
    assert abroad.status_code == 403
    monkeypatch.setattr(access.OpenAccess, "why_nothing_changes", lambda _self: "it is closed")
    closed = client.request(method, FETCH, **more)
    assert (closed.status_code, "it is closed" in closed.json()["error"]) == (403, True)
    monkeypatch.setattr(access.OpenAccess, "admits", lambda *_: False)
    for address, body in ((IMAGES, {"content": b"", "headers": IMAGE}), (FETCH, more)):
        assert client.post(address, **body).status_code == 401
    assert not place.exists()
