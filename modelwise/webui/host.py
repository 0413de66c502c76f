"""What Modelwise needs of the program that it runs in; one adapter a host implements it.

Everything that reaches us from a host is turned into these types first, so that panel and jobs never
see the host's own objects.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from modelwise.nodes import Lines


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """A checkpoint as the host knows it. Hashes are None until the host has computed them."""

    file: Path
    sha256: str | None = None
    shorthash: str | None = None


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """The model in memory. `checkpoint`: the host's name for it; `model`: the host's own object.

    `encoders`: the torch module with its text encoders; `forget_encoded`: drops what the host keeps of
    encoded prompts.
    """

    checkpoint: str
    model: Any
    encoders: Any
    forget_encoded: Callable[[], None]


class NoModelError(Exception):
    """Why nothing can be done with the model in memory, in words for the user."""


class Feature(msgspec.Struct, frozen=True):
    """Something that not every host has. `use`: what we do with it."""

    name: str
    found: bool
    use: str


class TokenCount(msgspec.Struct, frozen=True):
    """How many tokens a text has for the loaded model, and how many the chunks hold that it needs."""

    count: int
    limit: int


@dataclass(slots=True)
class Texts:
    """Every prompt list that a host keeps for one job. `hires` lists are empty without a second pass.

    `written`: the same as their user has written them, where the host takes comments out before our hooks.
    """

    prompts: list[str]
    negatives: list[str]
    main: str
    main_negative: str
    hires: list[str] = field(default_factory=list)
    hires_negatives: list[str] = field(default_factory=list)
    written: Texts | None = None


NameKind = Literal["lora", "lyco", "hypernet", "embedding", "wildcard"]
"""What a prompt can call by a name."""


class StyleTexts(msgspec.Struct, frozen=True):
    """A style of the host's: its name, and what it adds; `{prompt}` stands for the user's own."""

    name: str
    prompt: str
    negative: str


class Job(Protocol):
    """One generation: the host's processing object behind our words."""

    tab: str
    is_api: bool
    has_hires: bool

    def raw_prompt(self) -> str:
        """The prompt as it stands in the box, before styles and wildcards."""

    def raw_negative(self) -> str:
        """The negative as it stands in the box."""

    def checkpoint(self, *, loaded: bool) -> CheckpointFacts | None:
        """The checkpoint of this job: the chosen one, or (`loaded`) the one that the host has loaded."""

    def hires_checkpoint(self) -> CheckpointFacts | None:
        """The second pass's own checkpoint, if it has one."""

    def fields_of_others(self) -> Collection[str]:
        """The fields that another script varies or sets in this job."""

    def values(self) -> dict[str, Any]:
        """The settings as they are, by our names."""

    def set_values(self, values: dict[str, Any]) -> None:
        """Set settings by our names; None takes back what we have set where there was nothing."""

    def lines(self) -> Lines:
        """What a line end means to this job."""

    def prediction(self) -> str | None:
        """What the loaded model predicts, `v` or `epsilon`; None where nobody can tell."""

    def final_size(self, width: int, height: int) -> tuple[int, int]:
        """The size in pixels that the second pass makes of the first's."""

    def texts(self) -> Texts:
        """All prompt lists."""

    def set_texts(self, texts: Texts) -> None:
        """Replace all prompt lists at once."""

    def set_infotext(self, key: str, value: str | None) -> None:
        """Put a line into the image's infotext, or (None) take it out."""

    def image_index(self) -> int:
        """The number of the image that is being finished, over all batches."""

    def comment(self, text: str) -> None:
        """Say something beside the image."""


class Host(Protocol):
    """The program itself."""

    name: str

    def version(self) -> str:
        """The program's version, as it says itself; empty where it does not."""

    def features(self) -> Sequence[Feature]:
        """What it has of what not every host has."""

    def data_folder(self) -> Path:
        """The folder for the user's own profiles and lists; may not exist yet."""

    def tag_lists(self) -> Sequence[Path]:
        """The tag lists that an autocompletion beside us uses; they are read, never changed."""

    def option(self, key: str, default: Any) -> Any:
        """A setting's value."""

    def remember(self, key: str, value: Any) -> None:
        """Change a setting of ours for good, where the host lets its users change settings."""

    def current_checkpoint(self) -> CheckpointFacts | None:
        """The checkpoint that is chosen, without loading it."""

    def count_tokens(self, text: str, steps: int, *, positive: bool) -> TokenCount | None:
        """How many tokens a text has, as the host's own counter has it; None where nothing is loaded that
        could say so. Loads nothing."""

    def loaded_model(self) -> AbstractContextManager[LoadedModel]:
        """The model in memory, while the host makes no image and loads nothing. Loads nothing itself. Raises
        NoModelError."""

    def when_model_is_loaded(self, act: Callable[[], None]) -> None:
        """Have something done whenever weights are loaded, until the host lets go of us."""

    def checkpoint(self, name: str) -> CheckpointFacts | None:
        """A checkpoint by one of the names that the host itself has for it; never by a path."""

    def checkpoints(self) -> Mapping[str, CheckpointFacts]:
        """All checkpoints that the host lists, by a name that `checkpoint` takes; never with a folder of the
        machine."""

    def samplers(self) -> Sequence[str]:
        """The samplers that the host has, by name."""

    def schedules(self) -> Sequence[str]:
        """The schedule types that can be chosen apart from a sampler; none where its name carries it."""

    def names(self, kind: NameKind) -> Sequence[str]:
        """What a prompt can call, by name, as the host has it now; never a path, and nothing is loaded."""

    def styles(self) -> Sequence[StyleTexts]:
        """The user's styles."""

    def turn(self) -> AbstractContextManager[bool]:
        """The turn at what generates, without waiting for it: whether it is ours until the end of the
        block. Nothing is generated meanwhile."""

    def is_shared(self) -> bool:
        """Whether others than who sits at this machine can reach the host."""
