"""`python -m modelwise`: compile, format, detect, profiles and validate on the command line.

`compile --jsonl`, `detect --json` and `profiles --json` are interfaces that other programs rely on.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

import msgspec

from modelwise import __version__
from modelwise.compile import Compiler, Request, Result, Switches
from modelwise.detect import Detector
from modelwise.intent import Intent
from modelwise.library import foreign_words
from modelwise.nodes import Lines
from modelwise.profile_files import BUNDLED, ProfileSet, load_profiles
from modelwise.profile_problems import ProfileProblem
from modelwise.profiles import Profile
from modelwise.report import line, summary
from modelwise.tag_files import bundled_lists, read_csv
from modelwise.vocabulary import Vocabulary

OK, FAILED, USAGE = 0, 1, 2
_LONGEST_LINE = 4_000_000
_SWITCHES = ("order", "quality", "negative", "settings", "spelling")


class Session:
    """What the commands of one call share, each part loaded when it is first needed."""

    def __init__(self, folders: Sequence[Path], files: Sequence[Path], errors: TextIO) -> None:
        self._folders = folders
        self._files = files
        self._errors = errors
        self._compilers: dict[str, Compiler] = {}

    @cached_property
    def profile_set(self) -> ProfileSet:
        """The bundled profiles and those of `--profiles`; problems go to the error stream."""
        found = load_profiles([BUNDLED, *self._folders])
        for problem in found.problems:
            self._errors.write(f"{problem}\n")
        return found

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Our own lists and those of `--vocabulary`; problems go to the error stream."""
        lists = [read_csv(file) for file in self._files]
        for tag_list in lists:
            for problem in tag_list.problems:
                self._errors.write(f"{tag_list.name}: {problem}\n")
            if tag_list.problem_count:
                self._errors.write(f"{tag_list.name}: {tag_list.problem_count} lines with problems\n")
        return Vocabulary([*bundled_lists(), *lists])

    def load(self) -> None:
        """Load everything now, so that what is missing ends the call before its first answer."""
        _ = self.vocabulary, self.profile_set

    def profile(self, identifier: str) -> Profile:
        """A profile by its id.

        Raises ValueError with the ids that there are.
        """
        profiles = self.profile_set.profiles
        if identifier not in profiles:
            raise ValueError(f"profile: found {identifier!r}; allowed: {', '.join(sorted(profiles))}")
        return profiles[identifier]

    def compiler(self, identifier: str) -> Compiler:
        """The compiler for a profile."""
        profile = self.profile(identifier)
        if identifier not in self._compilers:
            foreign = foreign_words(self.profile_set.profiles.values(), profile)
            self._compilers[identifier] = Compiler(profile, self.vocabulary, foreign)
        return self._compilers[identifier]

    def compile(self, request: Request) -> Result:
        """Compile one request under the profile that it names."""
        return self.compiler(request.profile).compile(request)


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


def _utf8(argument: str) -> str:
    """An argument as UTF-8, whatever the locale has made of its bytes."""
    return os.fsencode(argument).decode("utf-8", "replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="modelwise", description="Prompts every checkpoint the way it was trained."
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument(
        "--profiles", action="append", default=[], metavar="DIR", help="a folder of further profiles"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_compile(commands.add_parser("compile", help="what the sampler should get for a prompt"))
    _add_format(commands.add_parser("format", help="a prompt in the model's order, line by line"))
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


def _add_text_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", nargs="?", help="the prompt; without it, standard input is read")
    parser.add_argument("--profile", default="generic", metavar="ID")
    parser.add_argument("--vocabulary", action="append", default=[], metavar="CSV")
    parser.add_argument("--json", action="store_true", help="machine-readable output")


def _add_compile(parser: argparse.ArgumentParser) -> None:
    _add_text_options(parser)
    parser.add_argument("--negative", default="")
    parser.add_argument("--checkpoint", metavar="FILE", help="take the profile that is detected for it")
    parser.add_argument("--jsonl", action="store_true", help="one request a line in, one answer a line out")
    parser.add_argument("--quality", choices=["standard", "light", "heavy"], default="standard")
    parser.add_argument("--rating", choices=["general", "sensitive", "questionable", "explicit"])
    parser.add_argument("--year", type=int)
    parser.add_argument("--aesthetic", choices=["high"])
    for switch in _SWITCHES:
        parser.add_argument(f"--no-{switch}", action="store_true", help=f"switch {switch} off")
    parser.set_defaults(run=_compile)


def _add_format(parser: argparse.ArgumentParser) -> None:
    _add_text_options(parser)
    parser.set_defaults(run=_format)


def _compile(session: Session, options: argparse.Namespace) -> int:
    if options.jsonl:
        session.load()
        return _compile_lines(session, sys.stdin.buffer, sys.stdout)
    profile, distilled = options.profile, False
    if options.checkpoint:
        found = Detector(session.profile_set.profiles).detect(Path(options.checkpoint))
        profile, distilled = found.profile, found.distilled
    switches = {name: not getattr(options, f"no_{name}") for name in _SWITCHES}
    request = Request(
        _prompt(options),
        _utf8(options.negative),
        profile,
        Intent(options.quality, options.aesthetic, options.rating, options.year),
        Switches(**switches),
        distilled=distilled,
    )
    result = session.compile(request)
    sys.stdout.write(_json(result) if options.json else _readable(result))
    return OK


def _format(session: Session, options: argparse.Namespace) -> int:
    """Order and spelling within each line; nothing is added, line ends and comments stay."""
    switches = Switches(quality=False, negative=False, settings=False)
    request = Request(_prompt(options), profile=options.profile, switches=switches, lines=Lines.BREAK)
    result = session.compile(request)
    sys.stdout.write(_json(result) if options.json else result.prompt + "\n")
    return OK


def _compile_lines(session: Session, source: Iterable[bytes], target: TextIO) -> int:
    """The stable batch interface: a bad line answers with an error, and the rest goes on."""
    encode = msgspec.json.Encoder().encode
    decode = msgspec.json.Decoder(Request).decode
    for raw in source:
        if not raw.strip():
            continue
        answer: Any = {"error": f"found a line of {len(raw)} bytes; allowed: {_LONGEST_LINE}"}
        if len(raw) <= _LONGEST_LINE:
            try:
                answer = session.compile(decode(raw))
            except Exception as error:  # noqa: BLE001 (a bad line must not end the batch)
                answer = {"error": str(error) or type(error).__name__}
        target.write(encode(answer).decode() + "\n")
        target.flush()
    return OK


def _prompt(options: argparse.Namespace) -> str:
    if options.prompt is not None:
        return _utf8(options.prompt)
    text = sys.stdin.buffer.read().decode("utf-8-sig", "replace")
    return text.removesuffix("\n").removesuffix("\r")


def _readable(result: Result) -> str:
    colour = _has_colour()
    lines = [f"Prompt:   {result.prompt}", f"Negative: {result.negative}"]
    lines.append(f"Summary:  {summary(result.report, result.settings)}")
    lines += [f"  {line(entry, colour)}" for entry in result.report]
    return "\n".join(lines) + "\n"


def _has_colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _detect(session: Session, options: argparse.Namespace) -> int:
    detector = Detector(session.profile_set.profiles)
    found = [(file, detector.detect(Path(file))) for file in options.files]
    if options.json:
        names = ("profile", "family", "architecture", "rule", "reason")
        rows = [{"file": _utf8(file), **{name: getattr(one, name) for name in names}} for file, one in found]
        sys.stdout.write(_json(rows))
    else:
        for file, one in found:
            sys.stdout.write(f"{_utf8(file)}: {one.profile} (by {one.rule}): {one.reason}\n")
    return OK


def _profiles(session: Session, options: argparse.Namespace) -> int:
    profiles = session.profile_set.profiles.values()
    if options.json:
        sys.stdout.write(_json(list(profiles)))
    else:
        for profile in profiles:
            sys.stdout.write(f"{profile.id:24} {profile.name} (version {profile.version})\n")
    return FAILED if session.profile_set.problems else OK


def _validate(_session: Session, options: argparse.Namespace) -> int:
    files = [file for name in options.files for file in _profile_files(Path(name))]
    problems = [problem for file in files for problem in _file_problems(file)]
    if options.json:
        sys.stdout.write(_json(problems))
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
