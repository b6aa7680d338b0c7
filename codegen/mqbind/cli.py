"""The command line: `mqbind generate`, `check`, `inspect` and `replay`."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from mqbind.diagnostics import Diagnostic, Diagnostics, Failed
from mqbind.emit.write import Changes, Refused, check_place, compare, write
from mqbind.pipeline import Options, Output, Planned, compile_schema, plan_schema, render_plan
from mqbind.plan.build import UnknownOperation, View
from mqbind.plan.fuzz_target import NothingToFuzz
from mqbind.tools import acl, engines
from mqbind.tools.cli_errors import Commands, Trouble

# Modules that only one command needs and that are slow to import are imported there.


class _Directory(click.Path):
    """A directory: an empty string does not mean the current one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("empty path; use `.` for the current directory", param, ctx)
        return super().convert(value, param, ctx)


_SCHEMA = click.Path(path_type=Path)
_Command = Callable[..., None]
_Result = TypeVar("_Result")


def _document_options(command: _Command) -> _Command:
    """The options of every document, passed on as the parameter `options`."""

    @click.option(
        "--root",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="References may lead to files in this directory. Default: the nearest directory above "
        "the document with .git, or else the parent of the document's directory.",
    )
    @click.option(
        "--map",
        "folders",
        metavar="URI=FOLDER",
        multiple=True,
        help="Resolve references that start with URI to files in FOLDER, even outside the root.",
    )
    @click.option(
        "--overlay",
        "overlays",
        type=click.Path(path_type=Path),
        multiple=True,
        help="Apply this overlay to the document; may be repeated.",
    )
    @click.option(
        "--server",
        metavar="NAME",
        help="Prefix the topics with the pathname of this server, if servers differ.",
    )
    @functools.wraps(command)
    def with_options(
        root: Path | None,
        folders: tuple[str, ...],
        overlays: tuple[Path, ...],
        server: str | None,
        **others: Any,
    ) -> None:
        pairs = _pairs(folders, "--map", "URI=FOLDER")
        mapped = {uri: Path(folder) for uri, folder in pairs.items()}
        options = Options(root=root, folders=mapped, overlays=overlays, server=server)
        command(options=options, **others)

    return with_options


def _pairs(texts: Iterable[str], option: str, form: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise click.BadParameter(f"`{text}` is not {form}", param_hint=option)
        pairs[name] = value
    return pairs


@click.group(cls=Commands, no_args_is_help=False)
@click.version_option(package_name="mqbind", message="mqbind %(version)s")
def main() -> None:
    """Compile AsyncAPI documents for MQTT to C.

    Exit codes: 0 success; 1 the document has errors, or the generated files are out of date; 2 the
    command line is wrong, something it needs is missing, or a file of another origin is in the way.
    """


@main.command()
@click.argument("schema", type=_SCHEMA)
@click.option(
    "-o",
    "--output",
    "directory",
    type=_Directory(path_type=Path, file_okay=False),
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
@click.option(
    "--force",
    is_flag=True,
    help="Replace files that are in the way, even if not generated from SCHEMA.",
)
@click.option("--check", is_flag=True, help="Write nothing; fail if the directory is out of date.")
@click.option(
    "--depfile",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a make rule with all files that were read.",
)
@click.option("--fuzz", is_flag=True, help="Also write a libFuzzer target for the messages.")
@click.option("--list-outputs", is_flag=True, help="Only print the names of the files to generate.")
@_document_options
def generate(
    schema: Path,
    directory: Path,
    view: str,
    operations: str,
    force: bool,
    check: bool,
    depfile: Path | None,
    fuzz: bool,
    list_outputs: bool,
    options: Options,
) -> None:
    """Generate C from SCHEMA.

    Unchanged files are not touched. Only files generated from a document with the same title are
    replaced or removed; if any other file is in the way, nothing is written.
    """
    chosen = [name for name in operations.split(",") if name]
    output = _reported(
        lambda diagnostics: compile_schema(
            schema, diagnostics, options=options, view=View(view), operations=chosen, fuzz=fuzz
        )
    )
    if depfile:
        depfile.write_text(_make_rule(directory, output), encoding="utf-8")
    try:
        if list_outputs:
            if not force:
                check_place(directory, output.files)
            click.echo("\n".join(output.files))
        elif check:
            _report_differences(directory, schema, compare(directory, output.files))
        else:
            changes = write(directory, output.files, force=force)
            _report_changes(directory, changes, len(output.files))
    except Refused as error:
        raise Trouble(str(error)) from None


@main.command("check")
@click.argument("schemas", type=_SCHEMA, nargs=-1, required=True, metavar="SCHEMA...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="Text is printed to standard error, other formats to standard output.",
)
@_document_options
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
        for each in found:
            click.echo(str(each), err=True)
        return
    from mqbind.tools import diagnostics_export

    click.echo(
        diagnostics_export.as_json(found) if form == "json" else diagnostics_export.as_sarif(found)
    )


@main.command("inspect")
@click.argument("schema", type=_SCHEMA)
@click.option(
    "--payload-bytes",
    type=click.IntRange(0, 1 << 28),
    default=1024,
    show_default=True,
    metavar="N",
    help="Report the memory needed to decode a payload of N bytes.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option(
    "--acl",
    "roles",
    metavar="ROLE",
    multiple=True,
    help="Print only the lines for this role in mosquitto's acl_file; may be repeated.",
)
@click.option(
    "--parameter",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="Allow only this value of a topic parameter; %u is the user name, %c the client id.",
)
@_document_options
def inspect_schema(
    schema: Path,
    payload_bytes: int,
    form: str,
    roles: tuple[str, ...],
    parameters: tuple[str, ...],
    options: Options,
) -> None:
    """Report the topics, sizes and broker permissions of SCHEMA.

    Sizes are measured with the C compiler in the variable CC, or `cc`.
    """
    planned = _planned(schema, options)
    values = _granted_values(planned, parameters)
    granted = acl.rights(planned.protocol, values)
    if not roles:
        _print_report(planned, granted, payload_bytes, form)
    for role in roles:
        _check_role(role, list(granted), schema)
    try:
        click.echo("\n".join(acl.acl(role, granted[role]) for role in roles), nl=False)
    except acl.NoRights as error:
        raise Trouble(str(error)) from None


def _parameter_values(planned: Planned, parameters: tuple[str, ...]) -> Mapping[str, str]:
    """The given values of topic parameters."""
    values = _pairs(parameters, "--parameter", "NAME=VALUE")
    known = planned.parameters
    for name in values:
        if name not in known:
            raise click.BadParameter(
                f"no topic has a parameter `{name}`; known: {', '.join(known) or 'none'}",
                param_hint="--parameter",
            )
    return values


def _granted_values(planned: Planned, parameters: tuple[str, ...]) -> Mapping[str, str]:
    """The values that a role is restricted to."""
    values = _parameter_values(planned, parameters)
    for name, value in values.items():
        if not acl.may_stand(value, planned.parameters[name]):
            raise click.BadParameter(
                f"`{value}` is not allowed in a topic", param_hint="--parameter"
            )
    return values


def _side_values(planned: Planned, parameters: tuple[str, ...]) -> Mapping[str, str]:
    """The values of the parameters that sides need before they bind."""
    values = _parameter_values(planned, parameters)
    for name, item in planned.parameters.items():
        if item.per_side and item.default is None and name not in values:
            raise click.UsageError(
                f"the topics need a value for `{name}`; add `--parameter {name}=VALUE`"
            )
    return values


def _check_role(role: str, known: list[str], schema: Path) -> None:
    if role not in known:
        raise click.UsageError(f"{schema} has no role `{role}`; known: {', '.join(known)}")


def _print_report(
    planned: Planned, granted: Mapping[str, tuple[acl.Right, ...]], payload_bytes: int, form: str
) -> None:
    from mqbind.tools import report, toolchain
    from mqbind.tools.costs import Cost, measure, rows

    costs: Mapping[str, Cost] = {}
    target = None
    try:
        costs = measure(planned.plan, render_plan(planned.plan), payload_bytes)
        target = toolchain.find().target
    except toolchain.BuildFailed as error:
        click.echo(f"mqbind: cannot measure sizes: {error}", err=True)
    whole = report.Report(
        protocol=planned.protocol,
        rows=rows(planned.protocol, planned.plan, costs),
        rights=granted,
        payload_bytes=payload_bytes,
        target=target,
    )
    click.echo(report.as_json(whole) if form == "json" else report.as_text(whole))


@main.command("replay")
@click.argument("schema", type=_SCHEMA)
@click.option(
    "--view",
    type=click.Choice([View.OWN.value, View.PEER.value]),
    default=View.OWN.value,
    show_default=True,
    help="Receive as the role that the document describes, or as its peers.",
)
@click.option("--role", metavar="ROLE", help="Receive only as this role, regardless of --view.")
@click.option(
    "--parser",
    type=click.Choice(engines.known()),
    default=engines.known()[0],
    show_default=True,
    help="The engine that reads JSON.",
)
@click.option(
    "--parameter",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="Receive only topics with this value; required for variables of the server.",
)
@_document_options
def replay_traffic(
    schema: Path,
    view: str,
    role: str | None,
    parser: str,
    parameters: tuple[str, ...],
    options: Options,
) -> None:
    """Run recorded traffic through the code generated from SCHEMA.

    Reads one line of JSON per message from standard input, as printed by `mosquitto_sub -F '%j'`:
    with `topic`, `payload` (a string) or `payload_hex`, and for MQTT 5 `properties`. Prints one
    line for each:

    \b
    {"ok": true, "message": NAME, "parameters": {...}, "value": ...}
    {"ok": false, "status": WORD, "path": POINTER, "rule": WORDS, "offset": BYTE}

    Prints a summary to standard error. The first run compiles the code with the C compiler in the
    variable CC, or `cc`; the program is kept in the user's cache directory.
    """
    from mqbind.tools import replay, replay_loop, toolchain

    planned = _planned(schema, options)
    roles = [side.role for side in planned.plan.sides]
    if role is not None:
        _check_role(role, roles, schema)
    values = _side_values(planned, parameters)
    own = planned.protocol.role
    chosen = [role] if role else [each for each in roles if (each == own) == (view == View.OWN)]
    try:
        program = replay_loop.while_busy(
            f"compiling {schema}",
            lambda: replay.build_host(planned.plan, render_plan(planned.plan), parser),
        )
        replay_loop.run(program, chosen, values, sys.stdin.buffer, sys.stdout.buffer)
    except (toolchain.BuildFailed, replay.HostEnded) as error:
        raise Trouble(str(error)) from None


def _planned(schema: Path, options: Options) -> Planned:
    return _reported(lambda diagnostics: plan_schema(schema, diagnostics, options=options))


def _reported(work: Callable[[Diagnostics], _Result]) -> _Result:
    """The result of the work; diagnostics are printed, and an error ends the program."""
    diagnostics = Diagnostics()
    try:
        return work(diagnostics)
    except (UnknownOperation, NothingToFuzz) as error:
        raise click.UsageError(str(error)) from None
    except Failed:
        raise SystemExit(1) from None
    finally:
        _print(list(diagnostics), "text")


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
