"""Flows to bodies: what stands between two brackets, cut into items, and the brackets made nodes.

A flow is a list of tokens and finished nodes. White space, separators and comments go to the gaps.
"""

from __future__ import annotations

import re

from modelwise.lexer import SEPARATORS
from modelwise.nodes import Body, Choice, Chunk, Group, Item, Node, Text, Variant

_WEIGHT = re.compile(r":\s*([+-]?[.\d]+)\s*$")
_WHEN = re.compile(r"(?<!\\):\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$")
# A backslash makes a divider plain text to the WebUI's scheduling, though not to its weights.
_DIVIDERS = {divider: re.compile(rf"(?<!\\)\{divider}") for divider in ":|"}
_GAP_STARTS = SEPARATORS | {"#"}
_ROUND_WEIGHT = 1.1  # the factors of modules/prompt_parser.py
_SQUARE_WEIGHT = 1 / 1.1

Flow = list["str | Node"]


class Refused(Exception):
    """The text can only be left alone."""


class Breaking(Node, frozen=True, gc=False):
    """Marks a bracket in the flow whose BREAK the WebUI obeys."""

    node: Node


def bracket(opening: str, flow: Flow, closing: str) -> tuple[Node, float]:
    """The node of a closed bracket and the weight that it gives to what it holds."""
    if opening == "(":
        return _round(flow)
    if opening == "[":
        return _square(flow)
    source = opening + _source(flow) + closing
    return Variant(source), 1.0


def _round(flow: Flow) -> tuple[Node, float]:
    source = f"({_source(flow)})"
    closing, weight = ")", _ROUND_WEIGHT
    last = flow[-1] if flow else None
    if isinstance(last, str) and (match := _WEIGHT.search(last)):
        try:
            weight = float(match[1])
        except ValueError:
            raise Refused(f"the WebUI can't read the weight {match[1]!r}") from None
        flow[-1:] = [last[: match.start()]] if match.start() else []
        closing = match[0] + ")"
    return Group(source, "(", body_of(flow), closing), weight


def _square(flow: Flow) -> tuple[Node, float]:
    texts = [part for part in flow if isinstance(part, str)]
    colons = sum(len(_DIVIDERS[":"].findall(text)) for text in texts)
    bars = sum(len(_DIVIDERS["|"].findall(text)) for text in texts)
    last = flow[-1] if flow else None
    if bars and not colons:
        return _choice(flow, "|", "]"), 1.0
    if 1 <= colons <= 2 and not bars and isinstance(last, str) and (when := _WHEN.search(last)):
        before = [last[: when.start()]] if when.start() else []
        return _choice([*flow[:-1], *before], ":", when[0] + "]"), 1.0
    return Group(f"[{_source(flow)}]", "[", body_of(flow), "]"), _SQUARE_WEIGHT


def _choice(flow: Flow, divider: str, closing: str) -> Choice:
    flows: list[Flow] = [[]]
    for part in flow:
        if not isinstance(part, str) or divider not in part or part[0] in '"“':
            flows[-1].append(part)
            continue
        head, *more = _DIVIDERS[divider].split(part)
        flows[-1] += [head] if head else []
        flows += [[text] if text else [] for text in more]
    bodies = tuple(map(body_of, flows))
    return Choice(f"[{_source(flow)}{closing}", "[", bodies, divider, closing)


def _source(flow: Flow) -> str:
    if len(flow) == 1 and isinstance(flow[0], str):
        return flow[0]
    return "".join(part if isinstance(part, str) else part.source for part in flow)


def body_of(flow: Flow) -> Body:
    """Cut a flow at its separators; white space and comments go to the gaps."""
    gaps: list[str] = []
    items: list[Item] = []
    gap = ""
    parts: Flow = []
    for part in flow:
        if type(part) is not str or part[0] not in _GAP_STARTS:
            parts.append(part)
            continue
        text = parts[0] if len(parts) == 1 else None
        if isinstance(text, str) and (source := text.strip()):
            # The common case, written out: this loop is most of what parsing costs.
            if len(source) == len(text):
                gaps.append(gap)
                gap = part
            else:
                at = text.index(source)
                gaps.append(gap + text[:at])
                gap = text[at + len(source) :] + part
            items.append(Item(source))
            parts.clear()
        else:
            gap = _end_item(parts, gaps, items, gap) + part
            parts.clear()
    gap = _end_item(parts, gaps, items, gap)
    gaps.append(gap)
    return Body(tuple(gaps), tuple(items))


def _end_item(parts: Flow, gaps: list[str], items: list[Item], gap: str) -> str:
    """Add the item that the parts make, if they make one, and return the gap behind it."""
    if not parts:
        return gap
    lead, item, tail = _item(parts)
    if item is None:
        return gap + lead
    gaps.append(gap + lead)
    items.append(item)
    return tail


def _item(parts: Flow) -> tuple[str, Item | None, str]:
    """White space before, the item (none: all is white space), white space behind."""
    if len(parts) == 1 and isinstance(parts[0], str):
        text = parts[0]
    else:
        texts = [part for part in parts if isinstance(part, str)]
        if len(texts) < len(parts):
            return _complex_item(parts)
        text = "".join(texts)
    source = text.strip()
    if not source:
        return text, None, ""
    at = text.index(source)
    return text[:at], Item(source), text[at + len(source) :]


def _complex_item(parts: Flow) -> tuple[str, Item, str]:
    if len(parts) == 1 and isinstance(parts[0], Node) and not isinstance(parts[0], Breaking):
        return "", Item(parts[0].source, (parts[0],)), ""
    nodes: list[Node] = []
    breaks = False
    for part in parts:
        if isinstance(part, Breaking):
            breaks = True
            nodes.append(part.node)
        elif isinstance(part, Node):
            nodes.append(part)
        elif nodes and type(nodes[-1]) is Text:
            nodes[-1] = Text(nodes[-1].source + part)
        else:
            nodes.append(Text(part))
    lead = tail = ""
    if type(nodes[0]) is Text:
        text = nodes[0].source
        lead = text[: len(text) - len(text.lstrip())]
        nodes[0] = Text(text.lstrip())
    if type(nodes[-1]) is Text:
        text = nodes[-1].source
        tail = text[len(text.rstrip()) :]
        nodes[-1] = Text(text.rstrip())
    kept = tuple(node for node in nodes if node.source)
    return lead, Item("".join(node.source for node in kept), kept, breaks), tail


def split_chunk(lead: str, body: Body, region: bool) -> list[Chunk]:
    """A chunk whose brackets hold obeyed BREAKs: such an item ends one chunk and opens the next."""
    chunks: list[Chunk] = []
    gaps: list[str] = [body.gaps[0]]
    items: list[Item] = []
    for item, gap in zip(body.items, body.gaps[1:], strict=True):
        if item.breaks:
            chunks.append(Chunk(lead, Body(tuple(gaps), tuple(items)), region))
            chunks.append(Chunk("", Body(("", ""), (item,)), region))
            lead, gaps, items = "", [gap], []
        else:
            items.append(item)
            gaps.append(gap)
    chunks.append(Chunk(lead, Body(tuple(gaps), tuple(items)), region))
    return chunks
