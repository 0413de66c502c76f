"""Tree to text: the exact inverse of the parser, and the composition of every rewritten tree."""

from __future__ import annotations

from collections.abc import Iterator

from modelwise.nodes import Body, Chunk, Prompt


def render_body(body: Body) -> str:
    """The text of a body."""
    gaps = body.gaps
    pieces = [gaps[0]]
    for item, gap in zip(body.items, gaps[1:], strict=True):
        pieces.append(item.source)
        pieces.append(gap)
    return "".join(pieces)


def render_chunk(chunk: Chunk) -> str:
    """The text of a segment with the keyword that opens it."""
    return chunk.lead + render_body(chunk.body)


def _pieces(prompt: Prompt) -> Iterator[str]:
    for branch in prompt.branches:
        yield branch.lead
        yield from map(render_chunk, branch.chunks)
        yield branch.rest


def render(prompt: Prompt) -> str:
    """The prompt's text: `render(parse(text)) == text` for every string."""
    return "".join(_pieces(prompt))
