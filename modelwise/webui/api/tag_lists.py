"""The routes of tag lists: what is loaded, fetching the full one, own ones, and what is known of a tag.

Whatever is added or taken away counts at once for every prompt that comes after.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from modelwise.own_tag_lists import Incoming
from modelwise.spelling import normal_form
from modelwise.tags import LONGEST_TAG
from modelwise.vocabulary import Vocabulary
from modelwise.webui.api.messages import Asked
from modelwise.webui.api.route import Route
from modelwise.webui.api.service import Service
from modelwise.webui.background import Progress

MOST_ALIASES, MOST_NEAR = 200, 20
UPLOADED = "text/csv"
ListName = Annotated[str, Meta(max_length=300)]


class TagListFacts(msgspec.Struct, frozen=True):
    """A list that is loaded. `problem_count`: lines that make no sense, `problems`: the first of them;
    `conflicts`: tags that an earlier list has in another category; `own`: the user's, so that it can go."""

    name: str
    rows: int
    problem_count: int
    problems: tuple[str, ...]
    conflicts: int
    own: bool


class FetchStatus(msgspec.Struct, frozen=True):
    """How far fetching the full list is, in bytes. `kept`: what is there to go on from."""

    progress: Progress
    kept: int
    address: str


class TagLists(msgspec.Struct, frozen=True):
    """All lists in the order in which they count, later ones winning."""

    tags: int
    lists: tuple[TagListFacts, ...]
    fetch: FetchStatus


class NewTagList(Asked, frozen=True):
    """A list's file name. `replace`: it may take the place of one that is there."""

    name: ListName
    replace: bool = False


class AddedTagList(msgspec.Struct, frozen=True):
    """The name under which a list was kept, and all lists."""

    added: str
    tags: TagLists


class OwnListQuery(Asked, frozen=True):
    """Which own list: by its file name."""

    list: ListName


class TagQuery(Asked, frozen=True):
    """Which tag: in any spelling."""

    tag: Annotated[str, Meta(min_length=1, max_length=LONGEST_TAG)]


class KnownTag(msgspec.Struct, frozen=True):
    """A tag. `list`: which says so; `exact`: found under its own name, not under an alias; `everyday`: an
    everyday word, which no alias and no artist's name takes."""

    name: str
    category: str
    list: str
    exact: bool
    everyday: bool
    aliases: tuple[str, ...]
    alias_count: int
    series: tuple[str, ...]


class TagAnswer(msgspec.Struct, frozen=True):
    """What is known. `meant`: the tag of which it is a misspelling; `near`: tags that begin so."""

    tag: str
    found: KnownTag | None
    meant: str | None
    near: tuple[str, ...]


class Arriving:
    """A list that is being uploaded, for `web` to fill; to be closed in any case."""

    def __init__(self, service: Service, incoming: Incoming) -> None:
        self._service = service
        self._incoming = incoming
        self.take = incoming.take
        self.close = incoming.close

    def finish(self) -> AddedTagList:
        """Put it in its place."""
        self._incoming.finish()
        self._service.engine.forget_vocabulary()
        return AddedTagList(self._incoming.name, tag_lists(self._service, Asked()))


def tag_lists(service: Service, _asked: Asked) -> TagLists:
    """All lists."""
    vocabulary = service.engine.vocabulary
    own = set(service.engine.own_tag_lists.names())
    return TagLists(len(vocabulary), tuple(_lists(vocabulary, own))[::-1], fetching(service, _asked))


def _lists(vocabulary: Vocabulary, own: set[str]) -> Iterator[TagListFacts]:
    """The last one first: of two of one name, a neighbour's comes before the user's."""
    for source in reversed(vocabulary.sources):
        yield TagListFacts(
            source.name,
            source.rows,
            source.problem_count,
            source.problems,
            source.conflicts,
            own=source.name in own,
        )
        own.discard(source.name)


def add(service: Service, asked: NewTagList) -> Arriving:
    """Begin to take an own list in."""
    lists = service.engine.own_tag_lists
    return Arriving(service, lists.incoming(asked.name, replace=asked.replace))


def delete(service: Service, asked: OwnListQuery) -> TagLists:
    """Take an own list away."""
    service.engine.own_tag_lists.delete(asked.list)
    service.engine.forget_vocabulary()
    return tag_lists(service, Asked())


def fetching(service: Service, _asked: Asked) -> FetchStatus:
    """How far fetching is."""
    found = service.tag_list_fetch
    return FetchStatus(found.progress, found.kept, found.address)


def fetch(service: Service, asked: Asked) -> FetchStatus:
    """Begin, or go on."""
    service.tag_list_fetch.start()
    return fetching(service, asked)


def stop(service: Service, asked: Asked) -> FetchStatus:
    """Ask it to stop."""
    service.tag_list_fetch.stop()
    return fetching(service, asked)


def find(service: Service, asked: TagQuery) -> TagAnswer:
    """What is known of a tag."""
    vocabulary, key = service.engine.vocabulary, normal_form(asked.tag)
    near = vocabulary.beginning_with(key, MOST_NEAR + 1) if key else ()
    others = tuple(name for name in near if name != key)[:MOST_NEAR]
    return TagAnswer(key, _known(vocabulary, key), vocabulary.misspelled(key), others)


def _known(vocabulary: Vocabulary, key: str) -> KnownTag | None:
    found = vocabulary.find(key)
    if found is None:
        return None
    name = key if found.exact else found.name
    aliases = vocabulary.aliases_of(name)
    return KnownTag(
        found.name,
        found.category.name.lower(),
        found.source,
        found.exact,
        vocabulary.is_ordinary(key),
        aliases[:MOST_ALIASES],
        len(aliases),
        vocabulary.series_of(name),
    )


ROUTES = (
    Route(
        *("tags", "GET", "/tags", Asked, TagLists, tag_lists),
        "The tag lists one by one: their tags, the lines that make no sense, and their conflicts",
    ),
    Route(
        *("find_tag", "GET", "/tags/find", TagQuery, TagAnswer, find),
        "What is known of a tag: category, list, aliases, series",
    ),
    Route(
        *("add_tags", "POST", "/tags/lists", NewTagList, AddedTagList, add),
        "Add an own tag list, sent as the body",
        writes=True,
        status=201,
        upload=UPLOADED,
    ),
    Route(
        *("delete_tags", "DELETE", "/tags/lists", OwnListQuery, TagLists, delete),
        "Take an own tag list away",
        writes=True,
    ),
    Route(
        *("fetching", "GET", "/tags/fetch", Asked, FetchStatus, fetching),
        "How far fetching the full tag list is",
    ),
    Route(
        *("fetch_tags", "POST", "/tags/fetch", Asked, FetchStatus, fetch),
        "Fetch the full tag list, or go on with it",
        writes=True,
    ),
    Route(
        *("stop_fetching", "DELETE", "/tags/fetch", Asked, FetchStatus, stop),
        "Stop fetching; what has arrived is kept",
        writes=True,
    ),
)
