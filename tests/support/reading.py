"""What the WebUI makes of a prompt, read by rules of its own: nothing here knows the package under test.

Comments go first, extra networks second, then ANDs with their weights, schedules and alternations (each kept
as one opaque mark), attention, BREAKs (and the keywords of regional extensions likewise), and units between
separators with newlines read as commas.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_COMMENT = re.compile(r"#[^\n]*")
_WHOLE_LINE_COMMENT = re.compile(r"(^|\n)#[^\n]*(\n|$)")
_REST_OF_LINE_COMMENT = re.compile(r"#[^\n]*(\n|$)")
_EXTRA = re.compile(r"<(\w+):([^>]+)>")
_AND = re.compile(r"\bAND\b")
_BRANCH_WEIGHT = re.compile(r"\s*:\s*([-+]?(?:\d+\.?|\d*\.\d+))\s*\Z")
_BREAK = re.compile(r"\s*\b(BREAK|ADDROW|ADDCOL|ADDCOMM|ADDBASE|AND_PERP|AND_SALT|AND_TOPK)\b\s*")
_WHEN = re.compile(r"(?<!\\)(?:\\\\)*:\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\s*\Z")
_ATTENTION = re.compile(
    r"\\[()\[\]\\]|\\|\(|\[|:\s*(?P<weight>[+-]?[.\d]+)\s*\)|\)|\]|[^\\()\[\]:]+|:", re.DOTALL
)
_SEPARATOR = re.compile(r"[,，、\n]")
_SPACES = re.compile(r"\s+")
_MARK = "\ue000{}\ue001"
_MARKED = re.compile("\ue000(\\d+)\ue001")
_PRIVATE = re.compile("[\ue000\ue001]")

Unit = tuple[tuple[str, float], ...]
"""The runs of text, each with its weight, that stand between two separators."""
Chunk = tuple[Unit, ...]
"""The units between two BREAKs, in order."""


@dataclass(frozen=True)
class Branch:
    """What stands between two ANDs: its weight and its chunks."""

    weight: float
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True)
class Meaning:
    """A prompt as the WebUI takes it. `broken`: the WebUI itself would fail on it."""

    branches: tuple[Branch, ...]
    extras: Counter[tuple[str, str]] = field(default_factory=Counter)
    comments: tuple[str, ...] = ()
    broken: bool = False

    def units(self) -> Counter[Unit]:
        """All units of the prompt, wherever they stand."""
        return Counter(unit for branch in self.branches for chunk in branch.chunks for unit in chunk)


def read(text: str, *, negative: bool = False, last_commas: bool = False) -> Meaning:
    """Read a prompt. `last_commas`: a `:number` at the end of a branch is text, as with a comma behind it."""
    text = _PRIVATE.sub("?", text)
    comments = tuple(match[0] for match in _COMMENT.finditer(text))
    text = _WHOLE_LINE_COMMENT.sub("\n", text)
    text = _REST_OF_LINE_COMMENT.sub("\n", text)
    extras = Counter((match[1], match[2]) for match in _EXTRA.finditer(text))
    text = _EXTRA.sub("", text)
    try:
        branches = tuple(_branches(text, negative, last_commas))
    except ValueError:
        return Meaning((), extras, comments, broken=True)
    return Meaning(branches, extras, comments)


def _branches(text: str, negative: bool, last_commas: bool) -> Iterator[Branch]:
    for part in [text] if negative else _AND.split(text):
        weight = None if negative or last_commas else _BRANCH_WEIGHT.search(part)
        body = part[: weight.start()] if weight else part
        yield Branch(float(weight[1]) if weight else 1.0, tuple(_chunks(body)))


def _chunks(text: str) -> Iterator[Chunk]:
    marked, opaque = _without_schedules(text)
    runs: list[tuple[str, float]] = []
    for run, weight in _attention(marked):
        if weight == -1 and _BREAK.fullmatch(run):
            yield tuple(_units(runs, opaque))
            runs = [] if run == "BREAK" else [(run, weight), (",", 1.0)]
        else:
            runs.append((run, weight))
    yield tuple(_units(runs, opaque))


def _without_schedules(text: str) -> tuple[str, list[str]]:
    """The text with every outermost schedule and alternation replaced by a mark, and what they were."""
    opaque: list[str] = []
    stack: list[tuple[str, int]] = []
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 2
            continue
        if character in "([":
            stack.append((character, at))
        elif character in ")]" and stack and stack[-1][0] == {")": "(", "]": "["}[character]:
            opening, start = stack.pop()
            if opening == "[" and _is_schedule(text[start + 1 : at]):
                found = [span for span in found if span[0] < start]
                found.append((start, at + 1))
        elif character in ")]":
            return text, []
        at += 1
    pieces: list[str] = []
    end = 0
    for start, stop in found:
        pieces += (text[end:start], _MARK.format(len(opaque)))
        plain = _top_level(text[start + 1 : stop - 1])
        opaque.append(f"{text[start:stop]} of {plain.count(':')} colons, {plain.count('|')} bars")
        end = stop
    return "".join([*pieces, text[end:]]), opaque


def _is_schedule(body: str) -> bool:
    """Whether the inside of square brackets is prompt editing or alternation."""
    plain = _top_level(body)
    colons, bars = plain.count(":"), plain.count("|")
    if bars:
        return colons == 0
    return 1 <= colons <= 2 and _WHEN.search(body) is not None


def _top_level(body: str) -> str:
    """A text without its escapes and without what stands in brackets."""
    kept: list[str] = []
    depth = 0
    at = 0
    while at < len(body):
        if body[at] == "\\":
            at += 2
            continue
        depth += (body[at] in "([") - (body[at] in ")]")
        if depth == 0:
            kept.append(body[at])
        at += 1
    return "".join(kept)


def _attention(text: str) -> list[tuple[str, float]]:
    runs: list[tuple[str, float]] = []
    open_round: list[int] = []
    open_square: list[int] = []

    def multiply(start: int, factor: float) -> None:
        runs[start:] = [(run, weight * factor) for run, weight in runs[start:]]

    for match in _ATTENTION.finditer(text):
        token, number = match[0], match["weight"]
        if token[0] == "\\":
            runs.append((token[1:], 1.0))
        elif token == "(":
            open_round.append(len(runs))
        elif token == "[":
            open_square.append(len(runs))
        elif number is not None and open_round:
            multiply(open_round.pop(), float(number))
        elif token == ")" and open_round:
            multiply(open_round.pop(), 1.1)
        elif token == "]" and open_square:
            multiply(open_square.pop(), 1 / 1.1)
        else:
            for place, part in enumerate(_BREAK.split(token)):
                runs.append((part, -1.0 if place % 2 else 1.0))
    for start in open_round:
        multiply(start, 1.1)
    for start in open_square:
        multiply(start, 1 / 1.1)
    return runs


def _units(runs: Iterable[tuple[str, float]], opaque: list[str]) -> Iterator[Unit]:
    unit: list[tuple[str, float]] = []
    for text, weight in runs:
        for place, piece in enumerate(_SEPARATOR.split(text)):
            if place:
                yield from _unit(unit, opaque)
                unit = []
            if piece:
                unit.append((piece, round(weight, 4)))
    yield from _unit(unit, opaque)


def _unit(runs: list[tuple[str, float]], opaque: list[str]) -> Iterator[Unit]:
    merged: list[tuple[str, float]] = []
    for text, weight in runs:
        if merged and merged[-1][1] == weight:
            merged[-1] = (merged[-1][0] + text, weight)
        else:
            merged.append((text, weight))
    shown = [(_MARKED.sub(lambda mark: opaque[int(mark[1])], text), weight) for text, weight in merged]
    clean = [(_SPACES.sub(" ", text).strip(), weight) for text, weight in shown]
    kept = tuple((text, weight) for text, weight in clean if text)
    if kept:
        yield kept


def differences(before: Meaning, after: Meaning, added: Iterable[str] = ()) -> list[str]:
    """How a result differs from what it was made of, the added tags apart; empty where it does not."""
    if before.broken or after.broken:
        return [] if before == after else ["a prompt that the WebUI fails on was changed"]
    found: list[str] = []
    if before.extras != after.extras:
        found.append(f"extra networks: {before.extras} -> {after.extras}")
    if before.comments != after.comments:
        found.append(f"comments: {before.comments} -> {after.comments}")
    weights = [branch.weight for branch in before.branches]
    if weights != [branch.weight for branch in after.branches]:
        return [*found, f"branches: {weights} -> {[branch.weight for branch in after.branches]}"]
    expected: Counter[Unit] = Counter()
    for tag in added:
        expected += read(tag, negative=True).units()
    gained: Counter[Unit] = Counter()
    for place, (old, new) in enumerate(zip(before.branches, after.branches, strict=True)):
        if len(old.chunks) != len(new.chunks):
            found.append(f"branch {place}: {len(old.chunks)} chunks -> {len(new.chunks)}")
            continue
        for number, pair in enumerate(zip(old.chunks, new.chunks, strict=True)):
            was, now = map(Counter, pair)
            gained += now - was
            if was - now:
                found.append(f"branch {place}, chunk {number}: lost {dict(was - now)}")
    if gained != expected:
        found.append(f"gained {dict(gained - expected)}, missing {dict(expected - gained)}")
    return found
