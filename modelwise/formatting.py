"""A prompt in the model's order and spelling, line by line: nothing is added, line ends and comments stay."""

from __future__ import annotations

from modelwise.compile import Compiler, Request, Result, Switches
from modelwise.nodes import Lines

_SWITCHES = Switches(quality=False, negative=False, settings=False)


def formatted(compiler: Compiler, prompt: str) -> Result:
    """The prompt put in order; `negative` and `settings` of the result are empty."""
    return compiler.compile(Request(prompt, switches=_SWITCHES, lines=Lines.BREAK))
