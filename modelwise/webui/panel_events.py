"""What happens in the panel: each event gathers the page, asks the core or acts, and shows the answer.

The page's script puts what the boxes hold into the first input (`asked`) and finds its answer in the texts
(`data-answer`): one more event of gradio would cost the page more than all the rest. Nothing goes through
gradio's queue.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import gradio as gr
import msgspec

from modelwise.intent import rating_tags
from modelwise.profiles import Profile
from modelwise.settings import FIELDS
from modelwise.webui import gradio_versions, panel_paste, panel_texts, token_counter
from modelwise.webui.choices import UNSET
from modelwise.webui.engine import Engine
from modelwise.webui.page_job import Outlook, outlook
from modelwise.webui.panel import AUTO, LEVELS, Parts, laid_out
from modelwise.webui.panel_actions import BOXES, Actions, Asked, Done
from modelwise.webui.panel_line import panel_line
from modelwise.webui.settings_page import MODE_OPTION, QUALITY_OPTION, policy_option
from modelwise.words import RATINGS

log = logging.getLogger("modelwise")
_QUICK = {"queue": False, "show_progress": False}
_FILLED = ("prompt", "negative", "styles", *BOXES)
_SHOWN = ("line", "rows", "notes")
_FOLLOWING = ("quality", "rating", "year", "aesthetic")
"""The controls whose choices are the model's."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A tab's panel for its host: the script's arguments, what a paste fills, and `bind`, to be called once
    with the host's boxes by our names (those that it has) when they are made."""

    controls: list[Any]
    infotext_fields: panel_paste.Fields
    bind: Callable[[Mapping[str, Any]], None]


def build(engine: Engine, tab: str) -> Panel:
    """Make the panel of a tab."""
    parts = laid_out(engine, tab)
    events = _Events(engine, parts)
    events.bind_own()
    return Panel(list(parts.controls.values()), panel_paste.fields(engine, parts), events.bind_boxes)


class _Events:
    """The events of one panel. `_profiles`: whose choices the page shows."""

    def __init__(self, engine: Engine, parts: Parts) -> None:
        self.engine = engine
        self.parts = parts
        self.actions = Actions(engine, parts.tab)
        self.controls = list(parts.controls.values())
        self._asked = self._gathered("asked") | gradio_versions.again("always_last")
        self._acted = self._gathered("acted") | gradio_versions.again("multiple")
        self._answers = count()

    def _gathered(self, function: str) -> dict[str, str]:
        """The page's script puts what the boxes hold into the first input."""
        return gradio_versions.script(f"(...values) => modelwise.{function}({self.parts.tab!r}, values)")

    def bind_own(self) -> None:
        """The events that need nothing of the host."""
        controls, triggers = self.parts.controls, self.parts.triggers
        greeted = triggers["greet"].click(
            self._persisted, outputs=[controls[name] for name in self._remembered()], **_QUICK
        )
        self._look_after(greeted.then)
        changes = [controls["mode"].change, controls["pasted"].change, controls["aesthetic"].change]
        changes.append(controls["grouping"].change)
        changes += [controls[name].input for name in ("profile", "quality", "rating", "year", "switches")]
        changes += [controls[f"policy_{field}"].input for field in FIELDS]
        for event in (triggers["refresh"].click, *changes):
            self._look_after(event)
        for name, key in self._remembered().items():
            self._remember(controls[name], key)

    def _remembered(self) -> dict[str, str]:
        """The controls whose values the host's settings keep, and the settings' keys."""
        policies = {f"policy_{field}": policy_option(field) for field in FIELDS}
        return {"mode": MODE_OPTION, "quality": QUALITY_OPTION, **policies}

    def _persisted(self) -> list[Any]:
        controls = self.parts.controls
        return [
            gr.update(value=self.engine.host.option(key, controls[name].value))
            for name, key in self._remembered().items()
        ]

    def _remember(self, control: Any, key: str) -> None:
        def keep(value: Any) -> None:
            self.engine.host.remember(key, value)

        # Twice: gradio passes over a change that comes before the last is answered; it is read after that.
        event = control.input
        for _ in range(2):
            event = event(keep, inputs=[control], outputs=[], **_QUICK).then

    def _look_after(self, event: Callable[..., Any]) -> None:
        """After an event: say what Generate would do now."""
        parts = self.parts
        outputs = [
            *(parts.texts[name] for name in _SHOWN),
            *(parts.controls[name] for name in _FOLLOWING),
            parts.presets["chosen"],
        ]
        inputs = [parts.carriers["page"], *self.controls]
        event(self._looked, inputs=inputs, outputs=outputs, **_QUICK, **self._asked)

    def _looked(self, page: str, *arguments: Any) -> list[Any]:
        """The panel's texts, and the choices that the model has."""
        try:
            return self._look(read_page(page), arguments)
        except Exception:  # the page goes on without its line
            log.exception("the panel could not be brought up to date")
            return [gr.update()] * (len(_SHOWN) + len(_FOLLOWING) + 1)

    def _look(self, asked: Asked, arguments: Sequence[Any]) -> list[Any]:
        named = dict(zip(self.parts.controls, arguments))
        seen = outlook(self.engine, self.parts.tab, asked, arguments)
        token_counter.remember(self.engine, asked, seen)
        profile = self.engine.profiles[seen.detection.profile]
        line = panel_line(self.engine, seen, asked, arguments)
        rows = panel_texts.preset_row(self.engine.presets(profile), named["clicked"] or "")
        rows += panel_texts.size_row(profile)
        notes = panel_texts.notes(profile, seen, self._offers(profile, seen, named))
        own = self.actions.own(arguments)
        return [line, rows, notes, *following_choices(profile, named), gr.update(choices=own)]

    def _offers(self, profile: Profile, seen: Outlook, named: Mapping[str, Any]) -> list[str]:
        """What can be done about the profile, and about a pasted prompt."""
        offers = []
        facts = self.engine.host.current_checkpoint()
        chosen = named["profile"] not in (None, "", AUTO) and seen.wrong is None
        suggested = self.engine.profiles.get(seen.detection.suggestion or "")
        if facts and chosen:
            label = f"Always use {profile.name} for this checkpoint"
            offers.append(panel_texts.button("family", label, name=profile.id))
        elif facts and suggested:
            label = f"Treat it as {suggested.name} from now on"
            offers.append(panel_texts.button("family", label, name=suggested.id))
        elif facts and seen.detection.rule == "choice":
            offers.append(panel_texts.button("forget", "Forget this choice"))
        if '"words":"' in (named["pasted"] or "") or '"negative_words":"' in (named["pasted"] or ""):
            title = "Put back what was written before Modelwise worked on it"
            offers.append(panel_texts.button("words", "My words", title=title))
        return offers

    def bind_boxes(self, boxes: Mapping[str, Any]) -> None:
        """The events that fill the host's boxes, or read them."""
        found = {name: boxes[name] for name in _FILLED if name in boxes}
        parts = self.parts
        controls = ("mode", "profile", "quality", "rating", "year", "clicked", "pasted", "grouping")
        outputs = [*found.values(), *(parts.controls[name] for name in controls)]
        outputs.append(parts.texts["message"])

        def act(page: str, *arguments: Any) -> list[Any]:
            done = self.actions.run(read_page(page), arguments)
            answer = {"touched": done.touched, "serial": next(self._answers)}  # the same twice is news, too
            return [
                *(_updated(done.boxes, name) for name in found),
                *(_updated(done.controls, name) for name in controls),
                _said(done, msgspec.json.encode(answer).decode()),
            ]

        inputs = [parts.carriers["page"], *self.controls]
        parts.triggers["act"].click(act, inputs=inputs, outputs=outputs, **_QUICK, **self._acted)
        self._bind_presets({name: found[name] for name in BOXES if name in found})

    def _bind_presets(self, boxes: Mapping[str, Any]) -> None:
        """The buttons for the user's own presets."""
        presets, actions, message = self.parts.presets, self.actions, self.parts.texts["message"]

        def save(name: str, *rest: Any) -> tuple[Any, ...]:
            done = actions.save(name, dict(zip(boxes, rest)), rest[len(boxes) :])
            return _said(done), _updated(done.controls, "clicked")

        inputs = [presets["name"], *boxes.values(), *self.controls]
        outputs = [message, self.parts.controls["clicked"]]
        self._look_after(presets["save"].click(save, inputs=inputs, outputs=outputs, **_QUICK).then)
        changes: dict[str, Callable[..., Done]] = {
            "rename": lambda chosen, name, _toml, *rest: actions.rename(chosen or "", name, rest),
            "delete": lambda chosen, _name, _toml, *rest: actions.delete(chosen or "", rest),
            "earlier": lambda chosen, _name, _toml, *rest: actions.move(chosen or "", -1, rest),
            "later": lambda chosen, _name, _toml, *rest: actions.move(chosen or "", 1, rest),
            "import": lambda _chosen, _name, toml, *rest: actions.imported(toml, rest),
        }
        inputs = [presets["chosen"], presets["name"], presets["toml"], *self.controls]
        for key, change in changes.items():
            self._bind_change(presets[key].click, change, inputs)

        def export(*arguments: Any) -> tuple[Any, ...]:
            text, done = actions.exported(arguments)
            return text, _said(done)

        presets["export"].click(export, inputs=self.controls, outputs=[presets["toml"], message], **_QUICK)

    def _bind_change(
        self, event: Callable[..., Any], change: Callable[..., Done], inputs: Sequence[Any]
    ) -> None:
        def run(*values: Any) -> str:
            return _said(change(*values))

        done = event(run, inputs=list(inputs), outputs=[self.parts.texts["message"]], **_QUICK)
        self._look_after(done.then)


def read_page(page: str) -> Asked:
    """What the page's script has gathered; an empty page where it said nothing that can be read."""
    try:
        return msgspec.json.decode(page or "{}", type=Asked)
    except (msgspec.MsgspecError, RecursionError):
        return Asked()


def following_choices(profile: Profile, named: Mapping[str, Any]) -> list[Any]:
    """Quality levels, ratings, years and aesthetic: those that the model has."""
    levels = [level for level in LEVELS if level in profile.inject.quality] or ["standard"]
    ratings = [UNSET, *(rating for rating in RATINGS if rating_tags(profile, rating))]
    return [
        gr.update(choices=levels, value=named["quality"] if named["quality"] in levels else "standard"),
        gr.update(choices=ratings, value=named["rating"] if named["rating"] in ratings else UNSET),
        gr.update(choices=["", *year_choices(profile)]),
        gr.update(visible="high" in profile.inject.aesthetic),
    ]


def year_choices(profile: Profile) -> list[str]:
    """The eras that the model has words for, or its years, newest first."""
    years = profile.vocabulary.year
    if years is None:
        return []
    if years.prefix:
        return [str(year) for year in range(years.last or 0, (years.first or 1) - 1, -1)]
    return [f"{era.tag} ({era.first} to {era.last})" for era in years.eras]


def _updated(values: Mapping[str, Any], name: str) -> Any:
    return gr.update(value=values[name]) if name in values else gr.update()


def _said(done: Done, answer: str = "") -> str:
    return panel_texts.message(done.message, answer, wrong=done.wrong, undo=done.undo)
