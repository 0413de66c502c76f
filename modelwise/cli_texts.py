"""The commands for texts: compile, explain, format, translate."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import msgspec

from modelwise.compile import Request, Result, Switches
from modelwise.detect import Detector
from modelwise.explain import Explainer, Piece
from modelwise.formatting import formatted
from modelwise.intent import Intent
from modelwise.report import SIGNS, line, summary
from modelwise.session import Session, json_text, utf8
from modelwise.translate import Translated, translated

OK = 0
_LONGEST_LINE = 4_000_000
_SWITCHES = ("order", "quality", "negative", "settings", "spelling")


def add_commands(commands: Any) -> None:
    """Add them to a parser's commands."""
    _add_compile(commands.add_parser("compile", help="what the sampler should get for a prompt"))
    _add_explain(commands.add_parser("explain", help="why each item stands where it does"))
    _add_format(commands.add_parser("format", help="a prompt in the model's order, line by line"))
    _add_translate(commands.add_parser("translate", help="a prompt for one model in the words of another"))


def _add_text_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", nargs="?", help="the prompt; without it, standard input is read")
    parser.add_argument("--vocabulary", action="append", default=[], metavar="CSV")
    parser.add_argument("--json", action="store_true", help="machine-readable output")


def _add_compile(parser: argparse.ArgumentParser) -> None:
    add_request_options(parser)
    parser.add_argument("--jsonl", action="store_true", help="one request a line in, one answer a line out")
    parser.set_defaults(run=_compile)


def _add_explain(parser: argparse.ArgumentParser) -> None:
    add_request_options(parser)
    parser.set_defaults(run=_explain)


def add_request_options(parser: argparse.ArgumentParser) -> None:
    """A request of one's own: what is compiled, and for whom."""
    _add_text_options(parser)
    parser.add_argument("--profile", default="generic", metavar="ID")
    parser.add_argument("--negative", default="")
    parser.add_argument("--checkpoint", metavar="FILE", help="take the profile that is detected for it")
    parser.add_argument("--quality", choices=["standard", "light", "heavy"], default="standard")
    parser.add_argument("--rating", choices=["general", "sensitive", "questionable", "explicit"])
    parser.add_argument("--year", type=int)
    parser.add_argument("--aesthetic", choices=["high"])
    for switch in _SWITCHES:
        parser.add_argument(f"--no-{switch}", action="store_true", help=f"switch {switch} off")


def _add_format(parser: argparse.ArgumentParser) -> None:
    _add_text_options(parser)
    parser.add_argument("--profile", default="generic", metavar="ID")
    parser.set_defaults(run=_format)


def _add_translate(parser: argparse.ArgumentParser) -> None:
    _add_text_options(parser)
    parser.add_argument(
        "--from", dest="source", default="auto", metavar="ID", help="auto: whose words the prompt uses"
    )
    parser.add_argument("--to", dest="target", required=True, metavar="ID")
    parser.add_argument("--negative", default="")
    parser.set_defaults(run=_translate)


def _compile(session: Session, options: argparse.Namespace) -> int:
    if options.jsonl:
        session.load()
        return _compile_lines(session, sys.stdin.buffer, sys.stdout)
    result = session.compile(request_of(session, options))
    sys.stdout.write(json_text(result) if options.json else _readable(result))
    return OK


def request_of(session: Session, options: argparse.Namespace) -> Request:
    """The request that a call's arguments make."""
    profile, distilled = options.profile, False
    if options.checkpoint:
        found = Detector(session.profile_set.profiles).detect(Path(options.checkpoint))
        profile, distilled = found.profile, found.distilled
    switches = {name: not getattr(options, f"no_{name}") for name in _SWITCHES}
    return Request(
        _prompt(options),
        utf8(options.negative),
        profile,
        Intent(options.quality, options.aesthetic, options.rating, options.year),
        Switches(**switches),
        distilled=distilled,
    )


def _explain(session: Session, options: argparse.Namespace) -> int:
    request = request_of(session, options)
    found = Explainer(session.compiler(request.profile)).explain(request)
    if options.json:
        sys.stdout.write(json_text(found))
        return OK
    for title, pieces in (("Prompt", found.prompt), ("Negative", found.negative)):
        sys.stdout.write(f"{title}\n" + "".join(map(_readable_piece, pieces)))
    rest = [entry for entry in found.result.report if entry.kind in ("left_out", "kept", "warning")]
    sys.stdout.write("".join(f"{line(entry, _has_colour())}\n" for entry in rest))
    return OK


def _readable_piece(piece: Piece) -> str:
    """A piece with what is said of it, a line each."""
    signs = "".join(SIGNS[change][0] for change in piece.changes) or " "
    slot = f" [{piece.slot.value}]" if piece.slot else ""
    was = f" (you wrote {piece.written})" if piece.written not in (None, piece.text) else ""
    why = f"{piece.why} ({piece.source})" if piece.source else piece.why
    said = {"": ", ".join(piece.reasons), "why": why, "card": piece.card, "else": piece.otherwise}
    texts = [f"    {name + ': ' if name else ''}{text}\n" for name, text in said.items() if text]
    return f"{signs} {piece.text}{slot}{was}\n{''.join(texts)}"


def _format(session: Session, options: argparse.Namespace) -> int:
    """Order and spelling within each line; nothing is added, line ends and comments stay."""
    result = formatted(session.compiler(options.profile), _prompt(options))
    sys.stdout.write(json_text(result) if options.json else result.prompt + "\n")
    return OK


def _translate(session: Session, options: argparse.Namespace) -> int:
    target = session.compiler(options.target)
    source = None if options.source == "auto" else session.profile(options.source)
    profiles = session.profile_set.profiles
    texts = _prompt(options), utf8(options.negative)
    answer = translated(*texts, source, target, profiles, session.compiler)
    sys.stdout.write(json_text(answer) if options.json else _readable_translation(answer))
    return OK


def _readable_translation(answer: Translated) -> str:
    lines = [f"From:     {answer.source or 'nobody (no words of a model)'}", f"To:       {answer.target}"]
    lines += [f"Prompt:   {answer.prompt}", f"Negative: {answer.negative}"]
    lines += [f"  {line(entry, _has_colour())}" for entry in answer.report]
    return "\n".join(lines) + "\n"


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
        return utf8(options.prompt)
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
