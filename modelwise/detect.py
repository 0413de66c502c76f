"""Decides which profile fits a checkpoint, and says why.

The first rule that hits wins: the user's choice, a hash that the host knows, metadata, the whole file name,
the architecture. What only resembles a model is offered, never applied. Nothing is hashed, nothing but a
header is read, and a bad file gives an answer too, never an exception. Models come from profiles alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from modelwise.checkpoint_header import Header, HeaderError, read_header
from modelwise.profiles import Match, Profile

_HEADED = ".safetensors"
_SUFFIXES = (_HEADED, ".ckpt", ".pt", ".pth", ".bin")
_TITLES = {
    "sd1": "SD 1.x",
    "sd2": "SD 2.x",
    "sdxl": "SDXL",
    "stable-cascade": "Stable Cascade",
    "cosmos-predict2": "Cosmos-Predict2",
    "lumina-2": "Lumina 2",
    "coreml": "Core ML",
}
_NAMING_KEYS = ("modelspec.title", "ss_output_name")
_MERGE_KEYS = ("sd_merge", "modelspec.merged_from", "mecha_recipe")
_LONGEST_TEXT = 20_000  # recipes can be endless; what they were made from stands in front
# What copies of one release carry after its name: precision, a second download, a distillation.
_ENDING = re.compile(
    r"-?\(\d+\)\Z|-(?:fp16|bf16|fp32|pruned|(?:lightning|lcm|turbo|hyper|dmd2?)(?:-\d+-?steps?)?)\Z"
)
# Inside a camel-case name only with a capital, and never "hyper", which begins too many other words.
_DISTILLED = re.compile(
    r"(?i:(?<![a-z])(?:lightning|lcm|turbo|hyper|dmd)(?:sdxl|sd|xl)?(?![a-z]))"
    r"|(?:Lightning|LCM|Turbo|DMD)(?![a-z])"
)
_SEPARATORS = re.compile(r"[\s_.-]+")
_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NEGATIONS = frozenset({"no", "non", "not"})
_SHORTEST_TELLING = 4
_MOST_JOINED_PIECES = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What the host already knows of a checkpoint, never computed for this."""

    choice: str | None = None
    sha256: str | None = None
    shorthash: str | None = None


@dataclass(frozen=True, slots=True)
class Detection:
    """The profile of a checkpoint and why. `suggestion` is only offered, `architecture` is the header's or
    else the profile's, `prediction` is the header's alone."""

    profile: str
    family: str | None
    architecture: str
    rule: str
    reason: str
    suggestion: str | None = None
    distilled: bool = False
    prediction: str | None = None


@dataclass(frozen=True, slots=True)
class _Evidence:
    name: str
    known: Known
    header: Header
    problem: str | None


_NOTHING_KNOWN = Known()
_State = tuple[int, int, Known]
_Likeness = tuple[Profile, tuple[str, ...]]  # the words of one of its names, the family's word first


class Detector:
    """Finds profiles for checkpoints, and remembers each file until it changes. For any number of threads."""

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self._profiles = dict(profiles)
        # Backwards, so that of two profiles that claim the same the first one has it.
        claims = [(profile, profile.match) for profile in reversed(self._profiles.values())]
        self._names = {_plain(name): profile for profile, match in claims for name in match.names}
        hashes = [(digest, profile) for profile, match in claims for digest in match.sha256 + match.autov2]
        self._hashes = dict(hashes) | {digest[:10]: profile for digest, profile in hashes}
        entries = [(each.key, each.value, profile) for profile, match in claims for each in match.metadata]
        self._entries = {(key, value.strip().casefold()): profile for key, value, profile in entries}
        self._generics: dict[str, str] = {each.architecture: each.id for each, _ in claims if each.generic}
        self._likenesses = [likeness for profile, _ in claims for likeness in _likenesses(profile)]
        self._seen: dict[Path, tuple[_State, Detection]] = {}

    def detect(self, file: Path, known: Known = _NOTHING_KNOWN) -> Detection:
        """The profile for a checkpoint."""
        state = _state(file, known)
        if (seen := self._seen.get(file)) and seen[0] == state:
            return seen[1]
        evidence = _evidence(file, known)
        detection = self._complete(self._decide(evidence), evidence)
        # What could not be read is tried again: permissions change without a trace in size and time.
        if state and not evidence.problem:
            self._seen[file] = state, detection
        return detection

    def _decide(self, evidence: _Evidence) -> Detection:
        if profile := self._profiles.get(evidence.known.choice or ""):
            return _hit(profile, "choice", f"{profile.name} was chosen for this checkpoint")
        if profile := self._hashed(evidence.known):
            return _hit(profile, "hash", f"its hash is that of {profile.name}")
        if evidence.problem:
            return self._generic("unknown", "nothing could be read from this file")
        header = evidence.header
        stated, merged = self._stated(header), any(key.startswith(_MERGE_KEYS) for key in header.metadata)
        if stated and not merged:
            return self._unless_contradicted(stated, "metadata", "its metadata names", header)
        if named := self._named(evidence.name):
            return self._unless_contradicted(named, "name", "its file name is that of", header)
        return self._suggesting(stated or self._alike(evidence), header)

    def _hashed(self, known: Known) -> Profile | None:
        full, short = ((digest or "").strip().lower() for digest in (known.sha256, known.shorthash))
        return next((self._hashes[each] for each in (full, full[:10], short) if each in self._hashes), None)

    def _stated(self, header: Header) -> Profile | None:
        entries = ((key, value.strip().casefold()) for key, value in header.metadata.items())
        return next((self._entries[entry] for entry in entries if entry in self._entries), None)

    def _named(self, name: str) -> Profile | None:
        return next((self._names[reading] for reading in _readings(name) if reading in self._names), None)

    def _unless_contradicted(self, profile: Profile, rule: str, why: str, header: Header) -> Detection:
        if _fits(profile, header):
            return _hit(profile, rule, f"{why} {profile.name}")
        made, found = _TITLES[profile.architecture], _TITLES[header.architecture]
        reason = f"{why} {profile.name} ({made}), but its header is {found}, and that counts"
        return self._generic(header.architecture, reason)

    def _generic(self, architecture: str, reason: str) -> Detection:
        profile = self._generics.get(architecture) or self._generics.get("unknown", "generic")
        rule = "none" if architecture == "unknown" else "architecture"
        return Detection(profile, None, architecture, rule, reason)

    def _suggesting(self, likely: Profile | None, header: Header) -> Detection:
        title = _TITLES.get(header.architecture)
        reason = f"no profile is known for it; its header is {title}" if title else "nothing identifies it"
        detection = self._generic(header.architecture, reason)
        if not likely or not _fits(likely, header):
            return detection
        return replace(detection, suggestion=likely.id, reason=f"{reason}; it looks like {likely.name}")

    def _alike(self, evidence: _Evidence) -> Profile | None:
        fitting = [(profile, words) for profile, words in self._likenesses if _fits(profile, evidence.header)]
        for text in _texts(evidence):
            pieces = _pieces(text)
            whole = set(_whole_words(pieces))
            close = [
                (_closeness(words, pieces), profile) for profile, words in fitting if _telling(words) <= whole
            ]
            if close:
                return max(close, key=lambda each: (each[0], each[1].id))[1]
        return None

    def _complete(self, detection: Detection, evidence: _Evidence) -> Detection:
        """With what holds whichever rule decided."""
        header, choice, notes = evidence.header, evidence.known.choice, [detection.reason]
        if choice and choice not in self._profiles:
            notes.append(f'the profile "{choice}" that was chosen for it does not exist')
        if evidence.problem:
            notes.append(evidence.problem)
        distilled = any(_DISTILLED.search(text) for text in _texts(evidence))
        if distilled and detection.family:
            notes.append("it is distilled, so the card's steps and CFG may not fit")
        if header.architecture != "unknown":
            detection = replace(detection, architecture=header.architecture)
        text = "; ".join(notes)
        reason = f"{text[0].upper()}{text[1:]}."
        return replace(detection, reason=reason, distilled=distilled, prediction=header.prediction)


def _hit(profile: Profile, rule: str, reason: str) -> Detection:
    family = None if profile.generic else profile.family
    return Detection(profile.id, family, profile.architecture, rule, reason)


def _state(file: Path, known: Known) -> _State | None:
    try:
        found = file.stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, known


def _evidence(file: Path, known: Known) -> _Evidence:
    """What may be looked at: a file without a header is judged by its name, never opened."""
    suffix = file.suffix if file.suffix.lower() in _SUFFIXES else ""
    name, header, problem = file.name.removesuffix(suffix), Header({}, "unknown", None), None
    if suffix.lower() == _HEADED:
        try:
            header = read_header(file)
        except HeaderError as error:
            problem = error.reason
    return _Evidence(name, known, header, problem)


def _fits(profile: Profile, header: Header) -> bool:
    return header.architecture in ("unknown", profile.architecture) or profile.architecture == "unknown"


def _plain(name: str) -> str:
    return _SEPARATORS.sub("-", name).casefold()


def _readings(name: str) -> Iterator[str]:
    """The whole name, then without one ending after another."""
    reading, shorter = "", _plain(name)
    while shorter != reading:
        yield (reading := shorter)
        shorter = _ENDING.sub("", reading)


def _texts(evidence: _Evidence) -> Iterator[str]:
    """Where a model is named: the file, then its metadata."""
    yield evidence.name
    for key, value in evidence.header.metadata.items():
        if key in _NAMING_KEYS or key.startswith(_MERGE_KEYS):
            yield value[:_LONGEST_TEXT]


def _pieces(text: str) -> list[str]:
    return [piece.lower() for piece in _PIECES.findall(text)]


def _whole_words(pieces: list[str]) -> Iterator[str]:
    """Each run of pieces that may be one word, unless it is denied."""
    for start in range(len(pieces)):
        if start and pieces[start - 1] in _NEGATIONS:
            continue
        for end in range(start + 1, start + 1 + _MOST_JOINED_PIECES):
            yield "".join(pieces[start:end])


def _likenesses(profile: Profile) -> list[_Likeness]:
    # A profile that no file is known by is only ever chosen by hand.
    names = () if profile.match == Match() else (*profile.match.names, profile.family)
    words = [tuple(_pieces(name)) for name in names]
    return [(profile, each) for each in words if _telling(each)]


def _telling(words: tuple[str, ...]) -> frozenset[str]:
    """The first words of a name that together are long enough to tell it; none where all are too short."""
    letters = 0
    for count, word in enumerate(words, 1):
        letters += len(word)
        if letters >= _SHORTEST_TELLING:
            return frozenset(words[:count])
    return frozenset()


def _closeness(words: tuple[str, ...], pieces: list[str]) -> tuple[int, int]:
    """How many words of a name are there, then how few are not."""
    shared = (Counter(words) & Counter(pieces)).total()
    return shared, shared - len(words)
