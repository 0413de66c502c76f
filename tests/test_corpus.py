"""The invariants on realistic prompts: our own, and those that lie beside the repository."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from modelwise.compile import Compiler, Request, Switches
from modelwise.intent import Intent
from modelwise.tag_files import load_vocabulary
from modelwise.vocabulary import Vocabulary
from tests.support.checking import bundled, check, compiler
from tests.support.corpus import corpus

PRACTICE = "data/prompts-practice.tsv"
INFOTEXTS = "data/infotexts-practice.jsonl"
TAG_LIST = "data/danbooru_2025-01-03.csv"
ORDER_ONLY = Switches(quality=False, negative=False, settings=False, spelling=False)
FALLBACK = "did not read back"
SEED = 20_250_103
Shared = Callable[[str], Path]


def test_the_corpus_is_large_enough() -> None:
    """A corpus of a few prompts would say little."""
    assert len(set(corpus())) >= 80


@pytest.mark.parametrize("text", corpus())
def test_our_own_prompts(text: str) -> None:
    """Every invariant, under every profile, as a prompt and as a negative; nothing falls back."""
    for identifier in bundled():
        for request in (Request(text), Request("1girl", text), Request(text, intent=Intent(quality=None))):
            result = check(compiler(identifier), request, everywhere=False)
            assert not [entry for entry in result.report if FALLBACK in entry.reason]


def practice(path: Path) -> list[tuple[str, str, str]]:
    """The rows of the practice prompts: kind, source, prompt."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row[0], row[1], row[2]) for row in rows][1:]


def test_practice_prompts(shared_file: Shared) -> None:
    """The invariants on every prompt in trained order."""
    for _, source, text in practice(shared_file(PRACTICE)):
        check(compiler(fitting_profile(source)), Request(text), everywhere=False)


@pytest.mark.parametrize(
    "profile", ["animagine-xl-4.0", "animagine-xl-3.1", "sotediffusion-v2", "anything-v3.1"]
)
def test_practice_infotexts(shared_file: Shared, profile: str) -> None:
    """The invariants on real prompts with their negatives."""
    for line in shared_file(INFOTEXTS).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        check(compiler(profile), Request(row["prompt"], row["negative"]), everywhere=False)


def fitting_profile(source: str) -> str:
    """The Animagine profile that a source names; its 3.1 lists where it names none."""
    lowered = source.lower()
    if "4.0" in lowered:
        return "animagine-xl-4.0"
    return "animagine-xl-3.0" if "3.0" in lowered and "3.1 list" not in lowered else "animagine-xl-3.1"


@cache
def with_tag_list(path: Path, profile: str) -> Compiler:
    """A compiler that knows a large tag list too."""
    return Compiler(bundled()[profile], _large(path))


@cache
def _large(path: Path) -> Vocabulary:
    return load_vocabulary([path])


def heads(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Prompts in trained order with a head to restore: profile, the prompt shuffled, the head."""
    shuffle = random.Random(SEED)
    for kind, source, text in practice(path):
        if kind not in ("list", "full"):
            continue
        tags = [tag.strip() for tag in text.split(",") if tag.strip()]
        mixed = list(tags)
        if kind == "list":
            head, mixed = tags, [*tags, "smile", "outdoors", "looking at viewer", "long hair"]
        else:
            head = [tag for tag in tags if is_head(fitting_profile(source), tag)]
        shuffle.shuffle(mixed)
        yield fitting_profile(source), ", ".join(mixed), head


def is_head(profile: str, tag: str) -> bool:
    """Whether a tag of a prompt written by a person is a subject, character or series, by our lists."""
    found = compiler(profile).classifier("standard").tag(tag)
    return found.slot.value in ("subject", "character", "series")


def accuracy(path: Path, make: Callable[[str], Compiler]) -> float:
    """The share of shuffled prompts whose head comes back in its trained order, at the front."""
    right = total = 0
    for profile, mixed, head in heads(path):
        request = Request(mixed, switches=ORDER_ONLY, intent=Intent(quality=None))
        result = make(profile).compile(request).prompt
        tags = [tag.strip() for tag in result.split(",")]
        block = [tag for tag in tags if tag in head]
        right += block == head and followed(tags, head)
        total += 1
    return right / total


def followed(tags: list[str], head: list[str]) -> bool:
    """Whether the head is in one piece at the front, quality words apart."""
    places = [at for at, tag in enumerate(tags) if tag in head]
    return not places or places[-1] - places[0] + 1 == len(places)


def test_heads_come_back_with_our_own_lists(shared_file: Shared) -> None:
    """Shuffled prompts of the trained lists get their heads back."""
    rate = accuracy(shared_file(PRACTICE), compiler)
    print(f"\nheads in order, own lists: {rate:.1%}")
    assert rate >= 0.84


def test_heads_come_back_with_a_large_tag_list(shared_file: Shared) -> None:
    """The same with a tag list as users have it."""
    tags = shared_file(TAG_LIST)
    rate = accuracy(shared_file(PRACTICE), lambda profile: with_tag_list(tags, profile))
    print(f"\nheads in order, with a large tag list: {rate:.1%}")
    assert rate >= 0.98
