"""A compiled request as a script for diffusers, with the long-prompt pipeline as model cards use it."""

from __future__ import annotations

from collections.abc import Iterator

from modelwise.export.exported import Compiled, Exported, ExportError
from modelwise.export.flattening import flatten
from modelwise.export.samplers import DIFFUSERS_SCHEDULES, NEAR, SAMPLERS, schedule

_PIPELINES = {
    "sdxl": ("StableDiffusionXLPipeline", "lpw_stable_diffusion_xl"),
    "sd1": ("StableDiffusionPipeline", "lpw_stable_diffusion"),
}
_ARGUMENTS = {
    "width": "width",
    "height": "height",
    "cfg_scale": "guidance_scale",
    "steps": "num_inference_steps",
}
_FILES = (".safetensors", ".ckpt")
_HUB = "https://huggingface.co/"


def export(compiled: Compiled) -> Exported:
    """The script. Raises ExportError for a model that it can't load."""
    architecture = compiled.profile.architecture
    if architecture not in _PIPELINES:
        raise ExportError(
            f"profile: found the architecture {architecture}; allowed: SD 1.x and SDXL, for diffusers"
        )
    model = compiled.model or _card_model(compiled)
    notes: list[str] = []
    prompt = _prompt(compiled.result.prompt, notes, negative=False)
    negative = _prompt(compiled.result.negative, notes, negative=True)
    arguments = {
        theirs: compiled.settings[ours] for ours, theirs in _ARGUMENTS.items() if ours in compiled.settings
    }
    scheduler = _scheduler(compiled, notes)
    lines = [
        *_imports(architecture, model, scheduler),
        "",
        *_loading(architecture, model),
        *scheduler[1:],
        *_clip_skip(compiled),
        'pipe.to("cuda")',
        "",
        f"prompt = {prompt!r}",
        f"negative_prompt = {negative!r}",
        "",
        "image = pipe(",
        "    prompt,",
        "    negative_prompt=negative_prompt,",
        *(f"    {name}={value!r}," for name, value in arguments.items()),
        ").images[0]",
        "",
        f'image.save("{compiled.profile.id}.png")',
    ]
    return Exported("\n".join(lines) + "\n", tuple(notes))


def _card_model(compiled: Compiled) -> str:
    """The repository of the model's card."""
    urls = (source.url for source in compiled.profile.sources if source.url.startswith(_HUB))
    names = (url.removeprefix(_HUB) for url in urls)
    found = next((name for name in names if name.count("/") == 1), None)
    if found is None:
        raise ExportError("--model: found nothing; allowed: a repository's name, or a .safetensors file")
    return found


def _prompt(text: str, notes: list[str], *, negative: bool) -> str:
    """The text itself where the pipeline reads it as the WebUI does, else what can be said of it."""
    flat = flatten(text, negative=negative)
    where = "negative" if negative else "prompt"
    notes += [f"{where}: {loss}" for loss in flat.losses]
    return flat.weighted() if flat.losses else text


def _imports(architecture: str, model: str, scheduler: tuple[str, ...]) -> Iterator[str]:
    names = {_PIPELINES[architecture][0], *scheduler[:1]}
    names |= {"DiffusionPipeline"} if model.endswith(_FILES) else set()
    yield "import torch"
    yield f"from diffusers import {', '.join(sorted(names))}"


def _loading(architecture: str, model: str) -> Iterator[str]:
    pipeline, long_prompts = _PIPELINES[architecture]
    single = model.endswith(_FILES)
    yield f"pipe = {pipeline}.{'from_single_file' if single else 'from_pretrained'}("
    yield f"    {model!r},"
    yield "    torch_dtype=torch.float16,"
    yield from () if single else ("    use_safetensors=True,", f'    custom_pipeline="{long_prompts}",')
    yield from ("    add_watermarker=False,",) if architecture == "sdxl" else ()
    yield ")"
    if single:  # from_single_file knows no custom_pipeline
        yield f'pipe = DiffusionPipeline.from_pipe(pipe, custom_pipeline="{long_prompts}")'


def _scheduler(compiled: Compiled, notes: list[str]) -> tuple[str, ...]:
    """The scheduler's class and the lines that set it; nothing where the card has no sampler."""
    name = compiled.settings.get("sampler")
    if name is None:
        return ()
    sampler = SAMPLERS.get(name)
    if sampler is None:
        notes.append(f"sampler: diffusers' name for {name} is not known here; the model's own stands in")
        return ()
    if name in NEAR:
        notes.append(f"sampler: diffusers has no {name}; {sampler.diffusers} is near it")
    wanted = schedule(name, compiled.settings.get("scheduler", "Automatic"))
    if wanted not in DIFFUSERS_SCHEDULES:
        notes.append(
            f"scheduler: diffusers' name for {wanted} is not known here; the sampler's own stands in"
        )
    options = dict(DIFFUSERS_SCHEDULES.get(wanted, {}))
    if "noise_schedule" in compiled.settings:
        options["rescale_betas_zero_snr"] = True
    unknown = sorted(options.keys() - sampler.takes)
    notes += [f"scheduler: {sampler.diffusers} does not know {name}, so that is left out" for name in unknown]
    prediction = {"prediction_type": "v_prediction"} if compiled.profile.prediction == "v" else {}
    taken = {name: value for name, value in options.items() if name in sampler.takes}
    given = "".join(
        f", {name}={value!r}" for name, value in {**sampler.options, **taken, **prediction}.items()
    )
    return (
        sampler.diffusers,
        f"pipe.scheduler = {sampler.diffusers}.from_config(pipe.scheduler.config{given})",
    )


def _clip_skip(compiled: Compiled) -> Iterator[str]:
    """For SD 1.x by leaving out the last layers; the WebUI has none for SDXL."""
    skipped = compiled.settings.get("clip_skip", 1) - 1
    if compiled.profile.architecture == "sd1" and skipped > 0:
        layers = "pipe.text_encoder.text_model.encoder.layers"
        yield f"{layers} = {layers}[:-{skipped}]"
