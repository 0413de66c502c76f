"""`scores` and `scorers` on the command line, with small scorers and a server on this machine."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from modelwise.cli_scores import JOURNAL
from tests.support.commands import ROOT, called, environment, started
from tests.support.scorers import VIT_CONFIG, random_vit, safetensors, write_shadow, write_waifu
from tests.support.tag_server import Server, refusing, whole

needs_torch = pytest.mark.skipif(
    subprocess.run(
        [sys.executable, "-c", "import torch, safetensors"], capture_output=True, check=False
    ).returncode
    != 0,
    reason="needs torch and safetensors, which every WebUI brings",
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A WebUI's data folder with both scorers."""
    write_shadow(tmp_path / "modelwise" / "scores")
    write_waifu(tmp_path / "modelwise" / "scores")
    return tmp_path


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Three images and a broken one."""
    folder = tmp_path / "images"
    folder.mkdir()
    dice = np.random.default_rng(3)
    for number in range(3):
        picture = Image.fromarray(dice.integers(0, 256, (60, 50, 3), dtype=np.uint8))
        picture.save(folder / f"{number}.png")
    (folder / "broken.png").write_bytes(b"no image")
    return folder


@needs_torch
def test_a_folder_is_scored(data: Path, images: Path) -> None:
    done = called("scores", images, "--folder", data, "--csv", data / "all.csv")
    assert (done.code, done.errors) == (1, "")  # one image has no score
    assert "Animagine XL 3.1, aesthetic by aesthetic-shadow-v2: 3 images\n" in done.output
    assert "SoteDiffusion V2, quality by aes-B32-v0: 3 images\n" in done.output
    assert done.output.endswith("broken.png: found no image; allowed: PNG, JPEG, WebP, GIF, BMP or TIFF\n")
    with (data / "all.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["file"] for row in rows] == ["0.png", "1.png", "2.png", "broken.png"]
    assert all(0 < float(row["aes-B32-v0"]) < 1 for row in rows[:3])
    (images / "broken.png").unlink()
    assert called("scores", images, "--folder", data).code == 0


@needs_torch
def test_as_data_of_some_scorers_and_profiles(data: Path, images: Path) -> None:
    chosen = [
        "--scorer",
        "aesthetic-shadow-v2",
        "--profile",
        "animagine-xl-3.1",
        "--profile",
        "animagine-xl-4.0",
    ]
    found = called("scores", images, "--folder", data, "--json", "--batch", "1", *chosen).json()
    assert [image["file"] for image in found["images"]] == ["0.png", "1.png", "2.png", "broken.png"]
    assert [set(image["tags"]) for image in found["images"]] == [{"animagine-xl-3.1"}] * 3 + [set()]
    assert [(each["profile"], each["total"]) for each in found["histograms"]] == [("animagine-xl-3.1", 3)]


@needs_torch
def test_it_goes_on_from_its_journal(data: Path, images: Path) -> None:
    first = called("scores", images, "--folder", data, "--json").json()
    lines = (images / JOURNAL).read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == 8
    (images / JOURNAL).write_text("".join(lines[:2]), encoding="utf-8")
    again = called("scores", images, "--folder", data, "--json").json()
    assert [image["file"] for image in again["images"]] == [image["file"] for image in first["images"]]
    for before, now in zip(first["images"], again["images"], strict=True):
        assert now["scores"] == pytest.approx(before["scores"], abs=1e-5)  # other neighbours in a batch
    # the broken image is tried again each time
    assert len((images / JOURNAL).read_text(encoding="utf-8").splitlines()) == 8
    elsewhere = data / "mine.jsonl"
    called("scores", images, "--folder", data, "--journal", elsewhere)
    assert len(elsewhere.read_text(encoding="utf-8").splitlines()) == 8


@needs_torch
def test_stopped_by_ctrl_c_it_says_how_to_go_on(data: Path, images: Path) -> None:
    for number in range(3000):
        (images / f"more-{number}.png").write_bytes((images / "0.png").read_bytes())
    with started("scores", images, "--folder", data, "--batch", "1") as process:
        while not (images / JOURNAL).exists() and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, output) == (130, b"")
    assert errors == b"modelwise: stopped; the same command goes on from here\n"
    before = (images / JOURNAL).read_text(encoding="utf-8").splitlines()
    assert 0 < len(before) < 3000 and json.loads(before[-1])["scorer"] == "aesthetic-shadow-v2"


@needs_torch
def test_wrong_weights_are_named(data: Path, images: Path) -> None:
    wrong = {name: tensor for name, tensor in random_vit().items() if name != "classifier.bias"}
    (data / "modelwise" / "scores" / "aesthetic-shadow-v2" / "model.safetensors").write_bytes(
        safetensors(wrong)
    )
    done = called("scores", images, "--folder", data)
    assert (done.code, done.output) == (1, "")
    assert done.errors == (
        "modelwise: model.safetensors: found no tensor classifier.bias; allowed: all 40 of the model's\n"
    )


def test_without_a_scorer_it_says_how_to_get_one(tmp_path: Path, images: Path) -> None:
    done = called("scores", images, "--folder", tmp_path)
    assert (done.code, done.output) == (1, "")
    assert "found no scorer in " in done.errors
    assert "allowed: aesthetic-shadow-v2 or aes-B32-v0, by `scorers fetch ID`" in done.errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scorer", "x"], "scorer: found 'x'; allowed: aesthetic-shadow-v2, aes-B32-v0"),
        (["--profile", "x"], "profile: found 'x'; allowed: "),
        (["--batch", "0"], "found 0; allowed: 1 to 256"),
        (["--batch", "many"], "invalid _count value: 'many'"),
        (["--device", "tpu"], "invalid choice: 'tpu'"),
    ],
)
def test_a_wrong_call(data: Path, images: Path, arguments: list[str], said: str) -> None:
    done = called("scores", images, "--folder", data, *arguments)
    assert done.code in {1, 2} and not done.output
    assert said in done.errors


@needs_torch
def test_a_folder_that_is_none(data: Path) -> None:
    done = called("scores", data / "nothing", "--folder", data)
    assert done.code == 2 and "No such file or directory" in done.errors


def test_without_torch_it_says_what_it_needs(data: Path, images: Path) -> None:
    code = "import sys; sys.modules['torch'] = None; from modelwise.cli import main; raise SystemExit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "scores", str(images), "--folder", str(data)],
        cwd=ROOT,
        env=environment({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "torch, safetensors, numpy and Pillow, which every WebUI's own Python has" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_status(data: Path) -> None:
    (data / "modelwise" / "scores" / "aes-B32-v0" / "config.json").unlink()
    done = called("scorers", "status", "--folder", data)
    assert done.output.splitlines() == [
        f"aesthetic-shadow-v2  there: {data / 'modelwise' / 'scores' / 'aesthetic-shadow-v2'}",
        f"aes-B32-v0           missing: config.json: {data / 'modelwise' / 'scores' / 'aes-B32-v0'}",
    ]
    found = called("scorers", "status", "--folder", data, "--json").json()
    assert found == {"aesthetic-shadow-v2": [], "aes-B32-v0": ["config.json"]}


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.stop()


def test_a_scorer_is_fetched(server: Server, tmp_path: Path) -> None:
    weights = safetensors(random_vit())
    config = json.dumps(VIT_CONFIG).encode()
    server.answer = lambda handler: whole(config if handler.path.endswith(".json") else weights)(handler)
    done = called("scorers", "fetch", "aesthetic-shadow-v2", "--folder", tmp_path, "--from", server.address)
    assert done.code == 0, done.errors
    assert done.errors.splitlines() == ["config.json", "preprocessor_config.json", "model.safetensors"]
    assert ", which nobody has named, so it was not checked\n" in done.output
    folder = tmp_path / "modelwise" / "scores" / "aesthetic-shadow-v2"
    assert done.output.endswith(f"aesthetic-shadow-v2 is there: {folder}\n")
    assert (folder / "model.safetensors").read_bytes() == weights


def test_what_went_wrong_is_said(server: Server, tmp_path: Path) -> None:
    server.answer = refusing(404)
    done = called("scorers", "fetch", "aes-B32-v0", "--folder", tmp_path, "--from", server.address)
    assert (done.code, done.output) == (1, "")
    assert "found 404 Not Found; the file can also be saved by hand as " in done.errors
    assert "found 'x'; allowed: " in called("scorers", "fetch", "x", "--folder", tmp_path).errors


def test_nobody_else_loads_what_scores_need() -> None:
    names = [
        file.stem for file in sorted((ROOT / "modelwise").glob("*.py")) if not file.stem.startswith("__")
    ]
    code = f"""
import importlib, sys
for name in {names!r}:
    importlib.import_module(f"modelwise.{{name}}")
heavy = {{"torch", "safetensors", "numpy", "PIL", "transformers"}}
print(sorted(heavy & sys.modules.keys()), [name for name in sys.modules if name.startswith("modelwise.scores")])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "[] []\n", done.stderr
