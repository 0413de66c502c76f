"""The host's token counter, which counts what we make of a prompt, where the host lets extensions say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modules import script_callbacks


def count_instead(counted: Callable[[str, bool], str]) -> None:
    """Let the counter count another text. `counted`: that text for a box's own, and whether it is positive.

    Styles stay the host's: it adds theirs to the text that it counts.
    """
    register = getattr(script_callbacks, "on_before_token_counter", None)
    if register is None:
        return

    def before_token_counter(params: Any) -> None:
        params.prompt = counted(params.prompt, params.is_positive)

    register(before_token_counter)
