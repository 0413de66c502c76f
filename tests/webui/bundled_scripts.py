"""The imitated scripts that come with the program: sampler, seed and comments, and two that run many jobs."""

from __future__ import annotations

import copy
import shlex
from typing import Any

from tests.webui.generating import Processed, process_images
from tests.webui.runner import AlwaysVisible, Control, Script


class SamplerScript(Script):
    """The page's steps, sampler and schedule type; an API request has its own."""

    setup_for_ui_only = True

    def title(self) -> str:
        return "Sampler"

    def show(self, is_img2img: bool) -> Any:
        return AlwaysVisible

    def ui(self, is_img2img: bool) -> list[Any]:
        return [Control(20), Control("DPM++ 2M"), Control("Automatic")]

    def setup(self, p: Any, steps: int, sampler: str, scheduler: str) -> None:
        p.steps, p.sampler_name = steps, sampler
        if p.program.variant.samplers.schedulers:
            p.scheduler = scheduler


class SeedScript(Script):
    """The page's seed."""

    setup_for_ui_only = True

    def title(self) -> str:
        return "Seed"

    def show(self, is_img2img: bool) -> Any:
        return AlwaysVisible

    def ui(self, is_img2img: bool) -> list[Any]:
        return [Control(-1)]

    def setup(self, p: Any, seed: int) -> None:
        p.seed = seed


class CommentsScript(Script):
    """Takes comments out in `process`, after all extensions."""

    def title(self) -> str:
        return "Comments"

    def show(self, is_img2img: bool) -> Any:
        return AlwaysVisible

    def process(self, p: Any) -> None:
        names = ["all_prompts", "all_negative_prompts", "main_prompt", "main_negative_prompt"]
        if getattr(p, "enable_hr", False):
            names += ["all_hr_prompts", "all_hr_negative_prompts", "hr_prompt", "hr_negative_prompt"]
        without = p.program.variant.without_comments
        for name in names:
            value = getattr(p, name)
            stripped = without(value) if isinstance(value, str) else [without(text) for text in value]
            setattr(p, name, stripped)


class MatrixScript(Script):
    """Prompt matrix: one job whose prompt is a list."""

    def title(self) -> str:
        return "Prompt matrix"

    def run(self, p: Any, at_start: bool, other_seeds: bool, kind: str, gap: str, margin: int) -> Processed:
        name = "prompt" if kind == "positive" else "negative_prompt"
        first, *others = getattr(p, name).split("|")
        chosen = [
            [first, *(text.strip() for place, text in enumerate(others) if number >> place & 1)]
            for number in range(2 ** len(others))
        ]
        setattr(p, name, [", ".join(texts) for texts in chosen])
        p.n_iter, p.do_not_save_grid = -(-len(chosen) // p.batch_size), True
        p.seed = [p.seed] * len(chosen)
        result = process_images(p)
        result.infotexts.insert(0, result.infotexts[0])
        return result


class LinesScript(Script):
    """Prompts from file or textbox: one job a line, each a copy of the one that was asked for."""

    def title(self) -> str:
        return "Prompts from file or textbox"

    def run(self, p: Any, seeds: bool, same_seed: bool, place: str, lines: str) -> Processed:
        p.do_not_save_grid = True
        result = Processed()
        for line in lines.splitlines():
            given = _arguments(line) if line.startswith("--") else {"prompt": line}
            job = copy.copy(p)
            for name, value in given.items():
                both = f"{value} {getattr(p, name)}" if "prompt" in name and getattr(p, name) else value
                setattr(job, name, both)
            result.infotexts += process_images(job).infotexts
            result.close(job)
        return result


def _arguments(line: str) -> dict[str, Any]:
    words = shlex.split(line)
    pairs = zip(words[::2], words[1::2])
    return {name.removeprefix("--"): int(value) if value.isdigit() else value for name, value in pairs}


FIRST_SCRIPTS = (MatrixScript, LinesScript)
LAST_SCRIPTS = (SeedScript, SamplerScript)
