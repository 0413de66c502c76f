"""What the page needs to complete beside the index: the model's own words and the names that the host has.

Plain values in and out; a file of the user's that can't be read costs its own part alone.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

import msgspec

from modelwise.suggestions import Suggestions
from modelwise.user_files import UserFileError
from modelwise.webui.engine import Engine
from modelwise.webui.host import Host, NameKind, StyleTexts
from modelwise.webui.settings_page import USES_OPTION

NETWORKS: tuple[NameKind, ...] = ("lora", "lyco", "hypernet")
"""The kinds that stand in angle brackets."""

MOST_NAMES = 20_000
_UNWRITABLE = {"network": set(":<>\n"), "wildcard": set(",<>{}|\n"), "embedding": set("\n")}
"""What ends a name in a prompt: a name that holds it can't be called."""

log = logging.getLogger("modelwise")


class CompletionWords(Suggestions, frozen=True):
    """All of it. `remembers`: whether uses are counted; `index`: which index there is to these words."""

    networks: Mapping[str, tuple[str, ...]]
    embeddings: tuple[str, ...]
    wildcards: tuple[str, ...]
    styles: tuple[StyleTexts, ...]
    uses: Mapping[str, int]
    remembers: bool
    index: str


def completion_words(engine: Engine, choice: str | None = None) -> CompletionWords:
    """What is there now. `choice`: a profile's id or name, or none for the recognised one's.

    Raises WrongChoice.
    """
    host = engine.host
    found = engine.suggestions(engine.detect(host.current_checkpoint(), choice).profile)
    return CompletionWords(
        **msgspec.structs.asdict(found),
        networks={kind: _names(host, kind, "network") for kind in NETWORKS},
        embeddings=_names(host, "embedding", "embedding"),
        wildcards=_names(host, "wildcard", "wildcard"),
        styles=tuple(host.styles())[:MOST_NAMES],
        uses=_uses(engine) if remembers(host) else {},
        remembers=remembers(host),
        index=engine.completion_version(),
    )


def remembers(host: Host) -> bool:
    """Whether uses are counted: where the user wants it, and nobody else's would be among them."""
    return bool(host.option(USES_OPTION, default=True)) and not host.is_shared()


def _names(host: Host, kind: NameKind, place: str) -> tuple[str, ...]:
    """The names that can be written, in the order of the alphabet."""
    writable = {name for name in host.names(kind) if name.strip() and not _UNWRITABLE[place] & set(name)}
    return tuple(sorted(writable, key=lambda name: (name.lower(), name))[:MOST_NAMES])


def _uses(engine: Engine) -> Mapping[str, int]:
    try:
        return engine.uses.all()
    except UserFileError as error:
        log.warning("uses of suggestions not read: %s", error)
        return {}
