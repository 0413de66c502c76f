"""Finds the line of a TOML text on which a key or a list's entry stands, by the path that problems name.

The text is one that a TOML reader has taken; of any other it says as much as it can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from modelwise.toml_messages import joined

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'|#[^\n]*|[\[\]{}=,.\n]|[^\s\[\]{}=,.#\"']+",
    re.DOTALL,
)
_BEFORE_VALUE_ENDS = frozenset("\n,]}")
_AT_LINE = re.compile(r"\(at line (\d+)(?:, column \d+)?\)$")
MOST_STEPS = 32
"""Of a dotted key. TOML readers take time that grows with the square of their number."""

Token = tuple[str, int]
"""A piece of the text and its line, from 1."""


def line_of(path: str, text: str) -> int:
    """The line of a path, or of the nearest table around it; the first where there is none."""
    places = lines_of(text)
    while path:
        if path in places:
            return places[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return 1


def line_in_message(message: str, text: str) -> int:
    """The line that a TOML reader's message ends with; the last where the text ends too early."""
    found = _AT_LINE.search(message)
    if found:
        return int(found[1])
    return text.count("\n") + 1 if message.endswith("(at end of document)") else 1


def long_key(text: str) -> int | None:
    """The line of a dotted key with too many steps; None where there is none."""
    if all(line.count(".") < MOST_STEPS for line in text.split("\n")):
        return None
    dots = 0
    for token, line in _tokens(text):
        dots = 0 if token in "[]{}=,\n" else dots + (token == ".")
        if dots >= MOST_STEPS:
            return line
    return None


def lines_of(text: str) -> dict[str, int]:
    """The line of every key and every entry of a list, by its path."""
    reader = _Reader(list(_tokens(text)))
    with suppress(IndexError, RecursionError):  # it ends too early, or is too deep: what was found stands
        reader.read()
    return reader.places


def _tokens(text: str) -> Iterator[Token]:
    line, end = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", end, found.start())
        if not found[0].startswith("#"):
            yield found[0], line
        line += found[0].count("\n")
        end = found.end()


class _Reader:
    """Walks over the tokens of a text."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._latest: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self.places: dict[str, int] = {}

    def read(self) -> None:
        """The whole text."""
        table = ""
        while self._at < len(self._tokens):
            if self._peek() == "\n":
                self._at += 1
            elif self._peek() == "[":
                table = self._header()
            else:
                self._entry(table)

    def _peek(self) -> str:
        return self._tokens[self._at][0]

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _skip_line_ends(self) -> None:
        while self._peek() == "\n":
            self._at += 1

    def _note(self, path: str, line: int) -> str:
        self.places.setdefault(path, line)
        return path

    def _key(self, base: str, end: str) -> str:
        """The path of a dotted key; each table on its way is noted."""
        path = base
        while self._peek() != end:
            token, line = self._take()
            if token != ".":
                path = self._latest.get(path, path)
                path = self._note(joined(path, _bare(token)), line)
        return path

    def _header(self) -> str:
        """`[table]` or `[[table]]`: the path of what follows."""
        self._at += 1
        several = self._peek() == "["
        line = self._take()[1] if several else self._tokens[self._at][1]
        path = self._key("", "]")
        self._at += 2 if several else 1
        if not several:
            return self._latest.get(path, path)
        number = self._counts.get(path, -1) + 1
        self._counts[path] = number
        self._latest[path] = self._note(joined(path, number), line)
        return self._latest[path]

    def _entry(self, table: str) -> None:
        """`key = value`."""
        path = self._key(table, "=")
        self._at += 1
        self._value(path)

    def _value(self, path: str) -> None:
        if self._peek() == "[":
            self._list(path)
        elif self._peek() == "{":
            self._inline_table(path)
        else:
            while self._at < len(self._tokens) and self._peek() not in _BEFORE_VALUE_ENDS:
                self._at += 1

    def _list(self, path: str) -> None:
        self._at += 1
        number = 0
        while True:
            self._skip_line_ends()
            if self._peek() == "]":
                break
            if self._peek() == ",":
                self._at += 1
                continue
            self._value(self._note(joined(path, number), self._tokens[self._at][1]))
            number += 1
        self._at += 1

    def _inline_table(self, path: str) -> None:
        self._at += 1
        while self._peek() != "}":
            if self._peek() in ",\n":
                self._at += 1
            else:
                self._entry(path)
        self._at += 1


def _bare(key: str) -> str:
    return key[1:-1] if key[:1] in ("'", '"') else key
