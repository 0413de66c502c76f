"""What a prompt can call by name, as each imitated program has it: by feature, and nothing where it has none."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from modelwise.webui.host import StyleTexts
from tests.webui.imitation import Imitation

EVIL = "a, (b):1>[c] 初音 <img>"
"""A name with every character that a prompt or a page could take for something else."""


@pytest.fixture
def shared(program: Imitation) -> Any:
    return sys.modules["modules.shared"]


def put(monkeypatch: pytest.MonkeyPatch, name: str, **contents: Any) -> None:
    """A module of the host's, as it is once the program has started."""
    module = ModuleType(name)
    vars(module).update(contents)
    monkeypatch.setitem(sys.modules, name, module)


def network(alias: str | None) -> SimpleNamespace:
    return SimpleNamespace() if alias is None else SimpleNamespace(get_alias=lambda: alias)


def test_before_anything_is_loaded_there_are_no_names(adapter: ModuleType) -> None:
    host = adapter.WebUI()
    assert [list(host.names(kind)) for kind in ("lora", "lyco", "hypernet", "embedding")] == [[], [], [], []]
    assert host.styles() == []


def test_networks_go_by_the_name_that_the_programs_cards_write(
    adapter: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"file": network("inside"), EVIL: network(EVIL), "old": network(None)}
    put(monkeypatch, "networks", available_networks=found)
    assert list(adapter.WebUI().names("lora")) == ["inside", EVIL, "old"]
    assert list(adapter.WebUI().names("lyco")) == []


@pytest.mark.parametrize(
    ("registered", "aliases", "offered"),
    [({}, {"lyco": "lora"}, ["a"]), ({"lyco": object()}, {"lyco": "lora"}, []), ({}, {}, [])],
    ids=["another name of lora", "an extension's own", "unknown"],
)
def test_lyco_is_offered_where_it_means_lora(
    adapter: ModuleType, monkeypatch: pytest.MonkeyPatch, registered: Any, aliases: Any, offered: list[str]
) -> None:
    put(monkeypatch, "networks", available_networks={"a": network("a")})
    registries = {"extra_network_registry": registered, "extra_network_aliases": aliases}
    put(monkeypatch, "modules.extra_networks", **registries)
    assert list(adapter.WebUI().names("lyco")) == offered


def test_hypernetworks_are_those_that_the_program_lists(
    adapter: ModuleType, shared: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "hypernetworks", {"b": "/secret/b.pt", EVIL: "/secret/c.pt"}, raising=False)
    assert list(adapter.WebUI().names("hypernet")) == ["b", EVIL]


def test_embeddings_are_files_until_the_loaded_model_tells_which_it_reads(
    program: Imitation, adapter: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "embeddings"
    (folder / "more").mkdir(parents=True)
    for name in ("bad-hands.pt", "more/worse (hands).SAFETENSORS", "picture.png", "note.txt"):
        (folder / name).touch()
    program.command_line.embeddings_dir = str(folder)
    assert sorted(adapter.WebUI().names("embedding")) == ["bad-hands", "worse (hands)"]
    database = SimpleNamespace(word_embeddings={"bad-hands": object()})
    hijack = SimpleNamespace(embedding_db=database)
    put(monkeypatch, "modules.sd_hijack", model_hijack=hijack)
    assert list(adapter.WebUI().names("embedding")) == ["bad-hands"]
    database.word_embeddings = {}
    assert len(adapter.WebUI().names("embedding")) == 2


def test_styles_without_text_are_dividers(
    adapter: ModuleType, shared: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = {
        "------": SimpleNamespace(prompt="", negative_prompt=""),
        "Night": SimpleNamespace(prompt="night, {prompt}", negative_prompt=None),
        EVIL: SimpleNamespace(prompt=None, negative_prompt="blurry"),
    }
    monkeypatch.setattr(shared, "prompt_styles", SimpleNamespace(styles=listed), raising=False)
    assert adapter.WebUI().styles() == [
        StyleTexts("Night", "night, {prompt}", ""),
        StyleTexts(EVIL, "", "blurry"),
    ]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("share", True),
        ("listen", True),
        ("ngrok", "a token"),
        ("server_name", "a-machine.local"),
        ("webui_is_non_local", True),
    ],
)
def test_a_program_that_others_can_reach_is_shared(
    program: Imitation, adapter: ModuleType, option: str, value: Any
) -> None:
    assert adapter.WebUI().is_shared() is False
    setattr(program.command_line, option, value)
    assert adapter.WebUI().is_shared() is True
