"""The imitated checkpoints: the names that each answers to, the chosen one and the loaded one."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import PurePath
from types import SimpleNamespace
from typing import Any

from tests.webui.options import CHECKPOINT, Options

LENGTH_OF_SHORT_HASH = 10


class CheckpointInfo:
    """A checkpoint file. Its hash is computed when it is loaded for the first time, unless it is known."""

    def __init__(self, filename: str, shorthash: str | None = None, *, is_sdxl: bool = True) -> None:
        self.filename = filename
        self.shorthash = shorthash
        self.is_sdxl = is_sdxl
        self.name = PurePath(filename).name
        self.name_for_extra = PurePath(filename).stem

    @property
    def sha256(self) -> str | None:
        """Made up behind the first ten digits."""
        return self.shorthash.ljust(64, "0") if self.shorthash else None

    @property
    def title(self) -> str:
        """The name in the page's list."""
        return f"{self.name} [{self.shorthash}]" if self.shorthash else self.name

    @property
    def short_title(self) -> str:
        """The name in infotexts."""
        return f"{self.name_for_extra} [{self.shorthash}]" if self.shorthash else self.name_for_extra

    def names(self) -> list[str]:
        """All names that find it."""
        hashes = [self.shorthash, self.sha256] if self.shorthash else []
        return [self.name, self.name_for_extra, self.title, self.short_title, *map(str, hashes)]


class Model:
    """A loaded model."""

    def __init__(self, info: CheckpointInfo) -> None:
        self.sd_checkpoint_info = info
        self.is_sdxl = info.is_sdxl

    @property
    def sd_model_hash(self) -> str | None:
        """The short hash."""
        return self.sd_checkpoint_info.shorthash


class FakeInitialModel:
    """What stands for a model where the first image loads it: it has neither checkpoint nor kind."""


class Registry:
    """All checkpoints, and the model that is loaded. `loaded_hooks`: called with each new model."""

    def __init__(self, options: Options, infos: list[CheckpointInfo], *, lazy: bool) -> None:
        self._options = options
        self._lazy = lazy
        self.checkpoints_list: dict[str, CheckpointInfo] = {}
        self.checkpoint_aliases: dict[str, CheckpointInfo] = {}
        self.model_data = SimpleNamespace(sd_model=FakeInitialModel() if lazy else None)
        self.loaded_hooks: list[Callable[[Any], None]] = []
        self.loads = 0
        for info in infos:
            self.register(info)

    def register(self, info: CheckpointInfo) -> None:
        """Take a checkpoint into the lists, again after its hash is known."""
        titles = {title: known for title, known in self.checkpoints_list.items() if known is not info}
        self.checkpoints_list.clear()
        self.checkpoints_list.update({**titles, info.title: info})
        self.checkpoint_aliases.update(dict.fromkeys(info.names(), info))

    def select_checkpoint(self) -> CheckpointInfo | None:
        """The checkpoint that the option names, or else the first one."""
        found = self.checkpoint_aliases.get(self._options.sd_model_checkpoint)
        if found is None and not self.checkpoints_list and not self._lazy:
            raise FileNotFoundError("no checkpoints")
        return found or next(iter(self.checkpoints_list.values()), None)

    def get_closet_checkpoint_match(self, text: str) -> CheckpointInfo | None:
        """By name, or by a part of a title: the shortest title; a wrong hash behind the name is forgiven."""
        if not text:
            return None
        bare = text.rpartition(" [")[0] if text.endswith("]") else text
        for part in (text, bare):
            titles = [title for title in self.checkpoints_list if part in title]
            found = self.checkpoint_aliases.get(part) if part == text else None
            if found or titles:
                return found or self.checkpoints_list[min(titles, key=len)]
        return None

    def reload(self, info: CheckpointInfo | None = None) -> None:
        """Load the chosen checkpoint, or another, where it is not the loaded one."""
        info = info or self.select_checkpoint()
        if info is None:
            raise ValueError("no checkpoints")
        loaded = self.model_data.sd_model
        if getattr(loaded, "sd_checkpoint_info", None) is info:
            return
        self._compute_hash(info)
        model = Model(info)
        self.loads += 1
        for hook in self.loaded_hooks:
            hook(model)
        self.model_data.sd_model = model

    def _compute_hash(self, info: CheckpointInfo) -> None:
        """A made-up hash; the chosen checkpoint then has it behind its name where models load at once."""
        if info.shorthash is None:
            was_chosen = self._options.sd_model_checkpoint in info.names()
            info.shorthash = sha256(info.name.encode()).hexdigest()[:LENGTH_OF_SHORT_HASH]
            self.register(info)
            if was_chosen and not self._lazy:
                self.choose(info.title)

    def current_model(self) -> Any:
        """The loaded model; reading it loads one where nothing stands for it."""
        if self.model_data.sd_model is None:
            self.reload()
        return self.model_data.sd_model

    def choose(self, name: str) -> None:
        """Choose a checkpoint as the page does, without loading it."""
        self._options.data[CHECKPOINT] = name
