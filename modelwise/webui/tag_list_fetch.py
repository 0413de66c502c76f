"""Fetching the list that most people have on a thread of its own; it is used as soon as it is there."""

from __future__ import annotations

from contextlib import suppress

from modelwise.fetching import FetchError
from modelwise.tag_fetch import arrived, fetch
from modelwise.webui.background import Progress, Work, WorkError
from modelwise.webui.engine import Engine

LIST = "danbooru.csv"
"""The file that it becomes, in the user's folder of tag lists."""


class TagListFetch:
    """Begun, watched and stopped by the user alone. `address`: where the list is."""

    def __init__(self, engine: Engine, address: str) -> None:
        self.address = address
        self._engine = engine
        self._target = engine.host.data_folder() / "tags" / LIST
        self._work = Work("modelwise tag list", engine.closing)

    @property
    def progress(self) -> Progress:
        """How far it is, in bytes."""
        return self._work.progress

    @property
    def kept(self) -> int:
        """How many bytes are there from a fetch that was stopped or broke off."""
        return arrived(self._target, self.address)

    def start(self) -> bool:
        """Begin, or go on; False where it is going on already."""
        return self._work.start(self._fetch)

    def stop(self) -> None:
        """Ask it to end; what has arrived is kept."""
        self._work.stop()

    def _fetch(self) -> str:
        try:
            found = fetch(self._target, self.address, self._work.advance)
        except FetchError as error:
            raise WorkError(str(error)) from None
        self._work.advance(found.size, found.size)
        self._engine.forget_vocabulary()
        with suppress(OSError):  # whoever needs the vocabulary meets it again, and says so
            _ = self._engine.vocabulary
        return f"{found.tags:,} tags, {found.size / 1e6:.1f} MB"
