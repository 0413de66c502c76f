"""One tag, many spellings: the normal form for look-ups, and the spelling that a model was trained with."""

from __future__ import annotations

import re
import unicodedata

from modelwise.profiles import Spelling

_ESCAPED = re.compile(r"\\([\\()\[\]])")
_BRACKET = re.compile(r"[()\[\]]")
SHORT_TAG = 3
"""Captions keep the underscores of tags up to this length: `^_^`, `o_o`."""


def normal_form(text: str) -> str:
    """The form in which spaces and underscores, case, escapes and full-width characters do not differ."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    return " ".join(text.replace("_", " ").lower().split())


def spelled(name: str, spelling: Spelling, source: str | None = None) -> str:
    """A tag's name, as lists write it, in a model's spelling. `source`: as the user wrote it, where what the
    model keeps is found."""
    if source is not None and "keep" in (spelling.underscores, spelling.parentheses, spelling.case):
        name = source if spelling.parentheses == "keep" else _ESCAPED.sub(r"\1", source)
    if spelling.underscores == "spaces" and len(name) > SHORT_TAG:
        name = " ".join(name.replace("_", " ").split())
    if spelling.case == "lower":
        name = name.lower()
    return escaped(name) if spelling.parentheses == "escape" else name


def escaped(name: str) -> str:
    """A name whose brackets the WebUI reads as characters."""
    return _BRACKET.sub(r"\\\g<0>", name)
