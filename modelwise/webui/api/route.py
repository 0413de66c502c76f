"""What a route is: its name, address, types, and what answers it.

Each topic has a module with its own messages, answers and ROUTES; `routes` joins them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from modelwise.webui.api.service import Service

WITH_BODY = ("POST", "PATCH")


@dataclass(frozen=True, slots=True)
class Route:
    """One route. `takes`: its JSON body, or with GET and DELETE its query and what stands in the path.

    `upload`: the content type of a body that is a file; the query says what it is then, and `answer` gives
    the `Upload` that takes it. `may_be_busy`: it may have to be asked for again, or lack what it needs.
    """

    name: str
    method: str
    path: str
    takes: type[msgspec.Struct]
    gives: Any
    answer: Callable[[Service, Any], Any]
    summary: str
    writes: bool = False
    status: int = 200
    upload: str = ""
    may_be_busy: bool = False

    @property
    def has_body(self) -> bool:
        """Whether the request comes as a JSON body."""
        return self.method in WITH_BODY and not self.upload
