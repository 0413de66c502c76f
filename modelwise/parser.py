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
from modelwise.render import render_body

_WEIGHT = re.compile(r":\s*([+-]?[.\d]+)\s*$")
_WHEN = re.compile(r":\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$")
_CLOSERS = {")": "(", "]": "[", "}": "{"}
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
        tokens = self.tokens
        flow = self.flow
        for at, token in enumerate(tokens):
            if not at & 1:
                if token:
                    flow.append(token)
            elif token in SEPARATORS:
                if token == "\n" and self.lines is not Lines.SEPARATOR and not self.stack:
                    self._next_chunk(at, token)
                else:
                    flow.append(token)
            else:
                self._mark(at, token)
            flow = self.stack[-1].flow if self.stack else self.flow
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
        breaks = [factor * weight for factor in frame.breaks]
        if self.stack:
            self.stack[-1].breaks += breaks
            self._append(node)
        else:
            self._append(_Breaking(node) if -1.0 in breaks else node)

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
        breaking = [part for part in self.flow if type(part) is _Breaking]
        body = _body(self.flow)
        if not breaking:
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


class _Breaking:
    """Marks a bracket in the flow whose BREAK the WebUI obeys."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node


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
    closing, weight = ")", _ROUND_WEIGHT
    last = flow[-1] if flow else None
    if type(last) is str and (match := _WEIGHT.search(last)):
        try:
            weight = float(match[1])
        except ValueError:
            raise _Refused(f"the WebUI can't read the weight {match[1]!r}") from None
        flow[-1] = last[: match.start()]
        closing = match[0] + ")"
    body = _body(flow)
    return Group("(" + render_body(body) + closing, "(", body, closing), weight


def _square(flow: Flow) -> tuple[Node, float]:
    texts = [part for part in flow if type(part) is str]
    colons = sum(text.count(":") for text in texts)
    bars = sum(text.count("|") for text in texts)
    last = flow[-1] if flow else None
    if bars and not colons:
        return _choice(flow, "|", "]"), 1.0
    if 1 <= colons <= 2 and not bars and type(last) is str and (when := _WHEN.search(last)):
        return _choice([*flow[:-1], last[: when.start()]], ":", when[0] + "]"), 1.0
    body = _body(flow)
    return Group("[" + render_body(body) + "]", "[", body, "]"), _SQUARE_WEIGHT


def _choice(flow: Flow, divider: str, closing: str) -> Choice:
    flows: list[Flow] = [[]]
    for part in flow:
        if type(part) is not str or divider not in part or part[0] in '"“':
            flows[-1].append(part)
            continue
        head, *more = part.split(divider)
        flows[-1].append(head)
        flows += [[text] for text in more]
    bodies = tuple(_body(flow) for flow in flows)
    source = "[" + divider.join(map(render_body, bodies)) + closing
    return Choice(source, "[", bodies, divider, closing)


def _source(flow: Flow) -> str:
    return "".join(part if type(part) is str else part.source for part in flow)


def _body(flow: list) -> Body:
    """Cut a flow at its separators; white space and comments go to the gaps."""
    gaps: list[str] = []
    items: list[Item] = []
    gap = ""
    parts: list = []
    for part in [*flow, ","]:
        if type(part) is str and (part in SEPARATORS or part[:1] == "#"):
            if parts:
                lead, item, tail = _item(parts)
                if item is None:
                    gap += lead
                else:
                    gaps.append(gap + lead)
                    items.append(item)
                    gap = tail
                parts = []
            gap += part
        else:
            parts.append(part)
    gaps.append(gap[:-1])  # without the separator that stood for the end
    return Body(tuple(gaps), tuple(items))


def _item(parts: list) -> tuple[str, Item | None, str]:
    """White space before, the item (none: all is white space), white space behind."""
    if len(parts) == 1 and type(parts[0]) is str:
        text = parts[0]
    elif all(type(part) is str for part in parts):
        text = "".join(parts)
    else:
        return _complex_item(parts)
    source = text.strip()
    if not source:
        return text, None, ""
    at = text.index(source)
    return text[:at], Item(source), text[at + len(source) :]


def _complex_item(parts: list) -> tuple[str, Item, str]:
    nodes: list[Node] = []
    breaks = False
    for part in parts:
        if type(part) is not str:
            breaks = breaks or type(part) is _Breaking
            nodes.append(part.node if type(part) is _Breaking else part)
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
