"""The lossless tree of a prompt: every character of the text stands in exactly one field of one node.

Trees are frozen; a stage that changes something builds new nodes. Depth is bounded by `MAX_DEPTH`,
far below the depth at which the WebUI's own parser gives up; what is nested deeper stays text.
"""

from __future__ import annotations

from enum import Enum

import msgspec

MAX_DEPTH = 100


class Lines(str, Enum):
    """What a line end means to the host."""

    SEPARATOR = "separator"
    """Lines are read as comma-separated: AUTOMATIC1111 and its kin, where nothing else is enabled."""
    REGION = "region"
    """Each line is a region of the picture: Forge Couple, Regional Prompter and their kind."""
    BREAK = "break"
    """Each line is a chunk: SD.Next, and formatting a text box in place."""


# gc=False: frozen trees have no cycles, and the collector need not look at their thousands of parts.


class Node(msgspec.Struct, frozen=True, gc=False):
    """A part of an item. `source` is its text, to the letter."""

    source: str


class Text(Node, frozen=True, gc=False):
    """Plain characters, escaped brackets included."""


class Extra(Node, frozen=True, gc=False):
    """An extra network or another extension's tag: ``<lora:name:1>``, ``<ppp:if ...>``."""


class Variant(Node, frozen=True, gc=False):
    """What another extension expands, unbreakable: ``{a|b}``, ``${name}``."""


class Group(Node, frozen=True, gc=False):
    """Attention: ``(a)``, ``(a, b:1.2)``, ``[a]``."""

    opening: str
    body: Body
    closing: str


class Choice(Node, frozen=True, gc=False):
    """Prompt editing ``[from:to:when]``, ``[to:when]``, ``[from::when]`` or alternation ``[a|b]``.

    Renders as `opening`, the bodies joined by `divider`, `closing` (which holds the `:when`).
    """

    opening: str
    bodies: tuple[Body, ...]
    divider: str
    closing: str


class Item(msgspec.Struct, frozen=True, gc=False):
    """What stands between two separators: the smallest thing that moves.

    `nodes` is empty for an item of plain characters. `breaks`: a BREAK inside it splits the chunk.
    """

    source: str
    nodes: tuple[Node, ...] = ()
    breaks: bool = False


class Body(msgspec.Struct, frozen=True, gc=False):
    """Items with the text between them: ``gaps[0] items[0] gaps[1] ... items[-1] gaps[-1]``."""

    gaps: tuple[str, ...]
    items: tuple[Item, ...]


class Chunk(msgspec.Struct, frozen=True, gc=False):
    """A segment: a stretch that no tag may leave. `lead` is the keyword or line end that opens it."""

    lead: str
    body: Body
    region: bool = False


class Branch(msgspec.Struct, frozen=True, gc=False):
    """What stands between two ANDs. `lead` is the AND; `rest` is left as it is, to the branch's end:
    it begins with the first segment whose brackets do not balance."""

    lead: str
    chunks: tuple[Chunk, ...]
    rest: str = ""


class Prompt(msgspec.Struct, frozen=True, gc=False):
    """A whole prompt. `refusal` says why a text can only be left alone (then `rest` holds all of it)."""

    branches: tuple[Branch, ...]
    refusal: str = ""
