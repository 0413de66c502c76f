"""Checks of values: position ids, numbers that are none, and what says how the model predicts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from modelwise.doctor.checkpoint import Checkpoint
from modelwise.doctor.findings import Finding, named
from modelwise.doctor.position_ids import NAME, is_position_ids, position_findings

_SETTING = re.compile(rb"^\s*parameterization\s*:\s*[\"']?v[\"']?\s*(?:#.*)?$|VScaling\b", re.MULTILINE)
_LONGEST_SETTING = 100_000
_KEYS = ("v_pred", "ztsnr")


def position_ids(checkpoint: Checkpoint) -> Iterator[Finding]:
    """CLIP's position ids, wherever there are any: where there are none, loaders make their own."""
    for name, tensor in checkpoint.contents.tensors.items():
        if not is_position_ids(name):
            continue
        values = checkpoint.values.wanted.get(name)
        if values is not None:
            yield from position_findings(name, values, tensor.dtype)
        else:
            found = f"{NAME} is of the type {tensor.dtype} and {tensor.size:,} bytes: it was not read"
            meaning = "77 whole numbers belong there, so loaders may fail or read prompts at wrong places"
            advice = "Reset the CLIP position ids with a model editor and save a new file."
            yield Finding(NAME, "problem", "likely", found, meaning, advice, (name,))


def not_finite(checkpoint: Checkpoint) -> Iterator[Finding]:
    """NaN and infinity among the values that were read."""
    names, read = checkpoint.values.not_finite, checkpoint.values.read
    if names:
        found = (
            f"NaN or infinity in {len(names):,} of the {read:,} small tensors that were read: {named(names)}"
        )
        meaning = "pictures come out black or as noise, or the WebUI stops with an error about NaNs"
        advice = "Get the file again and compare its hash; if it is a merge, make it again in full precision."
        yield Finding("values", "problem", "certain", found, meaning, advice, names)


def prediction(checkpoint: Checkpoint) -> Iterator[Finding]:
    """A v-prediction model that a loader may take for an epsilon one."""
    header, profile = checkpoint.header, checkpoint.profile
    keys = tuple(name for name in _KEYS if name in checkpoint.contents.tensors)
    expected = header.prediction == "v" or profile.prediction == "v"
    if not expected or (header.architecture == "sd2" and not keys) or _has_setting(checkpoint.file):
        return
    beside = checkpoint.file.with_suffix(".yaml").name
    if keys:
        found = f"it is a v-prediction model ({', '.join(keys)}), and no setting beside it says so"
        meaning = "AUTOMATIC1111 1.10 does not know the mark and draws wrong pictures; newer hosts know it"
        advice = f"Load it in Forge, reForge or ComfyUI, or put {beside} with that setting beside it."
        yield Finding("prediction", "warning", "certain", found, meaning, advice, keys)
    else:
        whose = "its metadata" if header.prediction == "v" else f"the card of {profile.name}"
        found = f"{whose} says v-prediction, but neither the mark v_pred nor a setting beside it does"
        meaning = "hosts load it as epsilon, and its pictures are wrong: grey, burnt or noise"
        advice = f"Put {beside} with the setting for v-prediction beside it, or choose it in the host."
        yield Finding("prediction", "warning", "likely", found, meaning, advice)


def _has_setting(file: Path) -> bool:
    """Whether a .yaml beside the file asks for v-prediction, as AUTOMATIC1111 reads it."""
    try:
        with file.with_suffix(".yaml").open("rb") as stream:
            return _SETTING.search(stream.read(_LONGEST_SETTING)) is not None
    except OSError:
        return False
