"""The commands for tag lists: what is loaded, and fetching the list that most people have."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from modelwise.cli_fetching import INSTALLED_IN, Bar, add_folder_option, data_folder
from modelwise.fetching import FetchError
from modelwise.session import Session, json_text
from modelwise.tag_fetch import DANBOORU, fetch
from modelwise.vocabulary_cache import VocabularyCache
from modelwise.webui.neighbours import tagcomplete_lists

OK, FAILED = 0, 1
_LIST = "danbooru.csv"


def add_commands(commands: Any) -> None:
    """Add them to a parser's commands."""
    tags = commands.add_parser("tags", help="tag lists: status, fetch")
    actions = tags.add_subparsers(required=True, metavar="ACTION")
    status = actions.add_parser("status", help="the lists that are loaded, with their counts and conflicts")
    status.add_argument("--json", action="store_true", help="machine-readable output")
    status.set_defaults(run=_status)
    getting = actions.add_parser("fetch", help="fetch Danbooru's tags in tagcomplete's current list")
    getting.add_argument("--url", default=DANBOORU, help="another list of that format")
    getting.set_defaults(run=_fetch)
    for action in (status, getting):
        add_folder_option(action)


def _status(_session: Session, options: argparse.Namespace) -> int:
    folder = data_folder(options)
    neighbours = tagcomplete_lists(folder.parent / INSTALLED_IN, _webui_options(folder.parent).get)
    files = [*neighbours, *sorted(folder.glob("tags/*.csv"))]
    vocabulary = VocabularyCache(folder / "cache").load(files)
    if options.json:
        sys.stdout.write(json_text({"lists": list(vocabulary.sources), "tags": len(vocabulary)}))
        return OK
    for source in vocabulary.sources:
        notes = [f"{source.conflicts:,} of another category than before"] if source.conflicts else []
        notes += [f"{source.problem_count:,} lines with problems"] if source.problem_count else []
        sys.stdout.write(f"{source.name:24} {source.rows:>9,}  {', '.join(notes)}".rstrip() + "\n")
        for problem in source.problems:
            sys.stdout.write(f"  {problem}\n")
    sys.stdout.write(f"{'all':24} {len(vocabulary):>9,}\n")
    return OK


def _webui_options(data: Path) -> dict[str, Any]:
    """The WebUI's settings, which say what tagcomplete reads; none where there are none to be read."""
    try:
        found = msgspec.json.decode((data / "config.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _fetch(_session: Session, options: argparse.Namespace) -> int:
    target = data_folder(options) / "tags" / _LIST
    bar = Bar()
    try:
        found = fetch(target, options.url, bar)
    except FetchError as error:
        bar.end()
        sys.stderr.write(f"modelwise: {error}\n")
        return FAILED
    bar.end()
    sys.stdout.write(f"{found.tags:,} tags, {found.size / 1e6:.1f} MB: {target}\n")
    return OK
