"""Examines checkpoint files: reads what may be read, runs every check, and always has an answer.

A file that can't be read is a finding too. What has no header, such as a .ckpt, is judged by its name alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from modelwise.checkpoint_header import HeaderError, read_header
from modelwise.detect import Detection, Detector
from modelwise.doctor import part_checks, value_checks
from modelwise.doctor.checkpoint import Checkpoint
from modelwise.doctor.contents import Contents, read_contents
from modelwise.doctor.findings import Examination, Finding
from modelwise.doctor.position_ids import is_position_ids
from modelwise.doctor.small_tensors import UnreadableError, Values, read_values
from modelwise.profiles import Profile

CHECKS: tuple[Callable[[Checkpoint], Iterator[Finding]], ...] = (
    value_checks.position_ids,
    value_checks.not_finite,
    part_checks.missing_parts,
    part_checks.vae_precision,
    value_checks.prediction,
    part_checks.doubled,
    part_checks.types,
    part_checks.leftovers,
)

_HEADED = ".safetensors"
_PICKLES = (".ckpt", ".pt", ".pth", ".bin")
_NOTHING_READ = Values({}, (), 0)
_AGAIN = "Get the file again and compare its hash with the publisher's."


class Doctor:
    """Examines files for one set of profiles."""

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self._profiles = profiles
        self._detector = Detector(profiles)

    def examine(self, file: Path) -> Examination:
        """All that can be said of a file."""
        detection = self._detector.detect(file)
        return examine(file, detection, self._profiles[detection.profile])


def examine(file: Path, detection: Detection, profile: Profile) -> Examination:
    """All that can be said of a file that was recognised as a profile's."""
    suffix = file.suffix.lower()
    if suffix != _HEADED:
        return _examination(file, detection, (_unopened(file, suffix),))
    try:
        header, contents = read_header(file), read_contents(file)
    except HeaderError as error:
        return _examination(file, detection, (_unreadable(error.reason),))
    if contents.damage:
        return _examination(file, detection, (_damaged(contents),), contents)
    try:
        values = read_values(file, contents, frozenset(filter(is_position_ids, contents.tensors)))
    except UnreadableError as error:
        return _examination(file, detection, (_refused(str(error)),), contents)
    except OSError as error:
        reason = f"it can't be read any more ({error.strerror or 'no access'})"
        return _examination(file, detection, (_unreadable(reason),), contents)
    checkpoint = Checkpoint(file, header, contents, values, detection, profile)
    findings = [finding for check in CHECKS for finding in check(checkpoint)]
    if not checkpoint.parts:
        findings.append(_unknown_layout())
    return _examination(file, detection, tuple(findings), contents, values)


def _examination(
    file: Path,
    detection: Detection,
    findings: tuple[Finding, ...],
    contents: Contents | None = None,
    values: Values = _NOTHING_READ,
) -> Examination:
    count = len(contents.tensors) if contents else 0
    architecture = detection.architecture
    return Examination(
        str(file), detection.profile, detection.reason, architecture, count, values.read, findings
    )


def _unopened(file: Path, suffix: str) -> Finding:
    if not file.exists():
        return _unreadable("the file is gone")
    if suffix not in _PICKLES:
        found = f"its name ends in {suffix or 'nothing'}, which is no checkpoint's"
        meaning = "it was not opened"
        return Finding(
            "file", "problem", "certain", found, meaning, "Allowed: .safetensors; .ckpt by its name."
        )
    found = f"a {suffix} file is judged by its name alone"
    meaning = "opening one can run whatever code is hidden in it, so it is never opened here"
    advice = "Get it as .safetensors, or convert it with a program that you trust, and examine that."
    return Finding("file", "warning", "certain", found, meaning, advice)


def _unreadable(reason: str) -> Finding:
    meaning = "no program can load it like this"
    return Finding("file", "problem", "certain", reason, meaning, _AGAIN)


def _refused(reason: str) -> Finding:
    found = f"the safetensors library here refuses it: {reason}"
    meaning = "so does a WebUI with the same release of it, though a newer one may know more types"
    return Finding("file", "problem", "certain", found, meaning, _AGAIN)


def _damaged(contents: Contents) -> Finding:
    found = f"its table contradicts itself: {'; '.join(contents.damage[:3])}"
    meaning = "it was damaged or made by a faulty program: loaders refuse it, or load wrong weights"
    return Finding("file", "problem", "certain", found, meaning, _AGAIN)


def _unknown_layout() -> Finding:
    found = "it is no checkpoint of SD 1.x, SD 2.x or SDXL"
    meaning = "which tensors belong in it is not known here, so missing ones were not looked for"
    return Finding("missing", "note", "certain", found, meaning, "Nothing needs to be done.")
