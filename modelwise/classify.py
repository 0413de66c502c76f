"""Item -> slot, with the reason: plain tags as they are read, brackets by what is in them.

A `Classifier` is made for one profile and one vocabulary and remembers what it has read.
"""

from __future__ import annotations

import re

import msgspec

from modelwise.blocks import Blocks
from modelwise.intent import RatingWords
from modelwise.nodes import Body, Choice, Extra, Group, Item, Node, Text
from modelwise.parser import parse
from modelwise.profiles import Profile
from modelwise.spelling import escaped, normal_form, spelled
from modelwise.tags import LONGEST_TAG, Tag, Tags
from modelwise.terms import QualityLevel, Slot
from modelwise.vocabulary import Vocabulary
from modelwise.words import OwnWords

_BREAK = re.compile(r"\bBREAK\b")
_SENTENCE = re.compile(r"[.!?] ")
_PLAIN_LANGUAGE_WORDS = 8
_REMEMBERED = 20_000


class Respelling(msgspec.Struct, frozen=True, gc=False):
    """A tag whose spelling the model's captions don't use."""

    item: str
    to: str
    slot: Slot


class Reading(msgspec.Struct, frozen=True, gc=False):
    """All that ordering and injection need to know of one item.

    `block`: the place in `Blocks`; `keys`: normal forms of every tag in it; `ranks`: its places in the
    model's ranked block words, none unless the item stands in the block; `series`: the series that a
    character belongs to.
    """

    source: str
    text: str
    slot: Slot
    block: int
    reason: str
    keys: tuple[str, ...]
    ranks: tuple[int, ...] = ()
    known: bool = False
    low: bool = False
    only_extras: bool = False
    language: bool = False
    character: bool = False
    year: bool = False
    series: tuple[str, ...] = ()
    respellings: tuple[Respelling, ...] = ()


class Classifier:
    """Classifies items for one profile with one vocabulary."""

    def __init__(self, profile: Profile, vocabulary: Vocabulary, level: QualityLevel | None = None) -> None:
        self.profile = profile
        self.vocabulary = vocabulary
        self.own = OwnWords(profile, level)
        self.tags = Tags(profile, vocabulary, self.own)
        self.blocks = Blocks(profile)
        self.ratings = RatingWords(profile)
        self._readings: dict[str | Item, Reading] = {}
        self._card_tags: dict[str, Reading] = {}

    def read_card_tag(self, tag: str) -> Reading:
        """What a tag of the card is; one item, whatever brackets stand around it."""
        reading = self._card_tags.get(tag)
        if reading is None:
            item = parse(tag, negative=True).branches[0].chunks[0].body.items[0]
            reading = self._card_tags[tag] = self._read(item)
        return reading

    def spelled(self, name: str) -> str:
        """A listed tag's name as it is written for this model; brackets are escaped where it keeps them."""
        spelling = self.profile.spelling
        return spelled(name, spelling) if spelling else escaped(name)

    def read(self, item: Item) -> Reading:
        """What an item is; remembered by its text, and one with brackets by its whole tree: whether braces
        are brackets depends on the prompt around it."""
        key = item if item.nodes else item.source
        reading = self._readings.get(key)
        if reading is None:
            if len(self._readings) >= _REMEMBERED:
                self._readings.clear()
            reading = self._read(item)
            self._readings[key] = reading
        return reading

    def _read(self, item: Item) -> Reading:
        nodes = [node for node in item.nodes if type(node) is not Extra]
        if not item.nodes:
            return self._plain(item.source, self.tag(item.source), item.source)
        if not nodes:
            return self._reading(item.source, item.source, "an extra network alone", only_extras=True)
        if len(nodes) == 1 and type(nodes[0]) is Text:
            body = nodes[0].source.strip()
            return self._plain(item.source, self.tag(body), body)
        whole = self._whole(item)
        if whole is not None:
            return self._plain(item.source, whole, item.source)
        return self._composite(item, nodes)

    def _reading(self, source: str, text: str, reason: str, **more: object) -> Reading:
        general = self.blocks.block_of(Slot.GENERAL)
        return Reading(source, text, Slot.GENERAL, general, reason, (), **more)  # type: ignore[arg-type]

    def _whole(self, item: Item) -> Tag | None:
        """A tag whose own brackets the grammar has read as attention: `firefly (honkai: star rail)`."""
        if len(item.source) > LONGEST_TAG:
            return None
        if len(item.nodes) == 1 and "(" not in item.source[1:-1]:
            return None
        tag = self.tag(item.source)
        if tag.known:
            return tag
        named = tag.slot in (Slot.CHARACTER, Slot.SERIES) and type(item.nodes[0]) is Text
        return tag if named and self.tags.is_name(tag.key) else None

    def _plain(self, source: str, tag: Tag, body: str) -> Reading:
        text = source
        respellings: tuple[Respelling, ...] = ()
        if tag.text != body:
            text = source.replace(body, tag.text, 1)
            respellings = (Respelling(body, tag.text, tag.slot),)
        slot = self.blocks.listed(tag.slot, tag.own is not None)
        unknown = not tag.known and tag.own is None and tag.slot is Slot.GENERAL
        return Reading(
            source,
            text,
            slot,
            self.blocks.block_of(slot),
            tag.reason if slot is tag.slot else f"{tag.reason}; this model has no place of its own for it",
            _keys(tag.key, source),
            ranks=(tag.own.rank,) if tag.own and tag.own.rank >= 0 else (),
            known=tag.known,
            low=bool(tag.own and tag.own.low),
            language=unknown and _is_plain_language(body),
            character=slot is Slot.CHARACTER,
            year=tag.slot is Slot.YEAR,
            series=self.vocabulary.series_of(tag.key) if slot is Slot.CHARACTER else (),
            respellings=respellings,
        )

    def _composite(self, item: Item, nodes: list[Node]) -> Reading:
        """Brackets, or text mixed with brackets: a slot only if all that is not general agrees on it."""
        inner: list[Reading] = []
        text = "".join(self._respelled(node, inner) for node in item.nodes)
        special = [reading for reading in inner if reading.slot is not Slot.GENERAL]
        agreed = len(nodes) == 1 and special and len({reading.block for reading in special}) == 1
        first = special[0] if agreed else None
        slot = first.slot if first else Slot.GENERAL
        return Reading(
            item.source,
            text,
            slot,
            self.blocks.block_of(slot),
            f"its tags are: {first.reason}" if first else "a mixture",
            tuple(key for reading in inner for key in reading.keys),
            ranks=tuple(sorted(rank for reading in inner for rank in reading.ranks)) if first else (),
            low=any(reading.low for reading in inner),
            language=not inner and _is_plain_language(item.source),
            character=any(reading.character for reading in special) if first else False,
            year=any(reading.year for reading in inner),
            series=tuple(series for reading in inner for series in reading.series),
            respellings=tuple(change for reading in inner for change in reading.respellings),
        )

    def _respelled(self, node: Node, inner: list[Reading]) -> str:
        """A node's text with the tags in it respelled; their readings join `inner`."""
        if type(node) is Group:
            square = node.opening == "["
            return node.opening + self._respelled_body(node.body, inner, square=square) + node.closing
        if type(node) is Choice:
            bodies = (self._respelled_body(body, inner, square=True) for body in node.bodies)
            return node.opening + node.divider.join(bodies) + node.closing
        return node.source

    def _respelled_body(self, body: Body, inner: list[Reading], *, square: bool) -> str:
        pieces = [body.gaps[0]]
        for item, gap in zip(body.items, body.gaps[1:], strict=True):
            reading = self._read(item)
            if square and reading.respellings and ":" in reading.text:
                # Escaping would bare the colon, which separates the parts of prompt editing.
                reading = msgspec.structs.replace(reading, text=reading.source, respellings=())
            inner.append(reading)
            pieces += (reading.text, gap)
        return "".join(pieces)

    def tag(self, source: str) -> Tag:
        """What a plain tag is."""
        return self.tags.tag(source)


def _keys(key: str, source: str) -> tuple[str, ...]:
    """A tag's own key; in brackets a BREAK may stand between two tags without being a separator."""
    if "BREAK" not in source:
        return (key,)
    return tuple(form for part in _BREAK.split(source) if (form := normal_form(part)))


def _is_plain_language(text: str) -> bool:
    return len(text.split()) >= _PLAIN_LANGUAGE_WORDS or _SENTENCE.search(text) is not None
