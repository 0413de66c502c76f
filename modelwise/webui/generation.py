"""One generation: settings before the host's own preparation, prompts after it, a last look at the end.

Everything is computed first and committed last; running twice on the same job changes nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from modelwise.compile import Compiler, Request, Result, Switches
from modelwise.detect import Detection
from modelwise.nodes import Lines
from modelwise.parser import parse
from modelwise.profiles import Preset, Profile
from modelwise.report import Entry
from modelwise.settings import FIELDS, SettingsRequest, decide, untouched_fields
from modelwise.webui import infotext
from modelwise.webui.choices import Choices
from modelwise.webui.engine import Engine
from modelwise.webui.host import Job, Texts

API_OPTION = "modelwise_api_auto"


class Generation:
    """Our part in one job of the host."""

    def __init__(self, engine: Engine, job: Job, choices: Choices) -> None:
        self.engine = engine
        self.job = job
        self.choices = choices
        self.active = self._is_wanted()
        self.before: dict[str, Any] = {}
        self.settings: dict[str, Any] = {}
        self.original: Texts | None = None
        self.made: Texts | None = None
        self.said: set[str] = set()
        self.detection: Detection | None = None

    def _is_wanted(self) -> bool:
        mode = self.choices.mode
        if mode != "auto":
            return mode == "on"
        if self.job.is_api and not self.choices.named:
            return bool(self.engine.host.option(API_OPTION, False))
        pasted = self.choices.pasted
        return pasted is None or pasted.ours or not self.job.raw_prompt().strip()

    def _detect(self, *, loaded: bool) -> Detection:
        facts = self.job.checkpoint(loaded=loaded)
        self.detection = self.engine.detect(facts, self.choices.profile)
        return self.detection

    def set_settings(self) -> None:
        """Fill the fields that nobody has touched. Called in `before_process`."""
        if not self.active:
            return
        detection = self._detect(loaded=False)
        profile = self.engine.profiles[detection.profile]
        self.before = self.job.values()
        values, entries = self._decided(profile, detection)
        values |= _preset_values(self._preset(profile))
        values = self._with_sampler(values, profile)
        self.job.set_values(values)
        self.settings = values
        self._warn(entries)
        if self.job.has_hires and "width" in values:
            width, height = self.job.final_size(values["width"], values["height"])
            self._say(f"{values['width']}x{values['height']}, and {width}x{height} after the hires pass")

    def _decided(self, profile: Profile, detection: Detection) -> tuple[dict[str, Any], list[Entry]]:
        if not self.choices.switches.settings:
            return {}, []
        others = set(self.job.fields_of_others())
        untouched = untouched_fields(self.choices.untouched) - others
        policy = self.choices.policy
        policies = {field: policy if isinstance(policy, str) else policy.get(field, "fill") for field in FIELDS}
        if self.job.tab == "img2img" and policies["size"] == "fill":
            others.add("size")  # the picture's own size counts there
        for field in others & policies.keys():
            policies[field] = "keep"
        request = SettingsRequest(self.before, tuple(untouched), policies)
        return decide(profile, request, distilled=detection.distilled)

    def _with_sampler(self, values: dict[str, Any], profile: Profile) -> dict[str, Any]:
        """The first sampler of the profile's chain that the host has; none: the sampler is left alone."""
        stated = profile.settings.sampler
        if "sampler" not in values or not stated:
            return values
        known = set(self.engine.host.samplers())
        chain = (values["sampler"], *stated.fallback)
        found = next((sampler for sampler in chain if sampler in known), None)
        if found is not None:
            return {**values, "sampler": found}
        return {name: value for name, value in values.items() if name not in {"sampler", "scheduler"}}

    def _preset(self, profile: Profile) -> Preset | None:
        name = self.choices.preset
        if name is None:
            return None
        found = next((preset for preset in profile.presets if preset.name == name), None)
        if found is None:
            names = ", ".join(preset.name for preset in profile.presets) or "none"
            raise ValueError(f"preset: found {name!r}; allowed for {profile.name}: {names}")
        return found

    def set_prompts(self) -> None:
        """Compile every prompt list. Called in `process`, when the model is loaded."""
        if not self.active:
            return
        detection = self._detect(loaded=True)
        compiler = self.engine.compiler(detection.profile)
        texts = self.job.texts()
        results = _Results(self, compiler, detection)
        main = results.compile(texts.main, texts.main_negative)
        if self._keeps_pasted(texts, main):
            self._say("the pasted prompt would be compiled differently today: used as it is")
            return
        made = self._made(texts, results, main)
        self.job.set_texts(made)
        self.original, self.made = texts, made
        self._record(0)
        self._warn(main.report)

    def _made(self, texts: Texts, results: _Results, main: Result) -> Texts:
        pairs = [results.compile(*pair) for pair in zip(texts.prompts, texts.negatives, strict=True)]
        made = Texts(
            [result.prompt for result in pairs],
            [result.negative for result in pairs],
            main.prompt,
            main.negative,
        )
        if texts.hires:
            hires = self._hires_results(results)
            seconds = [
                hires.compile(*pair) for pair in zip(texts.hires, texts.hires_negatives, strict=True)
            ]
            made.hires = [result.prompt for result in seconds]
            made.hires_negatives = [result.negative for result in seconds]
        return made

    def _hires_results(self, results: _Results) -> _Results:
        """The second pass is compiled under its own checkpoint's profile."""
        facts = self.job.hires_checkpoint()
        if facts is None:
            return results
        detection = self.engine.detect(facts, self.choices.profile)
        return _Results(self, self.engine.compiler(detection.profile), detection)

    def _keeps_pasted(self, texts: Texts, main: Result) -> bool:
        pasted = self.choices.pasted
        if pasted is None or not pasted.ours or pasted.prompt != self.job.raw_prompt():
            return False
        return pasted.prompt == texts.main and main.prompt != texts.main

    def _record(self, index: int) -> None:
        """Write our line for one image; it differs where the user's own prompts differ."""
        original, made = self.original, self.made
        if original is None or made is None or self.detection is None:
            return
        index = index if index < len(made.prompts) else 0
        prompt = _changed(original.prompts, made.prompts, index)
        negative = _changed(original.negatives, made.negatives, index)
        if prompt is None and negative is None and not self.settings:
            return
        profile = self.engine.profiles[self.detection.profile]
        value = infotext.written(self.choices, profile.id, profile.version, prompt, negative)
        self.job.set_infotext(infotext.KEY, value)

    def record_image(self) -> None:
        """The line for the image that is being finished. Called in `postprocess_image`."""
        self._record(self.job.image_index())

    def look(self) -> None:
        """Say so where another extension has changed our work since. Changes nothing."""
        if self.made is None:
            return
        now = self.job.texts()
        same = all(map(_same_items, now.prompts, self.made.prompts))
        if len(now.prompts) != len(self.made.prompts) or not same:
            self._say("another extension has changed the prompt after Modelwise")
        values = self.job.values()
        for name in ("width", "height"):
            if name in self.settings and values.get(name) != self.settings[name]:
                self._say("another extension has changed the size after Modelwise")

    def restore(self) -> None:
        """Put everything back as it was, after an error of ours."""
        self.active = False
        if self.settings:
            self.job.set_values({name: self.before[name] for name in self.settings if name in self.before})
        if self.original is not None:
            self.job.set_texts(self.original)
        self.made = None
        self.job.set_infotext(infotext.KEY, None)

    def _warn(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.kind == "warning":
                self._say(f"{entry.item}: {entry.reason}" if entry.item else entry.reason)

    def _say(self, text: str) -> None:
        if text not in self.said:
            self.said.add(text)
            self.job.comment(f"Modelwise: {text}")


class _Results:
    """Compiled texts of one job for one profile, each pair once."""

    def __init__(self, generation: Generation, compiler: Compiler, detection: Detection) -> None:
        self._generation = generation
        self._compiler = compiler
        self._known: dict[tuple[str, str], Result] = {}
        choices = generation.choices
        preset = generation._preset(compiler.profile)
        self._intent = _with_preset(choices, preset)
        switches = choices.switches
        self._switches = Switches(
            order=switches.order,
            quality=switches.quality,
            negative=switches.negative,
            spelling=switches.spelling,
            quality_at_end=switches.quality_at_end,
            settings=False,
        )

    def compile(self, prompt: str, negative: str) -> Result:
        """The result for a pair of texts."""
        pair = prompt, negative
        if pair not in self._known:
            request = Request(prompt, negative, intent=self._intent, switches=self._switches)
            self._known[pair] = self._compiler.compile(request)
        return self._known[pair]


def _with_preset(choices: Choices, preset: Preset | None) -> Any:
    intent = choices.intent
    if preset is None:
        return intent
    return type(intent)(
        preset.quality or intent.quality,
        intent.aesthetic,
        preset.rating or intent.rating,
        preset.year or intent.year,
    )


def _preset_values(preset: Preset | None) -> dict[str, Any]:
    if preset is None:
        return {}
    names = ("width", "height", "cfg_scale", "steps", "sampler", "scheduler")
    values = ((name, getattr(preset.settings, name)) for name in names)
    return {name: value for name, value in values if value is not None}


def _changed(before: Sequence[str], after: Sequence[str], index: int) -> str | None:
    return before[index] if before[index] != after[index] else None


def _same_items(left: str, right: str) -> bool:
    """Comments and white space aside: the host strips comments after us."""
    return left == right or list(_items(left)) == list(_items(right))


def _items(text: str) -> Iterator[str]:
    tree = parse(text, lines=Lines.SEPARATOR)
    for branch in tree.branches:
        for chunk in branch.chunks:
            yield from (item.source for item in chunk.body.items)
        yield branch.rest.strip()
