"""The branches of a prompt at work: segments on the way in, text on the way out, and the check of both.

Knows the WebUI's trap at a branch's end: what ends in `:number` there is the weight of the branch.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from modelwise.classify import Classifier, Reading
from modelwise.nodes import Branch, Chunk, Item, Lines, Prompt
from modelwise.parser import parse
from modelwise.report import Entry
from modelwise.segment import Segment, has_comma
from modelwise.spelling import normal_form

_WEIGHT = re.compile(r"(\s*):\s*[-+]?(?:\d+\.?|\d*\.\d+)$")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?|\d*\.\d+)")
_EXTRA = re.compile(r"<\w+:[^>]+>$")
_COMMENT = re.compile(r"#[^\n]*")
_LOOSE_SEPARATOR = re.compile(r"[,，、\n|{}]|(?<!\\)[()\[\]]|:\s*[\d.]+\s*(?=[)\]])|\bBREAK\b|\bAND\b")


@dataclass(slots=True)
class BranchWork:
    """A branch: its segments, and the rest that stays. `weighted`: its end is the branch's weight; `weight`:
    that weight where it is no item; `tag_at_end`: a known tag there that the WebUI would take for one."""

    lead: str
    segments: list[Segment]
    rest: str
    weighted: bool = False
    weight: str = ""
    tag_at_end: str = ""

    def readings(self) -> Iterator[Reading]:
        """The readings of all its items."""
        for segment in self.segments:
            yield from segment.readings

    def tags(self) -> Iterator[str]:
        """The normal forms of all tags, those in the rest included."""
        for reading in self.readings():
            yield from reading.keys
        yield from untouched_keys(self.rest)

    def common(self) -> list[Segment]:
        """The segments that additions may go to: those before the first region."""
        common: list[Segment] = []
        for segment in self.segments:
            if segment.region:
                break
            if not segment.frozen:
                common.append(segment)
        return common

    def ending(self) -> Segment | None:
        """The segment that the branch ends with: the last that holds items, if only white space follows."""
        for segment in reversed(self.segments):
            if segment.readings:
                return segment
            if segment.lead.strip() or has_comma(segment.gaps[0]):
                return None
        return None

    def text(self) -> str:
        """The branch's text; a keyword never runs into a word."""
        pieces = [self.lead]
        for segment in self.segments:
            pieces += (segment.lead, segment.text())
        pieces.append(self.rest)
        return _spaced(piece for piece in pieces if piece)

    def protect_end(self, *, comma: bool) -> list[Entry]:
        """Put a comma behind a last tag such as `:3`, which the WebUI would take for a weight, and report
        one that something else stands behind now. `comma`: whether one may be put."""
        segment = self.ending() if not self.weighted and not self.rest else None
        if segment is None:
            return []
        at = _end_place(segment, segment.texts())
        if at is None:
            return [_protected(self.tag_at_end, None)] if self.tag_at_end else []
        if not comma:
            return []
        segment.gaps[at + 1] = "," + segment.gaps[at + 1]
        return [_protected(segment.texts()[at], segment.readings[at].slot.value)]


def _protected(item: str, slot: str | None) -> Entry:
    reason = "at the end the WebUI would take it for the weight of the prompt"
    return Entry("respelled", item, item + ",", slot, "prompt", reason)


def branch_works(tree: Prompt, classifier: Classifier, spelling: bool, *, weights: bool) -> list[BranchWork]:
    """The branches of a tree, ready for work."""
    return [_branch_work(branch, classifier, spelling, weights) for branch in tree.branches]


def _branch_work(branch: Branch, classifier: Classifier, spelling: bool, weights: bool) -> BranchWork:
    read = classifier.read
    segments = [
        Segment.of(chunk, [read(item) for item in chunk.body.items], spelling) for chunk in branch.chunks
    ]
    for left, right in pairwise(segments):
        left.precedes_bracket = right.frozen and not right.lead
        right.follows_bracket = left.frozen and not right.lead
    work = BranchWork(branch.lead, segments, branch.rest)
    if weights and segments and not branch.rest:
        _hold_weight(work, classifier)
    return work


def _end_place(segment: Segment, texts: Sequence[str]) -> int | None:
    """The place of the item whose text ends the branch in the shape of a weight, if one does."""
    for at in range(len(texts) - 1, -1, -1):
        if has_comma(segment.gaps[at + 1]):
            return None
        if not segment.readings[at].only_extras:
            body = _without_extras(texts[at])
            if at and _NUMBER.fullmatch(body) and texts[at - 1].endswith(":"):
                return None if has_comma(segment.gaps[at]) else at - 1
            return at if _WEIGHT.search(body) else None
    return None


def _without_extras(text: str) -> str:
    """A text without the extra networks at its end, which the WebUI takes out first."""
    while text.endswith(">") and _EXTRA.match(text, opening := text.rfind("<")):
        text = text[:opening].rstrip()
    return text


def _hold_weight(work: BranchWork, classifier: Classifier) -> None:
    """Keep the user's branch weight where it is; a known tag of that shape is no weight."""
    segment = work.ending()
    if segment is None:
        return
    sources = [reading.source for reading in segment.readings]
    at = _end_place(segment, sources)
    if at is None:
        return
    if segment.readings[at].known:
        work.tag_at_end = segment.readings[at].text
        return
    work.weighted = True
    for behind in work.segments[work.segments.index(segment) + 1 :]:
        behind.frozen = True  # nothing may come behind the weight
    match = _WEIGHT.search(sources[at])
    name = sources[at][: match.start()] if match else ""
    item = _single_item(name) if match and match[1] and at == len(sources) - 1 else None
    if item is None or segment.frozen:
        segment.tail = len(sources) - at
    else:
        work.weight = sources[at][len(name) :]
        segment.readings[at] = classifier.read(item)
        segment.gaps[-1] = work.weight + segment.gaps[-1]


def _single_item(text: str) -> Item | None:
    items = [item for chunk in parse(text).branches[0].chunks for item in chunk.body.items]
    return items[0] if len(items) == 1 and items[0].source == text else None


def _spaced(pieces: Iterator[str]) -> str:
    """Pieces joined, with a space where two words would run together."""
    text: list[str] = []
    for piece in pieces:
        if text and _is_word(text[-1][-1]) and _is_word(piece[0]):
            text.append(" ")
        text.append(piece)
    return "".join(text)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def joined_text(works: Sequence[BranchWork]) -> str:
    """The whole prompt."""
    return _spaced(text for text in (work.text() for work in works) if text)


def untouched_keys(text: str) -> frozenset[str]:
    """The normal forms of what looks like tags in a text that stays as it is."""
    if not text:
        return frozenset()
    return frozenset(map(normal_form, _LOOSE_SEPARATOR.split(_COMMENT.sub("", text)))) - {""}


def read_back(text: str, works: Sequence[BranchWork], negative: bool, lines: Lines) -> bool:
    """Whether a result's tree holds exactly the items that were meant, each in its segment."""
    tree = parse(text, negative=negative, lines=lines)
    if tree.refusal or len(tree.branches) != len(works):
        return False
    return all(map(_reads_back, tree.branches, works))


def _reads_back(branch: Branch, work: BranchWork) -> bool:
    if branch.rest.strip() != work.rest.strip() or len(branch.chunks) != len(work.segments):
        return False
    return all(map(_same_items, branch.chunks, work.segments))


def _same_items(chunk: Chunk, segment: Segment) -> bool:
    found = [item.source for item in chunk.body.items]
    meant = segment.texts()
    if found == meant:
        return chunk.lead == segment.lead
    # A weight that was cut off its item reads as part of the last one again.
    if found and meant and found[:-1] == meant[:-1]:
        return found[-1] == meant[-1] + segment.gaps[-1][: len(found[-1]) - len(meant[-1])]
    return Counter(found) == Counter(meant)
