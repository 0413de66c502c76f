"""What Generate would do now, found out by doing it: our hooks run on a job made of what the page shows.

So the panel's line can promise only what will happen. Nothing is written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from modelwise.compile import Request
from modelwise.detect import Detection
from modelwise.explain import Explanation
from modelwise.nodes import Lines
from modelwise.report import Entry
from modelwise.webui import hooks
from modelwise.webui.choices import WrongChoice, read_choices
from modelwise.webui.engine import Engine
from modelwise.webui.generation import Generation
from modelwise.webui.host import CheckpointFacts, Texts
from modelwise.webui.line_ends import line_ends


class PageHires(msgspec.Struct, frozen=True):
    """The second pass as the page shows it; sizes in pixels, 0 for none; an empty text: the first's.
    `checkpoint`: what its box says, which may be no checkpoint's name."""

    scale: float = 1.0
    width: int = 0
    height: int = 0
    prompt: str = ""
    negative: str = ""
    checkpoint: str = ""


class Page(msgspec.Struct, frozen=True):
    """What the page's script says of a tab. `values`: the boxes by Modelwise's names."""

    prompt: str = ""
    negative: str = ""
    values: dict[str, int | float | str] = {}
    hires: PageHires | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What will happen. `settings`: what will be set; `wrong`: why nothing will, where a choice is wrong;
    `explain`: of the texts, and of those of the second pass where they are others, when asked."""

    detection: Detection
    active: bool
    settings: dict[str, Any]
    report: tuple[Entry, ...]
    comments: tuple[str, ...]
    prompt: str
    negative: str
    wrong: str | None = None
    explain: Callable[[], Iterator[Explanation]] = field(default=lambda: iter(()), compare=False)


@dataclass(slots=True)
class PageJob:
    """The page's boxes as a Job."""

    tab: str
    page: Page
    facts: CheckpointFacts | None
    line_ends: Lines
    has_hires: bool
    second_facts: CheckpointFacts | None = None
    is_api: bool = False
    made: Texts | None = None
    comments: list[str] = field(default_factory=list)

    def raw_prompt(self) -> str:
        """The prompt box."""
        return self.page.prompt

    def raw_negative(self) -> str:
        """The negative's box."""
        return self.page.negative

    def checkpoint(self, *, loaded: bool) -> CheckpointFacts | None:  # noqa: ARG002 (nothing is loaded)
        """The chosen checkpoint."""
        return self.facts

    def hires_checkpoint(self) -> CheckpointFacts | None:
        """The one that is chosen for it."""
        return self.second_facts

    def fields_of_others(self) -> Collection[str]:
        """None: which script will run is not known yet."""
        return ()

    def values(self) -> dict[str, Any]:
        """The boxes."""
        return dict(self.page.values)

    def set_values(self, values: dict[str, Any]) -> None:
        """The boxes stay."""

    def lines(self) -> Lines:
        """By the settings."""
        return self.line_ends

    def prediction(self) -> str | None:
        """v: nothing is loaded, so the line says what a right model would get."""
        return "v"

    def final_size(self, width: int, height: int) -> tuple[int, int]:
        """By the second pass's own size, or by its scale; one side given keeps the shape."""
        hires = self.page.hires or PageHires()
        if not hires.width and not hires.height:
            return int(width * hires.scale), int(height * hires.scale)
        wide = hires.width or hires.height * width // height
        return wide, hires.height or hires.width * height // width

    def texts(self) -> Texts:
        """Both boxes, before styles."""
        page, hires = self.page, self.page.hires
        found = Texts([page.prompt], [page.negative], page.prompt, page.negative)
        if hires is not None:
            found.hires = [hires.prompt or page.prompt]
            found.hires_negatives = [hires.negative or page.negative]
        return self.made or found

    def set_texts(self, texts: Texts) -> None:
        """What would be sampled."""
        self.made = texts

    def set_infotext(self, key: str, value: str | None) -> None:
        """There is no image."""

    def image_index(self) -> int:
        """The first."""
        return 0

    def comment(self, text: str) -> None:
        """What would be said beside the image."""
        self.comments.append(text)


def outlook(engine: Engine, tab: str, page: Page, arguments: Sequence[Any]) -> Outlook:
    """What Generate would do with the page's boxes and the panel's arguments."""
    facts = engine.host.current_checkpoint()
    wrong = None
    try:
        choices = read_choices(arguments)
        detection = engine.detect(facts, choices.profile)
    except WrongChoice as error:
        detection, wrong = engine.detect(facts), str(error)
    lines = line_ends(engine.host.option)
    second = engine.host.checkpoint(page.hires.checkpoint) if page.hires else None
    job = PageJob(tab, page, facts, lines, page.hires is not None, second)
    generation = None if wrong else hooks.before_process(engine, job, arguments)
    hooks.process(generation)
    active = generation is not None and generation.active
    return Outlook(
        detection,
        active,
        dict(generation.settings) if generation and active else {},
        tuple(generation.report) if generation and active else (),
        tuple(job.comments),
        job.texts().main,
        job.texts().main_negative,
        wrong,
        partial(_explanations, engine, detection, job, generation if active else None),
    )


def _explanations(
    engine: Engine, detection: Detection, job: PageJob, generation: Generation | None
) -> Iterator[Explanation]:
    """Of what was made, or where nothing was, of the texts as they are."""

    def explained(prompt: str, negative: str, *, second: bool = False) -> Explanation:
        if generation is not None:
            return generation.explained(prompt, negative, hires=second)
        request = Request(prompt, negative, lines=job.line_ends)
        return engine.explainer(detection.profile).left_alone(request)

    page, hires = job.page, job.page.hires
    first = explained(page.prompt, page.negative)
    yield first
    if hires is None or (not hires.prompt and not hires.negative and job.second_facts is None):
        return
    found = explained(hires.prompt or page.prompt, hires.negative or page.negative, second=True)
    if (found.result.prompt, found.result.negative) != (first.result.prompt, first.result.negative):
        yield found
