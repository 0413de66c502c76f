"""Emoticon tags whose brackets the WebUI would read: `>:(` opens attention that nothing closes."""

from __future__ import annotations

import re

from modelwise.classify import Classifier
from modelwise.nodes import Branch, Lines, Prompt
from modelwise.parser import parse
from modelwise.render import render
from modelwise.report import Entry, Where
from modelwise.spelling import escaped
from modelwise.terms import Slot

_SEPARATOR = re.compile(r"([,，、\n])")


def escape_emoticons(
    tree: Prompt, classifier: Classifier, negative: bool, lines: Lines, where: Where
) -> tuple[Prompt, list[Entry]]:
    """The tree of the text with such tags escaped, where that is what unbalances a branch."""
    branches: list[Branch] = []
    entries: list[Entry] = []
    for branch in tree.branches:
        rest, changes = _escaped_rest(branch.rest, classifier, where)
        if changes and not any(part.rest for part in parse(rest, negative=negative).branches):
            entries += changes
            branches.append(Branch(branch.lead, branch.chunks, rest))
        else:
            branches.append(branch)
    if not entries:
        return tree, []
    return parse(render(Prompt(tuple(branches))), negative=negative, lines=lines), entries


def _escaped_rest(rest: str, classifier: Classifier, where: Where) -> tuple[str, list[Entry]]:
    pieces = _SEPARATOR.split(rest)
    entries: list[Entry] = []
    for at in range(0, len(pieces), 2):
        body = pieces[at].strip()
        if body.count("(") == body.count(")") or "\\" in body or not classifier.tag(body).known:
            continue
        pieces[at] = pieces[at].replace(body, escaped(body))
        reason = "the WebUI would read its bracket as attention"
        entries.append(Entry("respelled", body, escaped(body), Slot.GENERAL.value, where, reason))
    return "".join(pieces), entries
