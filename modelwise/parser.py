"""Tokens to tree: the WebUI's own prompt grammar and its companions', lossless, linear, never raising.

What the WebUI would read differently from what it looks like (an unclosed bracket, an AND inside
brackets) is kept whole in `Branch.rest`; what would make the WebUI fail is refused and kept whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from modelwise.lexer import REGION_WORDS, SEPARATORS, lex
from modelwise.nodes import (
    MAX_DEPTH,
    Body,
    Branch,
    Choice,
    Chunk,
    Extra,
    Group,
    Item,
    Lines,
    Node,
    Prompt,
    Text,
    Variant,
)

_WEIGHT = re.compile(r":\s*([+-]?[.\d]+)\s*$")
_WHEN = re.compile(r":\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$")
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_GAP_STARTS = SEPARATORS | {"#"}
_ROUND_WEIGHT = 1.1  # the factors of modules/prompt_parser.py
_SQUARE_WEIGHT = 1 / 1.1

Flow = list["str | Node"]


class _Refused(Exception):
    """The text can only be left alone."""


class _Unprotected(Exception):
    """Braces or another extension's tags don't pair up: they are plain text in this prompt."""


@dataclass(slots=True)
class _Frame:
    """An open bracket: what stands in it so far, and the weights of the BREAKs among that."""

    opening: str
    flow: Flow = field(default_factory=list)
    breaks: list[float] = field(default_factory=list)


def parse(text: str, *, negative: bool = False, lines: Lines = Lines.SEPARATOR) -> Prompt:
    """Read a prompt. `negative`: AND is no keyword there. `lines`: what a line end means."""
    tokens = lex(text)
    for protected in (True, False):
        try:
            return _Parser(tokens, negative, lines, protected).prompt()
        except _Unprotected:
            continue
        except _Refused as refusal:
            return Prompt((Branch("", (), text),), str(refusal))
    raise AssertionError("a parse without protected brackets always ends")


class _Parser:
    """One pass over the tokens with a stack of open brackets."""

    def __init__(self, tokens: list[str], negative: bool, lines: Lines, protected: bool) -> None:
        self.tokens = tokens
        self.negative = negative
        self.lines = lines
        self.protected = protected
        self.branches: list[Branch] = []
        self.branch_lead = ""
        self.chunks: list[Chunk] = []
        self.chunk_lead = ""
        self.chunk_at = 0
        self.flow: Flow = []
        self.stack: list[_Frame] = []
        self.unbalanced = False
        self.carried = 0

    def prompt(self) -> Prompt:
        """The tree of all tokens."""
        tokens = self.tokens
        append = self.flow.append
        by_line = self.lines is not Lines.SEPARATOR
        for at in range(1, len(tokens), 2):
            text, token = tokens[at - 1], tokens[at]
            if text:
                append(text)
            if token[0] in SEPARATORS and not (by_line and token == "\n" and not self.stack):
                append(token)
                continue
            self._mark(at, token)
            append = (self.stack[-1].flow if self.stack else self.flow).append
        if tokens[-1]:
            append(tokens[-1])
        self._end_branch(len(tokens))
        return Prompt(tuple(self.branches))

    def _mark(self, at: int, token: str) -> None:
        if self.unbalanced and token != "AND":
            return
        if token in "([{":
            self._open(token)
        elif token in _CLOSERS:
            self._close(token)
        elif token == "AND" and not self.negative:
            self._next_branch(at, token)
        elif token == "\n":
            self._next_chunk(at, token)
        elif token == "BREAK" or token in REGION_WORDS:
            self._break(at, token)
        elif token[0] == "<":
            self._extra(token)
        else:
            self._append(token)

    def _append(self, part: str | Node) -> None:
        (self.stack[-1].flow if self.stack else self.flow).append(part)

    def _open(self, token: str) -> None:
        if token == "{" and not self.protected:
            self._append(token)
            return
        if len(self.stack) >= MAX_DEPTH:
            raise _Refused(f"brackets are nested more than {MAX_DEPTH} deep")
        self.stack.append(_Frame(token))

    def _close(self, token: str) -> None:
        if token == "}" and not self.protected:
            self._append(token)
        elif not self.stack:
            # A stray closer is text to the WebUI, unless an AND has cut its group in two.
            self.unbalanced = self.carried > 0
            self.carried -= self.unbalanced
            self._append(token)
        elif self.stack[-1].opening == _CLOSERS[token]:
            self._close_frame(self.stack.pop(), token)
        elif token == "}" or self.stack[-1].opening in "{<":
            raise _Unprotected
        else:
            self.unbalanced = True

    def _close_frame(self, frame: _Frame, token: str) -> None:
        node, weight = _bracket(frame, token)
        if frame.breaks:
            breaks = [factor * weight for factor in frame.breaks]
            if self.stack:
                self.stack[-1].breaks += breaks
            elif -1.0 in breaks:
                node = _Breaking(node.source, node)
        self._append(node)

    def _extra(self, token: str) -> None:
        block = self.protected and token.startswith("<ppp:")
        if block and token.startswith("<ppp:/"):
            if not self.stack or self.stack[-1].opening[0] != "<":
                raise _Unprotected
            self._close_frame(self.stack.pop(), token)
        elif block and not token.endswith("/>") and not token.startswith(("<ppp:el", "<ppp://")):
            self.stack.append(_Frame(token))
        else:
            self._append(Extra(token))

    def _break(self, at: int, token: str) -> None:
        if self.stack:
            self.stack[-1].breaks.append(-1.0)
            self._append(token)
        else:
            self._next_chunk(at, token)

    def _next_chunk(self, at: int, lead: str) -> None:
        if self.unbalanced:
            return
        self._end_chunk()
        self.chunk_lead = lead
        self.chunk_at = at

    def _end_chunk(self) -> None:
        region = self.chunk_lead in REGION_WORDS or (
            self.chunk_lead == "\n" and self.lines is Lines.REGION
        )
        body = _body(self.flow)
        if not any(item.breaks for item in body.items):
            self.chunks.append(Chunk(self.chunk_lead, body, region))
        else:
            self.chunks += _split_chunk(self.chunk_lead, body, region)
        self.flow = []

    def _next_branch(self, at: int, lead: str) -> None:
        if any(frame.opening[0] in "{<" for frame in self.stack):
            raise _Unprotected
        self.carried += len(self.stack)
        self._end_branch(at)
        self.branch_lead = lead
        self.chunk_lead = ""
        self.chunk_at = at + 1

    def _end_branch(self, at: int) -> None:
        if any(frame.opening[0] in "{<" for frame in self.stack):
            raise _Unprotected
        rest = ""
        if self.stack or self.unbalanced:
            rest = "".join(self.tokens[self.chunk_at : at])
        else:
            self._end_chunk()
        self.branches.append(Branch(self.branch_lead, tuple(self.chunks), rest))
        self.chunks, self.flow, self.stack, self.unbalanced = [], [], [], False


class _Breaking(Node, frozen=True, gc=False):
    """Marks a bracket in the flow whose BREAK the WebUI obeys."""

    node: Node


def _bracket(frame: _Frame, closing: str) -> tuple[Node, float]:
    """The node of a closed bracket and the weight that it gives to what it holds."""
    opening, flow = frame.opening, frame.flow
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
            raise _Refused(f"the WebUI can't read the weight {match[1]!r}") from None
        flow[-1:] = [last[: match.start()]] if match.start() else []
        closing = match[0] + ")"
    return Group(source, "(", _body(flow), closing), weight


def _square(flow: Flow) -> tuple[Node, float]:
    texts = [part for part in flow if isinstance(part, str)]
    colons = sum(text.count(":") for text in texts)
    bars = sum(text.count("|") for text in texts)
    last = flow[-1] if flow else None
    if bars and not colons:
        return _choice(flow, "|", "]"), 1.0
    if 1 <= colons <= 2 and not bars and isinstance(last, str) and (when := _WHEN.search(last)):
        before = [last[: when.start()]] if when.start() else []
        return _choice([*flow[:-1], *before], ":", when[0] + "]"), 1.0
    return Group(f"[{_source(flow)}]", "[", _body(flow), "]"), _SQUARE_WEIGHT


def _choice(flow: Flow, divider: str, closing: str) -> Choice:
    flows: list[Flow] = [[]]
    for part in flow:
        if not isinstance(part, str) or divider not in part or part[0] in '"“':
            flows[-1].append(part)
            continue
        head, *more = part.split(divider)
        flows[-1] += [head] if head else []
        flows += [[text] if text else [] for text in more]
    bodies = tuple(map(_body, flows))
    return Choice(f"[{_source(flow)}{closing}", "[", bodies, divider, closing)


def _source(flow: Flow) -> str:
    if len(flow) == 1 and isinstance(flow[0], str):
        return flow[0]
    return "".join(part if isinstance(part, str) else part.source for part in flow)


def _body(flow: Flow) -> Body:
    """Cut a flow at its separators; white space and comments go to the gaps."""
    gaps: list[str] = []
    items: list[Item] = []
    gap = ""
    parts: Flow = []
    for part in flow:
        if not isinstance(part, str) or part[0] not in _GAP_STARTS:
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
    if len(parts) == 1 and isinstance(parts[0], Node) and not isinstance(parts[0], _Breaking):
        return "", Item(parts[0].source, (parts[0],)), ""
    nodes: list[Node] = []
    breaks = False
    for part in parts:
        if isinstance(part, _Breaking):
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


def _split_chunk(lead: str, body: Body, region: bool) -> list[Chunk]:
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
