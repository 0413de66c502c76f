"""Our script as each imitated program executes it: what it finds, the panel, and its arguments."""

from __future__ import annotations

import importlib
import json
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from modelwise.settings import FIELDS
from modelwise.webui.api_description import LABELS
from modelwise.webui.settings_page import API_OPTION, OPTIONS
from tests.webui.imitation import REPOSITORY, Imitation
from tests.webui.infotext import read_infotext
from tests.webui.runner import scripts_in
from tests.webui.with_us import OLDER, SCRIPT

TITLE = "Modelwise"
ARGUMENTS = [
    *("Mode", "Profile", "Quality", "Rating", "Year", "touched", "pasted", "What Modelwise does"),
    *(
        "High aesthetic",
        "Set size",
        "Set CFG",
        "Set steps",
        "Set sampler and scheduler",
        "Set clip skip",
        "clicked",
        "Keep my grouping: of several characters, move the subjects alone",
    ),
]
DEFAULTS = [
    *("auto", "Auto", "standard", "not set", "", "", ""),
    ["order", "quality", "negative", "settings", "spelling"],
    *(False, "fill", "fill", "fill", "fill", "fill", "", False),
]
TABS = ("txt2img", "img2img")
OPT_PROFILE = "animagine-xl-4.0-opt"


def ours(program: Imitation, tab: str = "txt2img") -> Any:
    return program.runners[tab].named(TITLE)


def engine() -> Any:
    return importlib.import_module("modelwise.webui.register").engine()


@contextmanager
def as_if_new() -> Iterator[None]:
    """As if nothing of ours had been imported yet."""

    def taken() -> dict[str, ModuleType]:
        names = [name for name in sys.modules if name.split(".")[0] == "modelwise"]
        return {name: sys.modules.pop(name) for name in names}

    kept = taken()
    try:
        yield
    finally:
        taken()
        sys.modules.update(kept)


def test_the_program_finds_one_script_and_not_its_base(executing: Imitation) -> None:
    module = executing.execute(SCRIPT)
    assert [script.__name__ for script in scripts_in(module)] == ["ModelwiseScript"]
    assert module.__name__ == SCRIPT.name
    assert SCRIPT.name not in sys.modules


def test_the_search_path_is_as_it_was(executing: Imitation) -> None:
    before = list(sys.path)
    executing.execute(SCRIPT)
    assert sys.path == before
    assert str(REPOSITORY) not in sys.path


def test_nothing_is_left_to_import_when_the_script_is_done(executing: Imitation) -> None:
    """Our folder leads the search path no longer; a late import might find another extension's module."""
    with as_if_new():
        executing.execute(SCRIPT)
        then = {name for name in sys.modules if name.startswith("modelwise")}
        executing.build()
        result = executing.api(prompt="smile, 1girl", alwayson_scripts={TITLE: {"args": ["on"]}})
        now = {name for name in sys.modules if name.startswith("modelwise")}
    assert TITLE in read_infotext(result.infotexts[0])
    assert now == then


def test_it_is_always_on_in_both_tabs(started: Imitation) -> None:
    for tab in TABS:
        assert ours(started, tab) in started.runners[tab].alwayson_scripts
    assert ours(started, "txt2img") is not ours(started, "img2img")


@pytest.mark.parametrize("tab", TABS)
def test_the_controls_are_the_arguments_in_their_order(started: Imitation, tab: str) -> None:
    script = ours(started, tab)
    controls = started.runners[tab].inputs[script.args_from : script.args_to]
    assert [control.label for control in controls] == ARGUMENTS
    assert [control.value for control in controls] == DEFAULTS
    policies = [f"policy_{field}" for field in FIELDS]
    names = ["mode", "profile", "quality", "rating", "year", "touched", "pasted", "switches", "aesthetic"]
    names += [*policies, "clicked", "grouping"]
    assert [control.elem_id for control in controls] == [f"modelwise_{tab}_{name}" for name in names]
    assert all(control.do_not_save_to_config for control in controls)


@pytest.mark.parametrize("tab", TABS)
def test_the_api_makes_the_panel_again_and_finds_the_same_defaults(started: Imitation, tab: str) -> None:
    script, runner = ours(started, tab), started.runners[tab]
    fields = list(runner.infotext_fields)
    for _ in range(2):
        arguments = runner.api_defaults()
        assert arguments[script.args_from : script.args_to] == DEFAULTS
        assert json.loads(json.dumps(arguments)) == arguments
    assert runner.infotext_fields == fields
    shown = {id(control) for control in runner.inputs}
    assert all(id(component) in shown for component, _ in fields), "those of the page, not the later ones"


@pytest.mark.parametrize("tab", TABS)
def test_the_panel_fills_the_boxes_of_its_own_page_and_tab(started: Imitation, tab: str) -> None:
    def filled() -> list[list[str]]:
        page = started.page
        elements = {number: block.elem_id for number, block in page.blocks.items()}
        acting = next(number for number, element in elements.items() if element == f"modelwise_{tab}_act")
        return [
            [elements[output] for output in event["outputs"] if not elements[output].startswith("modelwise_")]
            for event in page.get_config_file()["dependencies"]
            if acting in [target if isinstance(target, int) else target[0] for target in event["targets"]]
        ]

    boxes = [
        "prompt",
        "neg_prompt",
        "styles",
        "width",
        "height",
        "cfg_scale",
        "steps",
        "sampling",
        *(["scheduler"] if started.variant.samplers.schedulers else []),
    ]
    assert filled() == [[f"{tab}_{box}" for box in boxes]]
    started.runners[tab].api_defaults()
    assert filled() == [[f"{tab}_{box}" for box in boxes]]


def add_profile(folder: Path) -> None:
    """A profile of the user's own."""
    text = (REPOSITORY / "presets" / f"{OPT_PROFILE}.toml").read_text(encoding="utf-8")
    text = text.replace(f'"{OPT_PROFILE}"', '"my-own"', 1).replace('name = "', 'name = "My own ', 1)
    own = folder / "modelwise" / "profiles"
    own.mkdir(parents=True)
    (own / "my-own.toml").write_text(text, encoding="utf-8")


def test_profiles_of_the_user_stand_in_the_list(executing: Imitation, tmp_path: Path) -> None:
    add_profile(tmp_path)
    executing.execute(SCRIPT)
    executing.build()
    profile = executing.runners["txt2img"].inputs[ours(executing).args_from + 1]
    assert any("My own" in str(choice) for choice in profile.choices)


def test_our_settings_are_registered(started: Imitation) -> None:
    assert all(started.options.data[option.key] == option.default for option in OPTIONS)


def line(arguments: list[Any] = DEFAULTS) -> str:
    """The panel's reason for what it will do."""
    outlook = importlib.import_module("modelwise.webui.page_job")
    seen = outlook.outlook(engine(), "txt2img", outlook.Page(), arguments)
    return f"{engine().profiles[seen.detection.profile].name} {seen.active}"


def test_starting_loads_no_model(started: Imitation) -> None:
    assert line() == "Animagine XL 4.0 Opt True"
    assert started.checkpoints.loads == 0


def test_the_line_follows_the_chosen_checkpoint(started: Imitation) -> None:
    started.checkpoints.reload()
    started.checkpoints.choose(OLDER)
    assert line() == "Animagine XL 3.1 True"
    assert line(["off", *DEFAULTS[1:]]) == "Animagine XL 3.1 False"


def test_reload_executes_us_again(started: Imitation, tmp_path: Path) -> None:
    """The package stays as it is; engine and panel are new, and what the user has set is kept."""
    before, script = engine(), ours(started)
    started.options.set(API_OPTION, True)
    started.reload([SCRIPT])
    assert engine() is not before
    assert ours(started) is not script
    assert started.options.data[API_OPTION] is True
    hints = [started.options.data_labels[option.key].comment_after for option in OPTIONS]
    assert hints == [f"({option.info})" for option in OPTIONS]
    runner = started.runners["txt2img"]
    assert [one.title() for one in runner.alwayson_scripts].count(TITLE) == 1
    result = started.api(prompt="smile, 1girl")
    assert read_infotext(result.infotexts[0])["Prompt"].startswith("1girl, smile, masterpiece")


def test_reload_finds_a_new_profile_of_the_user(started: Imitation, tmp_path: Path) -> None:
    assert "my-own" not in engine().profiles
    add_profile(tmp_path)
    started.reload([SCRIPT])
    assert "my-own" in engine().profiles


@pytest.fixture
def said() -> list[str]:
    """What we have logged at our start."""
    return []


@pytest.fixture
def incomplete(
    executing: Imitation, said: list[str], caplog: pytest.LogCaptureFixture
) -> Iterator[Imitation]:
    """A program on a machine where a dependency could not be installed."""
    with pytest.MonkeyPatch.context() as patch, as_if_new(), caplog.at_level(logging.DEBUG):
        patch.setitem(sys.modules, "msgspec", None)
        executing.execute(SCRIPT)
        said += caplog.messages
        yield executing


def test_without_a_dependency_one_line_says_so(
    incomplete: Imitation, said: list[str], gradio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(said) == 1
    assert said[0].startswith("Modelwise is off: ")
    assert "msgspec" in said[0]
    shown: list[str] = []
    markdown = gradio.Markdown

    def noted(text: str) -> Any:
        shown.append(text)
        return markdown(text)

    monkeypatch.setattr(gradio, "Markdown", noted)
    incomplete.build()
    assert shown == said * len(TABS)
    assert all(ours(incomplete, tab) in incomplete.runners[tab].alwayson_scripts for tab in TABS)


def test_without_a_dependency_every_prompt_stays_as_it_is(incomplete: Imitation) -> None:
    incomplete.build()
    script = ours(incomplete)
    assert script.args_from == script.args_to
    for result in (
        incomplete.press_generate(prompt="smile, 1girl"),
        incomplete.api(prompt="smile, 1girl", alwayson_scripts={TITLE: {"args": ["on"]}}),
    ):
        found = read_infotext(result.infotexts[0])
        assert (found["Prompt"], found["Negative prompt"], TITLE in found) == ("smile, 1girl", "", False)
        assert (found["Size"], result.comments) == ("512x512", "")


def test_the_lists_are_loaded_ahead(executing: Imitation) -> None:
    executing.execute(SCRIPT)
    for thread in threading.enumerate():
        if thread.name == "modelwise vocabulary":
            thread.join(30)
    assert "_vocabulary" in vars(engine())


@pytest.mark.parametrize("tab", TABS)
def test_api_clients_are_told_of_the_arguments(started: Imitation, tab: str) -> None:
    told = ours(started, tab).api_info.args
    assert [argument.label for argument in told] == list(LABELS)
    assert [argument.value for argument in told] == DEFAULTS
    assert told[0].choices == ["auto", "on", "off"]
    assert {"Auto", "Animagine XL 3.1"} <= set(told[1].choices)
    assert json.loads(json.dumps([vars(argument) for argument in told])) == [vars(one) for one in told]
    script = ours(started, tab)
    controls = started.runners[tab].inputs[script.args_from : script.args_to]
    assert [control.label for control in controls] == ARGUMENTS, "the page's own labels stay"
