"""`mqbind inspect`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from mqbind.cli.compile import plan
from mqbind.cli.options import SCHEMA, document_options
from mqbind.cli.selection import check_role, parameter_values
from mqbind.pipeline import Options, Planned, render_plan
from mqbind.tools import acl
from mqbind.tools.cli_errors import Trouble


@click.command("inspect")
@click.argument("schema", type=SCHEMA)
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
@document_options
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
    planned = plan(schema, options)
    values = _granted_values(planned, parameters)
    granted = acl.rights(planned.protocol, values)
    if not roles:
        _print_report(planned, granted, payload_bytes, form)
    for role in roles:
        check_role(role, list(granted), schema)
    try:
        click.echo("\n".join(acl.acl(role, granted[role]) for role in roles), nl=False)
    except acl.NoRights as error:
        raise Trouble(str(error)) from None


def _granted_values(planned: Planned, parameters: tuple[str, ...]) -> Mapping[str, str]:
    """The values that a role is restricted to."""
    values = parameter_values(planned, parameters)
    for name, value in values.items():
        if not acl.may_stand(value, planned.parameters[name]):
            raise click.BadParameter(
                f"`{value}` is not allowed in a topic", param_hint="--parameter"
            )
    return values


def _print_report(
    planned: Planned, granted: Mapping[str, tuple[acl.Right, ...]], payload_bytes: int, form: str
) -> None:
    # Here, as they take a while to import.
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
