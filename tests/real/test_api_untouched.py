"""An API request that does not mention us comes back exactly as without us."""

from __future__ import annotations

from typing import Any

import pytest

from modelwise.webui.api_description import LABELS
from tests.real.expected import MESSY, NEGATIVE_4, ORDERED_4
from tests.real.generating import (
    ANYTHING,
    KEY,
    OLDER,
    OPT,
    UNKNOWN,
    axis_labels,
    generate,
    picture,
    plot_arguments,
    script_arguments,
)
from tests.real.running import RunningWebUI
from tests.support.hosts import panel

HIRES = {"enable_hr": True, "hr_scale": 1.5, "hr_upscaler": "Latent", "denoising_strength": 0.5}
REQUESTS: dict[str, dict[str, Any]] = {
    "plain": {"prompt": MESSY, "negative_prompt": "fog"},
    "hires": {"prompt": MESSY, **HIRES},
    "batches": {"prompt": MESSY, "batch_size": 2, "n_iter": 2},
    "grammar": {"prompt": "[a:b:0.5], (c:1.2) BREAK d # note\ne AND f :0.5"},
}
PLOT = "X/Y/Z plot"
SCRIPTS: dict[str, tuple[dict[str, Any], list[Any]]] = {
    PLOT: ({"prompt": MESSY}, []),
    "Prompt matrix": ({"prompt": f"{MESSY}|night|rain"}, [False, False, "positive", "comma", 0]),
    "Prompts from file or textbox": (
        {"prompt": "hat"},
        [False, False, "start", f"{MESSY}\n--prompt 'b ,  a' --steps 3"],
    ),
}
LOOPS = {"Loopback": ({"prompt": MESSY}, [2, 0.5, "Linear", "None"])}
PICTURE: dict[str, Any] = {"path": "img2img", "denoising_strength": 0.5}


def with_script(webui: RunningWebUI, name: str, *, is_img2img: bool = False) -> dict[str, Any]:
    """A request with a script."""
    fields, given = (SCRIPTS | LOOPS)[name]
    if name == PLOT:
        axes = [("Steps", "1,2"), ("Prompt S/R", "smile, 2girls")]
        arguments = plot_arguments(webui, axes, ["Draw legend", "Include Sub Images"], is_img2img=is_img2img)
    else:
        arguments = script_arguments(webui, name, given)
    return {**fields, "script_name": name, "script_args": arguments}


@pytest.mark.parametrize("checkpoint", [OPT, OLDER, ANYTHING, UNKNOWN])
def test_same_bytes_on_every_checkpoint(server: RunningWebUI, plain: RunningWebUI, checkpoint: str) -> None:
    ours, theirs = (generate(webui, None, checkpoint, prompt=MESSY) for webui in (server, plain))
    assert ours.files == theirs.files
    assert ours.raw == theirs.raw


@pytest.mark.parametrize("name", REQUESTS)
def test_same_bytes_for_every_kind_of_request(server: RunningWebUI, plain: RunningWebUI, name: str) -> None:
    ours, theirs = (generate(webui, None, **REQUESTS[name]) for webui in (server, plain))
    assert ours.files == theirs.files
    assert ours.raw == theirs.raw
    assert not any(KEY in infotext.params for infotext in ours.infotexts)


@pytest.mark.parametrize("name", SCRIPTS)
def test_same_bytes_with_a_script(server: RunningWebUI, plain: RunningWebUI, name: str) -> None:
    request = with_script(plain, name)
    ours, theirs = (generate(webui, None, **request) for webui in (server, plain))
    assert len(ours.files) == len(theirs.files) > 1
    assert ours.files == theirs.files
    assert ours.raw == theirs.raw


IN_IMG2IMG: dict[str, dict[str, Any]] = {
    "alone": {"prompt": MESSY, "negative_prompt": "fog"},
    "batches": {"prompt": MESSY, "batch_size": 2, "n_iter": 2},
}


@pytest.mark.parametrize("name", [*IN_IMG2IMG, *SCRIPTS, *LOOPS])
def test_same_bytes_in_img2img(server: RunningWebUI, plain: RunningWebUI, name: str) -> None:
    fields = IN_IMG2IMG.get(name) or with_script(plain, name, is_img2img=True)
    request = {**PICTURE, "init_images": [picture(64, 64)], **fields}
    # Twice: the first img2img job after one of another kind differs, with us or without.
    ours, theirs = ([generate(webui, None, **request) for _ in range(2)][1] for webui in (server, plain))
    assert ours.files == theirs.files
    assert ours.raw == theirs.raw
    assert not any(KEY in infotext.params for infotext in ours.infotexts)


def test_the_reference_is_a_webui_without_us(server: RunningWebUI, plain: RunningWebUI) -> None:
    names = [[script["name"] for script in webui.get("/sdapi/v1/script-info")] for webui in (server, plain)]
    assert [name for name in names[0] if name not in names[1]].count(KEY.lower()) == 2
    assert KEY.lower() not in names[1]


@pytest.mark.parametrize("is_img2img", [False, True])
def test_the_webuis_own_axes_keep_their_numbers(
    server: RunningWebUI, plain: RunningWebUI, is_img2img: bool
) -> None:
    ours, known = (axis_labels(webui, is_img2img=is_img2img) for webui in (server, plain))
    assert ours[: len(known)] == known


@pytest.mark.parametrize(
    "arguments", [[], [None], [None] * 7, ["auto"], ["off"], ["off", "Animagine XL 4.0 Opt"]]
)
def test_empty_and_automatic_arguments_change_nothing(server: RunningWebUI, arguments: list[Any]) -> None:
    assert generate(server, arguments, prompt=MESSY).files == generate(server, None, prompt=MESSY).files


def test_the_setting_turns_us_on_for_all_requests(server: RunningWebUI) -> None:
    server.post("/sdapi/v1/options", {"modelwise_api_auto": True})
    try:
        found = generate(server, None, prompt=MESSY).first
        assert generate(server, ["off"], prompt=MESSY).first.prompt == MESSY
    finally:
        server.post("/sdapi/v1/options", {"modelwise_api_auto": False})
    assert (found.prompt, found.negative) == (ORDERED_4, NEGATIVE_4)
    assert "mode" not in found.record  # what says nothing means auto
    assert generate(server, None, prompt=MESSY).first.prompt == MESSY


def test_the_script_names_its_arguments_in_json(server: RunningWebUI) -> None:
    scripts = [script for script in server.get("/sdapi/v1/script-info") if script["name"] == KEY.lower()]
    assert [(script["is_img2img"], script["is_alwayson"]) for script in scripts] == [
        (False, True),
        (True, True),
    ]
    for script in scripts:
        values = [argument["value"] for argument in script["args"]]
        assert values == panel(touched=None)
        assert [argument["label"] for argument in script["args"]] == list(LABELS)
        assert script["args"][0]["choices"] == ["auto", "on", "off"]
        assert {"Auto", "Animagine XL 4.0 Opt", "My own model"} <= set(script["args"][1]["choices"])


@pytest.mark.parametrize("checkpoint", [OPT, ANYTHING])
def test_no_option_changes(server: RunningWebUI, checkpoint: str) -> None:
    before = server.get("/sdapi/v1/options")
    generate(server, ["on"], checkpoint, prompt=MESSY)
    policy = {"size": "keep", "steps": "keep", "cfg_scale": "force", "sampler": "force"}
    forced = generate(server, [{"policy": policy, "preset": "Card example"}], ANYTHING, prompt=MESSY).first
    assert (forced.params["Sampler"], float(forced.params["CFG scale"])) == ("DPM++ 2M", 12)
    generate(server, [{"profile": "my-own-model", "untouched": ["cfg_scale"]}], checkpoint, prompt=MESSY)
    after = server.get("/sdapi/v1/options")
    for options in (before, after):
        options.pop("sd_checkpoint_hash")  # the WebUI's own, of the model of the last job
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    assert not changed
    assert before.keys() == after.keys()
