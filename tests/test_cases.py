"""Runs the golden cases of `cases/`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from modelwise.classify import Classifier
from modelwise.compile import Request
from modelwise.nodes import Chunk
from modelwise.parser import parse
from modelwise.tag_files import load_vocabulary
from modelwise.vocabulary import Vocabulary
from tests.support.checking import bundled, check, compiler
from tests.support.golden import Case, cases

ALL = list(cases(Path(__file__).parent / "cases"))
CASES = [(file, case) for file, case in ALL if not case.tags()]
TAGS = [(file, case) for file, case in ALL if case.tags()]
LEAST_TAGS = 300


def test_there_are_enough_cases_and_no_name_twice() -> None:
    assert len(CASES) >= 120
    names = Counter(f"{file}: {case.name}" for file, case in ALL)
    assert [name for name, count in names.items() if count > 1] == []
    tags = Counter((case.profile, tag) for _, case in TAGS for _, tag in case.tags())
    assert len(tags) >= LEAST_TAGS
    assert [tag for tag, count in tags.items() if count > 1] == []


@pytest.mark.parametrize(
    "case", [case for _, case in CASES], ids=[f"{file}: {case.name}" for file, case in CASES]
)
def test_case(case: Case) -> None:
    request = case.request()
    if case.get("items") is not None or case.get("rest") is not None:
        check_tree(case)
    if (slots := case.get("slots")) is not None:
        check_slots(case, slots)
    subject = compiler(case.profile)
    result = check(subject, request)
    shown = f"{case.name}\n" + "\n".join(map(str, result.report))
    becomes, negative = case.get("becomes"), case.get("negative becomes")
    assert result.prompt == (request.prompt if becomes is None else becomes), shown
    assert result.negative == (request.negative if negative is None else negative), shown
    if (kinds := case.get("report")) is not None:
        found = {entry.kind for entry in result.report if entry.where != "settings"}
        assert found == set(kinds.replace(",", " ").split()) - {"none"}, shown
    for line in filter(None, (case.get("reports") or "").split("; ")):
        kind, _, rest = line.partition(" ")
        item, _, to = rest.partition(" -> ")
        assert any(
            entry.kind == kind and entry.item == item and (not to or entry.to == to)
            for entry in result.report
        ), f"no {line!r} in {shown}"
    if case.get("settings") is not None:
        assert result.settings == case.expected_settings(), shown


hard_tags = pytest.mark.parametrize("case", [case for _, case in TAGS], ids=[case.name for _, case in TAGS])


@hard_tags
def test_hard_tags(case: Case) -> None:
    """Each tag alone, and all of them as one prompt, which keeps the invariants."""
    check_tags(case, compiler(case.profile).classifier("standard"))
    check(compiler(case.profile), Request(", ".join(tag for _, tag in case.tags())))


@cache
def with_list(path: Path) -> Vocabulary:
    """Our own lists and a long one."""
    return load_vocabulary([path])


@hard_tags
def test_hard_tags_with_a_long_list(case: Case, shared_file: Callable[[str], Path]) -> None:
    known = with_list(shared_file("data/danbooru_2025-01-03.csv"))
    check_tags(case, Classifier(bundled()[case.profile], known, "standard"))


def check_tags(case: Case, classifier: Classifier) -> None:
    """Each tag counts as the slot that it stands under."""
    wrong = []
    for slot, tag in case.tags():
        chunks = [chunk for branch in parse(tag).branches for chunk in branch.chunks]
        found = [classifier.read(item) for chunk in chunks for item in chunk.body.items]
        if [reading.slot.value for reading in found] != [slot]:
            wrong.append((tag, slot, [(reading.slot.value, reading.reason) for reading in found]))
    assert wrong == []


def check_tree(case: Case) -> None:
    """The items as the grammar cuts them."""
    request = case.request()
    tree = parse(request.prompt or request.negative, negative=not request.prompt, lines=request.lines)
    if (items := case.get("items")) is not None:
        found = [" // ".join(map(items_of, branch.chunks)) for branch in tree.branches]
        assert " && ".join(found) == items
    rests = [branch.rest for branch in tree.branches if branch.rest][:1]
    assert rests == ([case.get("rest")] if case.get("rest") is not None else [])


def items_of(chunk: Chunk) -> str:
    """A chunk's items, `;` between them."""
    return " ; ".join(item.source for item in chunk.body.items)


def check_slots(case: Case, slots: str) -> None:
    """The slots that the items count as."""
    classifier = compiler(case.profile).classifier(case.request().intent.quality)
    chunks = [chunk for branch in parse(case.request().prompt).branches for chunk in branch.chunks]
    found = [classifier.read(item).slot.value for chunk in chunks for item in chunk.body.items]
    assert " ".join(found) == slots
