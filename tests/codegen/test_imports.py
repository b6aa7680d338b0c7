"""Imports go one way, between rooms and inside them."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import mqbind

PACKAGE = Path(mqbind.__file__).parent
_BELOW_VALUES = {
    "rules",
    "diagnostics",
    "model",
    "plan/nodes",
    "plan/symbols",
    "plan/text",
    "plan/patterns",
}
MAY_IMPORT = {
    "rules": set[str](),
    "diagnostics": {"rules"},
    "cache": set[str](),
    "model": {"rules", "diagnostics"},
    "load": {"load/document", "load/asyncapi"},
    "load/document": {"rules", "diagnostics"},
    "load/jsonschema": {"rules", "diagnostics", "model", "load/document"},
    "load/asyncapi": {"rules", "diagnostics", "model", "load/document", "load/jsonschema"},
    "plan/nodes": set[str](),
    "plan/symbols": {"rules", "diagnostics", "model"},
    "plan/text": {"model", "plan/symbols"},
    "plan/patterns": {"rules"},
    "plan/values": _BELOW_VALUES,
    "plan/messages": {*_BELOW_VALUES, "plan/values"},
    "plan/sides": {*_BELOW_VALUES, "plan/values"},
    "plan": {*_BELOW_VALUES, "plan/messages", "plan/sides"},
    "emit": {"cache", "plan/nodes"},
    "pipeline": {"rules", "diagnostics", "model", "load", "plan", "plan/nodes", "emit"},
    "tools": {
        "cache",
        "rules",
        "diagnostics",
        "model",
        "plan/nodes",
        "plan/symbols",
        "plan/text",
        "plan/patterns",
        "plan/values",
        "emit",
    },
    "cli": {"rules", "diagnostics", "plan", "emit", "pipeline", "tools"},
    "__main__": {"cli"},
}
"""For each room, that is a folder or a module beside the folders, what its modules may import."""


def modules() -> Mapping[str, Path]:
    """The modules by their dotted names; the name of a folder is that of its `__init__`."""
    found = {}
    for file in PACKAGE.rglob("*.py"):
        parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


MODULES = modules()


def room(module: str) -> str:
    """The folder of a module, or its own name if it is next to the folders."""
    folder = MODULES[module].parent.relative_to(PACKAGE).as_posix()
    return folder if folder != "." else module.split(".")[-1]


def imported(file: Path) -> set[str]:
    """The modules that a file imports: wherever the import is, also below TYPE_CHECKING."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file} imports by a relative path"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {
        name if name in MODULES else name.rpartition(".")[0]
        for name in names
        if name.startswith("mqbind.")
    }


def test_imports_go_one_way_between_rooms() -> None:
    seen = set()
    for module, file in MODULES.items():
        if module == "mqbind":
            continue
        ours = room(module)
        seen.add(ours)
        assert {room(name) for name in imported(file)} - {ours} <= MAY_IMPORT[ours], module
    assert seen == set(MAY_IMPORT)
    TopologicalSorter(MAY_IMPORT).prepare()


def test_imports_go_one_way_inside_rooms() -> None:
    """`prepare` raises CycleError and names the modules of the cycle."""
    graph = {module: imported(file) for module, file in MODULES.items()}
    assert "mqbind.load.jsonschema.context" in graph["mqbind.load.jsonschema.reader"]
    TopologicalSorter(graph).prepare()


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
