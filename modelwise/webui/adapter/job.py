"""One generation of the WebUI as a Job."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from modules import sd_models, shared

from modelwise.nodes import Lines
from modelwise.webui.adapter.checkpoints import facts, info_listed, info_named
from modelwise.webui.adapter.options import is_frozen
from modelwise.webui.host import CheckpointFacts, Texts
from modelwise.webui.line_ends import line_ends

_FIELDS = {
    "width": "width",
    "height": "height",
    "cfg_scale": "cfg_scale",
    "steps": "steps",
    "sampler": "sampler_name",
    "scheduler": "scheduler",
}
_AXIS_FIELDS = {
    "Steps": "steps",
    "CFG Scale": "cfg_scale",
    "Sampler": "sampler",
    "Schedule type": "sampler",
    "Size": "size",
    "Clip skip": "clip_skip",
}
_TILE_WORDS = ("upscale", "outpaint", "loopback", "poor man", "tile")
_REGION_SCRIPTS = ("forge couple", "regional prompter", "latent couple")
_OPTIONS = {"clip_skip": "CLIP_stop_at_last_layers", "noise_schedule": "sd_noise_schedule"}
"""Settings that the host keeps as options."""
_SECOND_TEXTS = {
    "Hires prompt": ("all_prompts", "all_hr_prompts"),
    "Hires negative prompt": ("all_negative_prompts", "all_hr_negative_prompts"),
}
"""The second pass's lines in the infotext, with the lists of the first pass and of the second."""
_SECOND_SIZES = {"Hires upscale", "Hires resize"}


class WebUIJob:
    """A StableDiffusionProcessing as a Job."""

    def __init__(self, processing: Any) -> None:
        self._p = processing
        self._replaced: dict[str, Any] = {}
        self._follows: bool | None = None
        self.tab = "img2img" if hasattr(processing, "init_images") else "txt2img"
        # A host whose jobs do not declare it marks no request: each is one, unless the page's arguments come.
        self.is_api = bool(getattr(processing, "is_api", False)) or not hasattr(type(processing), "is_api")
        self.has_hires = bool(getattr(processing, "enable_hr", False))

    def raw_prompt(self) -> str:
        """The prompt before styles; prompt matrix and others put a list there."""
        prompt = self._p.prompt
        return prompt if isinstance(prompt, str) else ""

    def raw_negative(self) -> str:
        """The negative before styles."""
        negative = self._p.negative_prompt
        return negative if isinstance(negative, str) else ""

    def checkpoint(self, *, loaded: bool) -> CheckpointFacts | None:
        """In before_process the model of the last job is still loaded: the override or the option counts."""
        if loaded:
            info = getattr(getattr(self._p, "sd_model", None), "sd_checkpoint_info", None)
            if info is not None:
                return facts(info)
        override = (self._p.override_settings or {}).get("sd_model_checkpoint")
        info = info_listed(override) if override else None
        return facts(info or sd_models.select_checkpoint())

    def hires_checkpoint(self) -> CheckpointFacts | None:
        """The second pass's checkpoint, where one is chosen."""
        name = getattr(self._p, "hr_checkpoint_name", None)
        if not self.has_hires or not name or name == "Use same checkpoint":
            return None
        return facts(info_named(name))

    def fields_of_others(self) -> Collection[str]:
        """Axes of X/Y/Z plot; sizes of tiling scripts and of the button that upscales a finished image."""
        p = self._p
        fields: set[str] = set()
        if getattr(p, "txt2img_upscale", False) or getattr(p, "firstpass_image", None) is not None:
            fields.add("size")
        script = _selected_script(p)
        title = script.title() if script else ""
        if any(word in title.lower() for word in _TILE_WORDS):
            fields.add("size")
        if title.startswith("X/Y/Z"):
            fields |= _axis_fields()
        return fields

    def values(self) -> dict[str, Any]:
        """The settings by our names; a list of values per image is none of ours."""
        values = {ours: getattr(self._p, theirs, None) for ours, theirs in _FIELDS.items()}
        return {name: value for name, value in values.items() if isinstance(value, (int, float, str))}

    def set_values(self, values: dict[str, Any]) -> None:
        """Set what the host has a field for."""
        p = self._p
        if "cfg_scale" in values:
            self._set_second_cfg(values["cfg_scale"])
        for ours, value in values.items():
            if ours in _OPTIONS:
                self._override(_OPTIONS[ours], value)
            elif value is not None and hasattr(p, _FIELDS[ours]):
                setattr(p, _FIELDS[ours], value)

    def lines(self) -> Lines:
        """Regions where the user says so, or where an extension that reads lines as regions is on."""
        p = self._p
        found = line_ends(partial(getattr, shared.opts))
        if found is not Lines.SEPARATOR:
            return found
        for script in getattr(getattr(p, "scripts", None), "alwayson_scripts", None) or ():
            title = script.title().lower()
            arguments = (p.script_args or ())[script.args_from : script.args_to]
            if any(word in title for word in _REGION_SCRIPTS) and arguments and arguments[0] is True:
                return Lines.REGION
        return Lines.SEPARATOR

    def prediction(self) -> str | None:
        """By the loaded model's parameterization; where the host keeps none, nobody can tell."""
        found = getattr(getattr(self._p, "sd_model", None), "parameterization", None)
        return {"v": "v", "eps": "epsilon"}.get(found) if isinstance(found, str) else None

    def final_size(self, width: int, height: int) -> tuple[int, int]:
        """By the second pass's own size, or by its scale; one side given keeps the shape."""
        wide, high = getattr(self._p, "hr_resize_x", 0) or 0, getattr(self._p, "hr_resize_y", 0) or 0
        if not wide and not high:
            scale = float(getattr(self._p, "hr_scale", 1) or 1)
            return int(width * scale), int(height * scale)
        return wide or high * width // height, high or wide * height // width

    def _set_second_cfg(self, value: Any) -> None:
        """Forks give the second pass a CFG scale of its own: where it was the first's, it stays so."""
        p = self._p
        if self._follows is None:
            self._follows = self.has_hires and getattr(p, "hr_cfg", None) == p.cfg_scale
        if self._follows and value is not None:
            p.hr_cfg = value

    def _override(self, key: str, value: Any) -> None:
        """An override that ends with the job: the WebUI restores only options that `opts.data` holds."""
        # A copy: plots and prompt files share the dictionary between their jobs.
        overrides = {**self._p.override_settings}
        if value is None and key in self._replaced:
            overrides.pop(key, None)
            shared.opts.data[key] = self._replaced.pop(key)  # the WebUI may have set the override by now
        elif value is not None and key not in overrides and not is_frozen(key):
            overrides[key] = value
            shared.opts.data.setdefault(key, shared.opts.get_default(key))
            self._replaced[key] = shared.opts.data[key]
        self._p.override_settings = overrides

    def texts(self) -> Texts:
        """All lists, as they are in `process`: styles merged, wildcards expanded."""
        p = self._p
        texts = Texts(
            list(p.all_prompts),
            list(p.all_negative_prompts),
            _text(getattr(p, "main_prompt", None), p.all_prompts),
            _text(getattr(p, "main_negative_prompt", None), p.all_negative_prompts),
        )
        if self.has_hires:
            texts.hires = list(getattr(p, "all_hr_prompts", None) or ())
            texts.hires_negatives = list(getattr(p, "all_hr_negative_prompts", None) or ())
        texts.written = self._written(texts)
        return texts

    def _written(self, texts: Texts) -> Texts | None:
        """Forge takes comments out with the merging of styles, which comes before `process`."""
        p = self._p
        hires, hires_negative = getattr(p, "hr_prompt", ""), getattr(p, "hr_negative_prompt", "")
        written = Texts(
            _as_in_box(texts.prompts, p.prompt),
            _as_in_box(texts.negatives, p.negative_prompt),
            _as_in_box([texts.main], p.prompt)[0],
            _as_in_box([texts.main_negative], p.negative_prompt)[0],
            _as_in_box(texts.hires, hires),
            _as_in_box(texts.hires_negatives, hires_negative),
        )
        return None if written == texts else written

    def set_texts(self, texts: Texts) -> None:
        """Replace all lists together: one alone would make image and infotext differ."""
        p = self._p
        p.all_prompts = texts.prompts
        p.all_negative_prompts = texts.negatives
        p.main_prompt = texts.main
        p.main_negative_prompt = texts.main_negative
        if texts.hires:
            p.all_hr_prompts = texts.hires
            p.all_hr_negative_prompts = texts.hires_negatives

    def set_infotext(self, key: str, value: str | None) -> None:
        """A plain string: lists and callables get an index that is wrong with several batches."""
        # The dictionary is shared between the cells of a plot: a copy keeps ours out of the others.
        params = dict(self._p.extra_generation_params)
        # Only once the host has written what it says of the second pass.
        if self.has_hires and _SECOND_SIZES & params.keys():
            params |= self._second_texts(params)
        params.pop(key, None)
        if value is not None:
            params[key] = value
        self._p.extra_generation_params = params

    def _second_texts(self, params: dict[str, Any]) -> dict[str, str | None]:
        """As they are sampled, where the host writes what stands in the boxes: AUTOMATIC1111 before 1.10."""
        found, index = {}, self.image_index()
        for line, names in _SECOND_TEXTS.items():
            first, second = (getattr(self._p, name, None) or () for name in names)
            if index < min(len(first), len(second)) and not callable(params.get(line)):
                found[line] = second[index] if second[index] != first[index] else None
        return found

    def image_index(self) -> int:
        """Batch number times batch size, plus the place in the batch."""
        p = self._p
        place = getattr(p, "batch_index", 0) or 0
        return int(getattr(p, "iteration", 0) or 0) * int(p.batch_size) + int(place)

    def comment(self, text: str) -> None:
        """A line under the image."""
        comment = getattr(self._p, "comment", None)
        if callable(comment):
            comment(text)


def _selected_script(p: Any) -> Any:
    """The script that is chosen in the script box; its place is the first script argument."""
    runner, args = getattr(p, "scripts", None), getattr(p, "script_args", None)
    selectable = getattr(runner, "selectable_scripts", None) or ()
    chosen = args[0] if args else 0
    if not isinstance(chosen, int) or not 0 < chosen <= len(selectable):
        return None
    return selectable[chosen - 1]


def _axis_fields() -> set[str]:
    axes = (getattr(shared.state, f"xyz_plot_{letter}", None) for letter in "xyz")
    labels = (getattr(getattr(axis, "axis", None), "label", "") for axis in axes)
    return {_AXIS_FIELDS[label] for label in labels if label in _AXIS_FIELDS}


def _as_in_box(texts: list[str], box: object) -> list[str]:
    """The box's own text for each that is what the host makes of the box alone."""
    styles = getattr(shared, "prompt_styles", None)
    if styles is None or not isinstance(box, str):
        return texts
    made = styles.apply_styles_to_prompt(box, [])
    return [box if text == made else text for text in texts]


def _text(value: object, texts: Sequence[str]) -> str:
    return value if isinstance(value, str) else texts[0] if texts else ""
