"""The one way in which a test compiles: whatever it asks for, the invariants are checked with it.

Nothing here trusts the package's own parser: what came out is held against what went in by `reading`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations, islice

import msgspec

from modelwise.compile import Compiler, Request, Result
from modelwise.nodes import Lines
from modelwise.parser import parse
from modelwise.profile_files import load_bundled
from modelwise.profiles import Profile
from modelwise.render import render
from modelwise.report import Entry
from modelwise.tag_files import load_vocabulary
from modelwise.vocabulary import Vocabulary
from tests.support.reading import Branch, Meaning, Unit, differences, read

_EDGES = (
    r"(?:(?<=[\s,，、()\[\]{}:|\\<>#])|(?<=AND)|(?<=BREAK)|(?<=ADDROW)|(?<=ADDCOL)|(?<=ADDCOMM)"
    r"|(?<=ADDBASE)|(?<=AND_PERP)|(?<=AND_SALT)|(?<=AND_TOPK)|\A)",
    r"(?=[\s,，、()\[\]{}:|\\<>#]|AND|BREAK|ADD|\Z)",
)
_MOST_PLACES = 300
_NOTHING_IN_IT = re.compile(r"[(\[]\s*(?:[:|][^()\[\]]*)?[)\]]")
_UNREAD = "did not read back"


@cache
def bundled() -> Mapping[str, Profile]:
    """The profiles that come with the extension, by id."""
    return load_bundled().profiles


@cache
def vocabulary() -> Vocabulary:
    """The extension's own lists."""
    return load_vocabulary()


@cache
def compiler(profile: str) -> Compiler:
    """A compiler for a bundled profile with the extension's own lists."""
    return Compiler(bundled()[profile], vocabulary())


def request_bytes(result: Result) -> bytes:
    """A result as the bytes that other programs get."""
    return msgspec.json.encode(result)


def check(subject: Compiler, request: Request, *, everywhere: bool = True) -> Result:
    """Compile and hold the result against every invariant; `everywhere`: under the other profiles too."""
    result = _checked(subject, request)
    if everywhere:
        for identifier in bundled():
            if identifier != subject.profile.id:
                _checked(compiler(identifier), request)
    return result


def _checked(subject: Compiler, request: Request) -> Result:
    result = subject.compile(request)
    note = f"\nprofile {subject.profile.id}, {request}\nresult {result.prompt!r}, {result.negative!r}"
    again = subject.compile(request)
    assert request_bytes(again) == request_bytes(result), f"not deterministic{note}"
    for text in (request.prompt, request.negative, result.prompt, result.negative):
        assert_lossless(text, request.lines)
    assert_same_meaning(request, result, note)
    assert_unchanged_again(subject, request, result, note)
    assert_moves_reported(request, result, note)
    assert_fallbacks_left_alone(request, result, note)
    return result


def assert_lossless(text: str, lines: Lines = Lines.SEPARATOR) -> None:
    """A text's tree renders back to it, in both modes."""
    for negative in (False, True):
        assert render(parse(text, negative=negative, lines=lines)) == text, f"not lossless: {text!r}"


def assert_unchanged_again(subject: Compiler, request: Request, result: Result, note: str) -> None:
    """Compiling a result changes nothing."""
    second = subject.compile(msgspec.structs.replace(request, prompt=result.prompt, negative=result.negative))
    assert second.prompt == result.prompt, f"again: {second.prompt!r}{note}"
    assert second.negative == result.negative, f"again: {second.negative!r}{note}"
    assert second.settings == result.settings, f"again: {second.settings!r}{note}"
    changed = [entry for entry in second.report if entry.kind in ("moved", "respelled")]
    assert not changed, f"again: {changed}{note}"


def assert_same_meaning(request: Request, result: Result, note: str) -> None:
    """Every item keeps weight, schedule, chunk and branch, apart from what the report lists."""
    for where, before, after in (
        ("prompt", request.prompt, result.prompt),
        ("negative", request.negative, result.negative),
    ):
        entries = [entry for entry in result.report if entry.where == where]
        found = meaning_differences(before, after, entries, where == "negative")
        assert not found, f"{where}: {found}{note}"
        if request.lines is not Lines.SEPARATOR:
            found = line_differences(before, after, entries)
            assert not found, f"{where}, line by line: {found}{note}"


def added_tags(entries: Iterable[Entry]) -> list[str]:
    """The tags that a report says were put into a text; line-end commas are none."""
    return [entry.item for entry in entries if entry.kind == "added" and entry.item != ","]


def meaning_differences(before: str, after: str, entries: Sequence[Entry], negative: bool) -> list[str]:
    """How two texts differ in meaning beyond what the report lists, for the most favourable reading of it."""
    commas = any(entry.kind == "respelled" and entry.to == entry.item + "," for entry in entries)
    new = read(after, negative=negative)
    found: list[str] = []
    for text in respelled_texts(before, entries):
        old = read(text, negative=negative)
        if commas and not old.broken:
            old = _with_commas(old, read(text, negative=negative, last_commas=True), new)
        found = differences(old, new, added_tags(entries))
        if not found:
            return []
    return found


def _with_commas(old: Meaning, text: Meaning, new: Meaning) -> Meaning:
    """The old meaning where a branch's last `:number` is text wherever that is nearer to the new one."""
    if len(old.branches) != len(new.branches):
        return old
    branches = [
        min(
            pair[:2],
            key=lambda branch: (
                branch.weight != target.weight,
                sum((_unit_count(branch) - _unit_count(target)).values()),
                -sum((_unit_count(branch) & _unit_count(target)).values()),
            ),
        )
        for *pair, target in zip(old.branches, text.branches, new.branches, strict=True)
    ]
    return Meaning(tuple(branches), old.extras, old.comments)


def _unit_count(branch: Branch) -> Counter[Unit]:
    return Counter(unit for chunk in branch.chunks for unit in chunk)


def respelled_texts(text: str, entries: Iterable[Entry]) -> list[str]:
    """The text with the reported respellings carried out, in every way in which that can be meant."""
    wanted = Counter(
        (entry.item, entry.to)
        for entry in entries
        if entry.kind == "respelled" and entry.to is not None and entry.to != entry.item + ","
    )
    texts = [text]
    for (item, to), count in sorted(wanted.items(), key=lambda pair: -len(pair[0][0])):
        texts = [replaced for given in texts for replaced in _replaced(given, item, to or "", count)] or texts
        texts = texts[:_MOST_PLACES]
    return texts


def _replaced(text: str, item: str, to: str, count: int) -> list[str]:
    """The text with as many of an item's places respelled as the report says, whichever they are."""
    pattern = _EDGES[0] + re.escape(item) + _EDGES[1]
    places = [match.span() for match in re.finditer(pattern, text)]
    chosen = islice(combinations(places, min(count, len(places))), _MOST_PLACES)
    return [_at_places(text, spans, to) for spans in chosen] if places else []


def _at_places(text: str, spans: Sequence[tuple[int, int]], to: str) -> str:
    for start, end in reversed(spans):
        text = text[:start] + to + text[end:]
    return text


def line_differences(before: str, after: str, entries: Sequence[Entry]) -> list[str]:
    """Lines whose letters changed by more than the added and respelled tags."""
    old, new = before.split("\n"), after.split("\n")
    if len(old) != len(new):
        return [f"{len(old)} lines -> {len(new)}"]
    if any(entry.kind == "respelled" for entry in entries):
        return []
    spare = Counter("".join(added_tags(entries)))
    found: list[str] = []
    for number, pair in enumerate(zip(old, new, strict=True)):
        was, now = (Counter(re.sub(r"[\s,]", "", text)) for text in pair)
        if was - now:
            found.append(f"line {number}: {pair[0]!r} -> {pair[1]!r}")
        spare.subtract(now - was)
    if any(count < 0 for count in spare.values()):
        found.append("letters that no added tag has")
    return found


def assert_fallbacks_left_alone(request: Request, result: Result, note: str) -> None:
    """Where a warning says that the user's own text is used, it is."""
    for entry in result.report:
        if entry.kind == "warning" and (_UNREAD in entry.reason or "left alone" in entry.reason):
            pair = (request.prompt, result.prompt), (request.negative, result.negative)
            before, after = pair[entry.where == "negative"]
            assert before == after, f"{entry.where} was to be left alone{note}"


def assert_moves_reported(request: Request, result: Result, note: str) -> None:
    """Items moved exactly where the report says that some did."""
    entries = [entry for entry in result.report if entry.where == "prompt"]
    moved = [entry for entry in entries if entry.kind == "moved"]
    if any(entry.kind == "respelled" for entry in entries):
        return
    old, new = read(request.prompt), read(result.prompt)
    if old.broken:
        assert not moved, f"moved in a prompt left alone{note}"
        return
    before = [unit for branch in old.branches for chunk in branch.chunks for unit in chunk]
    after = [unit for branch in new.branches for chunk in branch.chunks for unit in chunk]
    left = iter(after)
    same = all(unit in left for unit in before)
    assert same or moved, f"moved without a word{note}"
    # A bracket that holds nothing but its weight, `(:3)`, reads as nothing: that something passed it is not seen.
    seen = "\\" not in request.prompt and not _NOTHING_IN_IT.search(request.prompt)
    if same and len(set(after)) == len(after) and seen:
        assert not moved, f"nothing moved, but the report has {moved}{note}"
