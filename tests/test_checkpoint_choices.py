"""The profile that the user has chosen for a checkpoint: remembered, changed, forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelwise.checkpoint_choices import FILE, CheckpointChoices
from modelwise.user_files import UserFileError, UserFolder


@pytest.fixture
def choices(tmp_path: Path) -> CheckpointChoices:
    return CheckpointChoices(UserFolder(tmp_path))


def test_chosen_changed_and_forgotten(choices: CheckpointChoices) -> None:
    assert choices.all() == {}
    choices.choose("mix.safetensors", "animagine-xl-4.0")
    choices.choose("猫 [v2] 'x'.ckpt", "anything-v3.1")
    assert choices.all() == {"mix.safetensors": "animagine-xl-4.0", "猫 [v2] 'x'.ckpt": "anything-v3.1"}
    choices.choose("mix.safetensors", "animagine-xl-3.1")
    assert choices.all()["mix.safetensors"] == "animagine-xl-3.1"
    choices.choose("mix.safetensors", None)
    choices.choose("never there", None)
    assert choices.all() == {"猫 [v2] 'x'.ckpt": "anything-v3.1"}


def test_the_last_one_can_be_forgotten_and_chosen_again(choices: CheckpointChoices) -> None:
    for profile in ("x", None, "y"):
        choices.choose("a.ckpt", profile)
    assert choices.all() == {"a.ckpt": "y"}


def test_the_file_can_be_written_by_hand(choices: CheckpointChoices, tmp_path: Path) -> None:
    text = "# mine\n[[checkpoints]]\nfile = 'a.ckpt' # old\nprofile = 'x'\n"
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert choices.all() == {"a.ckpt": "x"}
    choices.choose("b.ckpt", "y")
    assert (tmp_path / FILE).read_text(encoding="utf-8").startswith(text)


@pytest.mark.parametrize(
    "text",
    ["checkpoints = 1", "[[checkpoints]]\nfile = 'a'", "[[checkpoints]]\nfile = ''\nprofile = 'x'", "?"],
)
def test_nonsense_is_said_and_left_alone(choices: CheckpointChoices, tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    for call in (choices.all, lambda: choices.choose("a", "b")):
        with pytest.raises(UserFileError, match=r"^checkpoints\.toml: "):
            call()
    assert (tmp_path / FILE).read_text(encoding="utf-8") == text
