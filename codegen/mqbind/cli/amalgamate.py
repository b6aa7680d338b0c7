"""`mqbind amalgamate`."""

from __future__ import annotations

from pathlib import Path

import click

from mqbind.cli.options import Directory
from mqbind.tools.amalgamation import BANNER, amalgamation


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
    files = amalgamation()
    foreign = [name for name in files if _is_foreign(output / name)]
    if foreign:
        raise click.UsageError(
            f"{output / foreign[0]} was not written by `mqbind amalgamate`; move or delete it, or "
            "choose another directory"
        )
    for name, text in files.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _is_foreign(path: Path) -> bool:
    return path.exists() and not path.read_bytes().startswith(BANNER.encode())
