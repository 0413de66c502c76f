"""The samples are what they say, and a folder shows what a WebUI would show."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelwise.detect import Detector
from modelwise.workbench.checkpoints import found_in, sample_header
from modelwise.workbench.host import CHECKPOINT_OPTION, Workbench
from tests.support import checking

SAMPLED = {"sdxl", "sd1", "stable-cascade"}
"""The architectures whose tensors are known; other programs' models have no sample."""


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(checking.bundled())


def test_each_sample_is_recognised_as_its_own_model(models: Path, detector: Detector) -> None:
    profiles = checking.bundled().values()
    named = {f"{profile.match.names[0]}.safetensors": profile for profile in profiles if profile.match.names}
    named = {name: profile for name, profile in named.items() if profile.architecture in SAMPLED}
    assert {profile.architecture for profile in named.values()} == SAMPLED
    for name, profile in named.items():
        found = detector.detect(models / name)
        assert (found.profile, found.architecture) == (profile.id, profile.architecture)


def test_one_is_unknown_and_one_is_broken(models: Path, detector: Detector) -> None:
    unknown = detector.detect(models / "somebodys_merge_v7.safetensors")
    assert (unknown.profile, unknown.architecture) == ("generic-sdxl", "sdxl")
    broken = detector.detect(models / "half_a_download.safetensors")
    assert broken.profile == "generic"
    assert "header" in broken.reason


def test_a_folder_shows_checkpoints_alone_with_their_folders_sorted_as_a_user_reads(tmp_path: Path) -> None:
    for name in ("b.safetensors", "A.ckpt", "notes.txt", "merges/c.SAFETENSORS", "x.safetensors.part"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(sample_header("sd1"))
    assert list(found_in(tmp_path)) == ["A.ckpt", "b.safetensors", "merges/c.SAFETENSORS"]
    assert found_in(tmp_path)["merges/c.SAFETENSORS"] == tmp_path / "merges" / "c.SAFETENSORS"


def test_an_empty_folder_leaves_nothing_chosen(tmp_path: Path) -> None:
    host = Workbench(tmp_path, tmp_path)
    assert host.options[CHECKPOINT_OPTION] == ""
    assert host.current_checkpoint() is None


def test_a_new_file_is_there_after_a_refresh(tmp_path: Path) -> None:
    host = Workbench(tmp_path, tmp_path)
    (tmp_path / "new.ckpt").write_bytes(b"")
    assert host.checkpoint("new.ckpt") is None
    host.refresh()
    facts = host.checkpoint("new.ckpt")
    assert facts and facts.file == tmp_path / "new.ckpt"
