"""An array of tables in a TOML text, changed so that everything around it stays, comments included."""

from __future__ import annotations

from collections.abc import Callable

import tomlkit
from tomlkit.items import AoT


def edited(text: str, key: str, header: str, change: Callable[[AoT], object]) -> str:
    """The text with the array `[[key]]` changed; `header`: the comment that begins a new file.

    Raises what `change` raises, and tomlkit's errors for a text that is no TOML.
    """
    document = tomlkit.parse(text)
    if not text.strip():
        document.add(tomlkit.comment(header))
    tables = document.get(key)
    if not isinstance(tables, AoT):  # none yet, or an empty list
        document.pop(key, None)
        tables = tomlkit.aot()
        document.add(key, tables)
    change(tables)
    if not tables:  # tomlkit would write an empty list where no table can follow
        document.remove(key)
    return tomlkit.dumps(document)
