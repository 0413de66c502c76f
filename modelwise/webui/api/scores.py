"""The routes of image scores: which scorers there are, fetching one, scoring an image, tables of many.

Images come as the body of a request, one by one, and are forgotten when they are scored. No folder is taken.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from modelwise.scores.histogram import Histogram, histogram
from modelwise.scores.journal import Row
from modelwise.scores.known import KNOWN, KnownScorer, known
from modelwise.scores.problems import ScorerError
from modelwise.scores.tables import ScoredImage, Table, csv_text, table
from modelwise.scores.verdicts import Scale, scales
from modelwise.webui.api.messages import Asked
from modelwise.webui.api.refusals import Refusal, refused, wrong_field
from modelwise.webui.api.route import Route
from modelwise.webui.api.service import Service
from modelwise.webui.background import Progress
from modelwise.webui.given_images import NotNowError, missing_packages
from modelwise.webui.privacy import of_this_machine

IMAGE, LINES = "application/octet-stream", "application/jsonl"
LARGEST = 64_000_000
"""In bytes, of an image and of lines."""

MOST_LINES = 100_000
ImageName = Annotated[str, Meta(max_length=1000)]
Share = Annotated[float, Meta(ge=0, le=1)]


class ScorerFacts(msgspec.Struct, frozen=True):
    """A scorer. `model`: its name in profiles; `size`: in bytes, of all its files (about that many where they
    are still to be fetched); `missing`: the files that are not there; `kept`: bytes to go on from."""

    id: str
    model: str
    licence: str
    page: str
    size: int
    missing: tuple[str, ...]
    kept: int


class ScorerFetching(msgspec.Struct, frozen=True):
    """How far fetching a scorer is: which one, and the bytes of the file that is on its way."""

    progress: Progress
    scorer: str
    file: str


class Scorers(msgspec.Struct, frozen=True):
    """What there is. `missing_packages`: without them nothing is scored; `scales`: each card's own tags for a
    scorer's scores, the best first, with nothing counted."""

    missing_packages: tuple[str, ...]
    scorers: tuple[ScorerFacts, ...]
    scales: tuple[Histogram, ...]
    fetch: ScorerFetching


class ScorerChoice(Asked, frozen=True):
    """Which scorer: by its id."""

    scorer: Annotated[str, Meta(max_length=100)]


class ImageQuery(Asked, frozen=True):
    """What the image is called in the answer."""

    name: ImageName = ""


class GivenImage(msgspec.Struct, frozen=True):
    """An image. `scores`: by scorer; `tags`: by profile and slot, null where its card has none; `error`: why
    there is no score; `notice`: what else is to be said, such as that the graphics card's memory ran out."""

    file: str
    scores: dict[str, float]
    tags: dict[str, dict[str, str | None]]
    error: str
    notice: str


class ScoredLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An image that was scored, as a line of what tables are made of."""

    file: ImageName
    scores: dict[str, Share] = {}
    error: Annotated[str, Meta(max_length=2000)] = ""


class ScoreTables(msgspec.Struct, frozen=True):
    """The scores of many images, and how many each tag would have got, as the command line writes them."""

    csv: str
    images: tuple[ScoredImage, ...]
    histograms: tuple[Histogram, ...]


def scorers(service: Service, asked: Asked) -> Scorers:
    """What there is."""
    found = tuple(histogram(scale, ()) for scale in _scales(service))
    facts = tuple(_facts(service, each) for each in KNOWN)
    return Scorers(missing_packages(), facts, found, fetching(service, asked))


def _facts(service: Service, each: KnownScorer) -> ScorerFacts:
    folder = service.engine.given_images.models / each.id
    missing = tuple(each.missing(folder))
    there = (file.found(folder) for file in each.files)
    size = each.size if missing else sum(path.stat().st_size for path in there if path)
    kept = service.scorer_fetch.kept(each) if missing else 0
    return ScorerFacts(each.id, each.model, each.licence, each.page, size, missing, kept)


def _scales(service: Service) -> tuple[Scale, ...]:
    return scales(service.engine.profiles.values())


def fetching(service: Service, _asked: Asked) -> ScorerFetching:
    """How far fetching is."""
    found = service.scorer_fetch
    return ScorerFetching(found.progress, found.scorer, found.file)


def fetch(service: Service, asked: ScorerChoice) -> ScorerFetching:
    """Begin, or go on."""
    try:
        wanted = known(asked.scorer)
    except ScorerError:
        raise Refusal(404, _unknown("scorer", asked.scorer).problem) from None
    found = service.scorer_fetch
    if not found.start(wanted) and found.scorer != wanted.id:
        raise refused(409, f"{found.scorer} is being fetched: wait for it, or stop it first")
    return fetching(service, Asked())


def stop(service: Service, asked: Asked) -> ScorerFetching:
    """Ask it to stop."""
    service.scorer_fetch.stop()
    return fetching(service, asked)


class ArrivingImage:
    """An image on its way, for `web` to fill; to be closed in any case."""

    def __init__(self, service: Service, name: str) -> None:
        self._service = service
        self._name = name
        self._size = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)

    def take(self, block: bytes) -> None:
        """The next part."""
        self._size += len(block)
        _demand_size("the image", self._size)
        self._file.write(block)

    def finish(self) -> GivenImage:
        """Score it."""
        self._file.seek(0)
        given = self._service.engine.given_images
        try:
            found, notice = given.score(self._name, self._file, _scales(self._service))
        except NotNowError as error:
            raise refused(503, str(error)) from None
        except ScorerError as error:
            raise refused(409, _cleaned(self._service, error)) from None
        return GivenImage(found.file, found.scores, found.tags, found.error, notice)

    def close(self) -> None:
        """Forget it."""
        self._file.close()


def score(service: Service, asked: ImageQuery) -> ArrivingImage:
    """Begin to take an image in."""
    try:
        service.engine.given_images.scorers()
    except ScorerError as error:
        raise refused(409, _cleaned(service, error)) from None
    return ArrivingImage(service, asked.name)


class ArrivingLines:
    """Scores on their way, a JSON object a line; to be closed in any case."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._data = bytearray()

    def take(self, block: bytes) -> None:
        """The next part."""
        _demand_size("the lines", len(self._data) + len(block))
        self._data += block

    def finish(self) -> ScoreTables:
        """Make tables of them."""
        cards = _scales(self._service)
        lines = tuple(self._lines())
        used = [each.id for each in KNOWN if any(each.id in line.scores for line in lines)]
        found = table([row for line in lines for row in _rows(line)], cards)
        found = Table(_in_order(found.images, lines), found.histograms)
        return ScoreTables(csv_text(found, used, cards), found.images, found.histograms)

    def close(self) -> None:
        """Forget them."""
        self._data.clear()

    def _lines(self) -> Iterator[ScoredLine]:
        decode = msgspec.json.Decoder(ScoredLine).decode
        ids = {each.id for each in KNOWN}
        listed = bytes(self._data).splitlines()
        if len(listed) > MOST_LINES:
            raise refused(413, f"the lines: found {len(listed):,}; allowed: at most {MOST_LINES:,}")
        for number, line in enumerate(listed, 1):
            try:
                found = decode(line)
            except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
                allowed = "a JSON object with file, scores and error"
                raise wrong_field(f"line {number}", str(error), allowed) from None
            for name in found.scores.keys() - ids:
                raise _unknown(f"line {number}: scores", name)
            yield found


def tables(service: Service, _asked: Asked) -> ArrivingLines:
    """Begin to take scores in."""
    return ArrivingLines(service)


def _rows(line: ScoredLine) -> Iterator[Row]:
    for scorer, score in line.scores.items():
        yield Row(line.file, 0, 0, scorer, "", score)


def _in_order(found: tuple[ScoredImage, ...], lines: tuple[ScoredLine, ...]) -> tuple[ScoredImage, ...]:
    """All images in the order of their lines, those that have no score with the reason."""
    scored = {image.file: image for image in found}
    return tuple(scored.get(line.file) or ScoredImage(line.file, error=line.error) for line in lines)


def _demand_size(what: str, size: int) -> None:
    if size > LARGEST:
        raise refused(413, f"{what}: found over {LARGEST:,} bytes; allowed: at most {LARGEST:,}")


def _unknown(field: str, name: str) -> Refusal:
    return wrong_field(field, repr(name[:80]), ", ".join(each.id for each in KNOWN))


def _cleaned(service: Service, error: ScorerError) -> str:
    """Without the folder that the command line's user is told."""
    return of_this_machine(service.engine.host.data_folder()).cleaned(str(error))


ROUTES = (
    Route(
        *("scorers", "GET", "/scores", Asked, Scorers, scorers),
        "Which image scorers there are, what is missing, and the tags that cards give for their scores",
    ),
    Route(
        *("score_image", "POST", "/scores/images", ImageQuery, GivenImage, score),
        "The scores of an image, sent as the body, and the tags that cards would have given it",
        upload=IMAGE,
        may_be_busy=True,
    ),
    Route(
        *("score_tables", "POST", "/scores/tables", Asked, ScoreTables, tables),
        "The scores of many images, sent as lines, as the tables that the command line writes",
        upload=LINES,
    ),
    Route(
        *("fetching_scorer", "GET", "/scores/fetch", Asked, ScorerFetching, fetching),
        "How far fetching a scorer is",
    ),
    Route(
        *("fetch_scorer", "POST", "/scores/fetch", ScorerChoice, ScorerFetching, fetch),
        "Fetch a scorer, or go on with it",
        writes=True,
    ),
    Route(
        *("stop_fetching_scorer", "DELETE", "/scores/fetch", Asked, ScorerFetching, stop),
        "Stop fetching the scorer; what has arrived is kept",
        writes=True,
    ),
)
