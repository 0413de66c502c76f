"""The doctor: what it says of made-up checkpoints, each with one thing wrong, and of files that are none."""

from __future__ import annotations

import json
import os
import pickle
import time
from collections.abc import Mapping
from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwise.profiles import Profile
from tests.support.checkpoints import POSITIONS, Made, is_vector, numbers, whole, write
from tests.support.commands import called

pytest.importorskip("numpy", reason="needs numpy, which every WebUI brings")
pytest.importorskip("safetensors", reason="needs safetensors, which every WebUI brings")

from modelwise.doctor.examination import Doctor
from modelwise.doctor.findings import Examination, Finding

SD1, SDXL = POSITIONS["sd1"], POSITIONS["sdxl"]
UNET, VAE = "model.diffusion_model.", "first_stage_model."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some-merge.safetensors"


@pytest.fixture
def doctor(profiles: Mapping[str, Profile]) -> Doctor:
    return Doctor(profiles)


def only(examination: Examination, severity: str = "problem") -> Finding:
    """The one finding of a severity; each has to say everything."""
    found = [finding for finding in examination.findings if finding.severity == severity]
    assert len(found) == 1, found
    assert found[0].found and found[0].meaning and found[0].advice
    return found[0]


@pytest.mark.parametrize("architecture", ["sd1", "sd2", "sdxl"])
@pytest.mark.parametrize("dtype", ["F16", "F32", "BF16"])
def test_a_whole_checkpoint_has_no_problem(doctor: Doctor, file: Path, architecture: str, dtype: str) -> None:
    examination = doctor.examine(write(file, whole(architecture, dtype)))
    assert examination.architecture == architecture
    assert examination.tensors_read > 100
    risky = architecture == "sdxl" and dtype == "F16"
    assert [(each.check, each.severity) for each in examination.findings] == [("vae", "note")] * risky
    assert examination.healthy


def damaged(dtype: str, **places: float) -> Made:
    values: list[float] = list(range(77))
    for name, value in places.items():
        values[int(name[1:])] = value
    return numbers(dtype, values, (1, 77))


@pytest.mark.parametrize(
    ("made", "severity", "found"),
    [
        (damaged("I64", p41=40), "problem", "wrong in 1 of 77 places: 40 at place 41"),
        (damaged("F16", p41=40.96875), "problem", "wrong in 1 of 77 places: 40.9688 at place 41"),
        (damaged("BF16", p3=2.984375), "problem", "wrong in 1 of 77 places: 2.98438 at place 3"),
        (damaged("F32", p7=nan), "problem", "wrong in 1 of 77 places: nan at place 7"),
        (damaged("F32", p0=-inf), "problem", "wrong in 1 of 77 places: -inf at place 0"),
        (numbers("I64", range(76, -1, -1), (1, 77)), "problem", "wrong in 76 of 77 places: 76 at place 0, "),
        (numbers("I64", range(76), (1, 76)), "problem", "holds 76 places where 77 belong"),
        (numbers("I64", range(248), (1, 248)), "problem", "holds 248 places where 77 belong"),
        (damaged("F32", p41=41.03125), "warning", "not exact in 1 of 77 places: 41.0312 at place 41"),
        (damaged("F16"), "note", "exact, but of the type F16"),
        (Made("F8_E4M3", (1, 77)), "problem", "of the type F8_E4M3"),
        (Made("I64", (1, 70_000)), "problem", "560,000 bytes: it was not read"),
    ],
)
@pytest.mark.parametrize("name", [SD1, SD1.replace("text_model.", "")])
def test_position_ids(doctor: Doctor, file: Path, name: str, made: Made, severity: str, found: str) -> None:
    tensors = {key: tensor for key, tensor in whole("sd1").items() if key != SD1}
    examination = doctor.examine(write(file, {name: made, **tensors}))
    finding = next(each for each in examination.findings if each.check == "position_ids")
    assert finding.severity == severity
    assert found in finding.found
    assert finding.tensors == (name,)


def test_position_ids_of_sdxl(doctor: Doctor, file: Path) -> None:
    tensors = whole("sdxl") | {SDXL: damaged("I64", p12=11, p13=12)}
    finding = only(doctor.examine(write(file, tensors)))
    assert finding.found == "position_ids is wrong in 2 of 77 places: 11 at place 12, 12 at place 13"
    assert finding.certainty == "certain"
    assert "in memory" in finding.advice


def test_without_position_ids_all_is_well(doctor: Doctor, file: Path) -> None:
    tensors = whole("sd1", "F32")
    del tensors[SD1]
    assert doctor.examine(write(file, tensors)).findings == ()


@pytest.mark.parametrize("value", [nan, inf, -inf])
@pytest.mark.parametrize("dtype", ["F16", "F32", "F64", "BF16"])
def test_numbers_that_are_none(doctor: Doctor, file: Path, dtype: str, value: float) -> None:
    name = f"{VAE}decoder.norm_out.bias"
    tensors = whole("sd1", "F32") | {name: numbers(dtype, [0.5, value, 1.5])}
    finding = only(doctor.examine(write(file, tensors)))
    assert finding.check == "values"
    assert finding.tensors == (name,)


def test_large_tensors_are_not_read(doctor: Doctor, file: Path) -> None:
    name = f"{VAE}decoder.norm_out.bias"
    tensors = whole("sd1", "F32") | {name: numbers("F32", [nan] * 20_000)}
    assert doctor.examine(write(file, tensors)).findings == ()


def test_no_vae(doctor: Doctor, file: Path) -> None:
    tensors = {name: made for name, made in whole("sd1").items() if not name.startswith(VAE)}
    finding = only(doctor.examine(write(file, tensors)))
    assert (finding.check, finding.found) == ("vae", "there is no VAE in it")
    file.with_name("some-merge.vae.pt").touch()
    examination = doctor.examine(file)
    assert examination.healthy
    assert "some-merge.vae.pt beside it stands in" in only(examination, "note").meaning


@pytest.mark.parametrize(
    ("architecture", "prefix", "title"),
    [
        ("sdxl", "conditioner.embedders.1.", "second text encoder"),
        ("sdxl", UNET, "U-Net"),
        ("sd1", UNET, "U-Net"),
    ],
)
def test_a_part_is_missing(doctor: Doctor, file: Path, architecture: str, prefix: str, title: str) -> None:
    tensors = {name: made for name, made in whole(architecture).items() if not name.startswith(prefix)}
    assert only(doctor.examine(write(file, tensors))).found == f"there is no {title}"


def test_single_tensors_are_missing(doctor: Doctor, file: Path) -> None:
    tensors = whole("sdxl")
    names = (f"{UNET}middle_block.1.norm.bias", f"{UNET}out.2.weight")
    for name in names:
        del tensors[name]
    finding = only(doctor.examine(write(file, tensors)))
    assert finding.found.startswith("2 of 1,680 tensors of the U-Net are missing: ")
    assert finding.tensors == names


def test_another_kind_of_unet_is_no_damage(doctor: Doctor, file: Path) -> None:
    tensors = {name: made for name, made in whole("sdxl").items() if "transformer_blocks.1." not in name}
    tensors = {name: made for name, made in tensors.items() if "middle_block.1" not in name}
    tensors = {name: made for name, made in tensors.items() if "attn1" not in name}
    finding = only(doctor.examine(write(file, tensors)), "warning")
    assert finding.certainty == "possible"
    assert "reduced" in finding.meaning


def test_one_part_under_two_names(doctor: Doctor, file: Path) -> None:
    tensors = whole("sd1")
    new = "cond_stage_model.transformer.text_model.final_layer_norm.bias"
    tensors[new.replace("text_model.", "")] = tensors[new]
    finding = only(doctor.examine(write(file, tensors)))
    assert (finding.check, finding.tensors) == ("doubled", (new,))


def test_running_averages_of_training(doctor: Doctor, file: Path) -> None:
    tensors = whole("sd1") | {f"model_ema.{number}": Made("F32", (1_000, 1_000)) for number in range(300)}
    examination = doctor.examine(write(file, tensors))
    assert "300 tensors, 1.2 GB" in only(examination, "note").found
    assert examination.healthy


@pytest.mark.parametrize(
    ("dtype", "severity", "found"),
    [("F64", "warning", "double precision"), ("I8", "warning", "(I8)"), ("F8_E4M3", "warning", "(F8_E4M3)")],
)
def test_types(doctor: Doctor, file: Path, dtype: str, severity: str, found: str) -> None:
    tensors = whole("sd1") | {f"{UNET}out.2.weight": Made(dtype, (4, 4))}
    finding = only(doctor.examine(write(file, tensors)), severity)
    assert found in finding.found
    assert finding.tensors == (f"{UNET}out.2.weight",)


def test_a_rounded_noise_schedule(doctor: Doctor, file: Path) -> None:
    tensors = whole("sd1") | {"alphas_cumprod": Made("F16", (1_000,)), "betas": Made("F32", (1_000,))}
    assert only(doctor.examine(write(file, tensors)), "note").tensors == ("alphas_cumprod",)


MARK = {"v_pred": Made("F16", (0,))}


@pytest.mark.parametrize(
    ("name", "mark", "metadata", "beside", "certainty"),
    [
        ("some-merge", MARK, {}, None, "certain"),
        ("some-merge", MARK, {}, 'model:\n  params:\n    parameterization: "v"  # so\n', None),
        ("some-merge", MARK, {}, "model:\n  params:\n    parameterization: eps\n", "certain"),
        ("some-merge", MARK, {}, "  target: sgm.modules.diffusionmodules.denoiser_scaling.VScaling\n", None),
        ("some-merge", {}, {"modelspec.prediction_type": "v"}, None, "likely"),
        ("some-merge", {}, {"modelspec.prediction_type": "epsilon"}, None, None),
        ("some-merge", {}, {}, None, None),
        ("NoobAI-XL-Vpred-v1.0", {}, {}, None, "likely"),
        ("NoobAI-XL-Vpred-v1.0", {}, {}, "parameterization: v", None),
    ],
)
def test_v_prediction_without_its_setting(
    doctor: Doctor,
    tmp_path: Path,
    name: str,
    mark: Mapping[str, Made],
    metadata: Mapping[str, str],
    beside: str | None,
    certainty: str | None,
) -> None:
    file = write(tmp_path / f"{name}.safetensors", whole("sdxl", "F32") | dict(mark), metadata)
    if beside is not None:
        file.with_suffix(".yaml").write_text(beside, encoding="utf-8")
    findings = doctor.examine(file).findings
    assert [(each.check, each.certainty) for each in findings] == [("prediction", certainty)] * bool(
        certainty
    )


def test_a_refiner_is_not_measured_by_another_layout(doctor: Doctor, file: Path) -> None:
    tensors = {"conditioner.embedders.0.model.ln_final.weight": Made("F16", (8,))}
    assert only(doctor.examine(write(file, tensors)), "note").check == "missing"


def test_what_is_no_checkpoint(doctor: Doctor, file: Path) -> None:
    examination = doctor.examine(write(file, {"lora_unet_out.lora_down.weight": Made("F16", (8, 8))}))
    assert examination.architecture == "unknown"
    assert only(examination, "note").found == "it is no checkpoint of SD 1.x, SD 2.x or SDXL"


class Trap:
    """What a pickle would run."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("was-opened",)


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".bin", ".CKPT"])
def test_a_pickle_is_never_opened(doctor: Doctor, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"anything-v3-1{suffix}"
    file.write_bytes(pickle.dumps(Trap()))
    file.chmod(0)
    examination = doctor.examine(file)
    assert examination.profile == "anything-v3.1"
    assert "never opened" in only(examination, "warning").meaning
    assert not Path("was-opened").exists()


def content(table: object) -> bytes:
    text = table if isinstance(table, bytes) else json.dumps(table).encode()
    return len(text).to_bytes(8, "little") + text + b"\0" * 8


def entry(first: int = 0, last: int = 8, dtype: str = "F16", shape: object = (4,)) -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [first, last]}


TWICE = b'{"a": %b, "a": %b}' % ((json.dumps(entry()).encode(),) * 2)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "the file is empty"),
        (b"\1\2", "truncated"),
        (b"\xff" * 60, "claims"),
        (content(b"[1]"), "not a JSON object"),
        (content(b'{"a": ' + b"[" * 5_000), "not a JSON object"),
        (content({"a": entry(0, 800, shape=(400,))}), "truncated"),
        (content({"a": entry(0, 4, shape=(2,))}), "4 bytes behind the last tensor belong to none"),
        (content({"a": entry(4, 8, shape=(2,))}), "a begins at byte 4"),
        (content({"a": entry(), "b": entry()}), "b begins at byte 0"),
        (content({"a": entry(8, 0)}), "a has -8 bytes"),
        (content({"a": entry(shape=(5,))}), "its type and shape contradict"),
        (content({"a": entry(dtype="Q4")}), "type Q4"),
        (content({"a": entry(shape=(2**62,) * 16)}), "its type and shape contradict"),
        (content({"a": entry(shape=[1] * 100)}), "the entry of a can't be read"),
        (content({"a": entry(shape=(-1,))}), "the entry of a can't be read"),
        (content({"a": entry(shape=(10**30,))}), "the entry of a can't be read"),
        (content({"a": 7}), "the entry of a can't be read"),
        (content(TWICE), "the name a stands there 2 times"),
        (content({str(number): 7 for number in range(100_001)}), "found 100,001 tensors in it"),
    ],
)
def test_damaged_and_hostile_files(doctor: Doctor, file: Path, data: bytes, found: str) -> None:
    file.write_bytes(data)
    examination = doctor.examine(file)
    assert found in only(examination).found
    assert not examination.healthy


def test_places_that_hold_no_file(doctor: Doctor, tmp_path: Path) -> None:
    assert only(doctor.examine(tmp_path / "gone.safetensors")).found == "the file is gone"
    assert only(doctor.examine(tmp_path / "gone.ckpt")).found == "the file is gone"
    (tmp_path / "folder.safetensors").mkdir()
    assert only(doctor.examine(tmp_path / "folder.safetensors")).found == "it is a directory"
    (tmp_path / "notes.txt").touch()
    assert "ends in .txt" in only(doctor.examine(tmp_path / "notes.txt")).found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_have_an_answer(doctor: Doctor, file: Path, data: bytes, framed: bool) -> None:
    file.write_bytes(content(data) if framed else data)
    assert doctor.examine(file).findings


def test_a_file_of_7_gb_takes_no_time(doctor: Doctor, file: Path) -> None:
    """Examined at most 0.3 s where nothing else runs; only the sizes of a real file, its weights a hole."""
    tensors = whole("sdxl")
    matrices = [name for name in tensors if not is_vector(name) and name != SDXL]
    for name in tensors.keys() - {SDXL}:
        vector = Made("F16", (1_280,))
        tensors[name] = Made("F16", (1, 3_470_000_000 // len(matrices))) if name in matrices else vector
    tensors[f"{VAE}decoder.norm_out.bias"] = numbers("F16", [nan])
    write(file, tensors)
    assert file.stat().st_size > 6_900_000_000
    if file.stat().st_blocks * 512 > 100_000_000:
        pytest.skip("this disk has no holes")
    times = []
    for _ in range(5):
        start = time.perf_counter()
        examination = doctor.examine(file)
        times.append(time.perf_counter() - start)
    assert only(examination).tensors == (f"{VAE}decoder.norm_out.bias",)
    assert examination.tensors_read > 1_400
    assert min(times) < 0.3


def test_the_command(file: Path, tmp_path: Path) -> None:
    write(file, whole("sd1", "F32"))
    done = called("doctor", file)
    assert (done.code, done.errors) == (0, "")
    assert done.output.endswith("  nothing found (1,131 tensors, 702 small ones read)\n")
    bad = write(tmp_path / "bad.safetensors", whole("sd1") | {SD1: damaged("I64", p41=40)})
    done = called("doctor", file, bad)
    assert done.code == 1
    assert "  x position_ids is wrong in 1 of 77 places: 40 at place 41\n    certain: " in done.output
    first, second = called("doctor", "--json", file, bad).json()
    assert first["findings"] == []
    finding = second["findings"][0]
    assert finding.keys() == {"check", "severity", "certainty", "found", "meaning", "advice", "tensors"}
    assert finding["tensors"] == [SD1]


def test_the_command_without_safetensors(file: Path, tmp_path: Path) -> None:
    write(file, whole("sd1"))
    (tmp_path / "numpy.py").write_text("raise ModuleNotFoundError('no', name='numpy')", encoding="utf-8")
    done = called("doctor", file, PYTHONPATH=str(tmp_path))
    assert done.code == 2
    assert (
        done.errors
        == "modelwise: doctor: found no numpy; allowed: a Python that has it, such as the WebUI's\n"
    )
