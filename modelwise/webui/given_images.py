"""Scores of images that somebody gives to us: one at a time, never beside a generation.

Scorers are loaded when the first image comes; they leave the memory when none has come for a while, before a
generation begins, and when the program lets go of us.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Lock, Timer
from typing import TYPE_CHECKING, Any, BinaryIO

from modelwise.scores.problems import ImageError, ScorerError
from modelwise.webui.host import Host

if TYPE_CHECKING:
    from modelwise.scores.judge import Judge
    from modelwise.scores.known import KnownScorer
    from modelwise.scores.tables import ScoredImage
    from modelwise.scores.verdicts import Scale

IDLE = 60.0
"""Seconds without an image after which scorers leave the memory."""

PACKAGES = {"torch": "torch", "safetensors": "safetensors", "numpy": "numpy", "PIL": "Pillow"}
"""What scoring needs: the name of a package by that of its module."""

_ANOTHER = "another image is being scored: ask again soon"
_GENERATES = "an image is being generated, or another one waits for that: ask again soon"
_NONE_THERE = "found no image scorer; allowed: one that was fetched, or put into its folder, as a whole"


class NotNowError(Exception):
    """Why an image is not scored now; the same question may be answered soon."""


def missing_packages() -> tuple[str, ...]:
    """The packages that scoring needs and that are not there. Imports none."""
    return tuple(name for module, name in PACKAGES.items() if not _is_there(module))


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ValueError:  # it runs, but nobody knows from where
        return True


class GivenImages:
    """Scores one image after the other. `closing`: set when the program lets go of us; `idle`: in seconds."""

    def __init__(self, host: Host, closing: Event, idle: float = IDLE) -> None:
        self._host = host
        self._closing = closing
        self._idle = idle
        self._asked = Lock()  # held for the one image that is being scored
        self._memory = Lock()  # held while scorers are used, and while they leave the memory
        self._judge: Judge | None = None
        self._timer: Timer | None = None
        self._said: list[str] = []

    @property
    def models(self) -> Path:
        """The folder with a folder for each scorer."""
        return self._host.data_folder() / "scores"

    @property
    def is_loaded(self) -> bool:
        """Whether scorers take memory now."""
        return self._judge is not None

    def scorers(self) -> tuple[KnownScorer, ...]:
        """The scorers that there are. Raises ScorerError where none can be used."""
        from modelwise.scores.known import installed  # noqa: PLC0415 (loaded when somebody asks for a score)

        missing = missing_packages()
        if missing:
            raise ScorerError(f"scores need {', '.join(missing)}, which this Python does not have")
        found = installed(self.models)
        if not found:
            raise ScorerError(_NONE_THERE)
        return found

    def score(self, name: str, file: BinaryIO, scales: Sequence[Scale]) -> tuple[ScoredImage, str]:
        """What the scorers and the cards say of an image, or what is wrong with it; then what else is to be
        said. Raises ScorerError and NotNowError."""
        known = self.scorers()
        from modelwise.scores.images import opened  # noqa: PLC0415 (see above)
        from modelwise.scores.tables import ScoredImage  # noqa: PLC0415

        with self._alone():
            try:
                image = opened(file)
            except ImageError as error:
                return ScoredImage(name, error=str(error)), ""
            with self._host.turn() as is_ours:
                if not is_ours:
                    self._free()  # it may have begun while an image kept the scorers
                    raise NotNowError(_GENERATES)
                return self._scored(name, image, known, scales), "; ".join(self._said)

    def rest(self) -> None:
        """Give the memory back, unless an image is being scored."""
        if self._memory.acquire(blocking=False):
            try:
                self._free()
            finally:
                self._memory.release()

    def _scored(
        self, name: str, image: Any, known: Sequence[KnownScorer], scales: Sequence[Scale]
    ) -> ScoredImage:
        from modelwise.scores.dropped import score_images  # noqa: PLC0415 (see above)
        from modelwise.scores.judge import Judge  # noqa: PLC0415

        self._said.clear()
        if self._judge is None:
            self._judge = Judge(self.models, say=self._said.append)
        try:
            return score_images([(name, image)], known, self._judge, scales).images[0]
        except Exception:
            self._free()
            raise

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._asked.acquire(blocking=False):
            raise NotNowError(_ANOTHER)
        try:
            with self._memory:
                try:
                    yield
                finally:
                    if self._closing.is_set():
                        self._free()
                    else:
                        self._rest_later()
        finally:
            self._asked.release()

    def _rest_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = Timer(self._idle, self.rest)
        self._timer.daemon = True
        self._timer.start()

    def _free(self) -> None:
        judge, self._judge = self._judge, None
        if judge is not None:
            judge.close()
