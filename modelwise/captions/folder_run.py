"""A folder of captions, ordered: each file for itself, by as many processes as are wanted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from modelwise.captions.caption_files import CaptionFileError, read_caption, replace_caption
from modelwise.captions.job import Change, Done, Job, Problem
from modelwise.captions.ordering_captions import CaptionOrder

PIECE = 100
"""Files whose outcome is told together."""


@dataclass(frozen=True, slots=True)
class FolderShare:
    """The files of a folder, and where they are kept as they were; a `Share` for a crew."""

    job: Job
    folder: Path
    files: Sequence[Path]
    kept: Path

    def __call__(self, number: int, count: int) -> Iterator[Done]:
        """Order every `count`-th piece of the files."""
        order = self.job.order()
        for at in range(number * PIECE, len(self.files), count * PIECE):
            yield self._piece(order, self.files[at : at + PIECE])

    def _piece(self, order: CaptionOrder, files: Sequence[Path]) -> Done:
        changed = moved = held = 0
        problems: list[Problem] = []
        changes: list[Change] = []
        for file in files:
            try:
                caption = read_caption(file)
                result = order.reorder(caption.text)
                differs = result.text != caption.text
                if differs and self.job.dry:
                    changes.append(Change(self._place(file), caption.text, result.text))
                elif differs:
                    replace_caption(caption, result.text, self.kept / file.relative_to(self.folder))
            except CaptionFileError as error:
                problems.append(Problem(self._place(file), str(error)))
                continue
            changed, moved, held = changed + differs, moved + result.moved, held + result.held
        return Done(len(files), changed, moved, held, tuple(problems), tuple(changes))

    def _place(self, file: Path) -> str:
        """The file as the report names it, whatever bytes are in its name."""
        return os.fsencode(file.relative_to(self.folder)).decode("utf-8", "replace")
