"""What other extensions have that is of use to us; read, never changed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

_TAGCOMPLETE_FILES = {
    "tac_tagFile": "danbooru.csv",
    "tac_extra.extraFile": "extra-quality-tags.csv",
    "tac_translation.translationFile": "",
}
"""tagcomplete's settings that name its files, with what it has where nobody has chosen."""

_WILDCARD_FOLDERS = ("*dynamic-prompts*/wildcards", "*wildcards*/wildcards")
_WILDCARD_OPTION = "wildcard_dir"
_MOST_WILDCARDS = 20_000


def tagcomplete_lists(extensions: Path, option: Callable[[str, Any], Any]) -> list[Path]:
    """The lists that tagcomplete is set to: tags, extra tags, translations; none where it is not there."""
    folders = sorted(extensions.glob("*tagcomplete*/tags"))
    names = [str(option(key, default) or "") for key, default in _TAGCOMPLETE_FILES.items()]
    files = [folder / Path(name).name for folder in folders[:1] for name in names]
    return [file for file in files if file.suffix == ".csv" and file.is_file()]


def wildcards(extensions: Path, option: Callable[[str, Any], Any]) -> list[str]:
    """The wildcards of Dynamic Prompts and its kind: their files, from the folder and without the ending."""
    folders = [folder for pattern in _WILDCARD_FOLDERS for folder in sorted(extensions.glob(pattern))]
    chosen = option(_WILDCARD_OPTION, "")
    if chosen and isinstance(chosen, str):
        folders.append(Path(chosen))
    found = (
        file.relative_to(folder).with_suffix("").as_posix()
        for folder in folders
        for file in islice(folder.rglob("*.txt"), _MOST_WILDCARDS)
    )
    return list(dict.fromkeys(found))
