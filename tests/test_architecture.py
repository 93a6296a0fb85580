"""Imports point one way: a module imports only from the layers above its own line of the design."""

import ast
from pathlib import Path

import pytest

KG = Path(__file__).resolve().parent.parent / "kg"
LAYERS = (
    ("errors", "config", "findings", "formats", "vocab", "beside"),
    ("anchors",),
    ("corpus", "texts", "rewrite", "coverage", "passages", "reasoning", "shapes"),
    ("store",),
    ("network", "protocol", "diff"),
    ("export", "build", "check"),
    ("web", "cli", "__main__"),
)
HEAVY = {  # each heavy library lives behind the modules named here
    "owlready2": {"reasoning"},
    "pyshacl": {"shapes"},
    "pyshacl_turbo": {"shapes"},
    "brotli": {"web"},
    "flask": {"web"},
    "httptools": {"web"},
    "jinja2": {"export", "web"},
    "uvloop": {"store"},
    "prometheus_client": {"web"},
    "click": {"cli"},
    "rich": {"cli"},
    "sqlite3": {"store"},
    "networkx": {"network"},
    "resvg_py": {"network"},
    "anyascii": {"store"},
    "jsonschema_rs": {"corpus"},
    "edtf": {"corpus"},
    "yaml": {"corpus", "rewrite"},
    "rdflib": {"shapes", "export"},
}
MODULES = sorted(KG.rglob("*.py"))


def part(path: Path) -> str:
    """The part of the package that a file belongs to: its module, or the subpackage around it."""
    return path.relative_to(KG).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file, type checking aside."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    skipped = {id(inner) for node in typing for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "kg" else {node.module}
            found |= names
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(KG)))
def test_imports_point_one_way(path: Path) -> None:
    own = part(path)
    if own == "__init__":
        return
    line = next((n for n, layer in enumerate(LAYERS) if own in layer), None)
    assert line is not None, f"{own} stands in no layer of the design"
    allowed = {name for layer in LAYERS[: line + 1] for name in layer}
    used = {name.split(".")[1] for name in imports(path) if name.startswith("kg.")} - {"__version__"}
    assert used <= allowed, f"{own} imports from below: {sorted(used - allowed)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(KG)))
def test_each_heavy_library_stands_behind_its_module(path: Path) -> None:
    for name in imports(path):
        behind = HEAVY.get(name.split(".")[0])
        assert behind is None or part(path) in behind, f"{part(path)} imports {name}"


def test_no_module_reads_the_environment_or_opens_a_file_when_imported() -> None:
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                continue
            calls = {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
            assert not calls & {"open", "os.environ.get", "os.getenv", "Path.read_text", "Path.home"}, path
