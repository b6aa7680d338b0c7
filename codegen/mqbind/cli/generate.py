"""`mqbind generate`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

from mqbind.cli.compile import reported
from mqbind.cli.options import SCHEMA, Directory, document_options
from mqbind.emit.write import Changes, Refused, check_place, compare, write
from mqbind.pipeline import Options, compile_schema
from mqbind.plan.build import View
from mqbind.tools.cli_errors import Trouble


def _split_names(
    context: click.Context, parameter: click.Parameter, names: str | None
) -> tuple[str, ...]:
    """The names in an option. Without the option it is all of them, which an empty one must not
    mean."""
    found = tuple(name.strip() for name in (names or "").split(",") if name.strip())
    if names is not None and not found:
        raise click.BadParameter("names no operation", context, parameter)
    return found


@click.command()
@click.argument("schema", type=SCHEMA)
@click.option(
    "-o",
    "--output",
    "directory",
    type=Directory(path_type=Path, file_okay=False),
    required=True,
    help="Directory for the generated files.",
)
@click.option(
    "--view",
    type=click.Choice([view.value for view in View]),
    default=View.BOTH.value,
    show_default=True,
    help="Generate the role that the document describes, its peers, or both.",
)
@click.option(
    "--operations",
    metavar="A,B",
    callback=_split_names,
    help="Generate only these operations (their keys in the document).",
)
@click.option(
    "--force",
    is_flag=True,
    help="Replace files that are in the way, even if not generated from SCHEMA.",
)
@click.option("--check", is_flag=True, help="Write nothing; fail if the directory is out of date.")
@click.option(
    "--depfile",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a make rule with all files that the generated ones depend on.",
)
@click.option("--fuzz", is_flag=True, help="Also write a libFuzzer target for the messages.")
@click.option(
    "--list-files",
    is_flag=True,
    help="Only print, as JSON, the names of the files to generate and all that they depend on.",
)
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@document_options
def generate(
    schema: Path,
    directory: Path,
    view: str,
    operations: tuple[str, ...],
    force: bool,
    check: bool,
    depfile: Path | None,
    fuzz: bool,
    list_files: bool,
    strict: bool,
    options: Options,
) -> None:
    """Generate C from SCHEMA.

    Unchanged files are not touched. Only files generated from a document with the same title are
    replaced or removed; if any other file is in the way, nothing is written.
    """
    if check and list_files:
        raise click.UsageError("--check and --list-files exclude each other")
    output = reported(
        lambda diagnostics: compile_schema(
            schema, diagnostics, options=options, view=View(view), operations=operations, fuzz=fuzz
        ),
        strict=strict,
    )
    # Here, as it takes a while to import.
    from mqbind.tools import build_files

    if depfile:
        rule = build_files.as_make_rule(directory, output.files, output.sources)
        depfile.write_bytes(os.fsencode(rule))
    try:
        if list_files:
            if not force:
                check_place(directory, output.files)
            click.echo(build_files.as_json(output.files, output.sources))
        elif check:
            _report_differences(directory, schema, compare(directory, output.files))
        else:
            changes = write(directory, output.files, force=force)
            _report_changes(directory, changes, len(output.files))
    except Refused as error:
        raise Trouble(str(error)) from None


def _report_changes(directory: Path, changes: Changes, count: int) -> None:
    written = len(changes.missing) + len(changes.different)
    click.echo(f"{directory}: {count} files, {written} written, {len(changes.stale)} removed")


def _report_differences(directory: Path, schema: Path, changes: Changes) -> None:
    kinds: tuple[tuple[str, Iterable[str]], ...] = (
        ("is missing", changes.missing),
        ("differs", sorted(set(changes.different) - set(changes.converted))),
        ("differs only in line ends: it has CRLF instead of LF", changes.converted),
        ("is no longer generated", changes.stale),
    )
    for what, names in kinds:
        for name in names:
            click.echo(f"{directory / name} {what}", err=True)
    if changes.none:
        return
    remedy = f"run `mqbind generate {schema} -o {directory}`"
    if changes.converted:
        remedy += ", and keep git from converting line ends with `eol=lf` in .gitattributes"
    raise click.ClickException(f"{directory} is out of date; {remedy}")
