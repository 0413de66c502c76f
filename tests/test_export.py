"""Exports: each is read or run again, and says what it can't say."""

from __future__ import annotations

import inspect
import json
import re
import sys
import types
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import example, given

from modelwise.compile import Compiler, Request, Result
from modelwise.export import api, comfyui, diffusers_script, plain_text
from modelwise.export.exported import Compiled, ExportError
from modelwise.export.flattening import flatten
from modelwise.export.samplers import SAMPLERS
from modelwise.profiles import Profile
from tests.support.checking import bundled, vocabulary
from tests.support.commands import called
from tests.support.reading import read
from tests.support.strategies import prompts

DRAWABLE = sorted(each.id for each in bundled().values() if each.architecture in ("sd1", "sdxl"))
PROMPT = "smile, (night:1.2), 1girl, hatsune miku \\(cosplay\\), [rain]"
ODD = 'it\'s "quoted"\\, {braces}\n"""; import os\ttab \\N{BULLET} \u2028 ünï'

PIPELINE = {
    *("prompt", "image", "mask_image", "height", "width", "strength", "num_inference_steps"),
    *("guidance_scale", "negative_prompt", "num_images_per_prompt", "eta", "generator", "latents"),
}
"""What the long-prompt pipelines of both architectures take."""


def compiled(profile: str, prompt: str = PROMPT, negative: str = "", model: str | None = None) -> Compiled:
    found = bundled()[profile]
    return Compiled(found, Compiler(found, vocabulary()).compile(Request(prompt, negative)), model)


def given_as(profile: str, prompt: str, negative: str = "", **settings: Any) -> Compiled:
    return Compiled(bundled()[profile], Result(prompt, negative, settings, ()), "model.safetensors")


def test_the_apis_body() -> None:
    request = compiled("animagine-xl-4.0-opt")
    body = json.loads(api.export(request).text)
    assert (body["prompt"], body["negative_prompt"]) == (request.result.prompt, request.result.negative)
    settings = {key: value for key, value in body.items() if "prompt" not in key}
    assert settings == {
        "width": 832,
        "height": 1216,
        "cfg_scale": 5,
        "steps": 28,
        "sampler_name": "Euler a",
        "scheduler": "Automatic",
    }


def test_the_apis_options_are_for_this_job_alone() -> None:
    body = json.loads(api.export(given_as("aom3", "a", clip_skip=2, noise_schedule="Zero Terminal SNR")).text)
    assert body["override_settings"] == {
        "CLIP_stop_at_last_layers": 2,
        "sd_noise_schedule": "Zero Terminal SNR",
        "sd_model_checkpoint": "model.safetensors",
    }
    assert body["override_settings_restore_afterwards"] is True


class Ran:
    """What a script did: every call of a stand-in, by its dotted name."""

    def __init__(self) -> None:
        self.calls: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {}

    def thing(self, name: str) -> Any:
        ran = self

        class Thing:
            def __getattr__(self, key: str) -> Any:
                return ran.thing(f"{name}.{key}")

            def __call__(self, *values: Any, **named: Any) -> Any:
                ran.calls[name] = values, named
                return ran.thing(
                    "pipe"
                    if name.endswith((".from_pretrained", ".from_single_file", ".from_pipe"))
                    else f"{name}()"
                )

            def __getitem__(self, at: Any) -> Any:
                return ran.thing(f"{name}[{at}]")

        return Thing()


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    found = Ran()
    for name in ("torch", "diffusers"):
        module = types.ModuleType(name)
        vars(module)["__getattr__"] = found.thing
        monkeypatch.setitem(sys.modules, name, module)
    return found


def run(text: str) -> None:
    exec(compile(text, "exported.py", "exec"), {})  # noqa: S102 (running it is the test)


@pytest.mark.parametrize("profile", DRAWABLE)
def test_the_script_for_diffusers_runs(ran: Ran, profile: str) -> None:
    request = compiled(profile, model=None if "huggingface" in str(bundled()[profile].sources) else "a/b")
    try:
        exported = diffusers_script.export(request)
    except ExportError:
        exported = diffusers_script.export(compiled(profile, model="a/b"))
    run(exported.text)
    (prompt,), named = ran.calls["pipe"]
    assert {"prompt", *named} <= PIPELINE
    assert (prompt, named["negative_prompt"]) == (request.result.prompt, request.result.negative)
    ours = {
        "width": "width",
        "height": "height",
        "guidance_scale": "cfg_scale",
        "num_inference_steps": "steps",
    }
    expected = {name: request.settings[key] for name, key in ours.items() if key in request.settings}
    assert {name: value for name, value in named.items() if name != "negative_prompt"} == expected
    large = bundled()[profile].architecture == "sdxl"
    loading = ran.calls[f"StableDiffusion{'XL' * large}Pipeline.from_pretrained"]
    assert loading[1]["custom_pipeline"] == f"lpw_stable_diffusion{'_xl' * large}"


def test_the_script_is_the_cards_own(ran: Ran) -> None:
    exported = diffusers_script.export(compiled("animagine-xl-4.0"))
    assert exported.notes == ()
    run(exported.text)
    (model,), named = ran.calls["StableDiffusionXLPipeline.from_pretrained"]
    assert model == "cagliostrolab/animagine-xl-4.0"
    assert named.keys() == {"torch_dtype", "use_safetensors", "custom_pipeline", "add_watermarker"}
    assert named["add_watermarker"] is False
    assert "EulerAncestralDiscreteScheduler.from_config" in ran.calls


def test_a_single_file_gets_the_long_prompts_afterwards(ran: Ran) -> None:
    run(diffusers_script.export(compiled("anything-v3.0", model="C:\\models\\it's.safetensors")).text)
    (file,), named = ran.calls["StableDiffusionPipeline.from_single_file"]
    assert (file, {*named}) == ("C:\\models\\it's.safetensors", {"torch_dtype"})
    assert ran.calls["DiffusionPipeline.from_pipe"][1] == {"custom_pipeline": "lpw_stable_diffusion"}


def test_v_prediction_and_schedules(ran: Ran) -> None:
    text = diffusers_script.export(compiled("noobai-xl-vpred-1.0")).text
    run(text)
    assert ran.calls["EulerDiscreteScheduler.from_config"][1] == {
        "prediction_type": "v_prediction",
        "rescale_betas_zero_snr": True,
    }
    run(diffusers_script.export(given_as("aom3", "a", sampler="DPM++ 2M", scheduler="Automatic")).text)
    assert ran.calls["DPMSolverMultistepScheduler.from_config"][1] == {"use_karras_sigmas": True}


def test_clip_skip_leaves_out_layers_of_sd1_alone() -> None:
    assert "layers[:-1]\n" in diffusers_script.export(given_as("aom3", "a", clip_skip=2)).text
    assert "layers" not in diffusers_script.export(given_as("pony-v6-xl", "a", clip_skip=2)).text
    assert "layers" not in diffusers_script.export(given_as("aom3", "a", clip_skip=1)).text


def test_any_text_survives_in_a_script(ran: Ran) -> None:
    run(diffusers_script.export(given_as("aom3", ODD, ODD)).text)
    (prompt,), _ = ran.calls["pipe"]
    assert prompt == flatten(ODD).weighted()
    run(diffusers_script.export(given_as("aom3", 'it\'s\n"b"\\', "c")).text)
    assert ran.calls["pipe"][0][0] in ('it\'s\n"b"\\', flatten('it\'s\n"b"\\').weighted())


@pytest.mark.parametrize("exporter", [diffusers_script, comfyui])
def test_another_architecture_is_refused(exporter: Any) -> None:
    with pytest.raises(ExportError, match="found the architecture stable-cascade; allowed: "):
        exporter.export(compiled("sotediffusion-v2"))


def test_a_model_is_needed_where_no_card_names_one() -> None:
    with pytest.raises(ExportError, match="--model: found nothing"):
        diffusers_script.export(compiled("generic-sdxl"))


def test_an_option_that_a_scheduler_does_not_know_is_left_out(ran: Ran) -> None:
    exported = diffusers_script.export(given_as("aom3", "a", sampler="Euler a", scheduler="Karras"))
    assert exported.notes == (
        "scheduler: EulerAncestralDiscreteScheduler does not know use_karras_sigmas, so that is left out",
    )
    run(exported.text)
    assert ran.calls["EulerAncestralDiscreteScheduler.from_config"][1] == {}


def test_diffusers_own_signatures() -> None:
    diffusers = pytest.importorskip("diffusers", reason="needs diffusers")
    for sampler in SAMPLERS.values():
        taken = inspect.signature(getattr(diffusers, sampler.diffusers).__init__).parameters
        assert {*sampler.takes, *sampler.options, "prediction_type"} <= taken.keys()
    taken = inspect.signature(diffusers.StableDiffusionXLPipeline.__call__).parameters
    assert {"width", "height", "guidance_scale", "num_inference_steps", "negative_prompt"} <= taken.keys()


OUTPUTS: Mapping[str, tuple[str, ...]] = {
    "CheckpointLoaderSimple": ("MODEL", "CLIP", "VAE"),
    "ModelSamplingDiscrete": ("MODEL",),
    "CLIPSetLastLayer": ("CLIP",),
    "CLIPTextEncode": ("CONDITIONING",),
    "EmptyLatentImage": ("LATENT",),
    "KSampler": ("LATENT",),
    "VAEDecode": ("IMAGE",),
    "SaveImage": (),
}
INPUTS = {
    "model": "MODEL",
    "clip": "CLIP",
    "vae": "VAE",
    "positive": "CONDITIONING",
    "negative": "CONDITIONING",
    "latent_image": "LATENT",
    "samples": "LATENT",
    "images": "IMAGE",
}


def links(graph: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What each link brings, and what is wanted there."""
    for node in graph.values():
        for name, value in node["inputs"].items():
            if name in INPUTS:
                yield OUTPUTS[graph[value[0]]["class_type"]][value[1]], INPUTS[name]


@pytest.mark.parametrize("profile", DRAWABLE)
def test_the_graph_for_comfyui_fits_together(profile: str) -> None:
    request = compiled(profile)
    exported = comfyui.export(request)
    graph = json.loads(exported.text)
    assert {node["class_type"] for node in graph.values()} <= OUTPUTS.keys()
    wires = list(links(graph))
    assert len(wires) >= 8
    assert all(brought == wanted for brought, wanted in wires)
    sampler = graph["5"]["inputs"]
    assert sampler["steps"] == request.settings.get("steps", 20)
    assert graph["2"]["inputs"]["text"] == flatten(request.result.prompt).weighted()
    assert "(night:1.2)" in graph["2"]["inputs"]["text"]
    assert "(rain:0.909)" in graph["2"]["inputs"]["text"]


def test_the_graph_of_v_prediction_and_clip_skip() -> None:
    graph = json.loads(comfyui.export(compiled("noobai-xl-vpred-1.0")).text)
    assert graph["6"]["inputs"] == {"model": ["1", 0], "sampling": "v_prediction", "zsnr": True}
    assert graph["5"]["inputs"]["model"] == ["6", 0]
    graph = json.loads(comfyui.export(given_as("aom3", "a", clip_skip=2)).text)
    assert graph["7"]["inputs"] == {"clip": ["1", 1], "stop_at_clip_layer": -2}
    assert graph["2"]["inputs"]["clip"] == graph["3"]["inputs"]["clip"] == ["7", 0]


def test_plain_text() -> None:
    exported = plain_text.export(
        compiled("animagine-xl-3.1-coreml", model="animagine-xl-3.1_original_768x1152")
    )
    lines = exported.text.split("\n")
    assert lines[:2] == [
        "Prompt:",
        "masterpiece, best quality, very aesthetic, absurdres, 1girl, smile, night, hatsune miku (cosplay), rain",
    ]
    assert lines[4].startswith("nsfw, lowres, bad, text") and lines[4].endswith("scan, abstract")
    assert lines[-2] == "Size: 768x1152"
    assert exported.notes == tuple(
        f"{where}: weights: every tag counts alike there" for where in ("prompt", "negative")
    )


@pytest.mark.parametrize(
    ("profile", "model", "notes", "size"),
    [
        ("animagine-xl-3.1-coreml", "model_8-bit_1024x1024.zip", [], "1024x1024"),
        (
            "animagine-xl-3.1-coreml",
            None,
            ["size: fixed in the model, and named in its file's name; name the file with --model"],
            None,
        ),
        (
            "animagine-xl-3.1-coreml",
            "model",
            ["size: fixed in the model, and named in its file's name; model names none"],
            None,
        ),
        ("animagine-xl-4.0", None, [], "832x1216"),
        ("animagine-xl-4.0", "split-einsum_832x1216", [], "832x1216"),
        (
            "animagine-xl-4.0",
            "split-einsum_768x768",
            ["size: the model's file name says 768x768, and it is fixed there; the card says 832x1216"],
            "768x768",
        ),
    ],
)
def test_the_size_of_a_core_ml_file(
    profile: str, model: str | None, notes: list[str], size: str | None
) -> None:
    exported = plain_text.export(compiled(profile, "1girl", model=model))
    assert [note for note in exported.notes if note.startswith("size")] == notes
    found = re.search(r"^Size: (.+)$", exported.text, re.MULTILINE)
    assert (found[1] if found else None) == size


@pytest.mark.parametrize(
    ("text", "weighted", "plain", "losses"),
    [
        ("a,b ,  c\nd", "a, b, c, d", "a, b, c, d", []),
        ("(a, (b:1.5):1.2) c", "(a:1.2), (b:1.8) c", "a, b c", ["weights: "]),
        ("[[a]], ((b))", "(a:0.826), (b:1.21)", "a, b", ["weights: "]),
        ("([a])", "a", "a", []),
        ("x \\(y\\), \\[z\\]", "x \\(y\\), \\[z\\]", "x (y), [z]", []),
        (
            "[a:b:0.5], [c::3], [d:5], [p|q]",
            "b, c, d, q",
            "b, c, d, q",
            ["[a:b:0.5]: ", "[c::3]: ", "[d:5]: ", "[p|q]: "],
        ),
        ("a BREAK b", "a, b", "a, b", ["BREAK: "]),
        ("a :1.2 AND b:0.5", "a, b", "a, b", ["AND: "]),
        ("<lora:x:1>, a", "a", "a", ["<lora:x:1>: load it there by hand"]),
        ("{a|b} c", "{a|b} c", "{a|b} c", ["{a|b}: "]),
        ("a (b:1.1) (c)", "a (b:1.1) (c:1.1)", "a b c", ["weights: "]),
        ("a # b\nc", "a, c", "a, c", ["comments"]),
        ("a, (b, c", "a, (b, c", "a, (b, c", ["a bracket that is not closed"]),
        ("", "", "", []),
    ],
)
def test_flattening(text: str, weighted: str, plain: str, losses: list[str]) -> None:
    flat = flatten(text)
    assert (flat.weighted(), flat.plain()) == (weighted, plain)
    assert len(flat.losses) == len(losses)
    assert all(found.startswith(wanted) for found, wanted in zip(flat.losses, losses, strict=True))


@given(prompts())
@example(r"([\:::0])")
def test_what_loses_nothing_keeps_its_meaning(text: str) -> None:
    """By the reading of its own in tests/support: the same words with the same weights."""
    flat = flatten(text, negative=True)
    written = flat.weighted()
    if flat.losses or read(text, negative=True).broken:
        return
    found, expected = weights(written), weights(text)
    assert [word for word, _ in found] == [word for word, _ in expected]
    assert [weight for _, weight in found] == pytest.approx(
        [weight for _, weight in expected], rel=0.01, abs=0.001
    )


def weights(text: str) -> list[tuple[str, float]]:
    """Each word with its weight."""
    units = (
        unit for branch in read(text, negative=True).branches for chunk in branch.chunks for unit in chunk
    )
    return [(word, weight) for unit in units for run, weight in unit for word in run.split()]


def test_the_command() -> None:
    done = called(
        "export",
        "--as",
        "plain",
        "(smile), 1girl",
        "--profile",
        "animagine-xl-4.0",
        "--no-quality",
        "--no-negative",
    )
    assert done.code == 0
    assert done.output.startswith("Prompt:\n1girl, smile\n\nNegative prompt:\n\n\nSteps: 28\n")
    assert done.errors == "modelwise: prompt: weights: every tag counts alike there\n"
    found = called("export", "--as", "api", "1girl", "--json", "--profile", "animagine-xl-4.0").json()
    assert found.keys() == {"text", "notes"}
    refused = called("export", "--as", "diffusers", "1girl", "--profile", "sotediffusion-v2")
    assert (refused.code, refused.output) == (2, "")
    assert refused.errors.startswith("modelwise: profile: found the architecture stable-cascade")


def test_profiles_have_samplers_that_are_known(profiles: Mapping[str, Profile]) -> None:
    """A new profile with another sampler wants another line in the table."""
    names = {each.settings.sampler.sampler for each in profiles.values() if each.settings.sampler}
    assert names <= SAMPLERS.keys()
