"""The command `doctor`: what is wrong with checkpoint files."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path
from typing import Any

from modelwise.session import Session, json_text, utf8

OK, FAILED = 0, 1


def add_commands(commands: Any) -> None:
    """Add it to a parser's commands."""
    doctor = commands.add_parser("doctor", help="what is wrong with a checkpoint, and what to do")
    doctor.add_argument("files", nargs="+", metavar="FILE")
    doctor.add_argument("--json", action="store_true", help="machine-readable output")
    doctor.set_defaults(run=_doctor)


def _doctor(session: Session, options: argparse.Namespace) -> int:
    """Exit code 1 where a problem was found."""
    try:
        # Here, because every command would load numpy otherwise.
        examination = importlib.import_module("modelwise.doctor.examination")
        findings = importlib.import_module("modelwise.doctor.findings")
    except ModuleNotFoundError as error:
        raise ValueError(
            f"doctor: found no {error.name}; allowed: a Python that has it, such as the WebUI's"
        ) from None
    doctor = examination.Doctor(session.profile_set.profiles)
    examined = [doctor.examine(Path(utf8(file))) for file in options.files]
    if options.json:
        sys.stdout.write(json_text(examined))
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        for each in examined:
            sys.stdout.writelines(f"{line}\n" for line in findings.lines(each, colour))
    return OK if all(each.healthy for each in examined) else FAILED
