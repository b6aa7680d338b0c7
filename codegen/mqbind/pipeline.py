"""The whole way: a schema file becomes texts, or diagnostics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mqbind.diagnostics import Diagnostics, Failed
from mqbind.emit.render import render
from mqbind.load import Options, load
from mqbind.model.check import check
from mqbind.model.protocol import Protocol
from mqbind.plan.build import View, build_plan

__all__ = ["Options", "Output", "compile_schema", "read"]


@dataclass(frozen=True, kw_only=True)
class Output:
    """What a schema compiles to, and the files that it was read from."""

    files: Mapping[str, str]
    sources: tuple[str, ...]


def read(schema: Path, diagnostics: Diagnostics, options: Options | None = None) -> Protocol:
    """Load and check a schema; raises Failed if it has errors."""
    protocol = load(schema, diagnostics, options)
    if protocol is not None:
        check(protocol, diagnostics)
    if protocol is None or diagnostics.failed:
        raise Failed(diagnostics)
    return protocol


def compile_schema(
    schema: Path,
    diagnostics: Diagnostics,
    *,
    options: Options | None = None,
    view: View = View.BOTH,
    operations: Sequence[str] = (),
) -> Output:
    """Compile a schema; raises Failed if it has errors. Warnings are left in `diagnostics`."""
    protocol = read(schema, diagnostics, options)
    plan = build_plan(protocol, diagnostics, view=view, operations=operations)
    if diagnostics.failed:
        raise Failed(diagnostics)
    return Output(files=render(plan), sources=protocol.files)
