"""Profiles for tests: the bundled ones read in short, and files written for a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelwise import profiles as structures
from modelwise.profile_files import ProfileSet, load_bundled, load_profiles
from modelwise.profile_problems import ProfileProblem
from modelwise.profiles import Profile, Words
from modelwise.terms import Slot

ROOT = Path(__file__).parent.parent.parent
PRESETS = ROOT / "presets"
SLOTS = ", ".join(slot.value for slot in Slot)
SDXL_SIZES = [
    (1024, 1024),
    (1152, 896),
    (896, 1152),
    (1216, 832),
    (832, 1216),
    (1344, 768),
    (768, 1344),
    (1536, 640),
    (640, 1536),
]
BUNDLED = load_bundled()

MINIMAL = """
schema = 1
id = "{id}"
version = 1
name = "A model"
family = "family"
sources = [{{ id = "card", name = "A card" }}]
"""
PARENT = """
limits = [{ basis = "stated", source = "card", when = "note", text = "A limit." }]
presets = [{ basis = "stated", source = "card", name = "Preset" }]
examples = [{ basis = "stated", source = "card", prompt = "1girl" }]
architecture = "sdxl"
[match]
names = ["parent"]
[order]
basis = "stated"
source = "card"
slots = ["quality", "general"]
[vocabulary.quality]
basis = "third_party"
source = "card"
words = [{ tag = "masterpiece" }]
[settings.steps]
basis = "stated"
source = "card"
value = 28
minimum = 25
maximum = 30
[settings.cfg_scale]
basis = "example"
source = "card"
value = 5
"""
"""A whole profile to inherit from: the rest of `minimal`."""
GENERAL = '[order]\nbasis = "stated"\nsource = "card"\nslots = {slots}\n'


def shared(name: str) -> str:
    """A model card as published, where the cards stand beside the project."""
    path = ROOT.parent / "shared" / "cards" / name
    if not path.is_file():
        pytest.skip(f"the card {name} is not beside the project; the literal strings are tested")
    return path.read_text(encoding="utf-8")


def profile(identifier: str) -> Profile:
    return BUNDLED.profiles[identifier]


def tags(words: Words | None) -> list[str]:
    return [word.tag for word in words.words] if words else []


def low(words: Words | None) -> list[str]:
    return [word.tag for word in words.words if word.low] if words else []


def slots(blocks: tuple[structures.Block, ...]) -> list[str | list[str]]:
    return [[slot.value for slot in b] if isinstance(b, tuple) else b.value for b in blocks]


def eras(identifier: str) -> list[tuple[str, int, int]]:
    year = profile(identifier).vocabulary.year
    assert year
    return [(era.tag, era.first, era.last) for era in year.eras]


def injected(identifier: str, level: str = "standard") -> tuple[str, str]:
    added = profile(identifier).inject.quality[level]  # type: ignore[index]
    return ", ".join(added.positive), ", ".join(added.negative)


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def minimal(identifier: str, rest: str = "") -> str:
    return MINIMAL.format(id=identifier) + rest


def child(identifier: str, parent: str, rest: str = "") -> str:
    head = f'schema = 1\nid = "{identifier}"\nversion = 1\nname = "Child"\nextends = "{parent}"\n'
    return head + rest


def load_with_good(tmp_path: Path, text: str) -> ProfileSet:
    """Load one file beside a good one, which has to load whatever the other holds."""
    write(tmp_path, "good.toml", minimal("good"))
    loaded = load_profiles([write(tmp_path, "bad.toml", text)])
    assert "good" in loaded.profiles
    return loaded


def only_problem(loaded: ProfileSet) -> ProfileProblem:
    assert len(loaded.problems) == 1, loaded.problems
    return loaded.problems[0]
