"""The imitated scripts and the runner that calls their hooks; an error in a hook is logged, never raised."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

log = logging.getLogger("webui")
AlwaysVisible = object()

TOP_BOXES = ("prompt", "neg_prompt", "styles")
"""What stands above the sections of a tab."""

BOXES = ("sampling", "scheduler", "steps", "width", "height", "cfg_scale", "seed", "generation_info_button")
"""What stands in and after them; our own boxes and the last that a tab makes."""


class Script:
    """The base of all scripts; a hook that a script does not have is not called."""

    name: str | None = None
    section: str | None = None
    filename = ""
    args_from = 0
    args_to = 0
    alwayson = False
    is_txt2img = False
    is_img2img = False
    tabname = ""
    create_group = True
    setup_for_ui_only = False
    infotext_fields: list[Any] | None = None
    paste_field_names: list[str] | None = None
    api_info: Any = None
    on_after_component_elem_id: list[tuple[str, Callable[[Any], None]]] | None = None

    def on_after_component(self, callback: Callable[[Any], None], *, elem_id: str) -> None:
        """Have a component of the page given when it is made."""
        self.on_after_component_elem_id = [*(self.on_after_component_elem_id or ()), (elem_id, callback)]

    def title(self) -> str:
        """The name in the lists; the base has none."""
        raise NotImplementedError

    def show(self, is_img2img: bool) -> Any:
        """Whether it can be chosen in this tab."""
        return True

    def ui(self, is_img2img: bool) -> Iterable[Any] | None:
        """Its controls."""
        return None


class Control:
    """A control of a script that needs no page."""

    def __init__(self, value: Any, label: str = "") -> None:
        self.value = value
        self.label = label


class Page:
    """What the page is built of: gradio where a test has it, and nothing at all elsewhere. `lacks`: the boxes
    that this program's page does not have."""

    def __init__(self, gradio: Any = None, lacks: tuple[str, ...] = ()) -> None:
        self._gradio = gradio
        self._lacks = lacks

    def blocks(self) -> AbstractContextManager[Any]:
        """A page."""
        return self._gradio.Blocks() if self._gradio else nullcontext()

    def group(self) -> AbstractContextManager[Any]:
        """The box around a script's controls."""
        return self._gradio.Group() if self._gradio else nullcontext()

    def box(self, element: str) -> Any:
        """One of the page's own components; None where there is no gradio."""
        there = self._gradio and not element.endswith(self._lacks)
        return self._gradio.Textbox("", elem_id=element) if there else None


class ScriptRunner:
    """The scripts of one tab with their places among the script arguments; the first is the script box."""

    def __init__(self, is_img2img: bool, classes: Iterable[tuple[type[Script], str]], page: Page) -> None:
        self._page = page
        self.is_img2img = is_img2img
        self.scripts: list[Any] = []
        self.alwayson_scripts: list[Any] = []
        self.selectable_scripts: list[Any] = []
        self.inputs: list[Any] = [None]
        self.infotext_fields: list[Any] = []
        self.errors: list[Exception] = []
        self._api_defaults: list[Any] = []
        for script_class, filename in classes:
            self._add(script_class(), filename)
        self._build()

    def _add(self, script: Any, filename: str) -> None:
        script.filename = filename
        script.is_txt2img, script.is_img2img = not self.is_img2img, self.is_img2img
        script.tabname = "img2img" if self.is_img2img else "txt2img"
        shown = script.show(self.is_img2img)
        if shown is AlwaysVisible:
            script.alwayson = True
            self.alwayson_scripts.append(script)
        elif shown:
            self.selectable_scripts.append(script)
        if shown:
            self.scripts.append(script)

    def _build(self) -> None:
        """Within a page, as everything of gradio's: scripts with a section stand in it, the others below all."""
        self._make(TOP_BOXES)
        self._build_scripts([script for script in self.alwayson_scripts if script.section])
        self._make(BOXES)
        self._build_scripts([script for script in self.alwayson_scripts if not script.section])
        self._build_scripts(self.selectable_scripts)

    def _make(self, parts: Iterable[str]) -> None:
        """The tab's own boxes, each given to the scripts that wait for it."""
        tab = "img2img" if self.is_img2img else "txt2img"
        for element in (f"{tab}_{part}" for part in parts):
            made = SimpleNamespace(component=self._page.box(element))
            for script in self.scripts:
                for wanted, callback in script.on_after_component_elem_id or ():
                    if made.component is not None and wanted == element:
                        callback(made)

    def _build_scripts(self, scripts: Iterable[Any]) -> None:
        for script in scripts:
            with self._page.group() if script.create_group else nullcontext():
                self._build_script(script)

    def _build_script(self, script: Any) -> None:
        script.args_from = script.args_to = len(self.inputs)
        controls = script.ui(self.is_img2img)
        if controls is None:
            return
        script.name = script.title().lower()
        for control in controls:
            control.custom_script_source = Path(script.filename).name
        script.api_info = SimpleNamespace(name=script.name, args=[_told(control) for control in controls])
        self.infotext_fields += script.infotext_fields or ()
        self.inputs += controls
        script.args_to = len(self.inputs)

    def from_page(self) -> list[Any]:
        """The script arguments as an untouched page sends them."""
        return [0, *(control.value for control in self.inputs[1:])]

    def from_api(self) -> list[Any]:
        """The script arguments of an API request that names no script."""
        self._api_defaults = self._api_defaults or self.api_defaults()
        return list(self._api_defaults)

    def api_defaults(self) -> list[Any]:
        """From controls that are made anew, twice, and thrown away; the API does so at its start."""
        arguments: list[Any] = [0, *[None] * (len(self.inputs) - 1)]
        with self._page.blocks():
            for script in self.scripts:
                if script.ui(self.is_img2img):
                    values = [control.value for control in script.ui(self.is_img2img)]
                    arguments[script.args_from : script.args_to] = values
        return arguments

    def named(self, title: str) -> Any:
        """A script by its title in any case."""
        return next(script for script in self.scripts if script.title().lower() == title.lower())

    def run(self, p: Any) -> Any:
        """Run the chosen script of the script box; None where none is chosen."""
        chosen = p.script_args[0]
        if not chosen:
            return None
        script = self.selectable_scripts[chosen - 1]
        return script.run(p, *p.script_args[script.args_from : script.args_to])

    def call(self, hook: str, p: Any, *given: Any, **more: Any) -> None:
        """Call a hook of every script that is always on, in their order."""
        for script in self.alwayson_scripts:
            method: Callable[..., None] | None = getattr(script, hook, None)
            if method is None or (hook == "setup" and script.setup_for_ui_only and p.is_api):
                continue
            try:
                method(p, *given, *p.script_args[script.args_from : script.args_to], **more)
            except Exception as error:
                log.exception("error in %s: %s", hook, script.filename)
                self.errors.append(error)


def _told(control: Any) -> Any:
    """What API clients are told of an argument; some of gradio's choices are pairs."""
    choices = getattr(control, "choices", None)
    names = None if choices is None else [one[0] if isinstance(one, tuple) else one for one in choices]
    return SimpleNamespace(label=getattr(control, "label", "") or "", value=control.value, choices=names)


def scripts_in(module: Any) -> list[type[Script]]:
    """Every script class that a module's namespace shows, imported ones too."""
    return [value for value in vars(module).values() if inspect.isclass(value) and issubclass(value, Script)]


def finished(size: tuple[int, int]) -> Any:
    """What `postprocess_image` gets: an image that is no more than its size."""
    return SimpleNamespace(image=SimpleNamespace(size=size))
