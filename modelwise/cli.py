"""`python -m modelwise`: the commands for texts, tag lists and models, and detect, profiles and validate.

`compile --jsonl`, `detect --json`, `doctor --json` and `profiles --json` are interfaces that other programs
rely on.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from modelwise import __version__, cli_captions, cli_doctor, cli_export, cli_scores, cli_tags, cli_texts
from modelwise.detect import Detector
from modelwise.profile_files import BUNDLED, load_profiles
from modelwise.profile_problems import ProfileProblem
from modelwise.session import Session, json_text, utf8

OK, FAILED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0, 1 where something failed, 2 for a wrong call."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    folders = [Path(folder) for folder in options.profiles]
    files = [Path(file) for file in getattr(options, "vocabulary", ())]
    try:
        code: int = options.run(Session(folders, files, sys.stderr), options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has had enough; the flush at exit must not complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except (OSError, ValueError) as error:
        sys.stderr.write(f"modelwise: {error}\n")
        return USAGE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="modelwise", description="Prompts every checkpoint the way it was trained."
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument(
        "--profiles", action="append", default=[], metavar="DIR", help="a folder of further profiles"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    cli_texts.add_commands(commands)
    cli_tags.add_commands(commands)
    cli_doctor.add_commands(commands)
    cli_captions.add_commands(commands)
    cli_export.add_commands(commands)
    cli_scores.add_commands(commands)
    detect = commands.add_parser("detect", help="which profile belongs to a checkpoint")
    detect.add_argument("files", nargs="+", metavar="FILE")
    detect.set_defaults(run=_detect)
    profiles = commands.add_parser("profiles", help="the profiles that there are")
    profiles.set_defaults(run=_profiles)
    validate = commands.add_parser("validate", help="check profile files")
    validate.add_argument("files", nargs="+", metavar="FILE")
    validate.set_defaults(run=_validate)
    for command in (detect, profiles, validate):
        command.add_argument("--json", action="store_true", help="machine-readable output")
    return parser


def _detect(session: Session, options: argparse.Namespace) -> int:
    detector = Detector(session.profile_set.profiles)
    found = [(file, detector.detect(Path(file))) for file in options.files]
    if options.json:
        names = ("profile", "family", "architecture", "rule", "reason")
        rows = [{"file": utf8(file), **{name: getattr(one, name) for name in names}} for file, one in found]
        sys.stdout.write(json_text(rows))
    else:
        for file, one in found:
            sys.stdout.write(f"{utf8(file)}: {one.profile} (by {one.rule}): {one.reason}\n")
    return OK


def _profiles(session: Session, options: argparse.Namespace) -> int:
    profiles = session.profile_set.profiles.values()
    if options.json:
        sys.stdout.write(json_text(list(profiles)))
    else:
        for profile in profiles:
            sys.stdout.write(f"{profile.id:24} {profile.name} (version {profile.version})\n")
    return FAILED if session.profile_set.problems else OK


def _validate(_session: Session, options: argparse.Namespace) -> int:
    files = [file for name in options.files for file in _profile_files(Path(name))]
    problems = [problem for file in files for problem in _file_problems(file)]
    if options.json:
        sys.stdout.write(json_text(problems))
    else:
        for problem in problems:
            sys.stdout.write(f"{problem}\n")
        if not problems:
            sys.stdout.write(f"{len(files)} valid\n")
    return FAILED if problems else OK


def _profile_files(place: Path) -> list[Path]:
    return sorted(place.glob("*.toml")) if place.is_dir() else [place]


def _file_problems(file: Path) -> Iterator[ProfileProblem]:
    """The problems of one file, read together with the bundled profiles that it may extend."""
    if file.suffix != ".toml":
        return iter([ProfileProblem(file=file.name, key="", found="another ending", allowed="a .toml file")])
    bundled = file.resolve().parent == BUNDLED.resolve()
    found = load_profiles([BUNDLED] if bundled else [BUNDLED, file])
    return (problem for problem in found.problems if problem.file == file.name)
