"""Golden cases: blocks of `key: value` lines under `== name`, with ↵ for a line end.

A file's head (before the first block) gives defaults. Keys: `profile`, `options`, `prompt`, `becomes` (absent:
unchanged), `negative`, `negative becomes`, `items` (`;` between items, `//` between chunks, `&&` between
branches), `rest`, `slots`, `report` (the kinds, `none` for none), `reports` (`kind item` or `kind item -> to`),
`settings`, `values`, `untouched`, `policy`, `distilled`.

A block of hard tags has the slots as its keys instead, with the tags that count as them, a comma between two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelwise.compile import Request, Switches
from modelwise.intent import Intent
from modelwise.nodes import Lines
from modelwise.settings import SettingsRequest
from modelwise.terms import Slot

KEYS = frozenset(
    ("profile", "options", "prompt", "becomes", "negative", "negative becomes", "items", "rest", "slots")
    + ("report", "reports", "settings", "values", "untouched", "policy", "distilled")
)
SLOTS = frozenset(slot.value for slot in Slot)
_SWITCHES = ("order", "quality", "negative", "settings", "spelling")


@dataclass(frozen=True)
class Case:
    """One block of a case file."""

    name: str
    values: dict[str, str]

    def get(self, key: str) -> str | None:
        """A value with its line ends, or None."""
        value = self.values.get(key)
        return None if value is None else value.replace("↵", "\n")

    def tags(self) -> list[tuple[str, str]]:
        """The tags of a block of hard tags, each with its slot."""
        slots = ((slot, tags) for slot, tags in self.values.items() if slot in SLOTS)
        return [(slot, tag) for slot, tags in slots for tag in tags.split(", ")]

    @property
    def profile(self) -> str:
        return self.values["profile"]

    def request(self) -> Request:
        """What the case compiles."""
        words = [word.strip() for word in self.values.get("options", "").split(",") if word.strip()]
        named = dict(word.split(" ", 1) for word in words)
        switches = {switch: named.pop(switch) == "on" for switch in _SWITCHES if switch in named}
        for name in ("series", "grouping"):
            if name in named:
                switches[name] = named.pop(name) == "on"
        if "injects" in named:
            switches["quality_at_end"] = named.pop("injects") == "at end"
        lines = Lines(named.pop("lines", "separator"))
        return Request(
            self.get("prompt") or "",
            self.get("negative") or "",
            intent=_intent(named),
            switches=Switches(**switches),
            settings=self._settings(),
            lines=lines,
            distilled="distilled" in self.values,
        )

    def _settings(self) -> SettingsRequest:
        untouched = self.values.get("untouched")
        fields: Any = None if untouched is None else tuple(untouched.replace(",", " ").split())
        policy: Any = _pairs(self.values.get("policy", "")) or "fill"
        return SettingsRequest(_pairs(self.values.get("values", "")), fields, policy)

    def expected_settings(self) -> dict[str, object]:
        """The settings that are to be set."""
        return _pairs(self.values["settings"])


def _intent(named: dict[str, str]) -> Intent:
    level = named.pop("level", "standard")
    asked: dict[str, Any] = {"quality": None if level == "none" else level}
    for key in ("rating", "aesthetic"):
        if key in named:
            asked[key] = named.pop(key)
    if "year" in named:
        asked["year"] = int(named.pop("year"))
    assert not named, f"unknown options {named}"
    return Intent(**asked)


def _pairs(text: str) -> dict[str, Any]:
    pairs = (pair.strip().split("=", 1) for pair in text.split(",") if pair.strip() and text != "none")
    return {key: _number(value) for key, value in pairs}


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def cases(folder: Path) -> Iterator[tuple[str, Case]]:
    """Every case of a folder's files with the name of its file."""
    for path in sorted(folder.glob("*.txt")):
        for case in _read(path):
            yield path.stem, case


def _read(path: Path) -> Iterator[Case]:
    defaults: dict[str, str] = {}
    head, *blocks = ("\n" + path.read_text(encoding="utf-8")).split("\n== ")
    defaults = _values(head, path)
    for block in blocks:
        name, _, body = block.partition("\n")
        own = _values(body, path)
        options = ", ".join(filter(None, (defaults.get("options"), own.get("options"))))
        yield Case(name.strip(), {**defaults, **own, "options": options})


def _values(text: str, path: Path) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in text.split("\n"):
        if not line.strip() or line.startswith("# "):
            continue
        key, colon, value = line.partition(":")
        assert colon and key in KEYS | SLOTS, f"{path.name}: {line!r} is no line of a case"
        values[key] = value[1:] if value[:1] == " " else value
    return values
