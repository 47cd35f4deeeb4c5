"""A module imports only from those above it: the order in which a newcomer can read the program."""

import ast
from pathlib import Path

import gongshi

PACKAGE = Path(gongshi.__file__).parent
ORDER = [
    "problems",
    "fingerprint",
    "dates",
    "numbering",
    "source",
    "text",
    "model",
    "decode",
    "registers",
    "contact",
    "contentlines",
    "privacy",
    "images",
    "pdf",
    "inside",
    "totals",
    "tables",
    "urls",
    "qr",
    "derive",
    "corpus",
    "changes",
    "checks",
    "revisions",
    "scan",
    "schema",
    "forms",
    "cache",
    "git",
    "vendor",
    "executors",
    "templates",
    "publish",
    "manifest",
    "records",
    "options",
    "read",
    "load",
    "history",
    "render",
    "outputs",
    "links",
    "joining",
    "bundle",
    "search",
    "press",
    "assembly",
    "pipeline",
    "report",
    "verify",
    "review",
    "health",
    "importer",
    "skeleton",
    "serve",
    "cli",
]


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "gongshi":
            parts = (node.module or "").split(".")[1:]
            found.update(parts[:1] or [alias.name for alias in node.names])
        elif isinstance(node, ast.Import):
            found.update(a.name.split(".")[1] for a in node.names if a.name.startswith("gongshi."))
    return found - {"__version__"}


def test_every_module_has_a_place():
    modules = {_name(path) for path in PACKAGE.rglob("*.py")} - {"__init__", "__main__"}
    assert modules == set(ORDER)


def test_imports_point_upwards():
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        name = _name(path)
        if name.startswith("__"):
            continue
        above = set(ORDER[: ORDER.index(name)]) | {name}
        wrong += [f"{path.relative_to(PACKAGE)} imports {other}" for other in _imports(path) - above]
    assert wrong == []


def test_nobody_but_cli_calls_print():
    callers = [
        path.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert set(callers) == {"cli.py"}
