"""What commands share that use the user's folder: where that is, and how far something has come."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

INSTALLED_IN = "extensions"


def add_folder_option(parser: argparse.ArgumentParser) -> None:
    """The option that says where the user's folder is."""
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="DIR",
        help="the WebUI's data folder; where we are installed by default",
    )


def data_folder(options: argparse.Namespace) -> Path:
    """Our folder in the WebUI's data folder. Raises ValueError where nobody says which."""
    if options.folder:
        return Path(options.folder) / "modelwise"
    ours = Path(__file__).resolve().parents[1]
    if ours.parent.name != INSTALLED_IN:
        raise ValueError(
            "--folder: found nothing; allowed: the WebUI's data folder, as we are not installed in one"
        )
    return ours.parents[1] / "modelwise"


class Bar:
    """How far it is, on a terminal."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, done: int, total: int | None, /) -> None:
        """So many bytes have arrived."""
        self.say(f"{done / 1e6:.1f} MB" + (f" of {total / 1e6:.1f} MB" if total else ""))

    def say(self, text: str) -> None:
        """Put another text into the line."""
        if text != self._said and sys.stderr.isatty():
            sys.stderr.write(f"\r{text:{len(self._said)}}")
            sys.stderr.flush()
            self._said = text

    def end(self) -> None:
        """Leave the line."""
        if self._said:
            sys.stderr.write("\n")
            self._said = ""
