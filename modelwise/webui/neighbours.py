"""What other extensions have that is of use to us; read, never changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

_TAGCOMPLETE_FILES = {
    "tac_tagFile": "danbooru.csv",
    "tac_extra.extraFile": "extra-quality-tags.csv",
    "tac_translation.translationFile": "",
}
"""tagcomplete's settings that name its files, with what it has where nobody has chosen."""


def tagcomplete_lists(extensions: Path, option: Callable[[str, Any], Any]) -> list[Path]:
    """The lists that tagcomplete is set to: tags, extra tags, translations; none where it is not there."""
    folders = sorted(extensions.glob("*tagcomplete*/tags"))
    names = [str(option(key, default) or "") for key, default in _TAGCOMPLETE_FILES.items()]
    files = [folder / Path(name).name for folder in folders[:1] for name in names]
    return [file for file in files if file.suffix == ".csv" and file.is_file()]
