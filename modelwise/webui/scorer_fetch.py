"""Fetching a scorer on a thread of its own; it is used as soon as all of its files are there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from modelwise.fetching import FetchError
from modelwise.fetching import Progress as Told
from modelwise.scores.fetch import arrived, fetch
from modelwise.webui.background import Progress, Work, WorkError
from modelwise.webui.engine import Engine
from modelwise.webui.privacy import of_this_machine

if TYPE_CHECKING:
    from modelwise.scores.known import KnownScorer


class ScorerFetch:
    """Begun, watched and stopped by the user alone. `place`: a folder of the web instead of the known ones;
    `scorer` and `file`: what is being fetched, or was last."""

    def __init__(self, engine: Engine, place: str | None = None) -> None:
        self.scorer = ""
        self.file = ""
        self._place = place
        self._data = engine.host.data_folder()
        self._models = engine.given_images.models
        self._work = Work("modelwise scorer", engine.closing)

    @property
    def progress(self) -> Progress:
        """How far the file is, in bytes."""
        return self._work.progress

    def kept(self, known: KnownScorer) -> int:
        """How many bytes of a scorer are there from a fetch that was stopped or broke off."""
        return arrived(known, self._models, self._place)

    def start(self, known: KnownScorer) -> bool:
        """Begin, or go on; False where one is being fetched already."""
        begun = self._work.start(partial(self._fetch, known))
        if begun:
            self.scorer = known.id
        return begun

    def stop(self) -> None:
        """Ask it to end; what has arrived is kept."""
        self._work.stop()

    def _fetch(self, known: KnownScorer) -> str:
        try:
            found = fetch(known, self._models, self._told, self._place)
        except FetchError as error:
            raise WorkError(of_this_machine(self._data).cleaned(str(error))) from None
        return "; ".join(file.words for file in found) or "all was there"

    def _told(self, name: str) -> Told:
        self.file = name
        return self._work.advance
