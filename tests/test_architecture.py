"""The shape of the code, read from its syntax trees: which way imports go, and what no module may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from modelwise.profile_files import load_bundled
from modelwise.tag_files import load_vocabulary

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "modelwise"
MODULES = sorted(PACKAGE.rglob("*.py"))
SCRIPTS = sorted([*(ROOT / "javascript").glob("*.js"), *PACKAGE.rglob("*.js")])
LONGEST_MODULE, LONGEST_SCRIPT, LONGEST_FUNCTION = 300, 250, 40

LAYERS = (
    {"bodies", "lexer", "nodes", "parser", "render"},
    {
        *("terms", "thresholds", "profiles", "profile_checks", "profile_files", "profile_problems"),
        *(
            "spelling",
            "tag_files",
            "tag_types",
            "vocabulary",
            "words",
            "blocks",
            "report",
            "card_words",
            "library",
            "intent",
            "scales",
        ),
        *("user_files", "toml_messages", "toml_tables", "own_presets", "checkpoint_choices"),
        *("own_profiles", "toml_places"),
        *("qualifiers", "kept_files", "vocabulary_cache", "own_tag_lists", "uses"),
    },
    {"checkpoint_header", "classify", "detect", "moves", "segment", "tags"},
    {"branches", "emoticons", "rewriting", "inject", "ordering", "placing", "settings"},
    {
        *("compile", "completion", "completion_cache", "explain", "formatting", "suggestions", "translate"),
        *("session", "fetching", "tag_fetch"),
    },
    {
        "__main__",
        "cli",
        "cli_captions",
        "cli_doctor",
        "cli_export",
        "cli_fetching",
        "cli_scores",
        "cli_tags",
        "cli_texts",
        "webui",
        "workbench",
        "doctor",
        "scores",
        "captions",
        "export",
    },
)
"""Bottom up. A module imports from its own layer (never in a circle) and from those below."""

ANYWHERE = sys.stdlib_module_names | {"modelwise", "msgspec", "tomli", "tomllib", "tomlkit"}
GUESTS = {
    "webui": {"modules", "modules_forge", "gradio", "fastapi", "starlette"},
    "workbench": {"gradio", "fastapi", "uvicorn", "PIL"},
    "doctor": {"safetensors", "numpy", "torch"},
    "scores": {"safetensors", "numpy", "torch", "PIL"},
    "captions": {"PIL"},
    "export": {"safetensors", "PIL"},
}
"""What the core does not know, by the sub-package that does."""

OPTIONAL = ("doctor", "scores", "captions", "export")
"""What is loaded when somebody asks for it, never before."""

ENGINE_ROOM = PACKAGE / "webui" / "register.py"
"""The one module that remembers something for the running program: its engine, until the host unloads us."""

MUTABLE = {"list", "dict", "set", "defaultdict", "deque", "Counter", "OrderedDict", "bytearray", "local"}
CHANGES = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove", "clear"}
READS = {"open", "read_text", "read_bytes", "load_bundled", "load_vocabulary", "read_csv"}

every_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part(path: Path) -> str:
    """The module of the flat core, or the sub-package, that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """The full names of everything imported, wherever in the file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path: Path) -> set[str]:
    """The parts of the package that a file imports, its own left out."""
    named = [name.split(".")[1] for name in imports(path) if name.startswith("modelwise.")]
    known = {part(module) for module in MODULES}
    return {name for name in named if name in known} - {part(path)}


def layer(name: str) -> int:
    found = [number for number, names in enumerate(LAYERS) if name in names]
    assert found, f"say in LAYERS where {name} belongs"
    return found[0]


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """What runs at import: everything but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from outside_functions(child)


def called(node: ast.AST) -> str:
    """The last name of what a node calls: `open` for `open(...)` and `path.open(...)`."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def assignments(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """The names assigned at module level, with their values."""
    for node in tree(path).body:
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value


@every_module
def test_imports_only_its_own_layer_and_those_below(path: Path) -> None:
    if part(path) == "__init__":
        assert not own_imports(path)
        return
    for name in own_imports(path):
        assert layer(name) <= layer(part(path)), f"{part(path)} must not import {name}"


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {part(path): own_imports(path) for path in MODULES if path.parent == PACKAGE}
    while leaves := [name for name, needs in graph.items() if not needs & graph.keys()]:
        for name in leaves:
            del graph[name]
    assert not graph


@every_module
def test_the_host_and_its_libraries_stay_behind_their_doors(path: Path) -> None:
    allowed = ANYWHERE | GUESTS.get(part(path), set())
    assert {name.split(".")[0] for name in imports(path)} <= allowed


@every_module
def test_says_what_it_owns(path: Path) -> None:
    assert (ast.get_docstring(tree(path)) or "").strip()


@every_module
def test_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_SCRIPT


@every_module
def test_prints_only_from_the_command_line_and_declares_no_global(path: Path) -> None:
    terminal = path.name == "__main__.py" or part(path).startswith("cli")
    for node in ast.walk(tree(path)):
        assert not isinstance(node, ast.Global), f"line {node.lineno}"
        assert terminal or not isinstance(node, ast.Call) or called(node) != "print", f"line {node.lineno}"


@every_module
def test_holds_no_state(path: Path) -> None:
    """What looks mutable is a constant by its name, and no function changes it or remembers for all."""
    constants = set()
    for name, value in assignments(path):
        constants.add(name)
        displays = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
        if isinstance(value, displays) or called(value) in MUTABLE:
            assert name.isupper() or name == "__all__", f"{name} is mutable"
    for function in tree(path).body:
        if isinstance(function, ast.FunctionDef) and path != ENGINE_ROOM:
            decorators = {ast.unparse(decorator).split("(")[0] for decorator in function.decorator_list}
            assert not decorators & {"cache", "lru_cache", "functools.cache", "functools.lru_cache"}
    changed = {name for node in ast.walk(tree(path)) for name in changes(node)}
    assert not changed & constants


def changes(node: ast.AST) -> Iterator[str]:
    """The names whose contents a node changes: `X[...] = `, `del X[...]`, `X.append(...)`."""
    changed: ast.AST | None = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
        changed = node.func.value
    elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        changed = node.value
    if isinstance(changed, ast.Name):
        yield changed.id


@every_module
def test_reads_no_file_at_import(path: Path) -> None:
    for node in outside_functions(tree(path)):
        assert called(node) not in READS, ast.unparse(node)


def test_the_core_opens_nothing_but_code_at_import() -> None:
    core = [f"modelwise.{part(path)}" for path in MODULES if path.parent == PACKAGE]
    names = [name for name in core if not name.endswith(("__init__", "__main__"))]
    code = f"""
import sys
import importlib
opened = []
sys.addaudithook(lambda event, details: opened.append(str(details[0])) if event == "open" else None)
for name in {names!r}:
    importlib.import_module(name)
print("\\n".join(path for path in opened if path.startswith({str(ROOT)!r})))
"""
    done = subprocess.run(
        [sys.executable, "-B", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    opened = {Path(line) for line in done.stdout.split("\n") if line}
    assert [path for path in opened if path.suffix not in {".py", ".pyc", ".so", ".pyd"}] == []


@cache
def model_names() -> tuple[str, ...]:
    """What the bundled profiles call their models, and the first word of each that is no everyday word."""
    ordinary = load_vocabulary().is_ordinary
    names: set[str] = set()
    for profile in load_bundled().profiles.values():
        if not profile.generic:
            names |= set(map(plain, (profile.id, profile.name, profile.family, *profile.match.names)))
    first = {name.split()[0] for name in names}
    return tuple(sorted(names | {word for word in first if not ordinary(word)}))


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().lower()


@pytest.mark.parametrize("path", [*MODULES, *SCRIPTS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_names_no_model(path: Path) -> None:
    text = f" {plain(path.read_text(encoding='utf-8'))} "
    assert [name for name in model_names() if f" {name} " in text] == []


def test_what_scores_need_is_not_imported_until_a_score_is_asked_for() -> None:
    code = """
import sys
import modelwise.webui.api.routes
import modelwise.webui.image_scores
print(sorted({"torch", "transformers", "safetensors", "numpy", "PIL"} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr


def test_what_models_need_is_imported_by_their_parts_alone() -> None:
    core = [f"modelwise.{part(path)}" for path in MODULES if path.parent == PACKAGE]
    names = [name for name in core if not name.endswith(("__init__", "__main__"))]
    code = f"""
import sys
import importlib
for name in {names!r}:
    importlib.import_module(name)
print(sorted({{name.split(".")[0] for name in sys.modules}} & {set().union(*GUESTS.values())!r}))
print([name for name in sys.modules if name.startswith({tuple(f"modelwise.{name}" for name in OPTIONAL)!r})])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n[]\n", done.stderr
