"""The imitated options: what stands in the configuration, what has a default, and what is frozen."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

CLIP_SKIP = "CLIP_stop_at_last_layers"
CHECKPOINT = "sd_model_checkpoint"
FROZEN_ARGUMENTS = ("freeze_settings", "freeze_specific_settings", "freeze_settings_in_sections")


class OptionInfo:
    """A setting as an extension describes it."""

    def __init__(
        self,
        default: Any = None,
        label: str = "",
        component: Any = None,
        component_args: Any = None,
        onchange: Any = None,
        section: tuple[str, str] | None = None,
    ) -> None:
        self.default = default
        self.label = label
        self.component = component
        self.onchange = onchange
        self.section = section
        self.comment_after = ""

    def info(self, text: str) -> OptionInfo:
        """Smaller words behind the label; said twice, they stand there twice."""
        self.comment_after += f"({text})"
        return self


class CommandLine(SimpleNamespace):
    """The program's command line; nothing is frozen unless the test says so."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            **{
                "freeze_settings": False,
                "freeze_specific_settings": None,
                "freeze_settings_in_sections": None,
                "api_auth": None,
                "disable_extension_access": False,
                "hide_ui_dir_config": False,
                **given,
            }
        )

    def freezes(self, key: str, section: str) -> bool:
        """Whether one of the three arguments forbids a change of this option."""
        return (
            self.freeze_settings
            or key in _listed(self.freeze_specific_settings)
            or section in _listed(self.freeze_settings_in_sections)
        )


class Options:
    """`data` is the configuration file: a fresh one holds few keys, and the rest are defaults."""

    data: dict[str, Any]
    data_labels: dict[str, OptionInfo]

    def __init__(self, command_line: CommandLine) -> None:
        self.__dict__["data"] = {}
        self.__dict__["data_labels"] = {
            CLIP_SKIP: OptionInfo(1, "Clip skip", section=("sd", "Stable Diffusion")),
            CHECKPOINT: OptionInfo(None, "Checkpoint", section=("sd", "Stable Diffusion")),
            "eta_ancestral": OptionInfo(1.0, "Eta", section=("sampler-params", "Sampler parameters")),
        }
        self.__dict__["_command_line"] = command_line

    def __getattr__(self, key: str) -> Any:
        if key in self.data:
            return self.data[key]
        if key in self.data_labels:
            return self.data_labels[key].default
        raise AttributeError(key)

    def __setattr__(self, key: str, value: Any) -> None:
        section = (self.data_labels[key].section or ("", ""))[0]
        assert not self._command_line.freezes(key, section), f"{key} is frozen"
        self.data[key] = value

    def set(self, key: str, value: Any, *, is_api: bool = False, run_callbacks: bool = True) -> bool:
        """Set an option that has another value so far; an unknown one is an error."""
        if self.data.get(key) == value:
            return False
        self.data_labels[key]
        setattr(self, key, value)
        return True

    def get_default(self, key: str) -> Any:
        """The default of an option, None where there is no such option."""
        info = self.data_labels.get(key)
        return info.default if info else None

    def add_option(self, key: str, info: OptionInfo) -> None:
        """Register a setting, and put it into the configuration where it is missing."""
        self.data_labels[key] = info
        self.data.setdefault(key, info.default)

    def held(self, keys: Iterable[str]) -> dict[str, Any]:
        """What the program will restore after a job: only keys that the configuration holds."""
        return {key: self.data[key] for key in keys if key in self.data}


def _listed(text: str | None) -> set[str]:
    return {word.strip() for word in text.split(",")} if text else set()
