"""The imitated job of txt2img and img2img: its fields, its prompt lists and its two passes."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.webui import networks

EVERY_JOB = {
    "prompt": "",
    "negative_prompt": "",
    "styles": [],
    "seed": -1,
    "sampler_name": None,
    "scheduler": None,
    "batch_size": 1,
    "n_iter": 1,
    "steps": 50,
    "cfg_scale": 7.0,
    "width": 512,
    "height": 512,
    "denoising_strength": None,
    "do_not_save_grid": False,
    "override_settings": {},
    "override_settings_restore_afterwards": True,
    "disable_extra_networks": False,
    "firstpass_image": None,
}
SECOND_PASS = {
    "enable_hr": False,
    "hr_scale": 2.0,
    "hr_upscaler": None,
    "hr_second_pass_steps": 0,
    "hr_resize_x": 0,
    "hr_resize_y": 0,
    "hr_checkpoint_name": None,
    "hr_sampler_name": None,
    "hr_scheduler": None,
    "hr_prompt": "",
    "hr_negative_prompt": "",
}
PICTURE = {"init_images": None, "mask": None}
_MADE_LATER = (
    *("all_prompts", "all_negative_prompts", "all_seeds", "main_prompt", "main_negative_prompt"),
    *("prompts", "negative_prompts", "seeds", "extra_network_data", "user", "sd_model_name", "sd_model_hash"),
)
_MADE_LATER_HIRES = ("all_hr_prompts", "all_hr_negative_prompts", "hr_prompts", "hr_negative_prompts")


class Processing:
    """A job. Fields that a test does not give have the program's defaults."""

    own_fields: dict[str, Any] = {}
    is_api = False
    is_hr_pass = False
    iteration = 0
    batch_index = 0

    def __init__(self, program: Any, **given: Any) -> None:
        self.program = program
        defaults = {**EVERY_JOB, **self.own_fields, **dict.fromkeys(_MADE_LATER)}
        for name, value in {**copy.deepcopy(defaults), **self.more_fields(program), **given}.items():
            setattr(self, name, value)
        if not program.variant.samplers.schedulers:
            del self.scheduler
        self.comments: dict[str, int] = {}
        self.extra_generation_params: dict[str, Any] = {}
        self.override_settings = self.override_settings or {}
        self.scripts: Any = None
        self.script_args: Any = ()

    # What the fields above make; the names are the host's.
    prompt: Any
    negative_prompt: Any
    styles: list[str]
    scheduler: str | None
    width: int
    height: int
    batch_size: int
    n_iter: int
    override_settings: dict[str, Any]
    denoising_strength: float | None
    extra_network_data: Any
    prompts: list[str]
    seeds: list[int]

    def more_fields(self, program: Any) -> dict[str, Any]:
        """Fields of some programs alone."""
        return {}

    @property
    def sd_model(self) -> Any:
        """The loaded model."""
        return self.program.checkpoints.current_model()

    def begin(self, runner: Any, arguments: Iterable[Any], *, is_api: bool) -> None:
        """Give the job its scripts and their arguments, which calls `setup`."""
        self.is_api = is_api
        self.scripts, self.script_args = runner, tuple(arguments)
        runner.call("setup", self)

    def comment(self, text: str) -> None:
        """A line under the images, once."""
        self.comments[text] = 1

    def setup_prompts(self) -> None:
        """All prompts, with their styles."""
        many = self.negative_prompt if isinstance(self.negative_prompt, list) else range(self.image_count())
        prompts = _listed(self.prompt, len(many))
        negatives = _listed(self.negative_prompt, len(prompts))
        if len(prompts) != len(negatives):
            raise RuntimeError(f"{len(prompts)} prompts and {len(negatives)} negatives")
        self.all_prompts = [self.program.styled(text, self.styles) for text in prompts]
        self.all_negative_prompts = [self.program.styled(text, self.styles, 1) for text in negatives]
        self.main_prompt, self.main_negative_prompt = self.all_prompts[0], self.all_negative_prompts[0]

    def image_count(self) -> int:
        """How many images were asked for."""
        return self.batch_size * self.n_iter

    def init(self) -> None:
        """What comes between `process` and the first batch."""

    def parse_extra_network_prompts(self) -> None:
        """Take the networks out of the batch's prompts."""
        self.prompts, self.extra_network_data = networks.taken_out(self.prompts)

    def activate(self, data: defaultdict[str, list[Any]]) -> None:
        """Activate networks; there are none, but every script is told."""
        self.scripts.call(
            "after_extra_networks_activate",
            self,
            batch_number=self.iteration,
            prompts=self.prompts,
            seeds=self.seeds,
            extra_network_data=data,
        )

    def setup_conditions(self) -> None:
        """Encode the prompts."""
        if self.program.variant.notes_clip_skip:
            self.clip_skip = self.program.options.CLIP_stop_at_last_layers

    def sample(self) -> tuple[int, int]:
        """Sample the batch; the size of its images."""
        self.look()
        self.note_schedule()
        return _in_eights(self.width, self.height)

    def look(self) -> None:
        """The last hook before sampling."""
        self.scripts.call("process_before_every_sampling", self, x=None, noise=None, c=None, uc=None)

    def note_schedule(self) -> None:
        """The schedule that Automatic turned out to be."""
        used = self.program.variant.samplers.schedule_used(self)
        if used is not None:
            self.extra_generation_params["Schedule type"] = used


class Txt2Img(Processing):
    """A job with a second pass, if it is asked for."""

    own_fields = {**SECOND_PASS, "denoising_strength": 0.75, "hr_upscale_to_x": 0, "hr_upscale_to_y": 0}
    enable_hr: bool
    hr_prompt: Any
    hr_negative_prompt: Any
    hr_scale: float
    hr_resize_x: int
    hr_resize_y: int
    hr_checkpoint_name: str | None
    hr_upscaler: str | None

    def more_fields(self, program: Any) -> dict[str, Any]:
        return {**dict.fromkeys(_MADE_LATER_HIRES), **program.variant.own_fields}

    def setup_prompts(self) -> None:
        """An empty prompt of the second pass becomes the first's, before styles."""
        super().setup_prompts()
        if not self.enable_hr:
            return
        self.hr_prompt = self.hr_prompt or self.prompt
        self.hr_negative_prompt = self.hr_negative_prompt or self.negative_prompt
        count = self.image_count()
        prompts, negatives = _listed(self.hr_prompt, count), _listed(self.hr_negative_prompt, count)
        self.all_hr_prompts = [self.program.styled(text, self.styles) for text in prompts]
        self.all_hr_negative_prompts = [self.program.styled(text, self.styles, 1) for text in negatives]

    def init(self) -> None:
        if not self.enable_hr:
            return
        own = self.second_checkpoint()
        modules = getattr(self, "hr_additional_modules", None)
        wide, high = self.hr_resize_x, self.hr_resize_y
        self.extra_generation_params |= {
            "Denoising strength": self.denoising_strength,
            "Hires Module 1": modules[0] if modules else None,
            "Hires checkpoint": own.short_title if own else None,
            **self._second_texts(),
            "Hires CFG Scale": getattr(self, "hr_cfg", None),
            "Hires upscale": None if wide or high else self.hr_scale,
            "Hires resize": f"{wide}x{high}" if wide or high else None,
            "Hires upscaler": self.hr_upscaler,
        }
        self.hr_upscale_to_x, self.hr_upscale_to_y = self._target()

    def _second_texts(self) -> dict[str, Any]:
        if not self.program.variant.boxes_in_infotext:
            return {"Hires prompt": _second_prompt, "Hires negative prompt": _second_negative}
        same = self.hr_prompt == self.prompt, self.hr_negative_prompt == self.negative_prompt
        found = {"Hires prompt": self.hr_prompt, "Hires negative prompt": self.hr_negative_prompt}
        return {line: text for (line, text), left_out in zip(found.items(), same) if not left_out}

    def second_checkpoint(self) -> Any:
        """The checkpoint of the second pass, where it has its own."""
        if self.hr_checkpoint_name in {None, "", "Use same checkpoint"}:
            return None
        return self.program.checkpoints.get_closet_checkpoint_match(self.hr_checkpoint_name)

    def _target(self) -> tuple[int, int]:
        wide, high = self.hr_resize_x, self.hr_resize_y
        if not wide and not high:
            return int(self.width * self.hr_scale), int(self.height * self.hr_scale)
        return wide or high * self.width // self.height, high or wide * self.height // self.width

    def parse_extra_network_prompts(self) -> None:
        super().parse_extra_network_prompts()
        if self.enable_hr:
            batch = slice(self.iteration * self.batch_size, (self.iteration + 1) * self.batch_size)
            self.hr_negative_prompts = self.all_hr_negative_prompts[batch]
            self.hr_prompts, self.hr_extra_network_data = networks.taken_out(self.all_hr_prompts[batch])

    def setup_conditions(self) -> None:
        super().setup_conditions()
        if self.enable_hr and self.program.variant.conditions_twice and not self.second_checkpoint():
            self.activate(self.hr_extra_network_data)
            self.activate(self.extra_network_data)

    def sample(self) -> tuple[int, int]:
        size = super().sample()
        return self._sample_second() if self.enable_hr else size

    def _sample_second(self) -> tuple[int, int]:
        if self.program.variant.has_modules:
            # Asks whether the same are chosen, and fails where nobody has said.
            "Use same choices" in self.hr_additional_modules  # type: ignore[attr-defined]  # noqa: B015
        self.program.checkpoints.reload(self.second_checkpoint())
        self.is_hr_pass = True
        self.activate(self.hr_extra_network_data)
        self.scripts.call("before_hr", self)
        for _ in range(self.program.variant.looks_at_second):
            self.look()
        self.is_hr_pass = False
        return _in_eights(self.hr_upscale_to_x, self.hr_upscale_to_y)


class Img2Img(Processing):
    """A job that begins with a picture."""

    own_fields = {**PICTURE, "denoising_strength": 0.75}

    def init(self) -> None:
        self.extra_generation_params["Denoising strength"] = self.denoising_strength


def _listed(text: Any, count: int) -> list[str]:
    return text if isinstance(text, list) else [text] * count


def _in_eights(width: int, height: int) -> tuple[int, int]:
    """The infotext keeps the size that was asked for."""
    return width // 8 * 8, height // 8 * 8


def _second_prompt(p: Any, index: int, prompt_text: str, **_: Any) -> str | None:
    """Said only where it differs."""
    text = p.all_hr_prompts[index]
    return None if text == prompt_text else text


def _second_negative(p: Any, index: int, negative_prompt: str, **_: Any) -> str | None:
    text = p.all_hr_negative_prompts[index]
    return None if text == negative_prompt else text
