"""The command line: `mqbind generate`, `check`, `explain`, `inspect`, `replay`, `amalgamate`."""

import click

from mqbind.cli.amalgamate import amalgamate
from mqbind.cli.check import check_schemas
from mqbind.cli.explain import explain
from mqbind.cli.generate import generate
from mqbind.cli.inspect import inspect_schema
from mqbind.cli.replay import replay_traffic
from mqbind.tools.cli_errors import Commands
from mqbind.tools.engines import c_folder


def _print_cmake_dir(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(str(c_folder() / "codegen" / "cmake"))
        context.exit()


@click.group(
    cls=Commands, no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="mqbind", message="mqbind %(version)s")
@click.option(
    "--cmake-dir",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_cmake_dir,
    help="Print the value of mqbind_DIR, for CMake's find_package(mqbind), and exit.",
)
def main() -> None:
    """Compile AsyncAPI documents for MQTT to C.

    Exit codes: 0 success; 1 the document has errors, or the generated files are out of date; 2 the
    command line is wrong, something it needs is missing, or a file of another origin is in the way.
    """


COMMANDS = (generate, check_schemas, explain, inspect_schema, replay_traffic, amalgamate)

for command in COMMANDS:
    main.add_command(command)
