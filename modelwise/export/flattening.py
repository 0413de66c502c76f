"""A prompt for programs that know less of the WebUI's grammar: tags, weights, and what got lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from modelwise.nodes import Body, Choice, Extra, Group, Item, Node, Variant
from modelwise.parser import parse

_BRANCH_WEIGHT = re.compile(r"\s*:\s*[-+]?(?:\d+\.?\d*|\.\d+)\s*\Z")
_WEIGHT = re.compile(r":\s*([+-]?[.\d]+)\s*\)\Z")
_BREAK = re.compile(r"\s*\bBREAK\b\s*")
_COMMENT = re.compile(r"#[^\n]*")
_ESCAPED = re.compile(r"\\([()\[\]\\])")
_NO_BREAK = "BREAK: its parts are one prompt there"
_ROUND, _SQUARE = 1.1, 1 / 1.1

Run = tuple[str, float]
"""A piece of text and its weight."""


@dataclass(slots=True)
class Flat:
    """A prompt without grammar: tags of weighted runs. `losses`: what could not be kept."""

    tags: list[list[Run]] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    def lose(self, reason: str) -> None:
        """Name a loss once."""
        if reason not in self.losses:
            self.losses.append(reason)

    def plain(self) -> str:
        """Without any weight, its brackets characters."""
        if any(weight != 1 for tag in self.tags for _, weight in tag):
            self.lose("weights: every tag counts alike there")
        texts = ("".join(text for text, _ in tag) for tag in self.tags)
        return ", ".join(_ESCAPED.sub(r"\1", text) for text in texts)

    def weighted(self) -> str:
        """With a weight in brackets wherever it is not 1, as most programs read it."""
        return ", ".join("".join(_in_brackets(text, weight) for text, weight in tag) for tag in self.tags)


def flatten(text: str, *, negative: bool = False) -> Flat:
    """A prompt's tags with their weights."""
    flat = Flat()
    tree = parse(text, negative=negative)
    if len(tree.branches) > 1:
        flat.lose("AND: its sub-prompts are one prompt there")
    for branch in tree.branches:
        bodies = [chunk.body for chunk in branch.chunks]
        if len(bodies) > 1:
            flat.lose(_NO_BREAK)
        tags = [tag for body in bodies for tag in _tags(body, 1.0, flat)]
        if branch.rest.strip():
            flat.lose("a bracket that is not closed, or too deep: that part is left as it is")
            tags.append([(branch.rest.strip(" ,\n"), 1.0)])
        if len(tree.branches) > 1 and tags:
            text, weight = tags[-1][-1]
            tags[-1][-1] = (_BRANCH_WEIGHT.sub("", text), weight)
        flat.tags += filter(None, map(_trimmed, tags))
    return flat


def _tags(body: Body, weight: float, flat: Flat) -> Iterator[list[Run]]:
    if any("#" in gap for gap in body.gaps):
        flat.lose("comments")
    for item in body.items:
        nodes: Iterable[Node | Item] = item.nodes or (item,)
        yield from _joined(nodes, weight, flat)


def _joined(nodes: Iterable[Node | Item], weight: float, flat: Flat) -> Iterator[list[Run]]:
    """The tags of an item: one, unless brackets hold several."""
    tags: list[list[Run]] = [[]]
    for node in nodes:
        first, *rest = list(_node(node, weight, flat)) or [[]]
        tags[-1] += first
        tags += rest
    yield from tags


def _node(node: Node | Item, weight: float, flat: Flat) -> Iterator[list[Run]]:
    if isinstance(node, Extra):
        flat.lose(f"{node.source}: load it there by hand")
    elif isinstance(node, Group):
        yield from _tags(node.body, weight * _factor(node), flat)
    elif isinstance(node, Choice):
        kept = next((body for body in reversed(node.bodies) if body.items), node.bodies[0])
        flat.lose(f"{node.source}: what comes last of it is there from the start")
        yield from _tags(kept, weight, flat)
    else:
        if isinstance(node, Variant):
            flat.lose(f"{node.source}: nothing expands it there")
        parts = _BREAK.split(node.source)
        if len(parts) > 1:
            flat.lose(_NO_BREAK)
        yield from ([(_COMMENT.sub("", part), weight)] for part in parts)


def _factor(group: Group) -> float:
    if group.opening == "[":
        return _SQUARE
    stated = _WEIGHT.search(group.closing)
    return float(stated[1]) if stated else _ROUND


def _trimmed(tag: list[Run]) -> list[Run]:
    """A tag without white space around it; between two runs it keeps their words apart."""
    runs = [(" ".join(text.split()) if len(tag) == 1 else text, weight) for text, weight in tag]
    while runs and not runs[0][0].strip():
        runs = runs[1:]
    while runs and not runs[-1][0].strip():
        runs = runs[:-1]
    if runs:
        runs[0] = (runs[0][0].lstrip(), runs[0][1])
        runs[-1] = (runs[-1][0].rstrip(), runs[-1][1])
    return runs


def _in_brackets(text: str, weight: float) -> str:
    number = f"{weight:.3f}".rstrip("0").rstrip(".")
    return text if number == "1" or not text.strip() else f"({text}:{number})"
