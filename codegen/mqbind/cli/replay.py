"""`mqbind replay`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from mqbind.cli.compile import plan
from mqbind.cli.options import SCHEMA, document_options
from mqbind.cli.selection import check_role, parameter_values
from mqbind.pipeline import Options, Planned, render_plan
from mqbind.plan.build import View
from mqbind.tools import engines
from mqbind.tools.cli_errors import Trouble


@click.command("replay")
@click.argument("schema", type=SCHEMA)
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
@document_options
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
    # Here, as they take a while to import.
    from mqbind.tools import replay, replay_loop, toolchain

    planned = plan(schema, options)
    roles = [side.role for side in planned.plan.sides]
    if role is not None:
        check_role(role, roles, schema)
    values = _side_values(planned, parameters)
    own = planned.protocol.role
    chosen = [role] if role else [each for each in roles if (each == own) == (view == View.OWN)]
    try:
        with tempfile.TemporaryDirectory() as spare:
            program = replay_loop.while_busy(
                f"compiling {schema}",
                lambda: replay.build_host(
                    planned.plan, render_plan(planned.plan), parser, Path(spare)
                ),
            )
            replay_loop.run(program, chosen, values, sys.stdin.buffer, sys.stdout.buffer)
    except (toolchain.BuildFailed, replay.HostEnded) as error:
        raise Trouble(str(error)) from None


def _side_values(planned: Planned, parameters: tuple[str, ...]) -> Mapping[str, str]:
    """The values of the parameters that sides need before they bind."""
    values = parameter_values(planned, parameters)
    for name, item in planned.parameters.items():
        if item.per_side and item.default is None and name not in values:
            raise click.UsageError(
                f"the topics need a value for `{name}`; add `--parameter {name}=VALUE`"
            )
    return values
