"""The panel's events: what each is given and gives back, on a page with all of the host's boxes or few."""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest

from modelwise.intent import year_tags
from modelwise.settings import FIELDS
from modelwise.terms import Rating
from modelwise.webui.choices import PANEL_ARGUMENTS, UNSET, read_choices
from modelwise.webui.engine import Engine
from modelwise.webui.panel_actions import Action, Asked
from modelwise.webui.settings_page import FIRST_RUN_OPTION, OPTIONS
from tests.support.checking import bundled
from tests.support.hosts import ANIMAGINE, AS_LOADED, UNKNOWN, FakeHost, panel

# gradio 4 uses what FastAPI calls old; our own code runs under errors in every other file.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

BOXES: dict[str, Any] = {"prompt": "", "negative": "", "styles": [], **AS_LOADED}
"""The host's boxes by our names."""

OURS = "modelwise_txt2img_"
REMEMBERED = {"mode": "on", "quality": "light", **{f"policy_{field}": "keep" for field in FIELDS}}
PORTRAIT = {"kind": "preset", "name": "Portrait"}
ACTIONS: list[dict[str, Any]] = [
    *({"kind": kind} for kind in ("restore", "fill", "forget", "use", "see", "words", "undo", "", "dance")),
    PORTRAIT,
    {"kind": "preset", "name": "gone"},
    {"kind": "size", "width": 640, "height": 1536},
    {"kind": "family", "name": "animagine-xl-3.1"},
]


@dataclass(frozen=True)
class Event:
    """One event of the page: what starts it, its function, and its inputs and outputs by our names."""

    starts: tuple[str, ...]
    run: Callable[..., Any]
    inputs: dict[str, Any]
    outputs: tuple[str, ...]
    queued: bool
    script: str

    def __call__(self, **values: Any) -> dict[str, Any]:
        """The outputs by name, where the inputs hold these values."""
        assert values.keys() <= self.inputs.keys()
        found = self.run(*{**self.inputs, **values}.values())
        if len(self.outputs) == 1:
            assert not isinstance(found, (list, tuple)), "gradio takes it as the one value"
            return {self.outputs[0]: found}
        assert len(found or ()) == len(self.outputs), self.starts
        return dict(zip(self.outputs, found or ()))


class Page:
    """A page with the panel between boxes of the host."""

    def __init__(self, gradio: Any, engine: Engine, boxes: Collection[str]) -> None:
        with gradio.Blocks(analytics_enabled=False) as self.blocks:
            made = {name: gradio.Textbox("", elem_id=f"box_{name}") for name in boxes}
            self.panel = import_module("modelwise.webui.panel_events").build(engine, "txt2img")
            self.panel.bind(made)
        self.events = tuple(events_of(self.blocks))

    def event(self, start: str) -> Event:
        """The one event that begins so: `act.click`."""
        (found,) = (event for event in self.events if start in event.starts)
        return found

    def look(self, **values: Any) -> dict[str, Any]:
        """What the panel shows after an event."""
        return self.event("refresh.click")(**{"touched": "[]", **values})

    def act(self, page: Any = None, **values: Any) -> dict[str, Any]:
        """What a button of the page changes; `page`: its action, or all that the page's script says."""
        sent = page if isinstance(page, str) else json.dumps({"values": AS_LOADED, "action": page})
        return self.event("act.click")(**{"touched": "[]", "page": sent, **values})


def events_of(blocks: Any) -> Iterator[Event]:
    """The page's events, as gradio 3 and gradio 4 keep them."""
    functions = blocks.fns.values() if isinstance(blocks.fns, dict) else blocks.fns
    elements = {number: name_of(block) for number, block in blocks.blocks.items()}
    for function, told in zip(functions, blocks.get_config_file()["dependencies"], strict=True):
        targets = [
            target if isinstance(target, (list, tuple)) else (target, told["trigger"])
            for target in told["targets"]
        ]
        yield Event(
            tuple(f"{elements.get(number)}.{trigger}" for number, trigger in targets),
            function.fn,
            {name_of(component): component.value for component in function.inputs},
            tuple(map(name_of, function.outputs)),
            told["queue"],
            told["js"] or "",
        )


def name_of(block: Any) -> str:
    return str(block.elem_id or "").removeprefix(OURS).removeprefix("box_")


def changed(update: Any) -> dict[str, Any]:
    """What an update of gradio's changes."""
    return {key: value for key, value in update.items() if key != "__type__"}


def answer(text: str) -> dict[str, Any]:
    """What a text holds for the page's script."""
    found = re.search(r'data-answer="([^"]*)"', text)
    assert found, text
    decoded = json.loads(html.unescape(found[1]))
    assert isinstance(decoded, dict)
    return decoded


@pytest.fixture
def host(tmp_path: Any) -> FakeHost:
    host = FakeHost(tmp_path)
    host.current = ANIMAGINE
    return host


@pytest.fixture
def page(gradio: Any, host: FakeHost) -> Page:
    return Page(gradio, Engine(host), BOXES)


@pytest.fixture
def events(gradio: Any) -> Any:
    """The module, which needs gradio."""
    return import_module("modelwise.webui.panel_events")


def test_every_event_gives_as_many_values_as_it_has_outputs(page: Page) -> None:
    assert len(page.events) > 30
    for event in page.events:
        event()
        event(**({"touched": "[]"} if "touched" in event.inputs else {}))
        assert not event.queued


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action["kind"] or "none")
def test_every_action_gives_a_value_for_each_box_and_control(page: Page, action: dict[str, Any]) -> None:
    found = page.act(action)
    controls = ("mode", "profile", "quality", "rating", "year", "clicked", "pasted", "grouping")
    assert tuple(found) == (*BOXES, *controls, "message")


def test_the_arguments_are_those_of_the_contract(page: Page) -> None:
    names = [name_of(control) for control in page.panel.controls]
    assert names[:7] == ["mode", "profile", "quality", "rating", "year", "touched", "pasted"]
    policies = [f"policy_{field}" for field in FIELDS]
    assert names[7:] == ["switches", "aesthetic", *policies, "clicked", "grouping"]
    assert tuple(names) == PANEL_ARGUMENTS
    loaded = read_choices([control.value for control in page.panel.controls])
    assert loaded == read_choices([])


def test_a_preset_fills_boxes_and_answers_the_script(page: Page) -> None:
    found = page.act(PORTRAIT)
    assert {name: changed(found[name]) for name in BOXES if changed(found[name])} == {
        "width": {"value": 832},
        "height": {"value": 1216},
    }
    assert changed(found["clicked"]) == {"value": "Portrait"}
    assert answer(found["message"])["touched"] == ["size"]
    assert "Filled: Portrait" in found["message"]


def test_the_same_action_twice_is_news_twice(page: Page) -> None:
    answers = [answer(page.act(PORTRAIT)["message"]) for _ in range(3)]
    assert len({each["serial"] for each in answers}) == 3


def test_restore_tells_the_script_to_take_the_earlier_touches(page: Page) -> None:
    found = page.act({"kind": "restore", "intent": {"quality": "light"}})
    assert answer(found["message"])["touched"] is None
    assert changed(found["quality"]) == {"value": "light"}
    assert changed(found["width"]) == {"value": AS_LOADED["width"]}


@pytest.mark.parametrize(
    "boxes", [(), ("prompt",), ("width", "height"), ("steps", "scheduler"), tuple(BOXES)[:-1]]
)
def test_boxes_that_the_host_lacks_are_left_out(gradio: Any, host: FakeHost, boxes: tuple[str, ...]) -> None:
    page = Page(gradio, Engine(host), boxes)
    for event in page.events:
        event()
    found = page.act({"kind": "preset", "name": "Card defaults"})
    assert [name for name in found if name in BOXES] == [name for name in BOXES if name in boxes]
    saved = page.event("preset_save.click")
    numbers = {name: AS_LOADED[name] for name in AS_LOADED if name in boxes}
    assert "Saved: Mine" in saved(preset_name="Mine", **numbers)["message"]
    (preset,) = Engine(host).own_presets.of("animagine-xl-4.0-opt")
    kept = {name: getattr(preset.settings, name) for name in AS_LOADED}
    assert kept == {name: numbers.get(name) for name in AS_LOADED}


def test_other_boxes_of_the_host_are_left_alone(gradio: Any, host: FakeHost) -> None:
    page = Page(gradio, Engine(host), ("seed", *BOXES, "generate"))
    assert not any({"seed", "generate"} & {*event.inputs, *event.outputs} for event in page.events)


def test_what_asks_for_the_page_has_it_gathered_first(page: Page) -> None:
    gathering = {event.script for event in page.events if "page" in event.inputs}
    assert gathering == {
        f"(...values) => modelwise.{function}('txt2img', values)" for function in ("asked", "acted")
    }
    assert {event.script for event in page.events if "page" not in event.inputs} == {""}
    assert {next(iter(event.inputs)) for event in page.events if "page" in event.inputs} == {"page"}


def test_the_users_presets_from_saving_to_undoing(page: Page) -> None:
    def named(start: str, **values: Any) -> str:
        said: str = page.event(f"preset_{start}.click")(**values)["message"]
        return said

    def own() -> Any:
        return changed(page.look()["preset_chosen"])["choices"]

    for name in ("One", "Two"):
        found = page.event("preset_save.click")(preset_name=name, **AS_LOADED)
        assert changed(found["clicked"]) == {"value": name}
    assert own() == ["One", "Two"]
    assert "Renamed to Deux" in named("rename", preset_chosen="Two", preset_name="Deux")
    named("earlier", preset_chosen="Deux")
    assert own() == ["Deux", "One"]
    named("later", preset_chosen="Deux")
    assert own() == ["One", "Deux"]
    assert 'data-modelwise="undo"' in named("delete", preset_chosen="One")
    assert own() == ["Deux"]
    assert "Back again: One" in page.act({"kind": "undo"})["message"]
    toml = page.event("preset_export.click")()["preset_toml"]
    assert [name in toml for name in ("One", "Deux")] == [True, True]
    named("delete", preset_chosen="One")
    assert "Imported: One, Deux" in named("import", preset_toml=toml)


def test_nothing_chosen_is_said(page: Page) -> None:
    for key in ("rename", "delete", "earlier", "later"):
        assert "modelwise-attention" in page.event(f"preset_{key}.click")(preset_chosen=None)["message"]


def test_greeting_restores_what_the_host_remembers(page: Page, host: FakeHost) -> None:
    greet = page.event("greet.click")
    defaults = {name: {"value": component_value(page, name)} for name in greet.outputs}
    assert {name: changed(update) for name, update in greet().items()} == defaults
    host.options |= {f"modelwise_{name}": value for name, value in REMEMBERED.items()}
    assert {name: changed(update)["value"] for name, update in greet().items()} == REMEMBERED


def component_value(page: Page, name: str) -> Any:
    """A control's value as the page is made."""
    (found,) = (control for control in page.panel.controls if name_of(control) == name)
    return found.value


def test_what_is_chosen_is_remembered_and_comes_back(page: Page, host: FakeHost) -> None:
    for name, value in REMEMBERED.items():
        (keeping,) = (
            event for event in page.events if f"{name}.input" in event.starts and event.outputs == ()
        )
        keeping(**{name: value})
    assert host.options.keys() <= {option.key for option in OPTIONS}
    greeted = page.event("greet.click")()
    assert {name: changed(update)["value"] for name, update in greeted.items()} == REMEMBERED


@pytest.mark.parametrize(
    "sent",
    [
        *(
            "",
            "nonsense",
            "[]",
            "3",
            "null",
            '"text"',
            '{"prompt": 3}',
            '{"values": 3}',
            '{"values": {"a": []}}',
        ),
        *('{"hires": 1}', '{"action": "preset"}', '{"action": {"kind": 3}}', '{"action": {}}', "{", "\x00"),
        '{"x": ' + "[" * 100_000,
    ],
    ids=lambda sent: sent[:24],
)
def test_a_page_that_can_not_be_read_is_an_empty_one(events: Any, page: Page, sent: str) -> None:
    assert events.read_page(sent) == Asked()
    assert "1girl" not in page.look(page=sent)["notes"]
    assert not any(changed(update) for name, update in page.act(sent).items() if name != "message")


def test_a_page_is_read_as_the_script_sends_it(events: Any) -> None:
    values: dict[str, Any] = dict(AS_LOADED)
    sent = {"prompt": "1girl", "negative": "bad", "values": values, "hires": None, "later": [1]}
    assert events.read_page(json.dumps(sent)) == Asked("1girl", "bad", values)
    pressed = {**sent, "action": PORTRAIT}
    assert events.read_page(json.dumps(pressed)).action == Action("preset", "Portrait")


def test_an_error_inside_a_look_leaves_the_page_as_it_is(
    page: Page, host: FakeHost, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = page.look()
    monkeypatch.setattr(host, "current_checkpoint", lambda: 1 / 0)
    with caplog.at_level(logging.ERROR, "modelwise"):
        found = page.look()
    assert found.keys() == before.keys()
    assert not any(changed(update) for update in found.values())
    assert "ZeroDivisionError" in caplog.text


def test_the_line_waits_for_the_pages_script(page: Page) -> None:
    assert page.look(touched="")["line"] == ""
    assert page.look()["line"].startswith("<p ")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "<b>Animagine XL 4.0 Opt</b> <span>(by file name)</span>"),
        ({"mode": "off"}, "Off: prompts and settings are left as they are."),
        ({"pasted": '{"ours": false, "prompt": "1girl"}'}, "Off for the pasted prompt"),
        ({"mode": "on", "pasted": '{"ours": false}'}, "<b>Animagine XL 4.0 Opt</b>"),
        ({"year": "soon"}, "year: found &#x27;soon&#x27;"),
        ({"profile": "Gone"}, "profile: found &#x27;Gone&#x27;"),
        ({"profile": "Animagine XL 3.1"}, "<b>Animagine XL 3.1</b> <span>(by your choice)</span>"),
        ({"quality": "light"}, "quality light"),
    ],
)
def test_the_line_of_each_state(page: Page, values: dict[str, Any], said: str) -> None:
    assert said in page.look(**values)["line"]


def test_the_first_run_is_over_once_the_button_was_pressed(page: Page, host: FakeHost) -> None:
    host.options[FIRST_RUN_OPTION] = True
    assert "Show me" in page.look()["line"]
    page.act({"kind": "see"})
    assert "Show me" not in page.look()["line"]


def test_the_answer_names_what_will_be_set_otherwise_than_the_boxes_say(page: Page) -> None:
    sent = json.dumps({"prompt": "1girl", "values": {**AS_LOADED, "steps": 28, "width": 832}})
    said = answer(page.look(page=sent)["line"])
    assert said["profile"] == "animagine-xl-4.0-opt"
    assert said["fields"] == {
        "height": 1216,
        "cfg_scale": 5,
        "sampler": "Euler a",
        "scheduler": "Automatic",
    }
    assert answer(page.look(page=sent, mode="off")["line"])["fields"] == {}


def test_the_preset_clicked_last_is_marked_in_its_row(page: Page) -> None:
    rows = page.look(clicked="Portrait")["rows"]
    assert re.findall(r'data-name="([^"]*)"[^>]*aria-pressed="true"', rows) == ["Portrait"]
    assert 'data-modelwise="size"' in rows


def offered(page: Page, **values: Any) -> list[tuple[str, str]]:
    """The kind and the name of each offer."""
    notes = page.look(**values)["notes"]
    buttons = re.findall(r'<button [^>]*data-modelwise="(\w+)"([^>]*)>', notes)
    return [(kind, "".join(re.findall(r'data-name="([^"]*)"', rest))) for kind, rest in buttons]


def test_a_chosen_profile_can_be_kept_for_the_checkpoint_and_forgotten(page: Page, host: FakeHost) -> None:
    assert offered(page) == []
    assert offered(page, profile="Animagine XL 3.1") == [("family", "animagine-xl-3.1")]
    page.act({"kind": "family", "name": "animagine-xl-3.1"})
    assert offered(page) == [("forget", "")]
    page.act({"kind": "forget"})
    assert offered(page) == []


def test_a_profile_is_not_offered_for_good_in_place_of_the_one_that_was_chosen(page: Page) -> None:
    """A wrong year leaves the choice of a profile unread."""
    assert offered(page, profile="Animagine XL 3.1", year="soon") == []
    assert offered(page, profile="Gone") == []


def test_what_a_checkpoint_looks_like_is_offered(page: Page, host: FakeHost) -> None:
    host.current = type(UNKNOWN)(UNKNOWN.file.with_name("my-animagine-mix.ckpt"))
    ((kind, name),) = offered(page)
    assert kind == "family" and name.startswith("animagine")
    host.current = UNKNOWN
    assert offered(page) == []
    host.current = None
    assert offered(page, profile="Animagine XL 3.1") == []


@pytest.mark.parametrize("words", ['"words":"smile"', '"negative_words":"bad"'])
def test_words_behind_a_paste_are_offered(page: Page, words: str) -> None:
    assert offered(page, pasted='{"ours":true,"prompt":"1girl",' + words + "}") == [("words", "")]
    assert offered(page, pasted='{"ours":true,"prompt":"1girl","words":null}') == []


@pytest.mark.parametrize("profile", bundled().values(), ids=lambda profile: profile.id)
def test_the_choices_that_follow_are_the_models(events: Any, profile: Any) -> None:
    named = {"quality": "heavy", "rating": "explicit"}
    quality, rating, year, aesthetic = map(changed, events.following_choices(profile, named))
    assert quality["choices"] == [
        level for level in ("standard", "light", "heavy") if level in profile.inject.quality
    ] or quality["choices"] == ["standard"]
    assert quality["value"] == ("heavy" if "heavy" in profile.inject.quality else "standard")
    assert quality["value"] in quality["choices"] and rating["value"] in rating["choices"]
    assert rating["choices"][0] == UNSET and year["choices"][0] == ""
    assert rating["value"] == ("explicit" if "explicit" in rating["choices"] else UNSET)
    assert aesthetic == {"visible": "high" in profile.inject.aesthetic}


def test_a_model_without_words_offers_nothing_but_the_defaults(events: Any) -> None:
    nothing = {"quality": None, "rating": None}
    found = [changed(update) for update in events.following_choices(bundled()["generic"], nothing)]
    assert found == [
        {"choices": ["standard"], "value": "standard"},
        {"choices": [UNSET], "value": UNSET},
        {"choices": [""]},
        {"visible": False},
    ]


def test_a_rating_that_the_model_has_is_kept(events: Any) -> None:
    ratings: tuple[Rating, ...] = ("general", "sensitive", "questionable", "explicit")
    profile = bundled()["animagine-xl-4.0-opt"]
    for rating in ratings:
        found = changed(events.following_choices(profile, {"quality": "light", "rating": rating})[1])
        assert found == {"choices": [UNSET, *ratings], "value": rating}


def test_years_by_number_come_newest_first(events: Any) -> None:
    assert events.year_choices(bundled()["animagine-xl-4.0-opt"]) == [
        str(year) for year in range(2025, 2004, -1)
    ]


def test_eras_come_with_their_years(events: Any) -> None:
    assert events.year_choices(bundled()["animagine-xl-3.1"]) == [
        "newest (2021 to 2024)",
        "recent (2018 to 2020)",
        "mid (2015 to 2017)",
        "early (2011 to 2014)",
        "oldest (2005 to 2010)",
    ]


def test_no_years_where_the_model_has_no_words_for_them(events: Any) -> None:
    assert [name for name, profile in bundled().items() if not events.year_choices(profile)] == [
        name for name, profile in bundled().items() if profile.vocabulary.year is None
    ]
    assert events.year_choices(bundled()["generic"]) == []


def test_each_year_offered_is_understood_as_the_models_word(events: Any) -> None:
    for profile in bundled().values():
        for choice in events.year_choices(profile):
            year = read_choices(panel(year=choice)).intent.year
            assert year is not None
            (tag,) = year_tags(profile, year)
            assert tag.removeprefix("year ") == choice.split(" (")[0]
