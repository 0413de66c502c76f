"""Whole generations with our script on each imitated program: prompts, settings and infotexts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modelwise.webui.settings_page import API_OPTION
from tests.support.hosts import panel
from tests.webui import plot, with_us
from tests.webui.asking import SECOND_PASS, acting, looping
from tests.webui.imitation import Imitation
from tests.webui.infotext import read_infotext
from tests.webui.options import CHECKPOINT
from tests.webui.with_us import (
    ANYTHING,
    AS_LOADED,
    MADE,
    OF_THE_CARD,
    OLDER,
    PROFILES,
    SCRIPT,
    TITLE,
    UNKNOWN,
    UNTOUCHED,
    compiled,
    generate,
    read,
    record,
    request,
    settings,
)


@pytest.fixture
def watched(executing: Imitation) -> tuple[Imitation, list[Any]]:
    """A program with us, and with an extension behind us that sees what each pass encodes."""
    encoded: list[Any] = []

    def note(p: Any) -> None:
        second = (p.hr_prompts, p.hr_negative_prompts) if p.is_hr_pass else (p.prompts, p.negative_prompts)
        encoded.append(second)

    executing.execute(SCRIPT)
    executing.add_extension(acting(process_before_every_sampling=note))
    executing.build()
    return executing, encoded


def test_a_click_on_generate(started: Imitation) -> None:
    (found,) = read(generate(started))
    assert found["Prompt"] == MADE == compiled("smile, 1girl").prompt
    assert found["Negative prompt"] == compiled("smile, 1girl", "blurry").negative
    assert settings(found) == OF_THE_CARD
    apart = bool(started.variant.samplers.schedulers)
    assert found.get("Schedule type") == ("Automatic" if apart else None)
    assert record(found) == {
        "profile": "animagine-xl-4.0-opt",
        "version": 1,
        "prompt": "smile, 1girl",
        "negative": "blurry",
    }


def test_touched_fields_stay(started: Imitation) -> None:
    (found,) = read(generate(started, *panel(touched=UNTOUCHED)))
    assert settings(found) == AS_LOADED
    assert found["Prompt"] == MADE


def test_off_is_a_generation_without_us(started: Imitation) -> None:
    (found,) = read(generate(started, *panel("off")))
    assert (found["Prompt"], found["Negative prompt"]) == ("smile, 1girl", "blurry")
    assert settings(found) == AS_LOADED
    assert TITLE not in found


@pytest.mark.parametrize("checkpoint", [OLDER, ANYTHING, UNKNOWN])
@pytest.mark.parametrize("way", ["chosen", "override"])
def test_the_checkpoint_of_the_job_counts(started: Imitation, checkpoint: str, way: str) -> None:
    """Whatever is loaded when the job begins."""
    started.checkpoints.reload()
    if way == "chosen":
        started.checkpoints.choose(checkpoint)
    overrides = {CHECKPOINT: checkpoint} if way == "override" else {}
    (found,) = read(generate(started, override_settings=overrides))
    if checkpoint == UNKNOWN:
        assert (found["Prompt"], settings(found)) == ("smile, 1girl", AS_LOADED)
        return
    result = compiled("smile, 1girl", "blurry", checkpoint)
    assert (found["Prompt"], found["Negative prompt"]) == (result.prompt, result.negative)
    assert record(found)["profile"] == PROFILES[checkpoint]


def test_two_batches_of_two(watched: tuple[Imitation, list[Any]]) -> None:
    program, encoded = watched
    grid, *images = read(generate(program, n_iter=2, batch_size=2))
    negative = compiled("smile, 1girl", "blurry").negative
    assert [found["Prompt"] for found in (grid, *images)] == [MADE] * 5
    assert [found["Seed"] for found in images] == ["7", "8", "9", "10"]
    assert encoded == [([MADE] * 2, [negative] * 2)] * 2
    assert {record(found)["prompt"] for found in images} == {"smile, 1girl"}


def test_each_image_has_its_own_prompt_and_record(executing: Imitation) -> None:
    """As an extension that expands wildcards makes them, before us."""
    made = ["hat, 1girl", "cat, 1boy", "smile, 2girls", "night, 1girl"]

    def expand(p: Any) -> None:
        p.all_prompts, p.main_prompt = list(made), made[0]

    executing.add_extension(acting(process=expand))
    executing.execute(SCRIPT)
    executing.build()
    result = generate(executing, prompt="__any__", n_iter=2, batch_size=2)
    grid, *images = read(result)
    assert [found["Prompt"] for found in images] == [compiled(text).prompt for text in made]
    assert [record(found)["prompt"] for found in images] == made
    assert grid["Prompt"] == compiled(made[0]).prompt
    assert read_infotext(result.parameters_file)["Prompt"] == compiled(made[0]).prompt


@pytest.mark.parametrize(
    ("own", "second"), [({}, "smile, 1girl"), ({"hr_prompt": "close-up, 1girl"}, "close-up, 1girl")]
)
def test_the_second_pass_is_compiled_too(
    watched: tuple[Imitation, list[Any]], own: dict[str, str], second: str
) -> None:
    program, encoded = watched
    result = generate(program, **SECOND_PASS, **own, n_iter=2)
    images = read(result)[1:]
    expected = compiled(second, "blurry")
    assert encoded[-1] == ([expected.prompt], [expected.negative])
    assert encoded[0][0] == [MADE]
    assert {found.get("Hires prompt", found["Prompt"]) for found in images} == {expected.prompt}
    assert record(images[-1])["hires"] == second
    assert "832x1216, and 1664x2432 after the hires pass" in result.comments


def test_a_second_checkpoint_has_its_own_profile(watched: tuple[Imitation, list[Any]]) -> None:
    program, encoded = watched
    (found,) = read(generate(program, **SECOND_PASS, hr_checkpoint_name=OLDER))
    expected = compiled("smile, 1girl", "blurry", OLDER)
    assert encoded[-1] == ([expected.prompt], [expected.negative])
    assert found["Prompt"] == MADE
    assert (found["Hires prompt"], found["Hires negative prompt"]) == (expected.prompt, expected.negative)
    (after,) = read(generate(program))
    assert after["Prompt"] == MADE, "the second checkpoint is loaded still, but not chosen"


def test_styles_are_part_of_the_prompt(started: Imitation) -> None:
    (found,) = read(generate(started, styles=["night", "rain"]))
    whole = "night, smile, 1girl, outdoors, rain"
    assert found["Prompt"] == compiled(whole).prompt
    assert record(found)["prompt"] == whole
    assert record(found)["negative"] == "blurry, fog"


@pytest.mark.parametrize("more", [{}, SECOND_PASS], ids=["one pass", "two passes"])
def test_comments_swallow_nothing(started: Imitation, more: dict[str, Any]) -> None:
    """Whether the program takes them out before us or after us."""
    prompt = "smile, # not, this\n# nor this\n1girl"
    result = generate(started, prompt=prompt, **more)
    (found,) = read(result)
    words = [word.strip() for word in found["Prompt"].replace("\n", ",").split(",") if word.strip()]
    assert sorted(words) == sorted(MADE.split(", "))
    assert "not" not in found.get("Hires prompt", "")
    assert record(found)["prompt"] == prompt
    assert "another extension" not in result.comments


def test_networks_stay_where_they_act(watched: tuple[Imitation, list[Any]]) -> None:
    program, encoded = watched
    (found,) = read(generate(program, prompt="smile, <lora:one:0.8>, 1girl"))
    assert "<lora:one:0.8>" in found["Prompt"]
    assert "<lora" not in encoded[0][0][0]
    assert encoded[0][0][0].startswith("1girl, smile")


def test_img2img_keeps_the_pictures_size(started: Imitation) -> None:
    (found,) = read(generate(started, tab="img2img", init_images=["a picture"], width=640, height=384))
    assert settings(found) == {**OF_THE_CARD, "Size": "640x384"}
    assert found["Prompt"] == MADE


def without_us(program: Imitation) -> Imitation:
    """The same program, newly started, without our script."""
    other = Imitation(program.variant, with_us.checkpoints(), styles=with_us.STYLES, seed=7)
    other.add_extension(looping(2))
    other.build()
    return other


PLOTTED = plot.plot_module().Script()
PLOTTED.ui(False)
BY_SCRIPT: tuple[dict[str, Any], ...] = (
    {"script_name": "prompt matrix", "script_args": [False, False, "positive", "comma", 0]},
    {"script_name": "x/y/z plot", "script_args": PLOTTED.arguments(("Steps", "1,2"), ("CFG Scale", "3,4"))},
    {
        "script_name": "prompts from file or textbox",
        "script_args": [False, False, "start", "b ,  a\n--prompt hat --steps 3"],
    },
    {"script_name": "again and again", "script_args": []},
)
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"n_iter": 2, "batch_size": 2},
    {"styles": ["night"]},
    {"override_settings": {CHECKPOINT: ANYTHING}},
    *BY_SCRIPT,
)
IN_TABS = [
    *[{"tab": "txt2img", **asked} for asked in (*ASKED, {**SECOND_PASS, "hr_prompt": "b ,  a"})],
    *[{"tab": "img2img", "init_images": ["a picture"], **asked} for asked in ASKED],
]


@pytest.mark.parametrize("asked", IN_TABS, ids=lambda asked: f"{asked['tab']} {asked.get('script_name', '')}")
def test_an_api_request_without_us_is_byte_identical(executing: Imitation, asked: dict[str, Any]) -> None:
    executing.add_extension(looping(2))
    executing.execute(SCRIPT)
    executing.build()
    fields = {"prompt": "smile ,  1girl | hat", "negative_prompt": " blurry", **asked}
    theirs = request(without_us(executing), **fields)
    assert request(executing, **fields) == theirs
    assert request(executing, "off", **fields) == theirs
    assert request(executing, "on", **fields).infotexts != theirs.infotexts, "the comparison sees us"


def test_the_option_makes_the_api_use_us(started: Imitation) -> None:
    started.options.set(API_OPTION, True)
    (found,) = read(request(started))
    assert found["Prompt"] == MADE
    assert settings(found) == {**AS_LOADED, "Sampler": "Euler", "CFG scale": "7.0"}, "all count as touched"


@pytest.mark.parametrize("first", ["on", {}, {"mode": "on"}])
def test_an_api_request_that_names_us(started: Imitation, first: Any) -> None:
    (found,) = read(request(started, first))
    assert found["Prompt"] == MADE
    assert found["Size"] == "512x512"


def test_an_api_request_with_an_object(started: Imitation) -> None:
    choices = {
        "profile": "animagine-xl-3.1",
        "intent": {"rating": "sensitive", "year": 2010},
        "untouched": ["size", "cfg_scale"],
        "policy": {"cfg_scale": "keep"},
        "switches": {"negative": False},
    }
    (found,) = read(request(started, choices))
    quality = "masterpiece, best quality, very aesthetic, absurdres"
    assert found["Prompt"] == f"{quality}, 1girl, sensitive, oldest, smile"
    assert (found["Negative prompt"], found["CFG scale"], found["Size"]) == ("blurry", "7.0", "832x1216")
    said = record(found)
    assert (said["profile"], said["choice"], said["rating"], said["year"]) == (
        "animagine-xl-3.1",
        "animagine-xl-3.1",
        "sensitive",
        2010,
    )


def test_a_pasted_image_of_ours_is_made_again(started: Imitation) -> None:
    """What the page's paste puts into the boxes and into our panel gives the same infotext once more."""
    arguments = panel("on", rating="sensitive", touched=UNTOUCHED)
    first = generate(started, *arguments, prompt="smile, 1girl, hat")
    (found,) = read(first)
    runner, script = started.runners["txt2img"], started.runners["txt2img"].named(TITLE)
    controls = runner.inputs[script.args_from : script.args_to]
    filled = {id(component): restore(found) for component, restore in runner.infotext_fields}
    assert all(
        type(filled[id(control)]) is type(control.value) for control in controls if id(control) in filled
    )
    values = [filled.get(id(control), control.value) for control in controls]
    values[5] = json.dumps(UNTOUCHED)
    again = generate(started, *values, prompt=found["Prompt"], negative_prompt=found["Negative prompt"])
    assert values[:4] == ["on", "Auto", "standard", "sensitive"]
    assert again.infotexts == first.infotexts


def test_another_programs_image_is_left_alone(started: Imitation) -> None:
    foreign = {"Steps": "20", "Prompt": "smile, 1girl", "Negative prompt": "blurry"}
    restores = [restore(foreign) for _, restore in started.runners["txt2img"].infotext_fields]
    state = restores[-1]
    (found,) = read(generate(started, *panel(pasted=state)))
    assert (found["Prompt"], settings(found)) == ("smile, 1girl", AS_LOADED)
    assert restores[:-1] == [None] * (len(restores) - 1)


def test_extensions_after_us_are_named(executing: Imitation) -> None:
    executing.execute(SCRIPT)
    executing.add_extension(acting(process=lambda p: setattr(p, "all_prompts", ["other words"])))
    executing.build()
    result = generate(executing)
    assert result.comments == "Modelwise: another extension has changed the prompt after Modelwise\n"
