"""The running WebUI as a Host."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from modules import paths, scripts, sd_models, sd_samplers, shared

from modelwise.webui.adapter import loaded_model, names
from modelwise.webui.adapter.checkpoints import facts, info_listed, info_named
from modelwise.webui.adapter.features import features, version
from modelwise.webui.adapter.options import is_frozen
from modelwise.webui.adapter.tokens import counted
from modelwise.webui.adapter.turns import turn
from modelwise.webui.host import CheckpointFacts, Feature, LoadedModel, NameKind, StyleTexts, TokenCount
from modelwise.webui.neighbours import tagcomplete_lists, wildcards

ScriptBase: type[Any] = scripts.Script
ALWAYS_VISIBLE = scripts.AlwaysVisible
GIVES_FINISHED_IMAGES = hasattr(scripts.Script, "postprocess_image_after_composite")
"""Whether a hook comes when nothing changes an image any more: AUTOMATIC1111 since 1.8."""


class WebUI:
    """The running WebUI."""

    name = "webui"

    def version(self) -> str:
        """As it stands under the page."""
        return version()

    def features(self) -> Sequence[Feature]:
        """By what its modules hold."""
        return features(self.option)

    def data_folder(self) -> Path:
        """`modelwise` under the WebUI's data path: no update or reinstall of the extension touches it."""
        return Path(paths.data_path) / "modelwise"

    def tag_lists(self) -> Sequence[Path]:
        """tagcomplete's."""
        return tagcomplete_lists(Path(paths.data_path) / "extensions", self.option)

    def option(self, key: str, default: Any) -> Any:
        """A setting's value; settings of ours may not be registered yet."""
        return getattr(shared.opts, key, default)

    def remember(self, key: str, value: Any) -> None:
        """Change a setting of ours and save it, unless settings are frozen."""
        if getattr(shared.opts, key, None) != value and not is_frozen(key):
            shared.opts.set(key, value)
            shared.opts.save(shared.config_filename)

    def current_checkpoint(self) -> CheckpointFacts | None:
        """By the option, not by `shared.sd_model`: reading that may load a model."""
        name = shared.opts.data.get("sd_model_checkpoint")
        loaded = getattr(sd_models.model_data, "sd_model", None)
        info = info_named(name) or getattr(loaded, "sd_checkpoint_info", None)
        return facts(info)

    def count_tokens(self, text: str, steps: int, *, positive: bool) -> TokenCount | None:
        """By the loaded model's own tokenizer."""
        return counted(text, steps, positive=positive)

    def loaded_model(self) -> AbstractContextManager[LoadedModel]:
        """While nothing is generated; never loaded for us."""
        return loaded_model.loaded_model()

    def when_model_is_loaded(self, act: Callable[[], None]) -> None:
        """By the WebUI's own callback."""
        loaded_model.when_model_is_loaded(act)

    def checkpoint(self, name: str) -> CheckpointFacts | None:
        """By exactly one of the names in the WebUI's list: with or without folder, ending or hash."""
        return facts(info_listed(name))

    def checkpoints(self) -> Mapping[str, CheckpointFacts]:
        """By the name with its folder below the WebUI's own for checkpoints."""
        found = {info.name: facts(info) for info in list(sd_models.checkpoints_list.values())}
        return {name: each for name, each in found.items() if each is not None}

    def samplers(self) -> Sequence[str]:
        """All samplers, by name."""
        return [sampler.name for sampler in sd_samplers.all_samplers]

    def schedules(self) -> Sequence[str]:
        """By label; AUTOMATIC1111 has them since 1.9."""
        found = getattr(sys.modules.get("modules.sd_schedulers"), "schedulers", ())
        return [schedule.label for schedule in found]

    def names(self, kind: NameKind) -> Sequence[str]:
        """Its own registries', and the wildcards of the extensions that have some."""
        if kind == "wildcard":
            return wildcards(Path(paths.data_path) / "extensions", self.option)
        return names.names(kind)

    def styles(self) -> Sequence[StyleTexts]:
        """The user's styles."""
        return names.styles()

    def turn(self) -> AbstractContextManager[bool]:
        """By the WebUI's own lock."""
        return turn()

    def is_shared(self) -> bool:
        """Started with `--listen`, `--share` or another option that opens it."""
        return names.is_shared()
