"""The parser on hostile and huge texts: lossless, complete, and never raising."""

from __future__ import annotations

import pytest

from modelwise.compile import LONGEST_PROMPT, Request
from modelwise.lexer import lex
from modelwise.nodes import MAX_DEPTH, Choice, Extra, Group, Text, Variant
from modelwise.parser import parse
from tests.support.checking import assert_lossless, check, compiler

MANY = 100_000
HOSTILE = {
    "extra networks that nothing closes": "<a:" * MANY,
    "opening brackets": "(" * MANY,
    "opening square brackets": "[" * MANY,
    "opening braces": "{" * MANY,
    "closing brackets": ")]}" * MANY,
    "brackets in turn": "([{" * MANY,
    "quotes": '"' * MANY,
    "quotes behind spaces": ' "a' * MANY,
    "typographic quotes": "“" * MANY,
    "quotes with brackets": '"(a' * MANY,
    "quotes with backslashes": '"\\(' * MANY,
    "comments": "#" * MANY,
    "comments in extra networks": "<a:#\n" * MANY,
    "colons": "[a:" * MANY,
    "colons alone": ":" * MANY,
    "bars": "[|" * MANY,
    "backslashes": "\\" * MANY,
    "an odd number of backslashes": "\\" * (MANY + 1) + "(",
    "weights": "(a:1)" * MANY,
    "weights that are none": "(a:1.2.3)" * MANY,
    "digits": "(a:" + "1" * MANY + ")",
    "dots": "(a:" + "." * MANY + ")",
    "branches": "a AND " * MANY,
    "chunks": "a BREAK " * MANY,
    "blocks of another extension": "<ppp:if a>" * MANY,
    "ends of such blocks": "<ppp:/if>" * MANY,
    "line ends": "\n" * MANY,
    "spaces": " " * MANY,
    "spaces in front of a colon": "a" + " " * MANY + ":",
    "commas": "," * MANY,
    "keywords run together": "ANDBREAK" * MANY,
    "underscores": "_" * MANY,
    "words without an end": "a" * MANY,
    "tags": "1girl, " * MANY,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_read_and_rendered(text: str) -> None:
    assert_lossless(text)
    assert "".join(lex(text)) == text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_compile(text: str) -> None:
    shorter = text[: LONGEST_PROMPT // 30]
    request = Request(shorter, shorter)
    result = compiler("animagine-xl-4.0").compile(request)
    again = compiler("animagine-xl-4.0").compile(Request(result.prompt, result.negative))
    assert (again.prompt, again.negative) == (result.prompt, result.negative)


@pytest.mark.parametrize(("opening", "closing"), ["()", "[]", "{}"])
def test_ten_thousand_brackets(opening: str, closing: str) -> None:
    text = opening * 10_000 + "a" + closing * 10_000
    assert_lossless(text)
    result = compiler("animagine-xl-4.0").compile(Request(f"smile, {text}, 1girl"))
    assert result.prompt == f"smile, {text}, 1girl"
    assert "nested" in next(entry.reason for entry in result.report if entry.where == "prompt")


def test_brackets_as_deep_as_allowed() -> None:
    text = "(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH
    assert parse(text).refusal == ""
    assert parse(f"({text})").refusal != ""
    check(compiler("animagine-xl-4.0"), Request(f"smile, {text}, 1girl"), everywhere=False)


def test_a_megabyte_is_read_and_left_alone() -> None:
    text = "1girl, (smile:1.2), [a|b], <lora:x:1>, " * 26_000
    assert len(text) > 1_000_000
    assert_lossless(text)
    result = compiler("animagine-xl-4.0").compile(Request(text, text))
    assert (result.prompt, result.negative) == (text, text)
    assert {entry.where for entry in result.report if entry.kind == "warning"} >= {"prompt", "negative"}


def test_a_long_prompt_is_compiled() -> None:
    text = ", ".join(f"tag {number}" for number in range(20_000)) + ", 1girl"
    assert len(text) < LONGEST_PROMPT
    assert compiler("animagine-xl-4.0").compile(Request(text)).prompt.startswith("1girl, tag 0, tag 1, ")


def test_nodes_of_each_kind() -> None:
    items = parse("a (b:1.2), [c|d], <x:y>, {e}, \\(f\\)").branches[0].chunks[0].body.items
    assert [tuple(map(type, item.nodes)) for item in items[:4]] == [
        (Text, Group),
        (Choice,),
        (Extra,),
        (Variant,),
    ]


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        (r"[\:a:b:0.5]", [r"\:a", "b"]),
        (r"[a\::0.5]", [r"a\:"]),
        (r"[a\:b:c:d:5]", None),
        (r"[a:b\:5]", None),
        (r"[a\\:5]", [r"a\\"]),
        (r"[a\|b|c]", [r"a\|b", "c"]),
        (r"[a\|b]", None),
        (r"[a\|b:c:5]", [r"a\|b", "c"]),
    ],
)
def test_a_backslash_makes_a_divider_text(text: str, bodies: list[str] | None) -> None:
    """As the WebUI's own grammar reads it; None: square brackets with a weight."""
    (node,) = parse(text).branches[0].chunks[0].body.items[0].nodes
    assert isinstance(node, Group if bodies is None else Choice)
    if isinstance(node, Choice):
        assert [item.source for body in node.bodies for item in body.items] == bodies


def test_a_group_keeps_its_weight() -> None:
    node = parse("(a, b : 1.3 )").branches[0].chunks[0].body.items[0].nodes[0]
    assert isinstance(node, Group)
    assert node.closing == ": 1.3 )"
    assert [item.source for item in node.body.items] == ["a", "b"]


def test_surrogates_and_controls() -> None:
    assert_lossless("\ud800, a\x00b, \r\n, \x85, \u2028, (\x1c)")
