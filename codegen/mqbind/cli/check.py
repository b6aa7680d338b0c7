"""`mqbind check`."""

from __future__ import annotations

from pathlib import Path

import click

from mqbind.cli.compile import print_diagnostics
from mqbind.cli.options import SCHEMA, document_options
from mqbind.diagnostics import Diagnostic, Diagnostics, Failed
from mqbind.pipeline import Options, plan_schema


@click.command("check")
@click.argument("schemas", type=SCHEMA, nargs=-1, required=True, metavar="SCHEMA...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="Text is printed to standard error, other formats to standard output.",
)
@document_options
def check_schemas(schemas: tuple[Path, ...], form: str, options: Options) -> None:
    """Check each SCHEMA and report mistakes."""
    found: list[Diagnostic] = []
    failures = 0
    for schema in schemas:
        diagnostics = Diagnostics()
        try:
            plan_schema(schema, diagnostics, options=options)
        except Failed:
            failures += 1
        found += diagnostics
    _print(found, form)
    if failures:
        raise SystemExit(1)


def _print(found: list[Diagnostic], form: str) -> None:
    if form == "text":
        print_diagnostics(found)
        return
    # Here, as it takes a while to import.
    from mqbind.tools import diagnostics_export

    click.echo(
        diagnostics_export.as_json(found) if form == "json" else diagnostics_export.as_sarif(found)
    )
