"""When Modelwise is on, what it does to a job's texts, and what it writes into each image."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modelwise.compile import Request
from modelwise.intent import Intent
from modelwise.webui.engine import Engine
from modelwise.webui.host import CheckpointFacts
from modelwise.webui.infotext import KEY, pasted
from modelwise.webui.settings_page import API_OPTION
from tests.support import checking
from tests.support.hosts import (
    ANIMAGINE,
    ANIMAGINE_3,
    UNKNOWN,
    FakeHost,
    FakeJob,
    checkpoint_file,
    panel,
    run,
)

MADE = "1girl, smile, masterpiece, high score, great score, absurdres"
OURS = {"Steps": "28", "Negative prompt": "", KEY: '{"profile": "animagine-xl-4.0-opt", "version": 1}'}
THEIRS = {"Steps": "20", "Prompt": "smile, 1girl", "Sampler": "Euler"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(FakeHost(tmp_path))


def test_auto_is_on_in_the_ui_with_a_recognised_profile(engine: Engine) -> None:
    job = FakeJob()
    run(engine, job, *panel())
    assert job.now.prompts == [job.now.main] == [MADE]
    assert job.now.main_negative.startswith("lowres, bad anatomy")
    assert job.now.main_negative.endswith("blurry")
    assert (job.settings["width"], job.settings["height"]) == (832, 1216)


def test_result_is_the_cores_own(engine: Engine) -> None:
    request = Request("smile, 1girl", "blurry", intent=Intent(rating="explicit", year=2010))
    compiled = checking.compiler("animagine-xl-4.0-opt").compile(request)
    job = FakeJob()
    run(engine, job, *panel(rating="explicit", year="2010"))
    assert (job.now.main, job.now.main_negative) == (compiled.prompt, compiled.negative)
    assert "explicit" in compiled.prompt and "year 2010" in compiled.prompt


@pytest.mark.parametrize("arguments", [(), panel(touched=None), ["auto"]], ids=["none", "panel", "mode"])
def test_api_request_without_us_is_left_byte_identical(engine: Engine, arguments: list[Any]) -> None:
    job = FakeJob("smile ,  1girl", "  blurry")
    job.is_api = True
    before = job.state()
    run(engine, job, *arguments)
    assert job.state() == before
    assert job.comments == []


def test_a_pages_arguments_that_come_from_another_machine_are_the_pages(engine: Engine) -> None:
    job = FakeJob()
    job.is_api = True
    run(engine, job, *panel())
    assert job.now.main == MADE


def test_option_turns_auto_on_for_the_api(tmp_path: Path) -> None:
    job = FakeJob()
    job.is_api = True
    before = dict(job.settings)
    run(Engine(FakeHost(tmp_path, {API_OPTION: True})), job)
    assert job.now.main == MADE
    assert job.settings == before, "an API request counts as all touched unless it asks"


@pytest.mark.parametrize("first", ["on", {}, {"mode": "on"}, {"mode": "auto"}])
def test_mode_string_or_object_turns_it_on_for_the_api(engine: Engine, first: Any) -> None:
    job = FakeJob()
    job.is_api = True
    before = dict(job.settings)
    run(engine, job, first)
    assert job.now.main == MADE
    assert job.settings == before


@pytest.mark.parametrize("first", ["off", {"mode": "off"}])
@pytest.mark.parametrize("is_api", [True, False])
def test_off_is_off(tmp_path: Path, first: Any, is_api: bool) -> None:
    job = FakeJob()
    job.is_api = is_api
    before = job.state()
    run(Engine(FakeHost(tmp_path, {API_OPTION: True})), job, first)
    assert job.state() == before


def test_pasted_prompt_of_another_program_is_left_alone(engine: Engine) -> None:
    job = FakeJob()
    before = job.state()
    run(engine, job, *panel(pasted=pasted(THEIRS)))
    assert job.state() == before


def test_one_click_turns_it_on_for_a_foreign_paste(engine: Engine) -> None:
    job = FakeJob()
    run(engine, job, *panel("on", pasted=pasted(THEIRS)))
    assert job.now.main == MADE


def test_bare_prompt_that_was_pasted_is_compiled(engine: Engine) -> None:
    job = FakeJob()
    run(engine, job, *panel(pasted=pasted({"Prompt": "smile, 1girl"})))
    assert job.now.main == MADE


@pytest.mark.parametrize("box", ["", "  \n"])
def test_emptied_box_ends_a_foreign_paste(engine: Engine, box: str) -> None:
    job = FakeJob(box)
    run(engine, job, *panel(pasted=pasted(THEIRS)))
    assert "masterpiece" in job.now.main


def test_pasted_text_of_ours_that_would_be_made_otherwise_today_is_used_as_it_is(engine: Engine) -> None:
    text = "smile, 1girl, masterpiece"
    job = FakeJob(text, "")
    run(engine, job, *panel(pasted=pasted({**OURS, "Prompt": text}), touched=["size"]))
    assert (job.now.prompts, job.now.main) == ([text], text)
    assert sum("used as it is" in comment for comment in job.comments) == 1


def test_pasted_negative_of_ours_that_would_be_made_otherwise_today_is_used_as_it_is(engine: Engine) -> None:
    """The text as made gives the same pixels again, and the negative is half of it."""
    negative = "lowres, an older negative of ours"
    job = FakeJob(MADE, negative)
    state = pasted({**OURS, "Prompt": MADE, "Negative prompt": negative})
    run(engine, job, *panel(pasted=state))
    assert job.now.main_negative == negative
    assert sum("used as it is" in comment for comment in job.comments) == 1


def test_pasted_text_of_ours_keeps_its_record(engine: Engine) -> None:
    """An image made from it is ours too."""
    text = "smile, 1girl, masterpiece"
    job = FakeJob(text, "")
    (record,) = run(engine, job, *panel(pasted=pasted({**OURS, "Prompt": text}), touched=["size"]))
    assert record is not None and record.profile == "animagine-xl-4.0-opt"


def test_pasted_text_of_ours_that_the_user_has_changed_is_compiled(engine: Engine) -> None:
    job = FakeJob("smile, 1girl, hat")
    run(engine, job, *panel(pasted=pasted({**OURS, "Prompt": "smile, 1girl"})))
    assert job.now.main == "1girl, smile, hat, masterpiece, high score, great score, absurdres"


@pytest.mark.parametrize(("architecture", "size"), [("sdxl", 1024), ("sd1", 512)])
def test_model_known_by_architecture_alone_gets_its_size_and_nothing_else(
    engine: Engine, tmp_path: Path, architecture: str, size: int
) -> None:
    job = FakeJob("smile ,  1girl_ , masterpiece", " blurry")
    job.chosen = checkpoint_file(tmp_path, architecture)
    job.settings |= {"width": 640, "height": 640}
    texts, values = job.texts(), job.values()
    run(engine, job, *panel())
    assert job.now == texts
    assert job.settings == {**values, "width": size, "height": size}


@pytest.mark.parametrize("chosen", [UNKNOWN, None, CheckpointFacts(Path("gone.safetensors"))])
@pytest.mark.parametrize("mode", ["auto", "on"])
def test_unknown_model_changes_nothing(engine: Engine, chosen: CheckpointFacts | None, mode: str) -> None:
    job = FakeJob("smile ,  1girl_", " blurry")
    job.chosen = chosen
    texts, values = job.texts(), job.values()
    run(engine, job, *panel(mode))
    assert job.now == texts
    assert job.settings == values


@pytest.mark.parametrize("choice", ["Animagine XL 3.1", "animagine-xl-3.1"])
def test_chosen_profile_beats_the_recognised_one_and_is_recorded_by_its_id(
    engine: Engine, choice: str
) -> None:
    job = FakeJob()
    (record,) = run(engine, job, *panel(profile=choice))
    assert job.now.main.startswith("masterpiece, best quality, very aesthetic, absurdres, 1girl")
    assert record is not None
    assert (record.profile, record.choice) == ("animagine-xl-3.1", "animagine-xl-3.1")


def test_unknown_profile_is_an_error_that_lists_the_known_ones(engine: Engine) -> None:
    job = FakeJob()
    before = job.state()
    with pytest.raises(ValueError, match=r"profile: found 'pony'; allowed: .*animagine-xl-3\.1"):
        run(engine, job, {"profile": "pony"})
    assert job.state() == before


def test_texts_are_compiled_for_the_model_that_is_loaded_by_then(engine: Engine) -> None:
    job = FakeJob()
    job.chosen, job.loaded = ANIMAGINE, ANIMAGINE_3
    (record,) = run(engine, job, *panel())
    assert job.now.main.startswith("masterpiece, best quality")
    assert record is not None and record.profile == "animagine-xl-3.1"


def test_each_image_of_a_batch_carries_its_own_original(engine: Engine) -> None:
    prompts = ["smile, 1girl", "hat, 1boy", "night, 2girls"]
    job = FakeJob(prompts, ["blurry", "ugly", ""])
    records = run(engine, job, *panel())
    assert [record and record.prompt for record in records] == prompts
    assert [record and record.negative for record in records] == ["blurry", "ugly", ""]
    assert [text.split(",")[0] for text in job.now.prompts] == ["1girl", "1boy", "2girls"]


def test_image_that_was_not_changed_never_carries_its_neighbours_original(engine: Engine) -> None:
    negative = checking.compiler("animagine-xl-4.0-opt").compile(Request("", "")).negative
    job = FakeJob(["smile, 1girl", MADE], ["", negative])
    first, second = run(engine, job, *panel(touched=["size", "cfg_scale", "steps", "sampler", "clip_skip"]))
    assert first is not None and first.prompt == "smile, 1girl"
    assert second is None or second.prompt is None


def test_record_says_what_was_chosen(engine: Engine) -> None:
    intent = {"quality": "standard", "aesthetic": "high", "rating": "sensitive", "year": 2012}
    (record,) = run(engine, FakeJob(), {"intent": intent, "policy": {"size": "keep"}, "preset": "Portrait"})
    assert record is not None
    assert (record.quality, record.rating, record.year) == ("standard", "sensitive", 2012)
    assert (record.policy, record.preset, record.mode) == ({"size": "keep"}, "Portrait", "on")
    assert getattr(record, "aesthetic", None) == "high"


def test_record_is_json_on_one_line(engine: Engine) -> None:
    job = FakeJob('smile, 1girl,\nThe sign says "hi, 🎉"\n', "é\n")
    run(engine, job, *panel())
    assert "\n" not in job.infotext[KEY]
    assert json.loads(job.infotext[KEY])["prompt"] == 'smile, 1girl,\nThe sign says "hi, 🎉"\n'


def test_same_job_twice_is_the_same(engine: Engine) -> None:
    """A loopback gives the same object again, with its lists made anew from the box."""
    job = FakeJob(["smile, 1girl", "hat, 1boy"])
    fresh = job.texts()
    first = run(engine, job, *panel())
    after = job.state()
    job.now = fresh
    assert run(engine, job, *panel()) == first
    assert job.state() == after


def test_compiled_job_is_left_as_it_is_and_keeps_no_stale_original(engine: Engine) -> None:
    job = FakeJob(["smile, 1girl", "hat, 1boy"])
    run(engine, job, *panel())
    texts, values = job.texts(), job.values()
    records = run(engine, job, *panel())
    assert (job.texts(), job.values()) == (texts, values)
    assert all(record is None or (record.prompt, record.negative) == (None, None) for record in records)


def test_styles_and_wildcards_are_part_of_the_original(engine: Engine) -> None:
    job = FakeJob("red hat, 1girl, from a style")
    job.raw = "__color__ hat, 1girl"
    (record,) = run(engine, job, *panel())
    assert record is not None and record.prompt == "red hat, 1girl, from a style"
