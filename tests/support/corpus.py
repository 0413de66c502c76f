"""Our own realistic prompts."""

from __future__ import annotations

from pathlib import Path


def corpus() -> list[str]:
    """The prompts of `corpus/prompts.txt`."""
    lines = (Path(__file__).parent.parent / "corpus" / "prompts.txt").read_text(encoding="utf-8")
    return [line.replace("\\n", "\n") for line in lines.split("\n")[1:] if line]
