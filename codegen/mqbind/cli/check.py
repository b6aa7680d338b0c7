"""`mqbind check`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from mqbind.cli.compile import print_diagnostics
from mqbind.cli.options import document_options
from mqbind.diagnostics import Diagnostic, Diagnostics, Failed
from mqbind.pipeline import BYTES_MAX, Options, plan_schema, report_dropped_members

_DASH = Path("-")
_STANDARD_INPUT = Path("<stdin>")


class _FileOrInput(click.Path):
    """`-` is standard input, `./-` a file of that name."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        return path.absolute() if path == _DASH and value != "-" else path


@click.command("check")
@click.argument("schemas", type=_FileOrInput(), nargs=-1, required=True, metavar="SCHEMA...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="Text is printed to standard error, other formats to standard output.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Treat warnings as errors, and report objects of which unknown members are dropped.",
)
@document_options
def check_schemas(schemas: tuple[Path, ...], form: str, strict: bool, options: Options) -> None:
    """Check each SCHEMA and report mistakes. `-` is standard input."""
    if schemas.count(_DASH) > 1:
        raise click.UsageError("standard input can only be read once")
    found: list[Diagnostic] = []
    failures = 0
    for schema in schemas:
        diagnostics = Diagnostics(strict=strict)
        with suppress(Failed):
            _check(schema, diagnostics, options)
        failures += diagnostics.refused
        found += diagnostics
    _print(found, form)
    if failures:
        raise SystemExit(1)


def _check(schema: Path, diagnostics: Diagnostics, options: Options) -> None:
    if schema == _DASH:
        content = sys.stdin.buffer.read(BYTES_MAX + 1)
        schema, options = _STANDARD_INPUT, replace(options, content=content)
    planned = plan_schema(schema, diagnostics, options=options)
    if diagnostics.strict:
        report_dropped_members(planned.protocol, diagnostics)


def _print(found: list[Diagnostic], form: str) -> None:
    if form == "text":
        print_diagnostics(found)
        return
    # Here, as it takes a while to import.
    from mqbind.tools import diagnostics_export

    click.echo(
        diagnostics_export.as_json(found) if form == "json" else diagnostics_export.as_sarif(found)
    )
