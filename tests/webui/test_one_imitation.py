"""The WebUI's modules are imitated in this folder alone, and imported by as few of our modules as can be."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.webui.imitation import REPOSITORY, Imitation
from tests.webui.variants import A1111

HERE = Path(__file__).parent
OF_OURS = ("webui/adapter/", "webui/missing.py")
PYTHON = sorted(
    file
    for folder in ("modelwise", "tests", "benchmarks", "scripts")
    for file in (REPOSITORY / folder).rglob("*.py")
)


def places(tree: ast.AST) -> Iterator[str]:
    """What a file imports, and the names under which it puts modules into Python's list of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("ModuleType", "setitem")):
            yield from (str(part.value) for part in node.args if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("sys.modules"):
            yield from [str(node.slice.value)] if isinstance(node.slice, ast.Constant) else []


def knows_the_host(text: str) -> bool:
    return "modules" in text and any(name.split(".")[0] == "modules" for name in places(ast.parse(text)))


def may(file: Path) -> bool:
    """Whether a file may know the host."""
    ours = file.relative_to(REPOSITORY).as_posix().removeprefix("modelwise/")
    return HERE in file.parents or ours.startswith(OF_OURS)


def test_no_other_file_imports_or_imitates_the_hosts_modules() -> None:
    others = [file for file in PYTHON if not may(file)]
    assert len(others) > 100
    assert [file for file in others if knows_the_host(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "text",
    [
        "import HOST.shared",
        "from HOST import scripts",
        "from HOST.shared import opts",
        "sys.modules['HOST'] = 1",
        "patch.setitem(sys.modules, 'HOST.shared', None)",
        "types.ModuleType('HOST')",
    ],
)
def test_the_search_finds(text: str) -> None:
    assert knows_the_host(text.replace("HOST", "modules"))
    assert not knows_the_host(text.replace("HOST", "others"))


def test_nothing_of_the_imitation_stays_behind() -> None:
    def host_and_ours() -> dict[str, object]:
        held = ("modules", "modelwise.webui.adapter", "modelwise.webui.register", "modelwise.webui.script")
        return {name: module for name, module in sys.modules.items() if name.startswith(held)}

    before, path = host_and_ours(), list(sys.path)
    found = []
    for _ in range(2):
        with Imitation(A1111).installed():
            found.append(importlib.import_module("modelwise.webui.adapter"))
    assert found[0] is not found[1]
    assert found[0].WebUI is not found[1].WebUI
    assert (host_and_ours(), sys.path) == (before, path)
