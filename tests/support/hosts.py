"""A host and its jobs made of plain values, and the order in which a host calls our hooks.

A fake job can fail once at any of its methods; the two that change several things fail half way through.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from modelwise.nodes import Lines
from modelwise.settings import FIELDS
from modelwise.webui.choices import SWITCHES, UNSET, Choices, read_choices
from modelwise.webui.engine import Engine
from modelwise.webui.generation import Generation
from modelwise.webui.host import (
    CheckpointFacts,
    Feature,
    LoadedModel,
    NameKind,
    NoModelError,
    StyleTexts,
    Texts,
    TokenCount,
)
from modelwise.webui.infotext import KEY, Record, read

SAMPLERS = ("DPM++ 2M", "DPM++ SDE", "Euler a", "Euler", "DDIM")
SCHEDULES = ("Automatic", "Karras", "Exponential")
AS_LOADED = {
    "width": 512,
    "height": 512,
    "cfg_scale": 7.5,
    "steps": 20,
    "sampler": "DPM++ 2M",
    "scheduler": "Karras",
}
"""The settings of a page that was just loaded."""

UNTOUCHED_PAGE = "[]"
"""What the page sends where nobody has touched a field."""

ANIMAGINE = CheckpointFacts(Path("animagine-xl-4.0-opt.ckpt"))
ANIMAGINE_3 = CheckpointFacts(Path("animagine-xl-3.1.ckpt"))
ANYTHING = CheckpointFacts(Path("anything-v3-1.ckpt"))
UNKNOWN = CheckpointFacts(Path("snailMix.ckpt"))
_TENSORS = {
    "sdxl": "conditioner.embedders.1.model.ln_final.weight",
    "sd1": "cond_stage_model.transformer.text_model.final_layer_norm.weight",
}


class HostError(Exception):
    """What a fake job raises where it was told to fail."""


class FakeHost:
    """A program whose options, samplers and data folder are what the test says."""

    name = "fake"

    def __init__(
        self,
        folder: Path,
        options: Mapping[str, Any] | None = None,
        samplers: Sequence[str] = SAMPLERS,
        schedules: Sequence[str] = SCHEDULES,
    ) -> None:
        self._folder = folder
        self.options: dict[str, Any] = dict(options or {})
        self.current: CheckpointFacts | None = None
        self.called: dict[NameKind, Sequence[str]] = {}
        self.own_styles: Sequence[StyleTexts] = ()
        self.shared = False
        self.generates = False
        self.listed: dict[str, CheckpointFacts] = {}
        self.in_memory: LoadedModel | str = "No model is loaded yet."
        self.load_callbacks: list[Callable[[], None]] = []
        self._samplers = samplers
        self._schedules = schedules

    def version(self) -> str:
        return "1.2"

    def features(self) -> Sequence[Feature]:
        return (Feature("token counter", found=True, use="counts words"),)

    def data_folder(self) -> Path:
        return self._folder

    def tag_lists(self) -> Sequence[Path]:
        return sorted(self._folder.glob("neighbour/*.csv"))

    def option(self, key: str, default: Any) -> Any:
        return self.options.get(key, default)

    def remember(self, key: str, value: Any) -> None:
        self.options[key] = value

    def current_checkpoint(self) -> CheckpointFacts | None:
        return self.current

    def count_tokens(self, text: str, steps: int, *, positive: bool) -> TokenCount | None:
        """A word, a token."""
        return TokenCount(len(text.split()), 75)

    @contextmanager
    def loaded_model(self) -> Iterator[LoadedModel]:
        """The one that the test says, or why there is none."""
        if isinstance(self.in_memory, str):
            raise NoModelError(self.in_memory)
        yield self.in_memory

    def when_model_is_loaded(self, act: Callable[[], None]) -> None:
        self.load_callbacks.append(act)

    def checkpoint(self, name: str) -> CheckpointFacts | None:
        return self.listed.get(name)

    def checkpoints(self) -> Mapping[str, CheckpointFacts]:
        return dict(self.listed)

    def samplers(self) -> Sequence[str]:
        return self._samplers

    def schedules(self) -> Sequence[str]:
        return self._schedules

    def names(self, kind: NameKind) -> Sequence[str]:
        return self.called.get(kind, ())

    def styles(self) -> Sequence[StyleTexts]:
        return self.own_styles

    def turn(self) -> AbstractContextManager[bool]:
        return nullcontext(not self.generates)

    def is_shared(self) -> bool:
        return self.shared


class FakeJob:
    """One generation. `raw`: the prompt in the box, where styles or wildcards made another of it."""

    def __init__(
        self, prompts: str | Sequence[str] = "smile, 1girl", negatives: str | Sequence[str] = "blurry"
    ) -> None:
        listed = [prompts] if isinstance(prompts, str) else list(prompts)
        others = [negatives] * len(listed) if isinstance(negatives, str) else list(negatives)
        self.tab = "txt2img"
        self.is_api = False
        self.has_hires = False
        self.raw, self.raw_other = listed[0], others[0]
        self.chosen: CheckpointFacts | None = ANIMAGINE
        self.loaded: CheckpointFacts | None = None
        self.second: CheckpointFacts | None = None
        self.line_ends = Lines.SEPARATOR
        self.others: Collection[str] = ()
        self.settings: dict[str, Any] = dict(AS_LOADED)
        self.unlisted: dict[str, Any] = {}
        self.now = Texts(listed, others, listed[0], others[0])
        self.infotext: dict[str, str] = {}
        self.comments: list[str] = []
        self.predicts: str | None = None
        self.index = 0
        self._fails: dict[str, int] = {}

    def fail(self, method: str, call: int = 1) -> None:
        """Let one call of a method fail, the first or a later one."""
        self._fails[method] = call

    def _calls(self, method: str) -> bool:
        left = self._fails.get(method, 0)
        self._fails[method] = left - 1
        return left == 1

    def _may_fail(self, method: str) -> None:
        if self._calls(method):
            raise HostError(method)

    def state(self) -> Any:
        """Everything that a generation is made of, to compare."""
        return copy.deepcopy((self.settings, self.unlisted, self.now, self.infotext))

    def raw_prompt(self) -> str:
        self._may_fail("raw_prompt")
        return self.raw

    def raw_negative(self) -> str:
        self._may_fail("raw_negative")
        return self.raw_other

    def lines(self) -> Lines:
        self._may_fail("lines")
        return self.line_ends

    def checkpoint(self, *, loaded: bool) -> CheckpointFacts | None:
        self._may_fail("checkpoint")
        return self.loaded or self.chosen if loaded else self.chosen

    def hires_checkpoint(self) -> CheckpointFacts | None:
        self._may_fail("hires_checkpoint")
        return self.second

    def fields_of_others(self) -> Collection[str]:
        self._may_fail("fields_of_others")
        return self.others

    def values(self) -> dict[str, Any]:
        self._may_fail("values")
        return dict(self.settings)

    def set_values(self, values: dict[str, Any]) -> None:
        """Clip skip goes to the options' overrides, which are not among a job's values."""
        fails = self._calls("set_values")
        for number, (name, value) in enumerate(values.items()):
            if fails and number == 1:
                raise HostError("set_values")
            held = self.settings if name in AS_LOADED else self.unlisted
            if value is None:
                held.pop(name, None)
            else:
                held[name] = value

    def prediction(self) -> str | None:
        self._may_fail("prediction")
        return self.predicts

    def final_size(self, width: int, height: int) -> tuple[int, int]:
        self._may_fail("final_size")
        return width * 2, height * 2

    def texts(self) -> Texts:
        self._may_fail("texts")
        return copy.deepcopy(self.now)

    def set_texts(self, texts: Texts) -> None:
        if self._calls("set_texts"):
            self.now.prompts = list(texts.prompts)
            raise HostError("set_texts")
        self.now = copy.deepcopy(texts)

    def set_infotext(self, key: str, value: str | None) -> None:
        self._may_fail("set_infotext")
        self.infotext.pop(key, None)
        if value is not None:
            self.infotext[key] = value

    def image_index(self) -> int:
        self._may_fail("image_index")
        return self.index

    def comment(self, text: str) -> None:
        self._may_fail("comment")
        self.comments.append(text)


def begin(engine: Engine, job: FakeJob, choices: Choices) -> Generation:
    """A generation as the script makes it: what an earlier one left on the job goes first."""
    job.set_infotext(KEY, None)
    return Generation(engine, job, choices)


def run(engine: Engine, job: FakeJob, *arguments: Any) -> list[Record | None]:
    """All hooks in the host's order for a job with these script arguments; each image's record."""
    generation = begin(engine, job, read_choices(arguments))
    if not generation.active:
        return [None] * len(job.now.prompts)
    generation.set_settings()
    generation.set_prompts()
    generation.look()
    return finished_images(generation, job)


def finished_images(generation: Generation, job: FakeJob) -> list[Record | None]:
    """Each image's record, as it stands when the host writes that image's infotext."""
    records: list[Record | None] = []
    for index in range(len(job.now.prompts)):
        job.index = index
        generation.record_image()
        records.append(read(dict(job.infotext)))
    return records


def guarded(engine: Engine, job: FakeJob, *arguments: Any) -> bool:
    """All hooks as the script calls them: the first error puts everything back. Whether there was one."""
    generation = begin(engine, job, read_choices(arguments))
    hooks = (generation.set_settings, generation.set_prompts, generation.look, generation.record_image)
    for hook in hooks:
        try:
            hook()
        except HostError:
            generation.restore()
            return True
    return False


def panel(
    mode: str = "auto",
    profile: str = "Auto",
    *,
    quality: str = "standard",
    rating: str = UNSET,
    year: str = "",
    touched: Iterable[str] | None = (),
    pasted: str = "",
    switches: Iterable[str] = SWITCHES,
    aesthetic: bool = False,
    policies: Mapping[str, str] | None = None,
    clicked: str = "",
    grouping: bool = False,
) -> list[Any]:
    """The panel's arguments in their order; `touched` None: the page has sent nothing."""
    sent = "" if touched is None else json.dumps(list(touched))
    policy = [(policies or {}).get(field, "fill") for field in FIELDS]
    whose = [mode, profile, quality, rating, year]
    return [*whose, sent, pasted, list(switches), aesthetic, *policy, clicked, grouping]


def checkpoint_file(folder: Path, architecture: str, name: str = "snailMix") -> CheckpointFacts:
    """A .safetensors file with an architecture's tensor names and not one weight."""
    table = {_TENSORS[architecture]: {"dtype": "F16", "shape": [0], "data_offsets": [0, 0]}}
    header = json.dumps(table).encode()
    file = folder / f"{name}.safetensors"
    file.write_bytes(len(header).to_bytes(8, "little") + header)
    return CheckpointFacts(file)
