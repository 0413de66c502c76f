"""What the tests ask of an imitated program: jobs that have not run, and scripts that act at a hook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from tests.webui.generating import Processed, process_images
from tests.webui.imitation import Imitation
from tests.webui.runner import AlwaysVisible, Script

SECOND_PASS: dict[str, Any] = {"enable_hr": True, "hr_additional_modules": ["Use same choices"]}
"""A second pass as the page asks for it."""


def job_of(
    program: Imitation,
    adapter: ModuleType,
    tab: str = "txt2img",
    scripts: Mapping[str, Sequence[Any]] | None = None,
    **fields: Any,
) -> tuple[Any, Any]:
    """The host's job as it stands in `before_process`, and ours around it."""
    p, arguments = program.page_job(tab, scripts, **fields)
    p.begin(program.runners[tab], arguments, is_api=False)
    return p, adapter.WebUIJob(p)


def acting(**hooks: Callable[[Any], object]) -> type[Script]:
    """An extension that does something at some hooks, each time that they are called."""

    def method(action: Callable[[Any], object]) -> Callable[..., None]:
        def hook(_self: Any, p: Any, *_arguments: Any, **_more: Any) -> None:
            action(p)

        return hook

    members = {name: method(action) for name, action in hooks.items()}
    return type("Acting", (_AlwaysOn,), members)


def always(title: str, *values: Any) -> type[Script]:
    """An extension that is always on, with arguments as its controls hold them."""
    controls = [type("Held", (), {"value": value})() for value in values]
    return type("Other", (_AlwaysOn,), {"title": lambda _self: title, "ui": lambda _self, _tab: controls})


def selectable(title: str) -> type[Script]:
    """A script for the script box."""
    return type("Chosen", (Script,), {"title": lambda _self: title, "run": lambda _self, _p: None})


class _AlwaysOn(Script):
    def title(self) -> str:
        return "Acting"

    def show(self, is_img2img: bool) -> Any:
        return AlwaysVisible


def looping(rounds: int) -> type[Script]:
    """A script that runs the same job several times, as a loopback does."""

    def run(_self: Any, p: Any) -> Processed:
        result = Processed()
        for _ in range(rounds):
            result.infotexts += process_images(p).infotexts
        result.close(p)
        return result

    return type("Looping", (Script,), {"title": lambda _self: "Again and again", "run": run})
