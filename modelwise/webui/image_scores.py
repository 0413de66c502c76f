"""The scores of generated images, for their infotexts: scorers are loaded for a job and closed behind it.

Nothing of this is loaded unless the user has turned it on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import ref

from modelwise.profiles import Profile
from modelwise.scores.problems import ScorerError
from modelwise.webui.host import Job

if TYPE_CHECKING:
    from modelwise.scores.judge import Judge
    from modelwise.scores.tables import ScoredImage

log = logging.getLogger("modelwise")

KEY = "Modelwise scores"
"""What the infotext calls them."""

_NONE_THERE = "no image scorer is there; fetch one: python -m modelwise scorers fetch ID"
_PACKAGES = "scores need {}, which is not installed"


class ImageScores:
    """Scores the images of one job after the other. `models`: the folder of the scorers."""

    def __init__(self, models: Path) -> None:
        self._models = models
        self._judge: Judge | None = None
        self._problem = ""
        self._running: Callable[[], object] = _nothing
        self._task: object = None

    def begin(self, running: object, task: object) -> None:
        """A job begins. `running`: the host's own object of it; `task`: what the host was asked for, None
        where it does not say. One that begins while another of the same task is under way is a part of that:
        other extensions paint parts of an image again in jobs of their own.
        """
        if task is None or task != self._task or self._running() is None:
            self._running, self._task = ref(running), task

    def score(self, job: Job, image: Any, profile: Profile) -> None:
        """Write an image's scores into its infotext, with the tags of this profile's card.

        What goes wrong is said once a job, and not tried again in it.
        """
        job.set_infotext(KEY, None)
        if self._problem:
            return
        try:
            found = self._scored(job, image, profile)
        except ScorerError as error:
            self._problem = str(error)
        except ModuleNotFoundError as error:
            self._problem = _PACKAGES.format(error.name)
        except Exception as error:  # never in the way of a generation
            log.exception("while scoring an image")
            self._problem = str(error) or type(error).__name__
        else:
            self._problem = found.error
            if found.scores:
                job.set_infotext(KEY, _written(found, profile))
        if self._problem:
            log.error("images are not scored: %s", self._problem)
            job.comment(f"Modelwise: images are not scored: {self._problem}")

    def finish(self, running: object) -> None:
        """A job has ended: give the memory back, unless it was a part of another one or a copy of it."""
        if self._task is not None and self._running() is not running:
            return
        self._running, self._task = _nothing, None
        judge, self._judge, self._problem = self._judge, None, ""
        if judge is not None:
            judge.close()

    def _scored(self, job: Job, image: Any, profile: Profile) -> ScoredImage:
        from modelwise.scores.dropped import score_images  # noqa: PLC0415 (see above)
        from modelwise.scores.judge import Judge  # noqa: PLC0415
        from modelwise.scores.known import installed  # noqa: PLC0415
        from modelwise.scores.verdicts import scales  # noqa: PLC0415

        known = installed(self._models)
        if not known:
            raise ScorerError(_NONE_THERE)
        if self._judge is None:
            self._judge = Judge(self._models, say=lambda text: job.comment(f"Modelwise: {text}"))
        return score_images([("image", image)], known, self._judge, scales([profile])).images[0]


def _nothing() -> None:
    """No job is under way."""


def _written(found: ScoredImage, profile: Profile) -> str:
    """`aesthetic-shadow-v2 0.8123 very aesthetic`: the tag only where the card states one."""
    from modelwise.scores.verdicts import scales, verdicts  # noqa: PLC0415 (see above)

    tags = {verdict.scorer: verdict.tag for verdict in verdicts(scales([profile]), found.scores)}
    return ", ".join(
        " ".join(filter(None, (scorer, f"{score:.4f}", tags.get(scorer))))
        for scorer, score in found.scores.items()
    )
