"""Puts the extension into a WebUI's data folder, as a git clone of the working tree as it stands."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_AUTHOR = ("-c", "user.name=Test", "-c", "user.email=test@example.invalid", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder; its output."""
    command = [shutil.which("git") or "git", *_AUTHOR, *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def make_repository(target: Path) -> Path:
    """A repository with one commit: the files that git would track here, changes included."""
    target.mkdir(parents=True)
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    git(target, "init", "--quiet", "--initial-branch=main")
    commit(target, "The working tree")
    return target


def commit(repository: Path, message: str) -> None:
    """Commit everything that has changed."""
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", message)


def put_in_place(repository: Path, data: Path) -> Path:
    """Clone the repository into the extensions of a data folder."""
    target = data / "extensions" / "modelwise"
    target.parent.mkdir(parents=True, exist_ok=True)
    git(target.parent, "clone", "--quiet", f"file://{repository}", target.name)
    return target


def choose_first(data: Path) -> None:
    """Choose a checkpoint before the first start: Forge would, and with frozen settings does not start for that."""
    chosen = json.dumps({"sd_model_checkpoint": "animagine-xl-4.0-opt.safetensors"})
    (data / "config.json").write_text(chosen, encoding="utf-8")
