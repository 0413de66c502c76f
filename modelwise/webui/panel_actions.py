"""What the panel's buttons do, without gradio: values of the page in, values for the page out.

A message says what was done or why not; an action that fails changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from modelwise.own_presets import OwnPreset, demand_own
from modelwise.profiles import Preset, PresetSettings, Profile
from modelwise.settings import FIELDS
from modelwise.user_files import UserFileError
from modelwise.webui.choices import Pasted, WrongChoice, read_choices
from modelwise.webui.engine import Engine
from modelwise.webui.page_job import Page, outlook
from modelwise.webui.sampler_names import as_named
from modelwise.webui.settings_page import COMPLETION_OPTION, FIRST_RUN_OPTION

BOXES = ("width", "height", "cfg_scale", "steps", "sampler", "scheduler")
"""The visible fields that a preset fills, by Modelwise's names."""

_FIELD_OF = {"width": "size", "height": "size", "scheduler": "sampler"}


class Action(msgspec.Struct, frozen=True):
    """What a button of the page asks for."""

    kind: str
    name: str = ""
    width: int = 0
    height: int = 0
    intent: dict[str, str] = {}


class Asked(Page, frozen=True):
    """A page with what was asked for."""

    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What an action changes: boxes and prompts, controls of the panel by name, and what is said of it.

    `touched`: the fields that count as the user's from now on; None for those from before the preset.
    """

    boxes: Mapping[str, Any] = field(default_factory=dict)
    controls: Mapping[str, Any] = field(default_factory=dict)
    touched: tuple[str, ...] | None = ()
    message: str = ""
    wrong: bool = False
    undo: bool = False


class Actions:
    """The actions of one tab's panel."""

    def __init__(self, engine: Engine, tab: str) -> None:
        self._engine = engine
        self._tab = tab
        self._deleted: tuple[str, OwnPreset, int] | None = None
        self._kinds: dict[str, Callable[[Asked, Action, Sequence[Any]], Done]] = {
            "preset": self._preset,
            "size": self._size,
            "restore": self._restore,
            "fill": self._fill,
            "family": self._family,
            "forget": self._forget,
            "use": lambda *_: Done(controls={"pasted": ""}),
            "grouping": lambda *_: Done(controls={"grouping": True}),
            "see": self._see,
            "complete": self._complete,
            "words": self._words,
            "undo": self._undo,
        }

    def run(self, asked: Asked, arguments: Sequence[Any]) -> Done:
        """Do what a button of the page asks for. `arguments`: the panel's, as a job gets them."""
        action = asked.action
        if action is None or action.kind not in self._kinds:
            return Done()
        done = self._guarded(lambda: self._kinds[action.kind](asked, action, arguments))
        return replace(done, undo=done.wrong and self._deleted is not None) if action.kind == "undo" else done

    def profile(self, arguments: Sequence[Any]) -> Profile:
        """The profile that counts now. Raises WrongChoice."""
        choices = read_choices(arguments)
        found = self._engine.detect(self._engine.host.current_checkpoint(), choices.profile)
        return self._engine.profiles[found.profile]

    def own(self, arguments: Sequence[Any]) -> list[str]:
        """The names of the user's own presets for the profile that counts now."""
        try:
            profile = self.profile(arguments)
        except WrongChoice:
            return []
        presets = self._engine.presets(profile)
        return [preset.name for preset in presets if isinstance(preset, OwnPreset)]

    def save(self, name: str, values: Mapping[str, Any], arguments: Sequence[Any]) -> Done:
        """Keep the boxes and the intent as an own preset."""

        def act() -> Done:
            profile = self.profile(arguments)
            intent = read_choices(arguments).intent
            demand_own(profile, name.strip())
            preset = OwnPreset(
                name=name.strip(),
                quality=intent.quality,
                rating=intent.rating,
                year=intent.year,
                settings=msgspec.convert(dict(values), PresetSettings),
            )
            self._engine.own_presets.save(profile.id, preset)
            return Done(controls={"clicked": preset.name}, message=f"Saved: {preset.name}")

        return self._guarded(act)

    def rename(self, name: str, new: str, arguments: Sequence[Any]) -> Done:
        """Give an own preset another name."""

        def change(profile: Profile) -> None:
            demand_own(profile, new.strip())
            self._engine.own_presets.rename(profile.id, name, new.strip())

        return self._changed(arguments, change, f"Renamed to {new.strip()}")

    def delete(self, name: str, arguments: Sequence[Any]) -> Done:
        """Take an own preset out; `undo` brings it back."""

        def act() -> Done:
            profile = self.profile(arguments).id
            self._deleted = (profile, *self._engine.own_presets.delete(profile, name))
            return Done(message=f"Deleted: {name}", undo=True)

        return self._guarded(act)

    def move(self, name: str, by: int, arguments: Sequence[Any]) -> Done:
        """Move an own preset among the others."""
        presets = self._engine.own_presets
        return self._changed(arguments, lambda profile: presets.move(profile.id, name, by), f"Moved: {name}")

    def exported(self, arguments: Sequence[Any]) -> tuple[str, Done]:
        """The own presets as TOML."""
        texts: list[str] = []

        def act() -> Done:
            profile = self.profile(arguments)
            texts.append(self._engine.own_presets.exported(profile.id))
            return Done(message=f"Your presets for {profile.name}, to copy")

        done = self._guarded(act)
        return (texts[0] if texts else ""), done

    def imported(self, text: str, arguments: Sequence[Any]) -> Done:
        """Add presets from TOML."""

        def act() -> Done:
            profile = self.profile(arguments)
            names = self._engine.own_presets.imported(profile.id, text, _names(profile))
            return Done(message=f"Imported: {', '.join(names)}")

        return self._guarded(act)

    def _changed(self, arguments: Sequence[Any], change: Callable[[Profile], object], said: str) -> Done:
        def act() -> Done:
            change(self.profile(arguments))
            return Done(message=said)

        return self._guarded(act)

    def _guarded(self, act: Callable[[], Done]) -> Done:
        try:
            return act()
        except (UserFileError, WrongChoice, msgspec.ValidationError) as error:
            return Done(message=str(error), wrong=True)

    def _preset(self, _asked: Asked, action: Action, arguments: Sequence[Any]) -> Done:
        profile = self.profile(arguments)
        found = next((each for each in self._engine.presets(profile) if each.name == action.name), None)
        if found is None:
            raise UserFileError(f"preset: found {action.name!r}, which is not there any more")
        boxes = {name: value for name in BOXES if (value := getattr(found.settings, name)) is not None}
        known = as_named(self._engine.host, boxes)
        said = f"Filled: {found.name}"
        if "sampler" in boxes and "sampler" not in known:
            said += f", but for the sampler: {found.settings.sampler} is not there"
        return Done(known, _intent(found), _fields(known), said)

    def _size(self, _asked: Asked, action: Action, _arguments: Sequence[Any]) -> Done:
        return Done({"width": action.width, "height": action.height}, touched=("size",))

    def _restore(self, asked: Asked, action: Action, _arguments: Sequence[Any]) -> Done:
        boxes = {name: value for name, value in asked.values.items() if name in BOXES}
        return Done(boxes, {**action.intent, "clicked": ""}, None, "Your values are back")

    def _fill(self, asked: Asked, _action: Action, arguments: Sequence[Any]) -> Done:
        values = outlook(self._engine, self._tab, asked, arguments).settings
        return Done({name: value for name, value in values.items() if name in BOXES})

    def _family(self, _asked: Asked, action: Action, _arguments: Sequence[Any]) -> Done:
        profile = self._engine.profiles.get(action.name)
        facts = self._engine.host.current_checkpoint()
        if profile is None or facts is None:
            raise UserFileError(f"profile: found {action.name!r}, which is not there any more")
        self._engine.checkpoint_choices.choose(facts.file.name, profile.id)
        return Done(controls={"profile": "Auto"}, message=f"{facts.file.name} is {profile.name} from now on")

    def _forget(self, _asked: Asked, _action: Action, _arguments: Sequence[Any]) -> Done:
        facts = self._engine.host.current_checkpoint()
        if facts is not None:
            self._engine.checkpoint_choices.choose(facts.file.name, None)
        return Done(message="Forgotten: the profile is looked for again")

    def _see(self, *_: object) -> Done:
        self._engine.host.remember(FIRST_RUN_OPTION, value=False)
        return Done()

    def _complete(self, *_: object) -> Done:
        self._engine.host.remember(COMPLETION_OPTION, value="on")
        return Done(message="Modelwise makes the suggestions from now on; switch the other extension's off")

    def _words(self, _asked: Asked, _action: Action, arguments: Sequence[Any]) -> Done:
        pasted = read_choices(arguments).pasted or Pasted(ours=False)
        boxes = {"prompt": pasted.words, "negative": pasted.negative_words}
        words: dict[str, Any] = {name: text for name, text in boxes.items() if text is not None}
        if not words:
            return Done()
        # The words hold the styles of their time: chosen beside them, they would be merged twice.
        return Done({**words, "styles": []}, {"pasted": ""}, message="Your own words are back")

    def _undo(self, *_: object) -> Done:
        if self._deleted is None:
            return Done()
        self._engine.own_presets.insert(*self._deleted)
        name, self._deleted = self._deleted[1].name, None
        return Done(message=f"Back again: {name}")


def _names(profile: Profile) -> frozenset[str]:
    return frozenset(preset.name for preset in profile.presets)


def _intent(preset: Preset | OwnPreset) -> dict[str, Any]:
    """The panel's controls that a preset sets, and its name."""
    controls: dict[str, Any] = {"clicked": preset.name}
    if preset.quality:
        controls["quality"] = preset.quality
    if preset.rating:
        controls["rating"] = preset.rating
    if preset.year:
        controls["year"] = str(preset.year)
    return controls


def _fields(boxes: Mapping[str, Any]) -> tuple[str, ...]:
    named = {_FIELD_OF.get(name, name) for name in boxes}
    return tuple(name for name in FIELDS if name in named)
