"""Arguments and options that several commands have."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from mqbind.pipeline import Options

SCHEMA = click.Path(path_type=Path)
Command = Callable[..., None]


class Directory(click.Path):
    """A directory: an empty string does not mean the current one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("empty path; use `.` for the current directory", param, ctx)
        return super().convert(value, param, ctx)


def document_options(command: Command) -> Command:
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
        given = pairs(folders, "--map", "URI=FOLDER")
        mapped = {uri: Path(folder) for uri, folder in given.items()}
        options = Options(root=root, folders=mapped, overlays=overlays, server=server)
        command(options=options, **others)

    return with_options


def pairs(texts: Iterable[str], option: str, form: str) -> dict[str, str]:
    """The values of an option that has the form NAME=VALUE, by their names."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise click.BadParameter(f"`{text}` is not {form}", param_hint=option)
        found[name] = value
    return found
