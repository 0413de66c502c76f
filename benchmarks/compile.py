"""What `Compiler.compile` costs, everything included, against the least that any such program has to do.

The floor, measured in the same run on the same prompts: split at commas, look each tag up in a dictionary
of the same tags, order by category, join; no syntax, no checks, no additions, no report. Of three such
floors the third finds what the prompts hold, weighted tags too; the target is held against that one.
"""

from __future__ import annotations

import cProfile
import io
import pstats
import random
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from benchmarks import Figure, Options, median_time, percentile, timed
from benchmarks.make_prompts import GENERAL, read, words
from benchmarks.webui import Schedules
from modelwise.compile import LONGEST_PROMPT, Compiler, Request
from modelwise.profile_files import load_bundled
from modelwise.profiles import Profile
from modelwise.spelling import normal_form
from modelwise.tag_files import bundled_lists, read_csv
from modelwise.vocabulary import Category, TagList, Vocabulary, category_of

TAGS = 140_000
EMPHASIS = re.compile(r"^[(\[{]+|(?<!\\)(?::[\d.]+)?[)\]}]+$|<[^>]*>")
REPEATS = 5
HOSTILE = (
    "(",
    "[",
    "a:",
    "(a,",
    "a|",
    "<lora:",
    "\\",
    "{",
    '"a, ',
    "AND ",
    "BREAK,",
    "#a\n",
    "1girl\n",
    "[a:b:",
    "__a_",
)
IMPORTS = ("modelwise.compile", "modelwise.cli")

Prompts = Sequence[str]


def figures(options: Options) -> Iterator[Figure]:
    """All figures of the core."""
    yield from start_figures()
    vocabulary, load_time = loaded_vocabulary(options.tags)
    yield Figure(f"load {len(vocabulary):,} tags", load_time)
    _, prompts = read()
    profiles = card_profiles()
    bare, full, weighted = floors(prompts, vocabulary)
    yield Figure("floor p50, tags as written", percentile(bare, 0.5))
    yield Figure("floor p50, by normal form, name and alias", percentile(full, 0.5))
    yield Figure("floor p50, weights taken off too", percentile(weighted, 0.5))
    yield Figure("floor p99, weights taken off too", percentile(weighted, 0.99))
    yield from speed_figures(profiles, vocabulary, prompts, percentile(weighted, 0.5))
    slowest = profiles[0]
    yield from scaling_figures(slowest, vocabulary)
    yield from hostile_figures(slowest, vocabulary)
    if options.webui:
        yield from webui_figures(slowest, vocabulary, prompts, options.webui)


def start_figures() -> Iterator[Figure]:
    """What a start of the program waits for."""
    load = median_time(load_bundled, 9)
    count = len(load_bundled().profiles)
    yield Figure(f"load a profile (mean of {count})", load / count, target=5.0)
    names = ", ".join(name for name in IMPORTS if find_spec(name))
    bare = statistics.median(process_time("pass") for _ in range(5))
    full = statistics.median(process_time(f"import {names}") for _ in range(5))
    yield Figure(f"import {names}", full - bare, target=150.0)


def process_time(code: str) -> float:
    """How long a fresh Python takes for some code."""
    return timed(lambda: subprocess.run([sys.executable, "-c", code], check=True))


def card_profiles() -> list[Profile]:
    """The bundled profiles that are made from a card, those with the most words of their own first."""
    profiles = load_bundled().profiles.values()
    cards = [profile for profile in profiles if not profile.generic and profile.order]
    return sorted(cards, key=lambda profile: (-len(str(profile.inject)), profile.id))


def loaded_vocabulary(file: Path | None) -> tuple[Vocabulary, float]:
    """Our own lists with a list of the usual size, and how long loading took."""
    results: list[Vocabulary] = []
    time = timed(lambda: results.append(Vocabulary([*bundled_lists(), tag_list(file)])))
    return results[0], time


def tag_list(file: Path | None) -> TagList:
    """A tag list from a file, or, without one, names made of our words, by category like a real list's."""
    if file is not None:
        return read_csv(file)
    dice = random.Random(1)
    material = [word.replace(" ", "_") for word in words(GENERAL)]
    shares = (Category.GENERAL, *[Category.ARTIST] * 2, *[Category.CHARACTER] * 2)
    rows = [(name, Category.GENERAL, 1000, ()) for name in material]
    for number in range(TAGS - len(rows)):
        name = f"{dice.choice(material)}_{dice.choice(material)}_{number}"
        rows.append((name, shares[number % len(shares)], number, ()))
    return TagList("synthetic", tuple(rows))


def bare_floor(categories: Mapping[str, int], text: str) -> str:
    """The least work of all: a tag that is written otherwise than in the lists is not found."""
    tags = [tag.strip() for tag in text.split(",")]
    return ", ".join(sorted(tags, key=lambda tag: categories.get(tag.replace("_", " ").lower(), -1)))


def floor(categories: Mapping[str, int], aliases: Mapping[str, str], text: str) -> str:
    """The least work that finds the tags: by normal form, by name and then by alias."""

    def category(tag: str) -> int:
        key = normal_form(tag)
        found = categories.get(key)
        return categories.get(aliases.get(key, ""), -1) if found is None else found

    tags = [tag.strip() for tag in text.split(",")]
    return ", ".join(sorted(tags, key=category))


def weighted_floor(categories: Mapping[str, int], aliases: Mapping[str, str], text: str) -> str:
    """The least work that finds the tags of real prompts: their brackets and weights are taken off first."""
    slots: dict[int, list[str]] = {}
    for piece in text.split(","):
        tag = piece.strip()
        key = normal_form(EMPHASIS.sub("", tag))
        found = categories.get(key)
        if found is None:
            found = categories.get(aliases.get(key, ""), -1)
        slots.setdefault(found, []).append(tag)
    return ", ".join(tag for slot in sorted(slots) for tag in slots[slot])


def floors(prompts: Prompts, vocabulary: Vocabulary) -> tuple[list[float], ...]:
    """The bare floor, the floor by normal form, and the one that knows weights, for each prompt."""
    tables = vocabulary.tables
    categories = {key: int(category_of(code)) for key, code in tables.codes.items()}
    aliases = dict(tables.aliases)
    works = (
        partial(bare_floor, categories),
        partial(floor, categories, aliases),
        partial(weighted_floor, categories, aliases),
    )
    return tuple([median_time(partial(work, text), REPEATS * 5) for text in prompts] for work in works)


def compile_times(profile: Profile, vocabulary: Vocabulary, prompts: Prompts, fresh: str) -> list[float]:
    """The median for each prompt. `fresh`: each `prompt` or each `pass` gets a new Compiler, or `none`."""
    rows: list[list[float]] = []
    compiler = prepared(profile, vocabulary)
    for _ in range(REPEATS + 1):
        if fresh == "pass":
            compiler = prepared(profile, vocabulary)
        row: list[float] = []
        for text in prompts:
            if fresh == "prompt":
                compiler = prepared(profile, vocabulary)
            request = Request(text, negative="blurry, extra fingers")
            row.append(timed(partial(compiler.compile, request)))
        rows.append(row)
    return [statistics.median(column) for column in zip(*rows[1:], strict=True)]


def prepared(profile: Profile, vocabulary: Vocabulary) -> Compiler:
    """A compiler that has its tables but has read no prompt."""
    compiler = Compiler(profile, vocabulary)
    compiler.compile(Request(""))
    return compiler


def speed_figures(
    profiles: Sequence[Profile], vocabulary: Vocabulary, prompts: Prompts, base: float
) -> Iterator[Figure]:
    """Speed over the set: of the slowest profile, with and without anything remembered."""
    cold = {profile.id: compile_times(profile, vocabulary, prompts, "prompt") for profile in profiles}
    slowest = max(cold, key=lambda name: percentile(cold[name], 0.5))
    profile = next(profile for profile in profiles if profile.id == slowest)
    yield Figure("new compiler's own tables", median_time(lambda: prepared(profile, vocabulary), 9))
    runs = {
        "new compiler each prompt": cold[slowest],
        "new compiler each pass": compile_times(profile, vocabulary, prompts, "pass"),
        "all tags read before": compile_times(profile, vocabulary, prompts, "none"),
    }
    for name, times in runs.items():
        p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
        # A program keeps its compiler: one for each prompt says only what the first of all costs.
        target = None if name == "new compiler each prompt" else 8 * base
        yield Figure(f"compile p50, {name} ({slowest})", p50, target=target, baseline=base)
        yield Figure(f"compile p99, {name}, by p50", p99, target=4 * p50, baseline=p50)


def long_prompt(vocabulary: Vocabulary, count: int) -> str:
    """A prompt of distinct tags, every tenth with a weight."""
    dice = random.Random(7)
    names = sorted(filter(str.isalnum, vocabulary.tables.codes))
    some = dice.sample(names, min(count, len(names)))
    pairs = (f"{first} {second}" for gap in range(1, len(some)) for first, second in zip(some, some[gap:]))
    tags = [*some, *islice(pairs, count - len(some))]
    return ", ".join(f"({tag}:1.2)" if at % 10 == 9 else tag for at, tag in enumerate(tags))


def scaling_figures(profile: Profile, vocabulary: Vocabulary) -> Iterator[Figure]:
    """Whether the time grows with the text and no faster."""
    some, many = (cold_time(profile, vocabulary, long_prompt(vocabulary, count)) for count in (750, 7_500))
    yield Figure("750 tags", some)
    yield Figure("7,500 tags, by 750", many, target=12 * some, baseline=some)
    unit = long_prompt(vocabulary, 750) + ", "
    longest = (unit * (LONGEST_PROMPT // len(unit) + 1))[:LONGEST_PROMPT]
    yield Figure(f"{LONGEST_PROMPT // 1000} kB prompt", cold_time(profile, vocabulary, longest))
    megabyte = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]
    yield Figure("1 MB prompt", cold_time(profile, vocabulary, megabyte), target=1_000.0)


def cold_time(profile: Profile, vocabulary: Vocabulary, text: str) -> float:
    """The median for one text, each time with a new compiler."""
    times: list[float] = []
    for _ in range(REPEATS):
        compiler = prepared(profile, vocabulary)
        times.append(timed(partial(compiler.compile, Request(text))))
    return statistics.median(times)


def hostile_figures(profile: Profile, vocabulary: Vocabulary) -> Iterator[Figure]:
    """The worst growth over texts that repeat one piece: ten times the length, no hundred times the time."""

    def growth(piece: str) -> tuple[float, float, str]:
        short, long = (
            cold_time(profile, vocabulary, piece * (size // len(piece))) for size in (10_000, 100_000)
        )
        return long / short, short, piece

    ratio, short, piece = max(map(growth, HOSTILE))
    yield Figure(f"100 kB of {piece!r}, by 10 kB", ratio * short, target=20 * short, baseline=short)


def webui_figures(
    profile: Profile, vocabulary: Vocabulary, prompts: Prompts, webui: Path
) -> Iterator[Figure]:
    """The WebUI's own reading of the same prompts, which happens at every generation anyway."""
    schedules = Schedules(webui)
    pairs = [
        (theirs, ours)
        for text, ours in zip(prompts, compile_times(profile, vocabulary, prompts, "pass"), strict=True)
        if (theirs := schedules.time(text)) is not None
    ]
    attention = [median_time(partial(schedules.attention, text), REPEATS) for text in prompts]
    yield Figure("the WebUI's attention parse p50 (one of its two passes)", percentile(attention, 0.5))
    theirs = percentile([pair[0] for pair in pairs], 0.5)
    ours = percentile([pair[1] for pair in pairs], 0.5)
    yield Figure("the WebUI's schedules p50", theirs)
    yield Figure("the WebUI's schedules p99", percentile([pair[0] for pair in pairs], 0.99))
    yield Figure("compile p50, by the WebUI's schedules", ours, target=theirs / 30, baseline=theirs)
    yield Figure("prompts the WebUI did not finish", len(prompts) - len(pairs), unit="")


def hot_loop(options: Options) -> str:
    """A profile of compiling the whole set, each prompt with a new compiler."""
    vocabulary, _ = loaded_vocabulary(options.tags)
    _, prompts = read()
    profile = card_profiles()[0]
    compilers = [prepared(profile, vocabulary) for _ in prompts]

    def work() -> None:
        for compiler, text in zip(compilers, prompts, strict=True):
            compiler.compile(Request(text))

    return profiled(work)


def profiled(work: Callable[[], None]) -> str:
    """The 25 functions that take the most time of their own."""
    recorder = cProfile.Profile()
    recorder.runcall(work)
    out = io.StringIO()
    pstats.Stats(recorder, stream=out).strip_dirs().sort_stats("tottime").print_stats(25)
    return out.getvalue()
