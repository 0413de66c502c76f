"""Why each item of a compiled text stands where it stands, what the card says of it, what would change it.

The pieces of a text are in its order; what was left out stands in the report alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from modelwise.branches import BranchWork, branch_works
from modelwise.card_words import CardWords
from modelwise.classify import Classifier, Reading
from modelwise.compile import Compiler, Request, Result
from modelwise.moves import moved
from modelwise.parser import parse
from modelwise.report import Entry, Kind, Where
from modelwise.segment import INJECTED, Segment
from modelwise.terms import Slot

PieceKind = Literal["item", "keyword", "untouched"]
_OTHERWISE_ADDED = "write it yourself, put it into the other text, or ask for another quality, rating or year"
_OTHERWISE_UNKNOWN = (
    "a list that has it, a series in brackets, or a prefix such as `artist:` gives it a place"
)


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A part of a text.

    `written`: what the user wrote, None where it was added; `why`: which rule or list gave the slot;
    `source`: the list's name; `card`: what the card says of it; `otherwise`: what would change it.
    """

    kind: PieceKind
    text: str
    written: str | None = None
    slot: Slot | None = None
    changes: tuple[Kind, ...] = ()
    reasons: tuple[str, ...] = ()
    why: str = ""
    source: str = ""
    card: str = ""
    otherwise: str = ""


class Explanation(msgspec.Struct, frozen=True):
    """A result with every piece of its two texts."""

    result: Result
    prompt: tuple[Piece, ...]
    negative: tuple[Piece, ...]


class Explainer:
    """Explains what one compiler does."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._card = CardWords(compiler.profile)

    def explain(self, request: Request) -> Explanation:
        """Compile a request, and say why."""
        work = self._compiler.work(request)
        result = work.result
        return Explanation(
            result,
            self._pieces(request, "prompt", work.prompt, result.prompt, result.report),
            self._pieces(request, "negative", work.negative, result.negative, result.report),
        )

    def left_alone(self, request: Request) -> Explanation:
        """A request that is not to be compiled: what its texts hold, as they are."""
        result = Result(request.prompt, request.negative, {}, ())
        return Explanation(
            result,
            self._pieces(request, "prompt", (), request.prompt, ()),
            self._pieces(request, "negative", (), request.negative, ()),
        )

    def _pieces(
        self,
        request: Request,
        where: Where,
        works: Sequence[BranchWork],
        text: str,
        report: Sequence[Entry],
    ) -> tuple[Piece, ...]:
        classifier = self._compiler.classifier(request.intent.quality)
        if not works:  # it was left alone: read for what is in it
            tree = parse(text, negative=where == "negative", lines=request.lines)
            works = branch_works(tree, classifier, spelling=False, weights=where == "prompt")
        return tuple(_Pieces(classifier, self._card, where, report).of(works))


class _Pieces:
    """The pieces of one text."""

    def __init__(
        self, classifier: Classifier, card: CardWords, where: Where, report: Sequence[Entry]
    ) -> None:
        self._classifier = classifier
        self._card = card
        self._where = where
        self._added = {
            entry.item: entry.reason for entry in report if (entry.kind, entry.where) == ("added", where)
        }

    def of(self, works: Sequence[BranchWork]) -> Iterator[Piece]:
        """Branch after branch, segment after segment."""
        for work in works:
            yield from _keyword(work.lead)
            last = work.ending()
            for segment in work.segments:
                yield from _keyword(segment.lead)
                yield from self._items(segment)
                if segment is last:  # behind it stands white space alone
                    yield from _keyword(work.weight, "the weight of the branch")
            yield from self._rest(work.rest.strip())

    def _rest(self, text: str) -> Iterator[Piece]:
        """What stays as it is, and what was put in front of it."""
        for tag in self._added:
            if text.startswith(tag):
                yield self._added_piece(self._classifier.read_card_tag(tag), tag)
                text = text[len(tag) :].lstrip(", ")
        if text:
            why = "a bracket is not closed, or the text can't be read: it stays as it is"
            yield Piece("untouched", text, written=text, why=why)

    def _items(self, segment: Segment) -> Iterator[Piece]:
        texts = segment.texts()
        elsewhere = set(moved(segment.origins))
        for at, (reading, origin) in enumerate(zip(segment.readings, segment.origins)):
            if origin == INJECTED:
                yield self._added_piece(reading, texts[at])
            else:
                yield self._written_piece(reading, texts[at], is_moved=at in elsewhere)

    def _added_piece(self, reading: Reading, text: str) -> Piece:
        reason = self._added.get(reading.source, "")
        return self._piece(
            reading,
            text,
            written=None,
            changes=("added",),
            reasons=(reason,),
            otherwise=_OTHERWISE_ADDED,
        )

    def _written_piece(self, reading: Reading, text: str, *, is_moved: bool) -> Piece:
        changes: list[Kind] = []
        reasons: list[str] = []
        if is_moved:
            changes.append("moved")
            reasons.append(f"to the place of {reading.slot.value}")
        if text != reading.source:
            changes.append("respelled")
            reasons.append("as the model's captions spell it")
        return self._piece(
            reading,
            text,
            written=reading.source,
            changes=tuple(changes),
            reasons=tuple(reasons),
            otherwise=_otherwise(reading, changes),
        )

    def _piece(
        self,
        reading: Reading,
        text: str,
        *,
        written: str | None,
        changes: tuple[Kind, ...],
        reasons: tuple[str, ...],
        otherwise: str,
    ) -> Piece:
        said = [self._card.said(key) for key in reading.keys]
        if self._where == "prompt":
            said.append(self._card.place(reading.slot))
        return Piece(
            "item",
            text,
            written,
            reading.slot if self._where == "prompt" else None,
            changes,
            reasons,
            reading.reason,
            self._list_of(reading),
            "; ".join(dict.fromkeys(text for text in said if text)),
            otherwise,
        )

    def _list_of(self, reading: Reading) -> str:
        """The tag list that knows the item; the model's own words are of its card."""
        if len(reading.keys) != 1:
            return ""
        key = reading.keys[0]
        if self._classifier.own.find(key, reading.source) is not None:
            return ""
        found = self._classifier.vocabulary.find(key)
        return found.source if found else ""


def _keyword(lead: str, why: str = "nothing crosses it") -> Iterator[Piece]:
    word = lead.strip(" ,\t")
    if word.strip():
        yield Piece("keyword", word.strip(), written=word.strip(), why=why)
    elif "\n" in lead:
        yield Piece("keyword", "↵", written="\n", why="a line of its own: nothing crosses it")


def _otherwise(reading: Reading, changes: Sequence[Kind]) -> str:
    """What the user can do about an item of theirs."""
    ways = []
    if "moved" in changes:
        ways.append("switch the order off")
    if "respelled" in changes:
        ways.append("switch the spelling off")
    if reading.language:
        ways.append("as tags between commas it would be ordered; a sentence holds its line")
    elif not reading.known and reading.slot is Slot.GENERAL and len(reading.keys) == 1:
        ways.append(_OTHERWISE_UNKNOWN)
    return "; ".join(ways)
