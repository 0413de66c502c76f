"""The workbench as a Host: options in memory, a folder of checkpoints, a folder for the user's own files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from modelwise import __version__
from modelwise.webui.host import (
    CheckpointFacts,
    Feature,
    LoadedModel,
    NameKind,
    NoModelError,
    StyleTexts,
    TokenCount,
)
from modelwise.webui.settings_page import OPTIONS, Option
from modelwise.workbench import checkpoints
from modelwise.workbench.names import CALLED, SAMPLERS, SCHEDULERS
from modelwise.workbench.styles import STYLES

CHECKPOINT_OPTION = "sd_model_checkpoint"
"""The WebUI's own name of the option that holds the chosen checkpoint."""


OWN_OPTIONS = (
    Option(
        "hires_fix_show_sampler",
        default=False,
        label="Hires fix: show hires checkpoint and sampler selection",
        info="",
    ),
    Option(
        "hires_fix_show_prompts",
        default=False,
        label="Hires fix: show hires prompt and negative prompt",
        info="",
    ),
)
"""The WebUI's settings that show what it hides in the second pass by default."""


class Workbench:
    """A host that lives as long as its process. Nothing here is generated."""

    name = "workbench"

    def __init__(self, checkpoint_folder: Path, data: Path) -> None:
        self._checkpoint_folder = checkpoint_folder
        self._data = data
        self._checkpoints: Mapping[str, Path] = {}
        self.options: dict[str, Any] = {option.key: option.default for option in (*OPTIONS, *OWN_OPTIONS)}
        self.refresh()
        self.choose_first()

    def choose_first(self) -> None:
        """Choose the first checkpoint of the folder."""
        self.options[CHECKPOINT_OPTION] = next(iter(self._checkpoints), "")

    def refresh(self) -> None:
        """Look at the folder of checkpoints again."""
        self._checkpoints = checkpoints.found_in(self._checkpoint_folder)

    def checkpoint_names(self) -> list[str]:
        """What the checkpoint box offers."""
        return list(self._checkpoints)

    def checkpoint(self, name: str) -> CheckpointFacts | None:
        """A checkpoint by its name in the box; its hashes are never known here."""
        file = self._checkpoints.get(name)
        return None if file is None else CheckpointFacts(file)

    def version(self) -> str:
        """Ours: it is a part of Modelwise."""
        return __version__

    def features(self) -> Sequence[Feature]:
        """What it has not: it generates nothing."""
        return (Feature("token counter", found=False, use="no model is loaded here"),)

    def checkpoints(self) -> Mapping[str, CheckpointFacts]:
        """All in the box."""
        return {name: CheckpointFacts(file) for name, file in self._checkpoints.items()}

    def data_folder(self) -> Path:
        """The folder for the user's own profiles and lists."""
        return self._data

    def tag_lists(self) -> Sequence[Path]:
        """None: nobody is beside us."""
        return ()

    def option(self, key: str, default: Any) -> Any:
        """A setting's value."""
        return self.options.get(key, default)

    def remember(self, key: str, value: Any) -> None:
        """Change a setting."""
        self.options[key] = value

    def current_checkpoint(self) -> CheckpointFacts | None:
        """The checkpoint in the box."""
        return self.checkpoint(self.options[CHECKPOINT_OPTION])

    def count_tokens(self, text: str, steps: int, *, positive: bool) -> TokenCount | None:  # noqa: ARG002
        """Unknown: no model is loaded here."""
        return None

    @contextmanager
    def loaded_model(self) -> Iterator[LoadedModel]:
        """None: nothing is generated here."""
        raise NoModelError("The workbench loads no model.")
        yield  # what makes it a context

    def when_model_is_loaded(self, act: Callable[[], None]) -> None:
        """Never."""

    def samplers(self) -> Sequence[str]:
        """The WebUI's samplers."""
        return SAMPLERS

    def schedules(self) -> Sequence[str]:
        """The WebUI's schedule types."""
        return SCHEDULERS

    def names(self, kind: NameKind) -> Sequence[str]:
        """Samples: nothing is generated here, so that no file is needed."""
        return CALLED.get(kind, ())

    def styles(self) -> Sequence[StyleTexts]:
        """The sample styles."""
        return [StyleTexts(style.name, style.prompt, style.negative) for style in STYLES]

    def turn(self) -> AbstractContextManager[bool]:
        """Always ours: nothing is generated here."""
        return nullcontext(True)

    def is_shared(self) -> bool:
        """It listens on this machine alone."""
        return False
