"""`mqbind amalgamate`."""

from __future__ import annotations

from pathlib import Path

import click

from mqbind.cli.options import Directory
from mqbind.emit.write import Refused, compare, write
from mqbind.tools.cli_errors import Trouble


@click.command()
@click.option(
    "-o",
    "--output",
    "output",
    type=Directory(path_type=Path, file_okay=False),
    required=True,
    help="The directory for mqbind.c, mqbind.h and the headers in mqbind/.",
)
def amalgamate(output: Path) -> None:
    """Write the runtime as one C file and one header.

    mqbind.c can be compiled in any project, without CMake. The headers in mqbind/ only include
    mqbind.h: they have the names that generated code uses.
    """
    # Here, as it takes a while to import.
    from mqbind.tools.amalgamation import amalgamation

    folders = {output / folder: files for folder, files in amalgamation().items()}
    try:
        for folder, files in folders.items():
            for name in compare(folder, files).foreign:
                raise click.UsageError(
                    f"{folder / name} was not written by `mqbind amalgamate`; move or delete it, "
                    "or choose another directory"
                )
        for folder, files in folders.items():
            write(folder, files)
    except Refused as error:
        raise Trouble(str(error)) from None
