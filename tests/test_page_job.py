"""What the panel promises is what a job does: the same prompt, settings, report and words beside the image."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from modelwise.nodes import Lines
from modelwise.webui import infotext
from modelwise.webui.engine import Engine
from modelwise.webui.page_job import Outlook, Page, PageHires, PageJob, outlook
from modelwise.webui.settings_page import LINES_OPTION
from modelwise.workbench import picture
from modelwise.workbench.checkpoints import sample_header, write_samples
from modelwise.workbench.generate import Outcome, generate
from modelwise.workbench.host import CHECKPOINT_OPTION, Workbench
from modelwise.workbench.infotext import read
from modelwise.workbench.job import Hires, Request, WorkbenchJob, without_comments
from tests.support.checking import bundled
from tests.support.hosts import AS_LOADED, panel

OPT = "animagine-xl-4.0-opt.safetensors"
BOXES: dict[str, Any] = dict(AS_LOADED)
HIRES = Hires(2.0, 0, 0, "Latent", 0, 0.7)
CHECKPOINTS = (
    OPT,
    "animagine-xl-3.1.safetensors",
    "anything-v3-1.safetensors",
    "sotediffusion-v2.safetensors",
    "animagine-xl-4.0-opt-lightning.safetensors",
    "somebodys_merge_v7.safetensors",
    "half_a_download.safetensors",
    "",
)
PROMPTS = (
    ("", ""),
    ("smile, long_hair, 1girl", "blurry, lowres"),
    ("hatsune miku, 1girl, masterpiece, vocaloid, (smile:1.2), <lora:a:1>", ""),
    ("1girl, masterpiece, high score, great score, absurdres", "lowres, bad anatomy"),
    ("1girl # a comment, masterpiece\nsmile BREAK 1boy AND hat:0.5", "# nothing\nbad hands"),
    ("smile, (1girl, :3", "((("),
    ("[smile:1girl:0.5], newest, rating_safe, very aesthetic, solo", "a AND b"),
    ("She stands in the rain and looks at the grey sky. 1girl", "text, 1girl"),
)
OURS = {"ours": True, "prompt": "smile, long_hair, 1girl", "negative": "blurry, lowres", "words": "smile"}
ARGUMENTS: dict[str, list[Any]] = {
    "as loaded": panel(),
    "nothing sent": [],
    "page silent": panel(touched=None),
    "on": panel("on"),
    "off": panel("off"),
    "size touched": panel(touched=["size"]),
    "all touched": panel(touched=["size", "cfg_scale", "steps", "sampler", "clip_skip"]),
    "all kept": panel(policies=dict.fromkeys(("size", "cfg_scale", "steps", "sampler"), "keep")),
    "touched but forced": panel(touched=["size", "steps"], policies={"size": "force", "steps": "force"}),
    "intent": panel(rating="general", year="2007", quality="light", aesthetic=True),
    "heavy": panel(quality="heavy", rating="explicit"),
    "no switches": panel(switches=()),
    "order alone": panel(switches=["order"]),
    "no settings": panel(switches=["order", "quality", "negative", "spelling"]),
    "another profile": panel(profile="Animagine XL 3.1"),
    "preset clicked": panel(clicked="Portrait", touched=["size"]),
    "foreign paste": panel(pasted=json.dumps({"ours": False, "prompt": "x"})),
    "foreign paste, on": panel("on", pasted=json.dumps({"ours": False, "prompt": "x"})),
    "our paste": panel(pasted=json.dumps(OURS)),
    "wrong year": panel(year="soon"),
    "wrong profile": panel(profile="not there"),
    "wrong mode": panel("sometimes"),
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """One for all: its compilers are made once."""
    models = tmp_path_factory.mktemp("models")
    write_samples(models, bundled())
    (models / CHECKPOINTS[4]).write_bytes(sample_header("sdxl"))
    return Engine(Workbench(models, tmp_path_factory.mktemp("data") / "not there yet"))


@pytest.fixture
def host(engine: Engine) -> Iterator[Workbench]:
    """The engine's host, put back as it was afterwards."""
    host = engine.host
    assert isinstance(host, Workbench)
    before = dict(host.options)
    host.options[CHECKPOINT_OPTION] = OPT
    yield host
    host.options = before


@pytest.fixture(autouse=True)
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pictures show is not looked at."""
    monkeypatch.setattr(picture, "drawn", lambda *_: Image.new("RGB", (1, 1)))


def requested(prompt: str = "", negative: str = "", tab: str = "txt2img", **boxes: Any) -> Request:
    return Request(tab, prompt, negative, {**BOXES, **boxes}, seed=1)


def page_of(request: Request) -> Page:
    """What the page's script says of the boxes that make this request."""
    hires = request.hires
    second = PageHires(hires.scale, hires.width, hires.height) if hires else None
    return Page(request.prompt, request.negative, dict(request.settings), second)


def kept(
    engine: Engine, host: Workbench, request: Request, arguments: list[Any], folder: Path
) -> tuple[Outlook, Outcome]:
    """What was promised and what was done, which have to agree."""
    promised = outlook(engine, request.tab, page_of(request), arguments)
    done = generate(engine, WorkbenchJob(request, host), arguments, folder)
    image = done.images[0]
    note = f"{request}, {arguments}"
    assert without_comments(promised.prompt) == image.prompt, note
    assert without_comments(promised.negative) == image.negative, note
    assert {**request.settings, **promised.settings} == done.settings, note
    assert promised.report == done.report, note
    assert promised.active == (done.profile is not None), note
    if promised.active:
        assert done.profile == engine.profiles[promised.detection.profile].name, note
    if promised.wrong is None:
        assert promised.comments == done.comments, note
    else:
        assert [promised.wrong in comment for comment in done.comments] == [True], note
        assert (promised.active, promised.settings, promised.report) == (False, {}, ()), note
    return promised, done


@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=list(ARGUMENTS))
@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
def test_what_is_promised_is_done(
    engine: Engine, host: Workbench, tmp_path: Path, checkpoint: str, arguments: list[Any]
) -> None:
    host.options[CHECKPOINT_OPTION] = checkpoint
    for prompt, negative in PROMPTS:
        kept(engine, host, requested(prompt, negative), arguments, tmp_path)


@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=list(ARGUMENTS))
@pytest.mark.parametrize("tab", ["txt2img", "img2img"])
@pytest.mark.parametrize("hires", [None, HIRES, replace(HIRES, width=1000)], ids=["one", "scale", "width"])
@pytest.mark.parametrize("regions", [False, True])
def test_it_is_with_a_second_pass_in_img2img_and_with_regions(
    engine: Engine,
    host: Workbench,
    tmp_path: Path,
    arguments: list[Any],
    tab: str,
    hires: Hires | None,
    regions: bool,
) -> None:
    host.options[LINES_OPTION] = regions
    request = replace(
        requested("smile, 1girl\nhat, 1boy", "bad", tab, width=500, cfg_scale=30.0), hires=hires
    )
    kept(engine, host, request, arguments, tmp_path)


def test_the_table_has_every_kind_of_promise(engine: Engine, host: Workbench, tmp_path: Path) -> None:
    """So that the tests above can't agree on nothing."""
    request = replace(requested("smile, 1girl", "bad"), hires=HIRES)
    on, _ = kept(engine, host, request, ARGUMENTS["as loaded"], tmp_path)
    assert on.active and on.prompt.startswith("1girl, smile, masterpiece")
    assert on.settings["width"] == 832 and on.report
    assert on.comments == ("Modelwise: 832x1216, and 1664x2432 after the hires pass",)
    off, _ = kept(engine, host, request, ARGUMENTS["off"], tmp_path)
    assert (off.active, off.prompt, off.settings, off.report) == (False, "smile, 1girl", {}, ())
    foreign, _ = kept(engine, host, request, ARGUMENTS["foreign paste"], tmp_path)
    assert (foreign.active, foreign.prompt) == (False, "smile, 1girl")
    wrong, _ = kept(engine, host, request, ARGUMENTS["wrong year"], tmp_path)
    assert wrong.wrong == "year: found 'soon'; allowed: a number such as 2007, or nothing"
    other, _ = kept(engine, host, request, ARGUMENTS["another profile"], tmp_path)
    assert other.detection.profile == "animagine-xl-3.1" and other.prompt.startswith("masterpiece")


def test_an_emptied_box_ends_a_foreign_paste(engine: Engine, host: Workbench, tmp_path: Path) -> None:
    assert kept(engine, host, requested(), ARGUMENTS["foreign paste"], tmp_path)[0].active


def test_a_pasted_infotext_of_ours_is_used_as_it_is(engine: Engine, host: Workbench, tmp_path: Path) -> None:
    first, done = kept(engine, host, requested("smile, 1girl"), panel(), tmp_path)
    pasted = infotext.pasted(read(done.images[0].infotext))
    again, _ = kept(engine, host, requested(first.prompt, first.negative), panel(pasted=pasted), tmp_path)
    assert (again.prompt, again.negative) == (first.prompt, first.negative)
    old = json.dumps({"ours": True, "prompt": "smile, 1girl", "negative": "x"})
    kept_old, _ = kept(engine, host, requested("smile, 1girl", "x"), panel(pasted=old), tmp_path)
    assert kept_old.prompt == "smile, 1girl"
    assert any("used as it is" in comment for comment in kept_old.comments)


def test_a_foreign_infotext_is_told_from_ours(engine: Engine, host: Workbench, tmp_path: Path) -> None:
    pasted = infotext.pasted(read("smile, 1girl\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1"))
    promised, _ = kept(engine, host, requested("smile, 1girl"), panel(pasted=pasted), tmp_path)
    assert not promised.active


@pytest.mark.parametrize("method", ["compiler", "presets"])
def test_an_error_of_ours_promises_nothing(
    engine: Engine, host: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    arguments: list[Any] = panel() if method == "compiler" else [{"preset": "Portrait"}]
    monkeypatch.setattr(engine, method, lambda *_: 1 / 0)
    promised, _ = kept(engine, host, requested("smile, 1girl"), arguments, tmp_path)
    assert (promised.active, promised.prompt, promised.settings) == (False, "smile, 1girl", {})
    assert "division by zero" in promised.comments[0]


V_PREDICTION = """
schema = 1
id = "mine"
version = 1
name = "Mine"
family = "mine"
architecture = "sdxl"
sources = [{ id = "card", name = "The card" }]
[match]
names = ["mine", "mine-without"]
[settings.noise_schedule]
basis = "stated"
source = "card"
value = "Zero Terminal SNR"
"""


def test_a_noise_schedule_is_promised_as_if_the_right_model_were_loaded(tmp_path: Path) -> None:
    """The page can't know what the host will load."""
    models, data = tmp_path / "models", tmp_path / "data"
    for folder in (models, data / "profiles"):
        folder.mkdir(parents=True)
    (data / "profiles" / "mine.toml").write_text(V_PREDICTION, encoding="utf-8")
    (models / "mine-without.safetensors").write_bytes(sample_header("sdxl"))
    (models / "mine.safetensors").write_bytes(with_tensor(sample_header("sdxl"), "v_pred"))
    host = Workbench(models, data)
    engine = Engine(host)
    host.options[CHECKPOINT_OPTION] = "mine.safetensors"
    promised, _ = kept(engine, host, requested("1girl"), panel(), tmp_path / "outputs")
    assert promised.settings == {"noise_schedule": "Zero Terminal SNR"}
    host.options[CHECKPOINT_OPTION] = "mine-without.safetensors"
    assert outlook(engine, "txt2img", page_of(requested("1girl")), panel()).settings == promised.settings


def with_tensor(file: bytes, name: str) -> bytes:
    """A sample whose header has one more tensor."""
    header = json.loads(file[8:])
    header[name] = {"dtype": "F16", "shape": [0], "data_offsets": [0, 0]}
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text


@pytest.mark.parametrize(
    ("hires", "size"),
    [
        (None, (832, 1216)),
        (PageHires(), (832, 1216)),
        (PageHires(1.5), (1248, 1824)),
        (PageHires(1.999), (1663, 2430)),
        (PageHires(2.0, 1664), (1664, 2432)),
        (PageHires(2.0, 0, 2432), (1664, 2432)),
        (PageHires(2.0, 1000, 500), (1000, 500)),
    ],
)
def test_final_size(hires: PageHires | None, size: tuple[int, int]) -> None:
    assert job_with(hires).final_size(832, 1216) == size


SIDES = st.sampled_from([0, 64, 1000, 2048])
PIXELS = st.integers(64, 2048)


@given(PIXELS, PIXELS, st.floats(1, 4), SIDES, SIDES)
def test_final_size_is_that_of_a_job(
    engine: Engine, width: int, height: int, scale: float, wide: int, high: int
) -> None:
    assert isinstance(engine.host, Workbench)
    request = replace(requested(), hires=replace(HIRES, scale=scale, width=wide, height=high))
    job = WorkbenchJob(request, engine.host)
    assert job_with(PageHires(scale, wide, high)).final_size(width, height) == job.final_size(width, height)


def job_with(hires: PageHires | None) -> PageJob:
    page = Page(hires=hires)
    return PageJob("txt2img", page, None, Lines.SEPARATOR, hires is not None)


def tree(folder: Path) -> Mapping[str, bytes]:
    """Every file below a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_written(tmp_path: Path) -> None:
    models, data = tmp_path / "models", tmp_path / "data"
    write_samples(models, bundled())
    host = Workbench(models, data)
    engine, options, before = Engine(host), dict(host.options), tree(tmp_path)
    for arguments in ARGUMENTS.values():
        for tab in ("txt2img", "img2img"):
            request = replace(requested("smile, 1girl", "bad", tab), hires=HIRES)
            page = page_of(request)
            outlook(engine, tab, page, arguments)
            assert page == page_of(request)
    assert tree(tmp_path) == before and not data.exists()
    assert host.options == options


def test_looking_twice_sees_the_same(engine: Engine, host: Workbench) -> None:
    page = page_of(requested("smile, 1girl", "bad"))
    assert outlook(engine, "txt2img", page, panel()) == outlook(engine, "txt2img", page, panel())
