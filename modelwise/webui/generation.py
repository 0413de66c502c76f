"""One generation: settings before the host's own preparation, prompts after it, a last look at the end.

Everything is computed first and committed last; running twice on the same job changes nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modelwise.detect import Detection
from modelwise.explain import Explanation
from modelwise.own_presets import OwnPreset
from modelwise.profiles import Preset, Profile
from modelwise.report import Entry
from modelwise.settings import FIELDS, Field, Policy, SettingsRequest, decide, untouched_fields
from modelwise.webui import infotext
from modelwise.webui.choices import AUTO, Choices, WrongChoice
from modelwise.webui.engine import Engine
from modelwise.webui.host import Job, Texts
from modelwise.webui.prompts import PromptCompiler, same_items
from modelwise.webui.sampler_names import as_named
from modelwise.webui.settings_page import API_OPTION, SERIES_OPTION

_FIELD_OF = {"width": "size", "height": "size", "scheduler": "sampler"}


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
        self.profile: Profile | None = None
        self.report: list[Entry] = []
        self._prompts: tuple[PromptCompiler, ...] = ()
        self._said: set[str] = set()

    def _is_wanted(self) -> bool:
        mode = self.choices.mode
        if mode != "auto":
            return mode == "on"
        if self.choices.named:
            return True
        if self.job.is_api and not self.choices.of_page:
            return bool(self.engine.host.option(API_OPTION, False))
        pasted = self.choices.pasted
        return pasted is None or pasted.ours or not self.job.raw_prompt().strip()

    def _detect(self, *, loaded: bool) -> Detection:
        detection = self.engine.detect(self.job.checkpoint(loaded=loaded), self.choices.profile)
        self.profile = self.engine.profiles[detection.profile]
        return detection

    def set_settings(self) -> None:
        """Fill the fields that nobody has touched. Called in `before_process`."""
        detection = self._detect(loaded=False)
        profile = self.engine.profiles[detection.profile]
        preset = self._preset(profile)
        self.before = self.job.values()
        if not self.choices.switches.settings:
            return
        policies = self._policies()
        untouched = tuple(untouched_fields(self.choices.untouched))
        request = SettingsRequest(self.before, untouched, policies)  # type: ignore[arg-type]
        values, entries = decide(profile, request, distilled=detection.distilled)
        host, stated = self.engine.host, profile.settings.sampler
        fallback = stated.fallback if stated else ()
        self.settings = as_named(host, values, fallback)
        if not detection.distilled:
            self.settings |= as_named(host, _preset_values(preset, policies), fallback)
        self.job.set_values(self.settings)
        self._tell(entries)
        self._name_final_size()

    def _policies(self) -> dict[Field, Policy]:
        """The policy of each field: what another script varies is that script's, and a picture in img2img
        has a size of its own."""
        given = self.choices.policy
        policies: dict[Field, Policy] = {
            field: given if isinstance(given, str) else given.get(field, "fill") for field in FIELDS
        }
        if self.job.tab == "img2img" and policies["size"] == "fill":
            policies["size"] = "keep"
        others = self.job.fields_of_others()
        return {field: "keep" if field in others else policy for field, policy in policies.items()}

    def _preset(self, profile: Profile) -> Preset | OwnPreset | None:
        name = self.choices.preset
        if name is None:
            return None
        presets = self.engine.presets(profile)
        found = next((preset for preset in presets if preset.name == name), None)
        if found is None:
            names = ", ".join(preset.name for preset in presets) or "none"
            raise WrongChoice(f"preset: found {name!r}; allowed for {profile.name}: {names}")
        return found

    def _name_final_size(self) -> None:
        if self.job.has_hires and "width" in self.settings:
            first = self.settings["width"], self.settings["height"]
            final = self.job.final_size(*first)
            self._say(f"{first[0]}x{first[1]}, and {final[0]}x{final[1]} after the hires pass")

    def set_prompts(self) -> None:
        """Compile every prompt list. Called in `process`, when the model is loaded."""
        self._decide_noise_schedule()
        detection = self._detect(loaded=True)
        profile = self.engine.profiles[detection.profile]
        texts = self.job.texts()
        compiler = PromptCompiler(
            self.engine.compiler(profile.id),
            self.choices,
            self._preset(profile),
            self.job.lines(),
            series=bool(self.engine.host.option(SERIES_OPTION, default=False)),
        )
        self._prompts = compiler, self._hires_compiler(compiler)
        main = compiler.compile(texts.main, texts.main_negative)
        as_pasted = (
            self._is_pasted()
            and not self.choices.named  # a plot's axis varies it
            and (texts.written or texts).main == self.job.raw_prompt()  # no style merged since
        )
        if as_pasted and (main.prompt, main.negative) != (texts.main, texts.main_negative):
            self._say("the pasted prompt would be compiled differently today: used as it is")
            made = texts
        else:
            made = compiler.texts(texts, self._prompts[1])
            self._tell(main.report)
        self.original, self.made = texts, made
        self.job.set_texts(made)
        self._record(0)

    def explained(self, prompt: str, negative: str, *, hires: bool = False) -> Explanation:
        """Why a pair of this job's texts became what it is. To be called when the prompts are set."""
        compiler = self._prompts[hires]
        explainer = self.engine.explainer(compiler.profile)
        return compiler.explained(explainer, prompt, negative, as_it_is=self.made is self.original)

    def _decide_noise_schedule(self) -> None:
        """The option has to be put down before the model is known; only v-prediction keeps it."""
        if "noise_schedule" in self.settings and self.job.prediction() != "v":
            self.job.set_values({"noise_schedule": None})
            del self.settings["noise_schedule"]
            self._say(
                "this model wants v-prediction, which the host has not recognised, so its noise schedule is"
                " left alone; AUTOMATIC1111 needs a .yaml file with the model's name beside it"
            )

    def _hires_compiler(self, main: PromptCompiler) -> PromptCompiler:
        """The second pass is compiled under its own checkpoint's profile."""
        facts = self.job.hires_checkpoint()
        if facts is None:
            return main
        detection = self.engine.detect(facts, self.choices.profile)
        return main.under(self.engine.compiler(detection.profile))

    def _is_pasted(self) -> bool:
        """Whether the boxes still hold what a pasted infotext of ours has put there."""
        pasted = self.choices.pasted
        raw = self.job.raw_prompt(), self.job.raw_negative()
        return bool(pasted and pasted.ours and (pasted.prompt, pasted.negative) == raw)

    def _record(self, index: int) -> None:
        """Write our line for one image, with the user's own prompts where compiling has changed them."""
        original, made, profile = self.original, self.made, self.profile
        if original is None or made is None or profile is None:
            return
        written = original.written or original
        prompt = _changed(original.prompts, made.prompts, written.prompts, index)
        negative = _changed(original.negatives, made.negatives, written.negatives, index)
        pasted = self.choices.pasted
        if pasted and self._is_pasted():
            prompt, negative = prompt or pasted.words, negative or pasted.negative_words
        words = infotext.Words(
            prompt,
            negative,
            _changed(original.hires, made.hires, written.hires, index),
            _changed(original.hires_negatives, made.hires_negatives, written.hires_negatives, index),
        )
        choice = self.engine.profile_id(self.choices.profile) or AUTO
        self.job.set_infotext(infotext.KEY, infotext.written(self.choices, choice, profile, words))

    def record_image(self) -> None:
        """The line for the image that is being finished. Called in `postprocess_image`."""
        self._record(self.job.image_index())

    def look(self) -> None:
        """Say so where another extension has changed our work since. Changes nothing."""
        if self.made is None:
            return
        if not same_items(self.job.texts(), self.made):
            self._say("another extension has changed the prompt after Modelwise")
        now = self.job.values()
        if any(name in now and now[name] != value for name, value in self.settings.items()):
            self._say("another extension has changed the settings after Modelwise")

    def withdraw(self) -> None:
        """Take back what the job still has from us: it comes again, and that is not its user's."""
        now = self.job.values()
        ours = [name for name, value in self.settings.items() if now.get(name, value) == value]
        self.job.set_values({name: self.before.get(name) for name in ours})
        self.job.set_infotext(infotext.KEY, None)

    def restore(self) -> None:
        """Put everything back as it was, after an error of ours."""
        self.active = False
        self.job.set_values({name: self.before.get(name) for name in self.settings})
        if self.original is not None:
            self.job.set_texts(self.original)
        self.made = None
        self.job.set_infotext(infotext.KEY, None)

    def _tell(self, entries: Sequence[Entry]) -> None:
        """Keep what was done; say the warnings beside the image."""
        self.report += entries
        for entry in entries:
            if entry.kind == "warning":
                self._say(f"{entry.item}: {entry.reason}" if entry.item else entry.reason)

    def _say(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self.job.comment(f"Modelwise: {text}")


def _preset_values(preset: Preset | OwnPreset | None, policies: dict[Field, Policy]) -> dict[str, Any]:
    """What a preset sets, but for the fields that are to be kept."""
    if preset is None:
        return {}
    names = ("width", "height", "cfg_scale", "steps", "sampler", "scheduler")
    values = {name: getattr(preset.settings, name) for name in names}
    kept = {field for field, policy in policies.items() if policy == "keep"}
    return {
        name: value
        for name, value in values.items()
        if value is not None and _FIELD_OF.get(name, name) not in kept
    }


def _changed(before: Sequence[str], after: Sequence[str], written: Sequence[str], index: int) -> str | None:
    """The user's own text for an image, where it was changed; a list may be shorter than the job."""
    if not before:
        return None
    index = index if index < len(before) else 0
    return written[index] if before[index] != after[index] else None
