"""Tokens to tree: the WebUI's own prompt grammar and its companions', lossless, linear, never raising.

What the WebUI would read differently from what it looks like (an unclosed bracket, an AND inside
brackets) is kept whole in `Branch.rest`; what would make the WebUI fail is refused and kept whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from modelwise.bodies import Breaking, Flow, Refused, body_of, bracket, split_chunk
from modelwise.lexer import REGION_WORDS, SEPARATORS, lex
from modelwise.nodes import MAX_DEPTH, Branch, Chunk, Extra, Lines, Node, Prompt

_LONE_BACKSLASH = re.compile(r"(?<!\\)(?:\\\\)*\\(?=<|$)")
_CLOSERS = {")": "(", "]": "[", "}": "{"}


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
            parser = _Parser(
                tokens, negative=negative, lines=lines, protected=protected, slashes="\\" in text
            )
            return parser.prompt()
        except _Unprotected:
            continue
        except Refused as refusal:
            return Prompt((Branch("", (), text),), str(refusal))
    raise AssertionError("a parse without protected brackets always ends")


class _Parser:
    """One pass over the tokens with a stack of open brackets."""

    def __init__(
        self, tokens: list[str], *, negative: bool, lines: Lines, protected: bool, slashes: bool
    ) -> None:
        self.tokens = tokens
        self.negative = negative
        self.lines = lines
        self.protected = protected
        self.branches: list[Branch] = []
        self.branch_lead = ""
        self.chunks: list[Chunk] = []
        self.chunk_lead = ""
        self.chunk_at = 0
        self.branch_at = 0
        self.slashes = slashes
        self.flow: Flow = []
        self.stack: list[_Frame] = []
        self.breaking = False
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
            raise Refused(f"brackets are nested more than {MAX_DEPTH} deep")
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
        node, weight = bracket(frame.opening, frame.flow, token)
        if frame.breaks:
            breaks = [factor * weight for factor in frame.breaks]
            if self.stack:
                self.stack[-1].breaks += breaks
            elif -1.0 in breaks:
                node = Breaking(node.source, node)
                self.breaking = True
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
        region = self.chunk_lead in REGION_WORDS or (self.chunk_lead != "" and self.lines is Lines.REGION)
        body = body_of(self.flow)
        if not self.breaking:
            self.chunks.append(Chunk(self.chunk_lead, body, region))
        else:
            self.chunks += split_chunk(self.chunk_lead, body, region)
        self.flow, self.breaking = [], False

    def _next_branch(self, at: int, lead: str) -> None:
        if any(frame.opening[0] in "{<" for frame in self.stack):
            raise _Unprotected
        self.carried += len(self.stack)
        self._end_branch(at)
        self.branch_lead = lead
        self.chunk_lead = ""
        self.chunk_at = self.branch_at = at + 1

    def _end_branch(self, at: int) -> None:
        if any(frame.opening[0] in "{<" for frame in self.stack):
            raise _Unprotected
        rest = ""
        if self.stack or self.unbalanced:
            rest = "".join(self.tokens[self.chunk_at : at])
        else:
            self._end_chunk()
            if self.slashes and any(map(_ends_in_backslash, self.chunks)):
                rest = "".join(self.tokens[self.branch_at : at])
                self.chunks = []
        self.branches.append(Branch(self.branch_lead, tuple(self.chunks), rest))
        self.chunks, self.flow, self.stack = [], [], []
        self.breaking = self.unbalanced = False


def _ends_in_backslash(chunk: Chunk) -> bool:
    """Whether an item ends in a lone backslash: before a line end or the end it spoils all scheduling of its
    branch for the WebUI, elsewhere it does not, so nothing may move there."""
    return any(_LONE_BACKSLASH.search(item.source) for item in chunk.body.items)
