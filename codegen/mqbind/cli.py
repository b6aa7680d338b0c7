"""The command line: `mqbind generate` and `mqbind check`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import click

from mqbind.diagnostics import Diagnostics, Failed
from mqbind.emit.write import Changes, compare, write
from mqbind.pipeline import Options, Output, compile_schema
from mqbind.plan.build import UnknownOperation, View

_SCHEMA = click.Path(path_type=Path)
_Command = TypeVar("_Command", bound=Callable[..., object])


def _document_options(command: _Command) -> _Command:
    """What can be said of any document: `folders` and `overlays`."""
    folders = click.option(
        "--map",
        "folders",
        metavar="URI=FOLDER",
        multiple=True,
        help="References that start with URI lead to files in FOLDER.",
    )
    overlays = click.option(
        "--overlay",
        "overlays",
        type=click.Path(path_type=Path),
        multiple=True,
        help="Change the document by this overlay file; may be repeated.",
    )
    return folders(overlays(command))


def _options(folders: tuple[str, ...], overlays: tuple[Path, ...]) -> Options:
    pairs = {}
    for text in folders:
        uri, equals, folder = text.partition("=")
        if not (uri and equals and folder):
            raise click.BadParameter(f"`{text}` is not URI=FOLDER", param_hint="--map")
        pairs[uri] = Path(folder)
    return Options(folders=pairs, overlays=overlays)


@click.group()
@click.version_option(package_name="mqbind", message="mqbind %(version)s")
def main() -> None:
    """Compile AsyncAPI documents for MQTT to C."""


@main.command()
@click.argument("schema", type=_SCHEMA)
@click.option(
    "-o",
    "--output",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
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
    default="",
    help="Generate only these operations (their keys in the document).",
)
@click.option("--check", is_flag=True, help="Write nothing; fail if the directory is out of date.")
@click.option(
    "--depfile",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a make rule that names every file the schema is read from.",
)
@click.option("--list-outputs", is_flag=True, help="Only print the names of the generated files.")
@_document_options
def generate(
    schema: Path,
    directory: Path,
    view: str,
    operations: str,
    check: bool,
    depfile: Path | None,
    list_outputs: bool,
    folders: tuple[str, ...],
    overlays: tuple[Path, ...],
) -> None:
    """Generate C from SCHEMA."""
    options = _options(folders, overlays)
    chosen = [name for name in operations.split(",") if name]
    output = _compile(schema, options, View(view), chosen)
    try:
        if depfile:
            depfile.write_text(_make_rule(directory, output), encoding="utf-8")
        if list_outputs:
            click.echo("\n".join(output.files))
        elif check:
            _report_differences(directory, schema, compare(directory, output.files))
        else:
            _report_changes(directory, write(directory, output.files), len(output.files))
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None


@main.command("check")
@click.argument("schemas", type=_SCHEMA, nargs=-1, required=True, metavar="SCHEMA...")
@_document_options
def check_schemas(
    schemas: tuple[Path, ...], folders: tuple[str, ...], overlays: tuple[Path, ...]
) -> None:
    """Check each SCHEMA and print what is wrong with it."""
    options = _options(folders, overlays)
    failures = 0
    for schema in schemas:
        diagnostics = Diagnostics()
        try:
            compile_schema(schema, diagnostics, options=options)
        except Failed:
            failures += 1
        _print(diagnostics)
    if failures:
        raise SystemExit(1)


def _compile(schema: Path, options: Options, view: View, operations: list[str]) -> Output:
    diagnostics = Diagnostics()
    try:
        output = compile_schema(
            schema, diagnostics, options=options, view=view, operations=operations
        )
    except UnknownOperation as error:
        raise click.ClickException(str(error)) from None
    except Failed:
        _print(diagnostics)
        raise SystemExit(1) from None
    _print(diagnostics)
    return output


def _print(diagnostics: Diagnostics) -> None:
    for found in diagnostics:
        click.echo(str(found), err=True)


def _report_changes(directory: Path, changes: Changes, count: int) -> None:
    written = len(changes.missing) + len(changes.different)
    click.echo(f"{directory}: {count} files, {written} written, {len(changes.stale)} removed")


def _report_differences(directory: Path, schema: Path, changes: Changes) -> None:
    kinds: tuple[tuple[str, Iterable[str]], ...] = (
        ("is missing", changes.missing),
        ("differs", changes.different),
        ("is no longer generated", changes.stale),
    )
    for what, names in kinds:
        for name in names:
            click.echo(f"{directory / name} {what}", err=True)
    if not changes.none:
        raise click.ClickException(
            f"{directory} is out of date; run `mqbind generate {schema} -o {directory}`"
        )


def _make_rule(directory: Path, output: Output) -> str:
    targets = " ".join(_make_path(directory / name) for name in output.files)
    return f"{targets}: {' '.join(_make_path(Path(source)) for source in output.sources)}\n"


def _make_path(path: Path) -> str:
    return (
        str(path.resolve())
        .replace("\\", "/")
        .replace("$", "$$")
        .replace(" ", "\\ ")
        .replace("#", "\\#")
    )
