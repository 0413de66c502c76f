"""What the real programs did, read case by case, and what has to be put into the imitation to see it again."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.webui.checkpoints import CheckpointInfo
from tests.webui.runner import AlwaysVisible, Control, Script
from tests.webui.variants import Variant

STYLES = {
    "bright": ("bright colors", "dark"),
    "plain": ("simple background", ""),
    "labstyle": ("STYLE a, {prompt}, STYLE b", "STYLE n"),
}
"""The styles of the recorded programs."""

_KINDS = {"animagine-xl-4.0-opt": True, "anything-v3-1": False}
"""The checkpoints of the recorded programs, and whether each is SDXL; the first was the chosen one."""

_NOTE = {"case", "hook", "is_sdxl"}
_MODEL = re.compile(r"Model hash: (\w+), Model: ([^,]+)")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_TIME = re.compile(r" Time taken: [\d.]+ sec\.$")
_SECOND_CFG = re.compile(r"Hires CFG Scale: (\d+)")
FAILED = "ERROR HTTP Error 500: Internal Server Error"


@dataclass
class Case:
    """One case: its hooks in order, what was asked for, and the infotext or infotexts that came of it."""

    name: str
    hooks: list[dict[str, Any]] = field(default_factory=list)
    request: Any = None
    infotext: Any = None

    @property
    def from_page(self) -> bool:
        """Whether it was asked for in the page."""
        return bool(self.request == "UI")

    def at(self, hook: str) -> dict[str, Any]:
        """What was recorded at the first call of a hook."""
        return next(record for record in self.hooks if record["hook"] == hook)

    @property
    def model(self) -> str | None:
        """The checkpoint of the case, None where the infotext does not tell."""
        found = _MODEL.search(str(self.infotext))
        return found[2] if found else None

    @property
    def seed(self) -> int:
        """What the seed turned out to be."""
        seed = self.at("process")["all_seeds"][0]
        assert isinstance(seed, int)
        return seed

    @property
    def expected(self) -> Any:
        """The infotext without the time that the page says behind it, which is another one each time."""
        return _TIME.sub("", self.infotext) if self.from_page else self.infotext


@cache
def read_cases(file: Path) -> list[Case]:
    """The cases of a file in their order."""
    cases, case = [], Case("")
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if "hook" in record:
            case.hooks.append(_without_addresses(record))
        else:
            case.name, case.request, case.infotext = record["case"], record["request"], record["infotext"]
            cases.append(case)
            case = Case("")
    return cases


def _without_addresses(record: dict[str, Any]) -> dict[str, Any]:
    """An object's place in memory is another one each time."""
    return {name: _place_free(value) for name, value in record.items() if name != "case"}


def _place_free(value: Any) -> Any:
    return _ADDRESS.sub("", value) if isinstance(value, str) else value


def checkpoints(cases: Sequence[Case]) -> list[CheckpointInfo]:
    """The recorded program's checkpoints, with the hashes that its infotexts name."""
    hashes = {name: code for case in cases for code, name in _MODEL.findall(str(case.infotext))}
    return [
        CheckpointInfo(f"{name}.safetensors", hashes[name], is_sdxl=is_sdxl)
        for name, is_sdxl in _KINDS.items()
    ]


def loaded_before(cases: Sequence[Case], case: Case) -> str | None:
    """The checkpoint of the case before; the first case of a program that loads late finds none loaded."""
    place = cases.index(case)
    if place:
        return cases[place - 1].model or next(iter(_KINDS))
    return None if case.at("before_process")["is_sdxl"] is None else next(iter(_KINDS))


def page_fields(case: Case) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """What the page must have sent: as in `setup`, and what its own scripts have set by `before_process`.

    Three values are no recorded fields: of the second pass the upscaler and the modules, which stood at
    their defaults, and its CFG scale, which only the infotext shows.
    """
    sent, then = case.at("setup"), case.at("before_process")
    fields = {name: value for name, value in sent.items() if value not in (None, "<none>")}
    second = _SECOND_CFG.search(case.infotext)
    fields |= {
        "hr_upscaler": "Latent",
        "hr_additional_modules": ["Use same choices"],
        "hr_cfg": int(second[1]) if second else None,
    }
    scripts = {
        "Sampler": [then["steps"], then["sampler_name"], then["scheduler"]],
        "Seed": [then["seed"]],
    }
    made_there = ("steps", "seed", "sampler_name", "scheduler")
    return {name: value for name, value in fields.items() if name not in made_there}, scripts


def recorder(case: Case, program: Any, records: list[dict[str, Any]]) -> type[Script]:
    """A script that records what the real one did. Its one control stood only in the recorded pages."""
    fields = [name for name in case.at("setup") if name not in _NOTE]

    def note(hook: str, p: Any, **more: Any) -> None:
        values = {name: getattr(p, name, "<none>") for name in fields}
        model = None if hook == "setup" else program.checkpoints.current_model()
        record = {"hook": hook, **values, "is_sdxl": getattr(model, "is_sdxl", None), **more}
        records.append(_without_addresses(json.loads(json.dumps(record))))

    class Recorder(Script):
        def title(self) -> str:
            return "Recorder"

        def show(self, is_img2img: bool) -> Any:
            return AlwaysVisible

        def ui(self, is_img2img: bool) -> list[Any]:
            return [Control(value=True)] if case.from_page else []

        def setup(self, p: Any, *arguments: Any) -> None:
            note("setup", p)

        def before_process(self, p: Any, *arguments: Any) -> None:
            note("before_process", p, **({"en": arguments[0]} if arguments else {}))

        def process(self, p: Any, *arguments: Any) -> None:
            note("process", p)

        def before_process_batch(self, p: Any, *arguments: Any, prompts: Any, **more: Any) -> None:
            note("before_process_batch", p, same_list=prompts is p.prompts)

        def process_batch(self, p: Any, *arguments: Any, **more: Any) -> None:
            note("process_batch", p)

        def after_extra_networks_activate(
            self, p: Any, *arguments: Any, extra_network_data: Any, **more: Any
        ) -> None:
            note("after_extra_networks_activate", p, extra=str(extra_network_data))

        def before_hr(self, p: Any, *arguments: Any) -> None:
            note("before_hr", p)

        def process_before_every_sampling(self, p: Any, *arguments: Any, **more: Any) -> None:
            note("process_before_every_sampling", p, is_hr=p.is_hr_pass)

        def postprocess_image(self, p: Any, image: Any, *arguments: Any) -> None:
            note("postprocess_image", p, size=image.image.size)

        def postprocess(self, p: Any, processed: Any, *arguments: Any) -> None:
            note("postprocess", p, infotexts=processed.infotexts)

    return Recorder


def names_of_cases(variant: Variant, shared: Path) -> list[str]:
    """The names of a recording's cases; none where the recording is missing."""
    file = shared / str(variant.recording)
    return [case.name for case in read_cases(file)] if file.is_file() else []
