"""A prompt with its tags replaced one by one; what stands between them stays.

A tag may become several or none; brackets around nothing go with what was in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from modelwise.classify import Classifier
from modelwise.nodes import Body, Branch, Choice, Extra, Group, Item, Node, Prompt, Text

_SEPARATOR = re.compile(r"[\s,，、]*")


class Rewriting:
    """Replaces tags. `replacement`: a tag's normal form and its text -> its new texts."""

    def __init__(self, classifier: Classifier, replacement: Callable[[str, str], Sequence[str]]) -> None:
        self._classifier = classifier
        self._replacement = replacement

    def text(self, tree: Prompt) -> str:
        """The whole new text."""
        return "".join(map(self._branch, tree.branches))

    def _branch(self, branch: Branch) -> str:
        chunks = [chunk.lead + (self._body(chunk.body) or "") for chunk in branch.chunks]
        return branch.lead + "".join(chunks) + branch.rest

    def _body(self, body: Body) -> str | None:
        """The new text of items in a row; None where none is left of several."""
        pieces: list[str] = []
        gap = body.gaps[0]
        for item, behind in zip(body.items, body.gaps[1:], strict=True):
            new = self._item(item)
            if new is None:
                gap = _closed(gap, behind, first=not pieces)
            else:
                pieces += (gap, new)
                gap = behind
        if body.items and not pieces and _SEPARATOR.fullmatch(gap):
            return None
        return "".join((*pieces, gap))

    def _item(self, item: Item) -> str | None:
        """An item's new text; None where nothing is left of it."""
        reading = self._classifier.read(item)
        nodes = [node for node in item.nodes if not isinstance(node, Extra)]
        if not item.nodes or reading.known or (len(nodes) == 1 and isinstance(nodes[0], Text)):
            body = nodes[0].source.strip() if len(nodes) == 1 and isinstance(nodes[0], Text) else item.source
            key = self._classifier.tag(body).key
            new = ", ".join(self._replacement(key, body))
            return item.source.replace(body, new, 1).strip() or None
        parts = [self._node(node) for node in item.nodes]
        text = "".join(part for part in parts if part is not None)
        return text if text.strip() else None

    def _node(self, node: Node) -> str | None:
        if isinstance(node, Group):
            inner = self._body(node.body)
            return None if inner is None else node.opening + inner + node.closing
        if isinstance(node, Choice):
            bodies = [self._body(body) or "" for body in node.bodies]
            return node.opening + node.divider.join(bodies) + node.closing
        return node.source


def _closed(before: str, behind: str, *, first: bool) -> str:
    """The gap where an item was: one of the two, unless both hold more than a separator."""
    if first and _SEPARATOR.fullmatch(behind):
        return before
    if _SEPARATOR.fullmatch(before):
        return behind
    return before if _SEPARATOR.fullmatch(behind) else before + behind
