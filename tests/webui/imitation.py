"""The imitated program: its modules, its scripts, and the two ways to ask it for images."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import ModuleType, SimpleNamespace
from typing import Any

from tests.webui import bundled_scripts, plot
from tests.webui.checkpoint_box import CheckpointBox
from tests.webui.checkpoints import CheckpointInfo, Registry
from tests.webui.generating import Processed, process_images
from tests.webui.loaded_model import Memory, empty_prompt
from tests.webui.options import CommandLine, OptionInfo, Options
from tests.webui.processing import EVERY_JOB, Img2Img, Processing, Txt2Img
from tests.webui.runner import AlwaysVisible, Page, Script, ScriptRunner, scripts_in
from tests.webui.variants import Variant

REPOSITORY = Path(__file__).resolve().parents[2]
UNDER_THE_HOST = ("adapter", "missing", "register", "script")
"""The modules of ours that exist only inside a host."""

HOSTS_PACKAGES = ("modules", "modules_forge")
_NUMBERS = ("cfg_scale", "denoising_strength", "hr_scale", "hr_cfg")
_JOBS: Mapping[str, type[Processing]] = {"txt2img": Txt2Img, "img2img": Img2Img}
FRESH = "fresh"


class _Shared(ModuleType):
    """`modules.shared`, whose model is loaded when it is read."""

    checkpoints: Registry

    @property
    def sd_model(self) -> Any:
        """The loaded model."""
        return self.checkpoints.current_model()


class Imitation:
    """One running program. `styles`: name to prompt and negative; `seed`: what a random seed turns out to be."""

    def __init__(
        self,
        variant: Variant,
        checkpoints: Sequence[CheckpointInfo] = (),
        *,
        data_path: Path = Path(),
        styles: Mapping[str, tuple[str, str]] | None = None,
        seed: int = 1,
        gradio: Any = None,
    ) -> None:
        self.variant = variant
        self.command_line = CommandLine()
        self.options = Options(self.command_line)
        self.checkpoints = Registry(self.options, list(checkpoints), lazy=variant.lazy_model)
        self.memory = Memory(variant)
        self.state = SimpleNamespace()
        self.queue_lock = Lock()
        self.styles = dict(styles or {})
        self.random_seed: Callable[[], int] = lambda: seed
        self.data_path = data_path
        self._page = Page(gradio, () if variant.samplers.schedulers else ("_scheduler",))
        self._extensions: list[tuple[type[Script], str]] = []
        self.scripts_data: list[Any] = [_as_loaded(plot.plot_module())]
        self.runners: dict[str, ScriptRunner] = {}
        self.callbacks: dict[str, list[Callable[..., Any]]] = {
            "after_component": [],
            "app_started": [],
            "before_token_counter": [],
            "model_loaded": self.checkpoints.loaded_hooks,
            "script_unloaded": [],
            "ui_tabs": [],
        }
        self._checkpoint_box = CheckpointBox(gradio, self.callbacks["after_component"])
        if checkpoints:
            self.checkpoints.choose(checkpoints[0].title)

    @property
    def errors(self) -> list[Exception]:
        """Errors that escaped from a hook."""
        return [error for runner in self.runners.values() for error in runner.errors]

    def styled(self, text: str, styles: Sequence[str], part: int = 0) -> str:
        """A prompt (or, part 1, a negative) with the styles in their order."""
        strips = self.variant.comments_with_styles
        text = self.variant.without_comments(text).strip() if strips else text
        for name in styles:
            style = self.styles[name][part].strip()
            both = ", ".join(filter(None, (text.strip(), style)))
            text = style.replace("{prompt}", text) if "{prompt}" in style else both
        return text

    # Modules.

    def modules(self) -> dict[str, ModuleType]:
        """What extensions import."""
        shared = _Shared("modules.shared")
        shared.checkpoints = self.checkpoints
        found = {
            "call_queue": ModuleType("modules.call_queue"),
            "shared": shared,
            "paths": ModuleType("modules.paths"),
            "script_callbacks": ModuleType("modules.script_callbacks"),
            "scripts": ModuleType("modules.scripts"),
            "sd_models": ModuleType("modules.sd_models"),
            "sd_samplers": ModuleType("modules.sd_samplers"),
            **self.memory.modules(),
        }
        if self.variant.samplers.schedulers:
            found["sd_schedulers"] = ModuleType("modules.sd_schedulers")
        contents: dict[str, dict[str, Any]] = {
            "call_queue": {"queue_lock": self.queue_lock},
            "shared": {
                "opts": self.options,
                "cmd_opts": self.command_line,
                "state": self.state,
                "OptionInfo": OptionInfo,
                "prompt_styles": SimpleNamespace(apply_styles_to_prompt=self.styled),
            },
            "paths": {"data_path": str(self.data_path), "script_path": str(self.data_path)},
            "scripts": {
                "Script": Script,
                "AlwaysVisible": AlwaysVisible,
                "scripts_data": self.scripts_data,
            },
            "script_callbacks": {f"on_{name}": listed.append for name, listed in self.callbacks.items()},
            "sd_models": {
                "get_empty_cond": empty_prompt,
                **{
                    name: getattr(self.checkpoints, name)
                    for name in (
                        *("checkpoint_aliases", "checkpoints_list", "model_data"),
                        *("get_closet_checkpoint_match", "select_checkpoint"),
                    )
                },
            },
            "sd_samplers": {"all_samplers": self.variant.samplers.samplers},
            "sd_schedulers": {"schedulers": self.variant.samplers.schedulers},
        }
        package = ModuleType("modules")
        package.__path__ = []
        for name, module in found.items():
            module.__dict__.update(contents.get(name, {}))
            setattr(package, name, module)
        forks = self._checkpoint_box.modules() if self.variant.own_checkpoint_box else {}
        return {"modules": package, **{f"modules.{name}": module for name, module in found.items()}, **forks}

    @contextmanager
    def installed(self) -> Iterator[None]:
        """The program's modules in the place of real ones; what of ours stands on them is imported anew.

        The repository is off the search path meanwhile, as an extension's folder is once its scripts have run.
        """
        path, kept = sys.path, _taken_away()
        sys.modules.update(self.modules())
        sys.path = [entry for entry in path if not _is_repository(entry)]
        try:
            yield
        finally:
            sys.path = path
            _taken_away()
            sys.modules.update(kept)

    # Scripts.

    def add_extension(self, script_class: type[Script], filename: str = "extension.py") -> None:
        """Take a script class in as an extension's."""
        self._extensions.append((script_class, filename))

    def execute(self, file: Path) -> ModuleType:
        """Execute an extension's script: its folder leads the search path only until that is done.

        The module is in no list of modules, and every script class in its namespace counts.
        """
        specification = importlib.util.spec_from_file_location(file.name, file)
        assert specification and specification.loader
        module = importlib.util.module_from_spec(specification)
        path = sys.path
        sys.path = [str(file.parent.parent), *path]
        try:
            specification.loader.exec_module(module)
        finally:
            sys.path = path
        for script_class in scripts_in(module):
            self.add_extension(script_class, str(file))
        return module

    def build(self) -> None:
        """Make both tabs. The program's own comments script comes last."""
        last: list[type[Script]] = (
            [] if self.variant.comments_with_styles else [bundled_scripts.CommentsScript]
        )
        own: list[type[Script]] = [*bundled_scripts.LAST_SCRIPTS, *last]
        classes: list[tuple[type[Script], str]] = [
            *((one, "bundled.py") for one in bundled_scripts.FIRST_SCRIPTS),
            *((data.script_class, "bundled.py") for data in self.scripts_data),
            *self._extensions,
            *((one, "bundled.py") for one in own),
        ]
        with self._page.blocks() as self.page:
            self.runners = {tab: ScriptRunner(tab == "img2img", classes, self._page) for tab in _JOBS}
            self._checkpoint_box.build()

    def reload(self, files: Sequence[Path]) -> None:
        """What "Reload UI" does: scripts are executed again, packages stay as they are."""
        for callback in reversed(self.callbacks["script_unloaded"]):
            callback()
        self._extensions.clear()
        for listed in self.callbacks.values():
            listed.clear()
        self.scripts_data[:] = [_as_loaded(plot.plot_module())]
        for file in files:
            self.execute(file)
        self.build()

    def start(self, app: Any) -> None:
        """The web application is there. The page, which callbacks get too, has no part in this."""
        for callback in self.callbacks["app_started"]:
            callback(None, app)

    # Images.

    def api(self, tab: str = "txt2img", **request: Any) -> Processed:
        """A request to the API. Numbers become what the API says they are; what it does not know is ignored."""
        p, arguments = self.api_job(tab, **request)
        self.state.time_start = time.time()
        p.begin(self.runners[tab], arguments, is_api=True)
        return p.scripts.run(p) or process_images(p)

    def api_job(self, tab: str, **request: Any) -> tuple[Any, list[Any]]:
        """The job of a request, with its script arguments."""
        runner = self.runners[tab]
        arguments = runner.from_api()
        if name := request.get("script_name"):
            script = runner.named(name)
            arguments[0] = runner.selectable_scripts.index(script) + 1
            self._attach(runner, script, arguments, request["script_args"])
        for title, sent in request.get("alwayson_scripts", {}).items():
            self._place(runner.named(title), arguments, sent.get("args", ()))
        named = self.variant.samplers.asked_by_api(
            request.get("sampler_name") or "Euler", request.get("scheduler")
        )
        fields = {
            "denoising_strength": None if tab == "txt2img" else 0.75,
            **{key: float(value) if key in _NUMBERS else value for key, value in request.items()},
            **named,
            "do_not_save_grid": True,
        }
        return self._job(tab, fields), arguments

    def press_generate(
        self, tab: str = "txt2img", scripts: Mapping[str, Sequence[Any]] | None = None, **fields: Any
    ) -> Processed:
        """A click on Generate. `scripts`: what the controls of scripts hold, by title."""
        p, arguments = self.page_job(tab, scripts, **fields)
        self.state.time_start = time.time()
        p.begin(self.runners[tab], arguments, is_api=False)
        return p.scripts.run(p) or process_images(p)

    def page_job(
        self, tab: str, scripts: Mapping[str, Sequence[Any]] | None = None, **fields: Any
    ) -> tuple[Any, list[Any]]:
        """The job of a click, with its script arguments: steps, sampler and seed are scripts of their own."""
        runner = self.runners[tab]
        arguments = runner.from_page()
        for title, values in (scripts or {}).items():
            script = runner.named(title)
            if script in runner.selectable_scripts:
                arguments[0] = runner.selectable_scripts.index(script) + 1
                self._attach(runner, script, arguments, values)
            else:
                self._place(script, arguments, values)
        return self._job(tab, {"denoising_strength": 0.7, **fields}), arguments

    def text_to_count(self, text: str, *, is_positive: bool = True) -> str:
        """What the token counter counts for a box's text; styles come after."""
        params = SimpleNamespace(prompt=text, steps=20, styles=[], is_positive=is_positive)
        for callback in self.callbacks["before_token_counter"]:
            callback(params)
        return str(params.prompt)

    def _job(self, tab: str, fields: Mapping[str, Any]) -> Any:
        kind = _JOBS[tab]
        own = kind.more_fields(kind.__new__(kind), self)
        known = {*EVERY_JOB, *kind.own_fields, *own}
        return kind(self, **{key: value for key, value in fields.items() if key in known})

    def _place(self, script: Any, arguments: list[Any], values: Sequence[Any]) -> None:
        """Positional, shorter or longer than what the script has."""
        for place, value in zip(range(script.args_from, script.args_to), values):
            arguments[place] = value

    def _attach(self, runner: Any, script: Any, arguments: list[Any], values: Sequence[Any]) -> None:
        """A chosen script's arguments stand last here, as it has no controls of its own."""
        script.args_from, script.args_to = len(arguments), len(arguments) + len(values)
        arguments.extend(values)


def _as_loaded(module: ModuleType) -> Any:
    """What the program keeps of a script that it has executed."""
    return SimpleNamespace(script_class=module.Script, module=module)


def _is_repository(entry: str) -> bool:
    return Path(entry or ".").resolve() == REPOSITORY


def _taken_away() -> dict[str, ModuleType]:
    """Take a host's modules, and ours that stand on them, out of the running Python."""
    ours = {f"modelwise.webui.{name}" for name in UNDER_THE_HOST}
    names = [
        name
        for name in sys.modules
        if name.split(".")[0] in HOSTS_PACKAGES or ".".join(name.split(".")[:3]) in ours
    ]
    package = sys.modules.get("modelwise.webui")
    for name in UNDER_THE_HOST:
        if package is not None:
            package.__dict__.pop(name, None)  # an import asks the package before the list of modules
    return {name: sys.modules.pop(name) for name in names}
