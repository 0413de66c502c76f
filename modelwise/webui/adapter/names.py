"""What a prompt can call by name, as the host's own registries have it at this moment.

Read from what is there by feature; nothing is loaded, and no path leaves this module.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from modules import shared

from modelwise.webui.host import NameKind, StyleTexts

_EMBEDDING_FILES = {".pt", ".safetensors", ".bin"}


def names(kind: NameKind) -> Sequence[str]:
    """The names of a kind; none where the host has no such thing."""
    if kind == "lora":
        return _loras()
    if kind == "lyco":
        return _loras() if _is_another_name_of_lora("lyco") else ()
    if kind == "hypernet":
        return list(getattr(shared, "hypernetworks", None) or ())
    return _embeddings() if kind == "embedding" else ()


def styles() -> Sequence[StyleTexts]:
    """The user's styles; the host's list holds dividers without any text, too."""
    found = getattr(getattr(shared, "prompt_styles", None), "styles", None) or {}
    listed = (
        StyleTexts(name, style.prompt or "", style.negative_prompt or "")
        for name, style in list(found.items())
    )
    return [style for style in listed if style.prompt or style.negative]


def is_shared() -> bool:
    """By the host's own word for it, or by the options that open it."""
    options = shared.cmd_opts
    opened = (getattr(options, name, None) for name in ("share", "listen", "ngrok", "server_name"))
    return bool(getattr(options, "webui_is_non_local", False)) or any(opened)


def _loras() -> list[str]:
    """As the host's own cards write them: file names, or where the user wants it those inside the files."""
    # The extension that comes with the host is on the search path only while it loads.
    found = getattr(sys.modules.get("networks"), "available_networks", None) or {}
    return [_written(name, network) for name, network in list(found.items())]


def _written(name: str, network: Any) -> str:
    alias = getattr(network, "get_alias", None)
    return str(alias() if callable(alias) else name)


def _is_another_name_of_lora(kind: str) -> bool:
    registries = sys.modules.get("modules.extra_networks")
    registered = getattr(registries, "extra_network_registry", None) or {}
    aliases = getattr(registries, "extra_network_aliases", None) or {}
    return kind not in registered and kind in aliases


def _embeddings() -> list[str]:
    """Those that the loaded model can read; before a model is loaded, all that there are files for."""
    hijack = getattr(sys.modules.get("modules.sd_hijack"), "model_hijack", None)
    loaded = getattr(getattr(hijack, "embedding_db", None), "word_embeddings", None)
    if loaded:
        return list(loaded)
    folder = getattr(shared.cmd_opts, "embeddings_dir", None)
    files = Path(folder).rglob("*") if folder else ()
    return [file.stem for file in files if file.suffix.lower() in _EMBEDDING_FILES]
