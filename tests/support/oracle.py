"""The WebUI's own parser as a judge, by way of the oracle that lies beside the repository."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from modelwise.compile import Compiler, Request
from modelwise.report import Entry
from tests.support.checking import added_tags, respelled_texts

SECONDS = 5.0
_FULL_WIDTH = str.maketrans("，、", ",,")
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_EXTRA = re.compile(r"<\w+:[^>]+>")
_INNERMOST = re.compile(r"\([^()\[\]]*\)|\[[^()\[\]]*\]")
_COLON_BEHIND = re.compile(r"\][\s)]*:")
# A bar beside a colon too many is no doubt: the whole text has no schedule then.
_WELL_FORMED = re.compile(
    r"\([^:]*(?::[^:]*)?\)|\[[^:]*\]|\[.*\|.*\]"
    r"|\[[^:]*(?::[^:]*)?:\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*\]",
    re.DOTALL,
)
_REGIONS = re.compile(r"\b(?:ADDROW|ADDCOL|ADDCOMM|ADDBASE|AND_PERP|AND_SALT|AND_TOPK)\b")


def load(path: Path, webui: Path) -> ModuleType:
    """The oracle, set to a checkout."""
    os.environ["WEBUI_DIR"] = str(webui)
    spec = importlib.util.spec_from_file_location("meaning_oracle", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["meaning_oracle"] = module
    spec.loader.exec_module(module)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the WebUI's source, compiled here, has old escapes
        module.webui()
    return module


def disagreements(oracle: ModuleType, subject: Compiler, request: Request) -> list[str]:
    """What the WebUI reads differently in a compiled prompt, beyond what the report lists.

    Full-width separators count as commas on both sides, and the keywords of regional extensions as BREAK.
    """
    result = subject.compile(request)
    entries = [entry for entry in result.report if entry.where == "prompt"]
    shown = ""
    for before in _candidates(request.prompt, entries):
        verdict = oracle.check(
            _plain(before),
            _plain(result.prompt),
            injected=added_tags(entries),
            newline_sep=True,
            timeout=SECONDS,
        )
        if verdict.ok or not _testable(verdict.detail):
            return []
        if not _stable(before):
            return []
        shown = shown or f"{before!r} -> {result.prompt!r}: {verdict.detail}"
    return [shown]


def _plain(text: str) -> str:
    return _REGIONS.sub("BREAK", text.translate(_FULL_WIDTH))


def _candidates(text: str, entries: Sequence[Entry]) -> list[str]:
    """The user's text with the reported respellings, and with the reported commas at branches' ends."""
    candidates = respelled_texts(text, entries)
    for entry in entries:
        if entry.kind == "respelled" and entry.to == entry.item + ",":
            candidates += [text for given in candidates for text in _with_comma(given, entry.item)]
    return candidates


def _with_comma(text: str, item: str) -> list[str]:
    """The text with a comma behind an item that ends a branch, whichever of them is meant."""
    end = r"(?=(?:\s|<[^>]*>|#[^\n]*)*(?:\bAND\b|\Z))"
    places = (match.end() for match in re.finditer(re.escape(item) + end, text))
    return [f"{text[:at]},{text[at:]}" for at in places]


def _stable(text: str) -> bool:
    """Whether the WebUI reads a text's schedules alike whatever stands around it.

    Its grammar is ambiguous, from one process to the next, where there is a bracket or a colon too many.
    """
    plain = _EXTRA.sub("", _ESCAPE.sub("", text))
    if "[" not in plain:
        return True
    if _COLON_BEHIND.search(plain):
        return False
    while bracket := _INNERMOST.search(plain):
        if not _WELL_FORMED.fullmatch(bracket[0]):
            return False
        plain = plain[: bracket.start()] + plain[bracket.end() :]
    return not any(character in plain for character in "()[]")


def _testable(detail: Sequence[str]) -> bool:
    """Whether the WebUI's parser answered in time for both texts."""
    return not any("took more than" in line for line in detail)
