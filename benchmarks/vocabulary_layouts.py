"""Ways of keeping a vocabulary ready: each is written once, then opened in a program of its own and asked.

`python -m benchmarks.vocabulary_layouts LAYOUT FILE NAMES` opens one and prints its cost as JSON.
"""

from __future__ import annotations

import json
import mmap
import sqlite3
import sys
import zlib
from array import array
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import timed
from modelwise.spelling import normal_form
from modelwise.tag_files import load_vocabulary
from modelwise.vocabulary import Category, Found, Tables, category_of
from modelwise.vocabulary_cache import VocabularyCache

Find = Callable[[str], Found | None]
ROUNDS = 3
_ALIAS = 0xFF
_CATEGORIES = {int(category): category for category in Category}


def open_lists(path: Path) -> Find:
    """No cache: read the CSV into dictionaries."""
    return load_vocabulary([path]).find


def open_cache(path: Path) -> Find:
    """The dictionaries from our cache beside the CSV."""
    return VocabularyCache(path.parent / "cache").load([path]).find


def write_table(tables: Tables, path: Path) -> None:
    """A hash table of offsets, half full, and behind it the records: key, line end, category or alias."""
    keys = [*tables.codes, *(alias for alias in tables.aliases if alias not in tables.codes)]
    size = 1 << (2 * len(keys)).bit_length()
    slots, records = array("I", bytes(4 * size)), bytearray(b"\n")
    for key in keys:
        raw = key.encode() + b"\n"
        at = zlib.crc32(raw) % size
        while slots[at]:
            at = (at + 1) % size
        slots[at] = len(records)
        code = tables.codes.get(key)
        value = bytes([_ALIAS]) + tables.aliases[key].encode() if code is None else bytes([category_of(code)])
        records += raw + value + b"\n"
    path.write_bytes(size.to_bytes(8, "little") + slots.tobytes() + records)


def open_table(path: Path) -> Find:
    """The hash table, mapped into memory."""
    with path.open("rb") as stream:
        data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    size = int.from_bytes(data[:8], "little")
    start = 8 + 4 * size
    slots = memoryview(data)[8:start].cast("I")

    def find(key: str) -> Found | None:
        raw = key.encode() + b"\n"
        at = zlib.crc32(raw) % size
        while slots[at]:
            begin = start + slots[at]
            end = begin + len(raw)
            if data[begin:end] == raw:
                if data[end] != _ALIAS:
                    return Found(key, _CATEGORIES[data[end]], True)
                name = data[end + 1 : data.find(b"\n", end)].decode()
                found = find(name)
                return Found(name, found.category, False) if found else None
            at = (at + 1) % size
        return None

    return find


def write_sqlite(tables: Tables, path: Path) -> None:
    """One table by key."""
    connection = sqlite3.connect(path)
    connection.execute("create table tags (key text primary key, category integer, alias text) without rowid")
    named = ((key, int(category_of(code)), None) for key, code in tables.codes.items())
    aliases = ((key, None, name) for key, name in tables.aliases.items())
    for rows in (named, aliases):
        connection.executemany("insert or ignore into tags values (?, ?, ?)", rows)
    connection.commit()
    connection.close()


def open_sqlite(path: Path) -> Find:
    """The database."""
    cursor = sqlite3.connect(path).cursor()

    def find(key: str) -> Found | None:
        row = cursor.execute("select category, alias from tags where key = ?", (key,)).fetchone()
        if row is None:
            return None
        if row[1] is None:
            return Found(key, _CATEGORIES[row[0]], True)
        found = find(row[1])
        return Found(row[1], found.category, False) if found else None

    return find


def write_trie(tables: Tables, path: Path) -> None:
    """A trie of the library marisa-trie, where it is installed."""
    values = {key: bytes([category_of(code)]) for key, code in tables.codes.items()}
    aliases = {key: bytes([_ALIAS]) + name.encode() for key, name in tables.aliases.items()}
    import_module("marisa_trie").BytesTrie((aliases | values).items()).save(str(path))


def open_trie(path: Path) -> Find:
    """The trie, mapped into memory."""
    trie = import_module("marisa_trie").BytesTrie().mmap(str(path))

    def find(key: str) -> Found | None:
        values = trie.get(key)
        if not values:
            return None
        value = values[0]
        if value[0] != _ALIAS:
            return Found(key, _CATEGORIES[value[0]], True)
        name = value[1:].decode()
        return Found(name, _CATEGORIES[trie[name][0][0]], False)

    return find


OPEN: Mapping[str, Callable[[Path], Find]] = {
    "lists": open_lists,
    "cache": open_cache,
    "table": open_table,
    "sqlite": open_sqlite,
    "trie": open_trie,
}
WRITE: Mapping[str, Callable[[Tables, Path], None]] = {
    "table": write_table,
    "sqlite": write_sqlite,
    "trie": write_trie,
}


def resident() -> float:
    """The megabytes of memory that this program holds; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * mmap.PAGESIZE / 1e6
    except OSError:
        return 0.0


def cost(layout: str, path: Path, names: list[str]) -> dict[str, Any]:
    """Milliseconds until ready, megabytes when all was asked, microseconds for a look-up, and the answers."""
    before = resident()
    opened: list[Find] = []
    ready = timed(lambda: opened.append(OPEN[layout](path)))
    find = opened[0]
    answers = [find(normal_form(name)) for name in names]

    def ask() -> None:
        for name in names:
            find(normal_form(name))

    warm = min(timed(ask) for _ in range(ROUNDS)) * 1e3 / len(names)
    short = "".join(f"{found.category:d}{found.exact:d}" if found else "-" for found in answers)
    return {
        "ready": ready,
        "memory": resident() - before,
        "warm": warm,
        "answers": zlib.crc32(short.encode()),
    }


if __name__ == "__main__":
    asked = Path(sys.argv[3]).read_text(encoding="utf-8").split("\n")
    sys.stdout.write(json.dumps(cost(sys.argv[1], Path(sys.argv[2]), asked)))
