"""Measures everything and prints one table; appends the figures to `history.jsonl`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path

from benchmarks import Figure, Options

FOLDER = Path(__file__).parent
HISTORY = FOLDER / "history.jsonl"
CHEAP = ("compile", "detect", "page", "preview", "ordering")
MODULES = (*CHEAP, "rest", "vocabulary", "completion", "suggestions")


def main(arguments: Sequence[str]) -> int:
    """Measure, print, remember; the exit code says whether every target was met."""
    options = parsed(arguments)
    if options.hot:
        print(import_module("benchmarks.compile").hot_loop(options))
        return 0
    print(row("figure", "value", "target", "ratio", "ok"))
    figures = list(printed(measured(options)))
    if figures and not options.no_history:
        with HISTORY.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(json.dumps(record(figures)) + "\n")
    return 0 if figures and all(figure.ok is not False for figure in figures) else 1


def parsed(arguments: Sequence[str]) -> Options:
    """The command line's options."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(MODULES)}; without one, all that is cheap"
    )
    parser.add_argument(
        "--tags", type=Path, metavar="CSV", help="a tag list; without it, a made-up one of 140,000"
    )
    parser.add_argument(
        "--webui", type=Path, metavar="DIR", help="a checkout of the WebUI, to compare with its parser"
    )
    parser.add_argument(
        "--prompts",
        type=Path,
        metavar="TSV",
        help="prompts in trained order (kind, source, prompt); without it, those of ../shared/data",
    )
    parser.add_argument(
        "--hot", action="store_true", help="show where compile spends its time, and nothing else"
    )
    parser.add_argument(
        "--memory", action="store_true", help="with rest: 100,000 requests, for what the memory grows by"
    )
    parser.add_argument("--no-history", action="store_true", help="leave history.jsonl alone")
    options = parser.parse_args(arguments)
    unknown = [part for part in options.parts if part not in MODULES]
    if unknown:
        parser.error(f"PART: found {unknown[0]!r}; allowed: {', '.join(MODULES)}")
    return options


def measured(options: Options) -> Iterator[Figure]:
    """The figures of the parts that were asked for, or of all that are cheap."""
    for name in options.parts or CHEAP:
        yield from import_module(f"benchmarks.{name}").figures(options)


def printed(figures: Iterator[Figure]) -> Iterator[Figure]:
    """The same figures, each printed as soon as it is there."""
    for figure in figures:
        print(table_row(figure), flush=True)
        yield figure


def table_row(figure: Figure) -> str:
    """A figure as a line of the table."""
    unit = f" {figure.unit}" if figure.unit else ""
    value = f"{figure.value:.4g}{unit}"
    bound = ">=" if figure.at_least else ""
    target = "" if figure.target is None else f"{bound}{figure.target:.4g}{unit}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.3g}x"
    verdict = {None: "", True: "yes", False: "NO"}[figure.ok]
    return row(figure.name, value, target, ratio, verdict)


def row(name: str, *cells: str) -> str:
    """A line of the table."""
    return f"{name:<66}" + "".join(f"{cell:>11}" for cell in cells)


def record(figures: Sequence[Figure]) -> dict[str, object]:
    """What is remembered of a run."""
    return {
        "commit": commit(),
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "figures": {
            figure.name: [round(figure.value, 5), figure.ratio and round(figure.ratio, 3)]
            for figure in figures
        },
    }


def commit() -> str:
    """The commit that was measured, marked where the work tree differs from it."""
    command = ["git", "-C", str(FOLDER), "describe", "--always", "--dirty", "--abbrev=10"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
