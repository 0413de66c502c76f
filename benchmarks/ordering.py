"""How often ordering finds a trained order again: prompts in that order are shuffled, then ordered.

What counts is the head of a prompt: its subject, characters and series. The prompts are no part of the
repository.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import mean

from benchmarks import Figure, Options
from modelwise.compile import Compiler, Request, Switches
from modelwise.profile_files import load_bundled
from modelwise.tag_files import load_vocabulary
from modelwise.terms import Slot

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
PROMPTS = SHARED / "prompts-practice.tsv"
TAGS = SHARED / "danbooru_2025-01-03.csv"
PROFILE = "animagine-xl-3.1"
SEED = 20_250_103
ORDER_ONLY = Switches(quality=False, negative=False, settings=False, spelling=False)
LINE = 3
"""A line of a character list is a subject, a character and a series; what follows it is general."""
HEAD = (Slot.SUBJECT, Slot.CHARACTER, Slot.SERIES)
WHOLE = "full"
"""The kind of the prompts that people wrote; all others begin with a line of a list."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A prompt in trained order: its items, the head among them, and the items shuffled."""

    kind: str
    items: tuple[str, ...]
    head: tuple[str, ...]
    shuffled: tuple[str, ...]


def figures(options: Options) -> Iterator[Figure]:
    """The figures with our lists alone and with a tag list; none where there are no prompts."""
    path = options.prompts or PROMPTS
    if not path.is_file():
        sys.stderr.write(f"no figures of ordering: {path} is missing; --prompts TSV names another file\n")
        return
    profile = load_bundled().profiles[PROFILE]
    ours = Compiler(profile, load_vocabulary())
    tags = options.tags or TAGS
    large = Compiler(profile, load_vocabulary([tags])) if tags.is_file() else None
    prompts = list(trained(path, large or ours))
    yield from compared(prompts, ours, "our lists", 80.0)
    if large is None:
        sys.stderr.write(f"no figures of ordering with a tag list: {tags} is missing; --tags CSV names one\n")
        return
    yield from compared(prompts, large, "a tag list", 97.0)


def trained(path: Path, judge: Compiler) -> Iterator[Trained]:
    """The prompts of a file with the columns kind, source and prompt. `judge` tells the head of what people
    wrote."""
    dice = random.Random(SEED)
    classifier = judge.classifier("standard")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    for kind, _source, text in rows:
        items = tuple(item.strip() for item in text.split(",") if item.strip())
        head = items[:LINE]
        if kind == WHOLE:
            head = tuple(item for item in items if classifier.tag(item).slot in HEAD)
        yield Trained(kind, items, head, tuple(dice.sample(items, len(items))))


def compared(prompts: Sequence[Trained], compiler: Compiler, lists: str, target: float) -> Iterator[Figure]:
    """How the heads come back: those of the lists, and apart from them those that people wrote.

    People's are too few for a target, and two subjects keep the order in which they stand.
    """
    for named, is_whole in ((f"heads exact, {lists}", False), (f"heads exact, {lists}, by people", True)):
        bound = None if is_whole else target
        some = [prompt for prompt in prompts if (prompt.kind == WHOLE) is is_whole]
        if not some:
            continue
        found = [(prompt.head, head_of(compiler, prompt)) for prompt in some]
        exact = 100 * mean(head == got for head, got in found)
        yield Figure(f"{named} ({len(some)})", exact, unit="%", target=bound, at_least=True)
        yield Figure(f"{named}: Kendall", mean(kendall(*pair) for pair in found), unit="")


def head_of(compiler: Compiler, prompt: Trained) -> tuple[str, ...]:
    """The head's items in the order in which the shuffled prompt comes back, one that is there twice once."""
    request = Request(", ".join(prompt.shuffled), switches=ORDER_ONLY)
    items = compiler.compile(request).prompt.split(",")
    return tuple(dict.fromkeys(item for item in map(str.strip, items) if item in prompt.head))


def kendall(wanted: Sequence[str], got: Sequence[str]) -> float:
    """The share of pairs that stand the other way round, from 0 (the same order) to 1 (reversed)."""
    places = {item: place for place, item in enumerate(got)}
    pairs = list(combinations(wanted, 2))
    return sum(places[one] > places[other] for one, other in pairs) / len(pairs) if pairs else 0.0
