"""What a vocabulary costs: until it is ready, in memory, and for a look-up with its normal form.

Ours is the cache; beside it stands what was weighed against it, each in a program of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import Figure, Options
from benchmarks.compile import tag_list
from benchmarks.ordering import SHARED
from benchmarks.vocabulary_layouts import OPEN, WRITE
from modelwise.tag_files import load_vocabulary
from modelwise.vocabulary import Tables
from modelwise.vocabulary_cache import VocabularyCache

EVERY_TAG = SHARED / "danbooru_2025-09-24_full.csv"
ASKED = 20_000
LARGE = 500_000
TARGETS = {False: (150.0, 40.0), True: (1_000.0, 250.0)}
"""Milliseconds and megabytes, for a list of the usual size and for one of every tag."""
LOOK_UP = 2.0
NAMES = {
    "lists": "no cache",
    "cache": "our cache",
    "table": "a mapped hash table",
    "sqlite": "sqlite3",
    "trie": "marisa-trie",
}


def figures(options: Options) -> Iterator[Figure]:
    """The figures of a list of the usual size, and of one of every tag where there is one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from compared(options.tags or made_up(folder / "made_up.csv"), folder / "usual")
        if EVERY_TAG.is_file() and not options.tags:
            yield from compared(EVERY_TAG, folder / "every")


def made_up(path: Path) -> Path:
    """The made-up list of the usual size, as a file."""
    rows = (f"{name},{category:d},{count}," for name, category, count, _ in tag_list(None).rows)
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def compared(csv: Path, folder: Path) -> Iterator[Figure]:
    """Every layout for one list; they must give the same answers."""
    folder.mkdir()
    copy = folder / "tags.csv"
    copy.write_bytes(csv.read_bytes())
    tables = load_vocabulary([copy]).tables
    VocabularyCache(folder / "cache").load([copy])
    asked = folder / "names.txt"
    asked.write_text("\n".join(names(tables)), encoding="utf-8")
    ready, memory = TARGETS[len(tables.codes) > LARGE]
    answers = set()
    for layout in OPEN:
        if layout == "trie" and not find_spec("marisa_trie"):
            continue
        path = copy
        if layout in WRITE:
            path = folder / layout
            WRITE[layout](tables, path)
        cost = opened(layout, path, asked)
        answers.add(cost["answers"])
        ours = layout == "cache"
        title = f"{len(tables.codes):,} tags, {NAMES[layout]}"
        yield Figure(f"{title}: ready", cost["ready"], target=ready if ours else None)
        yield Figure(f"{title}: memory", cost["memory"], unit="MB", target=memory if ours else None)
        yield Figure(f"{title}: look-up", cost["warm"], unit="us", target=LOOK_UP if ours else None)
    if len(answers) > 1:
        raise ValueError("the layouts don't give the same answers")


def names(tables: Tables) -> list[str]:
    """What is looked up: tags from all over the list as lists write them, aliases, and what is in no list."""
    known = [*tables.codes, *tables.aliases]
    some = [key.replace(" ", "_") for key in known[:: max(1, len(known) // ASKED)]]
    return [name if at % 4 else f"{name}_unknown" for at, name in enumerate(some)]


def opened(layout: str, path: Path, asked: Path) -> dict[str, Any]:
    """What a layout costs in a fresh program."""
    command = [sys.executable, "-m", "benchmarks.vocabulary_layouts", layout, str(path), str(asked)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
