"""Manners of the command line: whatever goes wrong is told in one sentence, without a traceback.

Exit codes: 0 all is well; 1 the document has errors, or what is generated is out of date; 2 the
command line is wrong, something that it needs is missing, or a file of another origin is in the
way; 130 and 141 as a shell says it after Ctrl-C and when nobody reads the output any more.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any, NoReturn

import click


class Trouble(click.ClickException):
    """The command cannot be carried out."""

    exit_code = 2


class Commands(click.Group):
    """A group of commands with manners."""

    def main(self, *arguments: Any, **extra: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            # A name that the terminal cannot show is no reason to stop.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            status = super().main(*arguments, **{**extra, "standalone_mode": False})
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "mqbind"
            _end(2, f"{_sentence(error)}; `{command} --help` tells more")
        except click.ClickException as error:
            _end(error.exit_code, _sentence(error))
        sys.exit(status if isinstance(status, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            _end(130)
        except BrokenPipeError:
            # So that the interpreter does not try again when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _end(141)
        except OSError as error:
            _end(2, f"{error.filename or 'input or output'}: {error.strerror}")
        return result


def _sentence(error: click.ClickException) -> str:
    return " ".join(error.format_message().split()).rstrip(".")


def _end(status: int, sentence: str = "") -> NoReturn:
    if sentence:
        click.echo(f"mqbind: {sentence}", err=True)
    sys.exit(status)
