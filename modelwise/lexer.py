"""Text to tokens: plain text at even places, marks (separators, brackets, keywords, atoms) at odd ones.

Comments come first and extra networks second, as in the WebUI. `"".join(lex(text)) == text`, and the
time is linear in the text's length whatever it holds.
"""

from __future__ import annotations

import re

REGION_WORDS = frozenset({"ADDROW", "ADDCOL", "ADDCOMM", "ADDBASE", "AND_PERP", "AND_SALT", "AND_TOPK"})
SEPARATORS = frozenset(",，、\n")

_COMMENT_OR_EXTRA = re.compile(r"[<#]")
_EXTRA_NAME = re.compile(r"<(\w+):")
_EXTRA_END = re.compile(r"[>#]")

# Every alternative begins with one literal character, no set: the search then skips ahead at C speed.
_SEPARATOR_OR_BRACKET = r", *|\(|\)|\n|，|、|\[|\]|\{|\}|\\[\\()\[\]]"  # a comma takes its spaces along
_QUOTED_CHARACTER = r'[^"“”\n#<()\[\]{}\\]|\([^"“”\n#<()\[\]{}\\,]*\)|\\[()\[\]]'
_QUOTED = r'"(?<![\w"]")(?=\S)(?:{0})*"(?!\w)|“(?:{0})*”'  # an inch mark behind a digit opens nothing
_WORD = r"B(?<!\wB)REAK(?!\w)|A(?<!\wA)(?:ND(?:_PERP|_SALT|_TOPK)?|DD(?:ROW|COL|COMM|BASE))(?!\w)"
_split_plain = re.compile(f"({_SEPARATOR_OR_BRACKET}|{_QUOTED.format(_QUOTED_CHARACTER)})").split
_split_words = re.compile(
    f"({_SEPARATOR_OR_BRACKET}|{_WORD}|{_QUOTED.format(f'(?!AND|BREAK|ADD)(?:{_QUOTED_CHARACTER})')})"
).split


def lex(text: str) -> list[str]:
    """Split a text into tokens; the list has an odd length and begins and ends with plain text."""
    split = _split_words if "AND" in text or "BREAK" in text or "ADD" in text else _split_plain
    if "<" not in text and "#" not in text:
        return split(text)
    tokens: list[str] = []
    at = 0
    for start, end in _atoms(text):
        tokens += split(text[at:start])
        tokens.append(text[start:end])
        at = end
    tokens += split(text[at:])
    return tokens


def _atoms(text: str) -> list[tuple[int, int]]:
    """Where comments and extra networks stand, as (start, end) offsets in order."""
    found: list[tuple[int, int]] = []
    at = 0
    closes = True
    while opening := _COMMENT_OR_EXTRA.search(text, at):
        start = opening.start()
        at = start + 1
        if text[start] == "#":
            end = _line_end(text, start)
        else:
            name = _EXTRA_NAME.match(text, start) if closes else None
            if name is None:
                continue
            at = name.end()
            end = _extra_end(text, at)
            closes = end >= 0  # no further `>`: no later extra network can close either
            if end <= at + 1:
                continue
        found.append((start, end))
        at = end
    return found


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _extra_end(text: str, at: int) -> int:
    """The offset behind the `>` that closes an extra network, or -1; a comment inside hides its line."""
    while mark := _EXTRA_END.search(text, at):
        if text[mark.start()] == ">":
            return mark.end()
        at = _line_end(text, mark.start())
    return -1
