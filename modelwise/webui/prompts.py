"""The prompt lists of one job: compiled pair by pair, each pair once, and compared with what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, zip_longest

import msgspec

from modelwise.compile import Compiler, Request, Result
from modelwise.explain import Explainer, Explanation
from modelwise.intent import Intent
from modelwise.nodes import Lines
from modelwise.own_presets import OwnPreset
from modelwise.parser import parse
from modelwise.profiles import Preset
from modelwise.webui.choices import Choices
from modelwise.webui.host import Texts


class PromptCompiler:
    """Compiles a job's texts for one profile."""

    def __init__(
        self,
        compiler: Compiler,
        choices: Choices,
        preset: Preset | OwnPreset | None,
        lines: Lines,
        *,
        series: bool = False,
    ) -> None:
        self._compiler = compiler
        self._intent = _with_preset(choices, preset)
        series = series or choices.switches.series
        self._switches = msgspec.structs.replace(choices.switches, settings=False, series=series)
        self._lines = lines
        self._known: dict[tuple[str, str], Result] = {}

    def under(self, compiler: Compiler) -> PromptCompiler:
        """The same choices under another profile."""
        other = object.__new__(PromptCompiler)
        other.__dict__.update(self.__dict__, _compiler=compiler, _known={})
        return other

    @property
    def profile(self) -> str:
        """The id of the profile."""
        return self._compiler.profile.id

    def compile(self, prompt: str, negative: str) -> Result:
        """The result for a pair of texts."""
        pair = prompt, negative
        if pair not in self._known:
            self._known[pair] = self._compiler.compile(self._request(*pair))
        return self._known[pair]

    def explained(self, explainer: Explainer, prompt: str, negative: str, *, as_it_is: bool) -> Explanation:
        """Why a pair became what it is; `as_it_is`: it was left alone."""
        request = self._request(prompt, negative)
        return explainer.left_alone(request) if as_it_is else explainer.explain(request)

    def _request(self, prompt: str, negative: str) -> Request:
        return Request(prompt, negative, intent=self._intent, switches=self._switches, lines=self._lines)

    def texts(self, texts: Texts, hires: PromptCompiler) -> Texts:
        """All lists compiled; the second pass's by its own compiler."""
        main = self.compile(texts.main, texts.main_negative)
        prompts, negatives = self._lists(texts.prompts, texts.negatives)
        seconds, second_negatives = hires._lists(texts.hires, texts.hires_negatives)
        return Texts(prompts, negatives, main.prompt, main.negative, seconds, second_negatives)

    def _lists(self, prompts: list[str], negatives: list[str]) -> tuple[list[str], list[str]]:
        results = [self.compile(*pair) for pair in zip(prompts, negatives, strict=True)]
        return [result.prompt for result in results], [result.negative for result in results]


def _with_preset(choices: Choices, preset: Preset | OwnPreset | None) -> Intent:
    intent = choices.intent
    if preset is None:
        return intent
    return msgspec.structs.replace(
        intent,
        quality=choices.level or preset.quality or intent.quality,
        rating=preset.rating or intent.rating,
        year=preset.year or intent.year,
    )


def same_items(now: Texts, made: Texts) -> bool:
    """Whether all texts hold the same items in the same places; the host strips comments after us."""
    pairs = chain(
        zip_longest(now.prompts, made.prompts),
        zip_longest(now.negatives, made.negatives),
        zip_longest(now.hires, made.hires),
        zip_longest(now.hires_negatives, made.hires_negatives),
    )
    return all(left == right or _shape(left) == _shape(right) for left, right in pairs)


def _shape(text: str | None) -> list[str] | None:
    """Branches, segments and items, without the gaps; None for no text."""
    return None if text is None else list(_parts(text))


def _parts(text: str) -> Iterator[str]:
    for branch in parse(text).branches:
        yield branch.lead
        for chunk in branch.chunks:
            yield chunk.lead
            yield from (item.source for item in chunk.body.items)
        yield branch.rest.strip()
