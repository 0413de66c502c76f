"""The command `export`: a compiled request for the WebUI's API, diffusers, ComfyUI, or as plain text."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import Any

from modelwise import cli_texts
from modelwise.session import Session, json_text

OK = 0
TARGETS = {"api": "api", "diffusers": "diffusers_script", "plain": "plain_text", "comfyui": "comfyui"}


def add_commands(commands: Any) -> None:
    """Add it to a parser's commands."""
    export = commands.add_parser("export", help="a compiled request for another program")
    export.add_argument("--as", dest="target", required=True, choices=sorted(TARGETS))
    export.add_argument("--model", metavar="NAME", help="the model that is to be loaded there")
    cli_texts.add_request_options(export)
    export.set_defaults(run=_export)


def _export(session: Session, options: argparse.Namespace) -> int:
    """The text goes to standard output, what it can't say to standard error."""
    request = cli_texts.request_of(session, options)
    # Here, because no other command needs it.
    exported = importlib.import_module("modelwise.export.exported")
    target = importlib.import_module(f"modelwise.export.{TARGETS[options.target]}")
    compiled = exported.Compiled(session.profile(request.profile), session.compile(request), options.model)
    found = target.export(compiled)
    if options.json:
        sys.stdout.write(json_text(found))
        return OK
    sys.stdout.write(found.text)
    sys.stdout.flush()
    sys.stderr.writelines(f"modelwise: {note}\n" for note in found.notes)
    return OK
