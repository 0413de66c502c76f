"""One press of Generate: what the page sends, and the job that our hooks work on."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from modelwise.checkpoint_header import HeaderError, read_header
from modelwise.nodes import Lines
from modelwise.webui.host import CheckpointFacts, Texts
from modelwise.webui.line_ends import line_ends
from modelwise.workbench.host import Workbench
from modelwise.workbench.names import SAME_CHECKPOINT, SAMPLERS
from modelwise.workbench.styles import Style, merged

_COMMENT_LINE = re.compile(r"^#[^\n]*(?:\n|$)", re.MULTILINE)
_COMMENT = re.compile(r"#[^\n]*")
_HIGHEST_SEED = 2**32
_OPTIONS = {"clip_skip", "noise_schedule"}
"""Settings that the page has no field for."""


@dataclass(frozen=True, slots=True)
class Hires:
    """The second pass as the page asks for it; sizes in pixels, 0 for none."""

    scale: float
    width: int
    height: int
    upscaler: str
    steps: int
    denoising_strength: float
    checkpoint: str = SAME_CHECKPOINT
    prompt: str = ""
    negative: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """The page's fields. `settings`: by Modelwise's names; `denoising_strength`: img2img's own."""

    tab: str
    prompt: str
    negative: str
    settings: Mapping[str, Any]
    styles: tuple[Style, ...] = ()
    batch_count: int = 1
    batch_size: int = 1
    seed: int = -1
    hires: Hires | None = None
    denoising_strength: float | None = None


@dataclass(slots=True)
class State:
    """What the hooks may change."""

    settings: dict[str, Any]
    texts: Texts | None = None
    infotext: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)


class WorkbenchJob:
    """A request as a Job, with the steps that the WebUI takes between the hooks."""

    is_api = False

    def __init__(self, request: Request, host: Workbench) -> None:
        self.request = request
        self.tab = request.tab
        self.has_hires = request.hires is not None
        self.index = 0
        self.state = State(dict(request.settings))
        self._host = host
        self._checkpoint = host.current_checkpoint()
        first = request.seed if request.seed >= 0 else random.randrange(_HIGHEST_SEED)  # noqa: S311 (a seed)
        self.seeds = [first + number for number in range(request.batch_count * request.batch_size)]

    def prepare(self) -> None:
        """After `before_process`: an unknown sampler becomes the first, styles are merged, the lists made."""
        if self.state.settings["sampler"] not in SAMPLERS:
            self.state.settings["sampler"] = SAMPLERS[0]
        request, hires, count = self.request, self.request.hires, len(self.seeds)
        positive = [style.prompt for style in request.styles]
        negative = [style.negative for style in request.styles]
        texts = self.state.texts = Texts(
            [merged(request.prompt, positive)] * count,
            [merged(request.negative, negative)] * count,
            merged(request.prompt, positive),
            merged(request.negative, negative),
        )
        if hires:
            texts.hires = [merged(hires.prompt or request.prompt, positive)] * count
            texts.hires_negatives = [merged(hires.negative or request.negative, negative)] * count

    def strip_comments(self) -> None:
        """After `process`: the WebUI takes comments out of every list but the main texts."""
        texts = self.texts()
        for name in ("prompts", "negatives", "hires", "hires_negatives"):
            setattr(texts, name, [without_comments(text) for text in getattr(texts, name)])
        self.set_texts(texts)

    def raw_prompt(self) -> str:
        """The prompt box."""
        return self.request.prompt

    def raw_negative(self) -> str:
        """The negative's box."""
        return self.request.negative

    def checkpoint(self, *, loaded: bool) -> CheckpointFacts | None:  # noqa: ARG002 (always loaded here)
        """The checkpoint that was chosen when Generate was pressed."""
        return self._checkpoint

    def hires_checkpoint(self) -> CheckpointFacts | None:
        """The second pass's own checkpoint, if one is chosen."""
        return self._host.checkpoint(self.request.hires.checkpoint) if self.request.hires else None

    def fields_of_others(self) -> Collection[str]:
        """None: no other script runs here."""
        return ()

    def values(self) -> dict[str, Any]:
        """The settings as they are."""
        return {name: value for name, value in self.state.settings.items() if name not in _OPTIONS}

    def set_values(self, values: dict[str, Any]) -> None:
        """Set settings; None takes clip skip back, which the page has no field for."""
        for name, value in values.items():
            if value is None:
                self.state.settings.pop(name, None)
            else:
                self.state.settings[name] = value

    def lines(self) -> Lines:
        """Regions where the settings page says so."""
        return line_ends(self._host.option)

    def prediction(self) -> str | None:
        """What the checkpoint's header says; a sample is never loaded."""
        try:
            return read_header(self._checkpoint.file).prediction if self._checkpoint else None
        except HeaderError:
            return None

    def final_size(self, width: int, height: int) -> tuple[int, int]:
        """By the second pass's own size, or by its scale; one side given keeps the shape."""
        hires = self.request.hires
        if hires is None:
            return width, height
        if not hires.width and not hires.height:
            return int(width * hires.scale), int(height * hires.scale)
        wide = hires.width or hires.height * width // height
        return wide, hires.height or hires.width * height // width

    def texts(self) -> Texts:
        """All prompt lists."""
        if self.state.texts is None:
            raise RuntimeError("the prompt lists are made after before_process")
        return copied(self.state.texts)

    def set_texts(self, texts: Texts) -> None:
        """Replace all lists."""
        self.state.texts = copied(texts)

    def set_infotext(self, key: str, value: str | None) -> None:
        """Put a line into the infotext, or take it out."""
        self.state.infotext.pop(key, None)
        if value is not None:
            self.state.infotext[key] = value

    def image_index(self) -> int:
        """The number of the image that is being finished."""
        return self.index

    def comment(self, text: str) -> None:
        """Say something under the picture."""
        self.state.comments.append(text)


def copied(texts: Texts) -> Texts:
    """The same texts in lists of their own."""
    return replace(
        texts,
        prompts=list(texts.prompts),
        negatives=list(texts.negatives),
        hires=list(texts.hires),
        hires_negatives=list(texts.hires_negatives),
    )


def without_comments(text: str) -> str:
    """A text as the WebUI's sampler gets it: a line that is a comment goes with its line end."""
    return _COMMENT.sub("", _COMMENT_LINE.sub("", text))
