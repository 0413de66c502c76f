"""What we know of a job, kept on the job itself and only on it.

Other extensions copy jobs, whole and part by part, and send all that is on them to other machines as JSON: a
copy knows nothing, and what is sent is an empty text.
"""

from __future__ import annotations

from typing import Any
from weakref import ref

_ATTRIBUTE = "modelwise_generation"


class _Note(str):
    """An empty text with more behind it."""

    __slots__ = ("content", "owner")
    content: Any
    owner: Any

    def __deepcopy__(self, _known: dict[int, Any]) -> str:
        return ""


def keep(p: Any, content: Any) -> None:
    """Keep something until the job is gone."""
    note = _Note()
    note.owner, note.content = ref(p), content  # weak: a job with its images goes as soon as nobody needs it
    setattr(p, _ATTRIBUTE, note)


def kept(p: Any) -> Any:
    """What was kept for this very job, or None."""
    note = getattr(p, _ATTRIBUTE, None)
    return note.content if isinstance(note, _Note) and note.owner() is p else None
