"""Imports go one way: load and plan know the model, emit knows the plan, the pipeline knows all."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mqbind

PACKAGE = Path(mqbind.__file__).parent
MAY_IMPORT = {
    "diagnostics": set[str](),
    "cache": set[str](),
    "model": {"diagnostics"},
    "load": {"diagnostics", "model"},
    "plan": {"diagnostics", "model"},
    "emit": {"cache", "plan"},
    "pipeline": {"diagnostics", "model", "load", "plan", "emit"},
    "tools": {"cache", "diagnostics", "model", "plan", "emit"},
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


LOADED = """
import sys
from click.testing import CliRunner
from mqbind.cli import main
assert CliRunner().invoke(main, sys.argv[1:]).exit_code == 0
print(" ".join(sys.modules))
"""
DOCUMENT = """\
asyncapi: 3.0.0
info: {title: T, version: 1.0.0, x-mqbind-role: device}
channels:
  c:
    address: a/{p}
    parameters: {p: {x-mqbind-max-length: 8, x-mqbind-pattern: '^a'}}
    messages:
      M:
        payload:
          type: object
          required: [n]
          minProperties: 1
          properties:
            n: {type: [integer, 'null'], minimum: 0, maximum: 9, x-mqbind-type: int8, default: 3}
            t: {type: string, pattern: '^a', maxLength: 4, x-mqbind-storage: inline}
            l: {type: array, uniqueItems: true, items: {oneOf: [{type: boolean}, {const: 1}]}}
            e: {enum: [a, b], x-enum-varnames: [A, B], x-mqbind-unit: m}
          additionalProperties: false
        examples: [{payload: {n: 1, t: ab, l: [true, 1], e: a}}]
operations:
  o: {action: send, channel: {$ref: '#/channels/c'}}
"""


@pytest.mark.parametrize("command", ["check", "generate"])
def test_a_document_without_mistakes_needs_no_validator(tmp_path: Path, command: str) -> None:
    """To import one takes longer than to compile a small document."""
    (tmp_path / "t.yaml").write_text(DOCUMENT)
    output = ["-o", str(tmp_path / "out")] if command == "generate" else []
    run = [sys.executable, "-c", LOADED, command, str(tmp_path / "t.yaml"), *output]
    loaded = subprocess.run(run, check=True, capture_output=True, text=True).stdout.split()
    assert "mqbind.plan.build" in loaded
    assert "jsonschema" not in loaded
    assert ("jinja2" in loaded) == (command == "generate")
    assert "concurrent.futures" not in loaded
