"""The doctor in a real WebUI: live position ids are damaged, checked, repaired and put back, and pictures follow."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.real.conftest import Start
from tests.real.generating import generate, same_checkpoint
from tests.real.installing import put_in_place
from tests.real.running import LOCAL, Place, RunningWebUI
from tests.support.checkpoints import POSITIONS

MODEL, FILE = "/modelwise/v1/doctor/model", "/modelwise/v1/doctor/checkpoint?checkpoint="
FILES = "/modelwise/v1/doctor/checkpoints"
SOUND, DAMAGED, WITHOUT = "sound-ids.safetensors", "merges/damaged-ids.safetensors", "without-ids.safetensors"
SHIFTED = (0, *range(76))
"""Every place but the first read as the one before: enough for a model of this size to show it."""
PROMPT = "smile, 1girl, outdoors, night, hat"


def with_ids(source: Path, target: Path, ids: Sequence[int] | None) -> None:
    """A copy of a checkpoint with other position ids, or with none."""
    content = bytearray(source.read_bytes())
    begin = 8 + int.from_bytes(content[:8], "little")
    table = json.loads(content[8:begin])
    entry = table[POSITIONS["sdxl"]]
    first, last = entry["data_offsets"]
    assert (entry["dtype"], last - first) == ("I64", 616)
    if ids is None:  # the values stay, under a name that nobody reads
        table["unread"] = table.pop(POSITIONS["sdxl"])
    else:
        values = b"".join(value.to_bytes(8, "little") for value in ids)
        content[begin + first : begin + last] = values
    header = json.dumps(table).encode()
    header += b" " * (-len(header) % 8)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(len(header).to_bytes(8, "little") + header + content[begin:])


def copy_checkpoints(checkpoints: Path, data: Path) -> list[Path]:
    """Three copies of one of the WebUI's checkpoints in a data folder, each with its settings beside it."""
    source = checkpoints / "animagine-xl-3.1.safetensors"
    copies = {SOUND: range(77), DAMAGED: SHIFTED, WITHOUT: None}
    files = [data / "models" / "Stable-diffusion" / name for name in copies]
    for file, ids in zip(files, copies.values(), strict=True):
        with_ids(source, file, ids)
        file.with_suffix(".yaml").write_bytes(source.with_suffix(".yaml").read_bytes())
    return files


@pytest.fixture(scope="module")
def clinic(server: RunningWebUI) -> Iterator[RunningWebUI]:
    """The WebUI with three more checkpoints, which differ in their position ids alone."""
    files = copy_checkpoints(server.where.checkpoints, server.data)
    server.post("/sdapi/v1/refresh-checkpoints", {})
    with same_checkpoint(server):
        yield server
    for file in files:
        file.unlink()
        file.with_suffix(".yaml").unlink()
    server.post("/sdapi/v1/refresh-checkpoints", {})


def made(webui: RunningWebUI, checkpoint: str, **more: Any) -> list[bytes]:
    """The pixels of a picture; the checkpoint stays loaded."""
    keep: dict[str, Any] = {"override_settings_restore_afterwards": False}
    return generate(webui, None, checkpoint, prompt=PROMPT, negative_prompt="fog", **keep, **more).pixels


def undo(webui: RunningWebUI) -> Any:
    request = urllib.request.Request(webui.address + MODEL, method="DELETE")  # noqa: S310
    with LOCAL.open(request) as answer:
        return json.load(answer)


HIRES = {"enable_hr": True, "hr_scale": 2, "hr_upscaler": "Latent", "denoising_strength": 0.9}


def demand_damage(webui: RunningWebUI) -> None:
    """Skip where the WebUI makes ids of its own, whatever the file says: there no checkpoint can be damaged so."""
    made(webui, DAMAGED)
    found = webui.get(MODEL)
    if found["state"] == "sound":
        assert "exactly 0 to 76" in found["says"]
        assert made(webui, DAMAGED) == made(webui, SOUND)
        pytest.skip("this WebUI takes no position ids from a file")


@pytest.mark.parametrize("more", [{}, HIRES], ids=["one pass", "two passes"])
def test_pictures_follow_a_repair_and_its_undoing(clinic: RunningWebUI, more: dict[str, Any]) -> None:
    demand_damage(clinic)
    wanted = made(clinic, SOUND, **more)
    assert clinic.get(MODEL)["state"] == "sound"
    damaged = made(clinic, DAMAGED, **more)
    assert damaged != wanted
    found = clinic.get(MODEL)
    assert (found["state"], found["repairable"], found["changes"]) == ("damaged", True, [])
    assert found["checkpoint"].replace("\\", "/") == DAMAGED
    assert "wrong in 76 of 77 places" in found["findings"][0]["found"]
    assert made(clinic, DAMAGED, **more) == damaged
    repaired = clinic.post(MODEL, {})
    assert (repaired["state"], len(repaired["changes"])) == ("repaired", 1)
    assert made(clinic, DAMAGED, **more) == wanted
    assert clinic.get(MODEL)["state"] == "repaired"
    assert undo(clinic)["state"] == "damaged"
    assert made(clinic, DAMAGED, **more) == damaged


def test_loading_another_checkpoint_forgets(clinic: RunningWebUI) -> None:
    demand_damage(clinic)
    assert clinic.post(MODEL, {})["state"] == "repaired"
    wanted = made(clinic, SOUND)
    found = clinic.get(MODEL)
    assert (found["state"], found["changes"]) == ("sound", [])
    assert undo(clinic)["says"] == "There is nothing to take back."
    assert made(clinic, SOUND) == wanted
    made(clinic, DAMAGED)
    found = clinic.get(MODEL)
    assert (found["state"], found["changes"]) == ("damaged", [])


def test_not_while_a_picture_is_made(clinic: RunningWebUI) -> None:
    before = made(clinic, DAMAGED) and clinic.get(MODEL)["state"]
    job = Thread(target=lambda: made(clinic, DAMAGED, steps=40))
    job.start()
    seen = []
    while job.is_alive():
        answer = clinic.post(MODEL, {})
        seen.append(answer["state"])
        if answer["changes"]:
            undo(clinic)
    job.join()
    assert "unavailable" in seen
    assert clinic.get(MODEL)["state"] == before


def test_files_are_examined_by_their_names(clinic: RunningWebUI) -> None:
    def positions(name: str) -> list[str]:
        findings = clinic.get(FILE + name)["findings"]
        return [each["severity"] for each in findings if each["check"] == "position_ids"]

    assert (positions(SOUND), positions(DAMAGED), positions(WITHOUT)) == ([], ["problem"], [])
    answer = clinic.post(FILES, {})
    while answer["progress"]["state"] == "running":
        answer = clinic.get(FILES)
    assert answer["progress"]["state"] == "done"
    listed = {each["filename"] for each in clinic.get("/sdapi/v1/sd-models")}
    assert len(answer["found"]) == len(listed) == answer["progress"]["total"]
    for folder in (clinic.data, clinic.where.checkout):
        assert str(folder) not in json.dumps(answer)


def starts_without_a_model(checkout: Path) -> bool:
    """Whether the WebUI heeds the argument, or has a stand-in until the first picture; others take the argument, and
    load all the same."""
    texts = [file.read_text(encoding="utf-8") for file in checkout.glob("modules/*.py")]
    return any(sign in text for text in texts for sign in (".skip_load_model_at_start", "FakeInitialModel"))


@pytest.mark.parametrize("argument", ["--lowvram", "--medvram"])
def test_with_little_memory(
    where: Place, repository: Path, start: Start, tmp_path: Path, argument: str
) -> None:
    """Nothing is loaded for a question, where the WebUI itself loads nothing; the text encoder is found wherever it is."""
    if f'"{argument}"' not in (where.checkout / "modules" / "cmd_args.py").read_text(encoding="utf-8"):
        pytest.skip(f"this WebUI has no {argument}")
    data = tmp_path / "data"
    put_in_place(repository, data)
    copy_checkpoints(where.checkpoints, data)
    webui = start(data, [argument, "--skip-load-model-at-start"])
    if starts_without_a_model(where.checkout):
        for found in (webui.get(MODEL), webui.post(MODEL, {}), undo(webui)):
            assert (found["state"], "No model is loaded yet" in found["says"]) == ("unavailable", True)
        assert "Loading weights" not in webui.log()
    demand_damage(webui)
    damaged = made(webui, DAMAGED)
    assert webui.post(MODEL, {})["state"] == "repaired"
    repaired = made(webui, DAMAGED)
    assert repaired == made(webui, SOUND) != damaged


def test_one_model_for_checkpoints_of_one_kind(
    where: Place, repository: Path, start: Start, tmp_path: Path
) -> None:
    """Weights go into the model that is there; ids that a file does not bring stay those of the file before.

    Two files with the same settings, as only the ending of their names differs.
    """
    torch = pytest.importorskip("torch", reason="needs torch, to write a .ckpt")
    data = tmp_path / "data"
    put_in_place(repository, data)
    *_, damaged_file, without_file = copy_checkpoints(where.checkpoints, data)
    weights = import_module("safetensors.torch").load_file(damaged_file)
    torch.save({"state_dict": weights}, without_file.with_suffix(".ckpt"))
    other = Path(WITHOUT).with_suffix(".ckpt").name
    webui = start(data, ["--disable-safe-unpickle"])  # its check knows no file of a newer torch
    demand_damage(webui)
    made(webui, other)
    damaged = made(webui, WITHOUT)
    assert "Reusing loaded model" in webui.log()
    found = webui.get(MODEL)
    assert (found["state"], found["checkpoint"]) == ("damaged", WITHOUT)
    assert [each["check"] for each in webui.get(FILE + WITHOUT)["findings"]].count("position_ids") == 0
    assert webui.post(MODEL, {})["state"] == "repaired"
    assert made(webui, WITHOUT) != damaged
    made(webui, other)
    found = webui.get(MODEL)
    assert (found["state"], found["changes"]) == ("damaged", [])
    assert undo(webui)["says"] == "There is nothing to take back."
    assert webui.post(MODEL, {})["state"] == "repaired"
    made(webui, WITHOUT)
    found = webui.get(MODEL)
    assert (found["state"], found["changes"]) == ("sound", [])
