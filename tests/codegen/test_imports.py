"""Imports go one way: load and plan know the model, emit knows the plan, the pipeline knows all."""

from __future__ import annotations

import ast
from pathlib import Path

import mqbind

PACKAGE = Path(mqbind.__file__).parent
MAY_IMPORT = {
    "diagnostics": set[str](),
    "model": {"diagnostics"},
    "load": {"diagnostics", "model"},
    "plan": {"diagnostics", "model"},
    "emit": {"plan"},
    "pipeline": {"diagnostics", "model", "load", "plan", "emit"},
    "tools": {"diagnostics", "model", "plan", "emit"},
    "cli": {"diagnostics", "plan", "emit", "pipeline", "tools"},
    "__main__": {"cli"},
}


def imports(file: Path) -> set[str]:
    """The parts of the package that a file imports."""
    modules = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            modules |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    return {name.split(".")[1] for name in modules if name.startswith("mqbind.")}


def test_imports_go_one_way() -> None:
    seen = set()
    for file in PACKAGE.rglob("*.py"):
        part = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if part == "__init__":
            continue
        seen.add(part)
        assert imports(file) - {part} <= MAY_IMPORT[part], file
    assert seen == set(MAY_IMPORT)
