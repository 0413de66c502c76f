"""The commands for scores: score the images of a folder, and have or fetch the scorers.

What they need is imported when they run: the other commands do without torch.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelwise.cli_fetching import Bar, add_folder_option, data_folder
from modelwise.fetching import FetchError
from modelwise.session import Session, json_text
from modelwise.user_files import replace_file

if TYPE_CHECKING:
    from modelwise.scores.known import KnownScorer
    from modelwise.scores.verdicts import Scale

OK, FAILED, STOPPED = 0, 1, 130
JOURNAL = "modelwise-scores.jsonl"
_PACKAGES = "torch, safetensors, numpy and Pillow, which every WebUI's own Python has"


def add_commands(commands: Any) -> None:
    """Add them to a parser's commands."""
    scores = commands.add_parser(
        "scores", help="score a folder's images; the tags that cards would have given"
    )
    scores.add_argument("images", type=Path, metavar="DIR", help="the folder, with those below it")
    scores.add_argument("--scorer", action="append", metavar="ID", help="by default all that are there")
    scores.add_argument(
        "--profile", action="append", metavar="ID", help="by default all that state a mapping"
    )
    scores.add_argument("--journal", type=Path, metavar="FILE", help=f"by default {JOURNAL} in the folder")
    scores.add_argument("--csv", type=Path, metavar="FILE", help="also write a table")
    scores.add_argument("--json", action="store_true", help="machine-readable output")
    scores.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    scores.add_argument("--batch", type=_count, default=4, metavar="N", help="images at once (4)")
    scores.set_defaults(run=_scores)
    scorers = commands.add_parser("scorers", help="image scorers: status, fetch")
    actions = scorers.add_subparsers(required=True, metavar="ACTION")
    status = actions.add_parser("status", help="which scorers are there, and what is missing")
    status.add_argument("--json", action="store_true", help="machine-readable output")
    status.set_defaults(run=_status)
    getting = actions.add_parser("fetch", help="fetch a scorer's files")
    getting.add_argument("scorer", metavar="ID")
    getting.add_argument("--from", dest="place", metavar="URL", help="a folder of the web that has them")
    getting.set_defaults(run=_fetch)
    for parser in (scores, status, getting):
        add_folder_option(parser)


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError(f"found {text}; allowed: 1 to 256")
    return number


def _models(options: argparse.Namespace) -> Path:
    return data_folder(options) / "scores"


def _scores(session: Session, options: argparse.Namespace) -> int:
    from modelwise.scores.problems import ScorerError  # noqa: PLC0415 (see above)
    from modelwise.scores.verdicts import scales  # noqa: PLC0415

    profiles = session.profile_set.profiles
    chosen = map(session.profile, options.profile) if options.profile else profiles.values()
    bar = Bar()
    try:
        return _scored(options, scales(chosen), bar)
    except ModuleNotFoundError as error:
        problem = f"found no {error.name}; allowed: a Python with {_PACKAGES}"
    except ScorerError as error:
        problem = str(error)
    except KeyboardInterrupt:
        bar.end()
        sys.stderr.write("modelwise: stopped; the same command goes on from here\n")
        return STOPPED
    bar.end()
    sys.stderr.write(f"modelwise: {problem}\n")
    return FAILED


def _scored(options: argparse.Namespace, cards: tuple[Scale, ...], bar: Bar) -> int:
    from modelwise.scores import histogram, tables  # noqa: PLC0415 (see above)
    from modelwise.scores.folder import score_folder  # noqa: PLC0415
    from modelwise.scores.journal import Journal  # noqa: PLC0415

    known = _chosen(options)
    from modelwise.scores.judge import Judge  # noqa: PLC0415 (torch takes seconds: the call is right by now)

    journal = Journal(options.journal or options.images / JOURNAL)

    def say(text: str) -> None:
        bar.end()
        sys.stderr.write(f"modelwise: {text}\n")

    def progress(done: int, total: int) -> None:
        bar.say(f"{done:,} of {total:,} scores")

    with closing(Judge(_models(options), options.device, say)) as judge:
        rows = score_folder(options.images, known, judge, journal, options.batch, progress)
    bar.end()
    found = tables.table(rows, cards)
    if options.csv:
        text = tables.csv_text(found, [scorer.id for scorer in known], cards)
        replace_file(options.csv, text.encode())
    if options.json:
        sys.stdout.write(json_text(found))
    else:
        unscored = [image for image in found.images if image.error]
        sys.stdout.write("\n".join(map(histogram.text, found.histograms)))
        sys.stdout.write("".join(f"{image.file}: {image.error}\n" for image in unscored))
    return FAILED if any(image.error for image in found.images) else OK


def _chosen(options: argparse.Namespace) -> list[KnownScorer]:
    """The scorers that were asked for, else those that are there. Raises ScorerError."""
    from modelwise.scores.known import KNOWN, installed, known  # noqa: PLC0415 (see above)
    from modelwise.scores.problems import ScorerError  # noqa: PLC0415

    if options.scorer:
        return [known(identifier) for identifier in dict.fromkeys(options.scorer)]
    found = list(installed(_models(options)))
    if not found:
        names = " or ".join(scorer.id for scorer in KNOWN)
        raise ScorerError(f"found no scorer in {_models(options)}; allowed: {names}, by `scorers fetch ID`")
    return found


def _status(_session: Session, options: argparse.Namespace) -> int:
    from modelwise.scores.known import KNOWN  # noqa: PLC0415 (see above)

    models = _models(options)
    missing = {scorer.id: scorer.missing(models / scorer.id) for scorer in KNOWN}
    if options.json:
        sys.stdout.write(json_text(missing))
        return OK
    for name, files in missing.items():
        sys.stdout.write(
            f"{name:20} {'missing: ' + ', '.join(files) if files else 'there'}: {models / name}\n"
        )
    return OK


def _fetch(_session: Session, options: argparse.Namespace) -> int:
    from modelwise.scores import fetch, known, problems  # noqa: PLC0415 (see above)

    bar = Bar()

    def progress(name: str) -> Bar:
        bar.end()
        sys.stderr.write(f"{name}\n")
        return bar

    try:
        scorer = known.known(options.scorer)
        found = fetch.fetch(scorer, _models(options), progress, options.place)
    except (FetchError, problems.ScorerError) as error:
        bar.end()
        sys.stderr.write(f"modelwise: {error}\n")
        return FAILED
    bar.end()
    for file in found:
        sys.stdout.write(f"{file.words}\n")
    sys.stdout.write(f"{scorer.id} is there: {_models(options) / scorer.id}\n")
    return OK
