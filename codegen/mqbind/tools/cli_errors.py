"""Errors on the command line: each is reported in one sentence, without a traceback.

Exit codes: 0 success; 1 the document has errors, or the generated files are out of date; 2 the
command line is wrong, something it needs is missing, or a file of another origin is in the way;
130 and 141, as in a shell, after Ctrl-C and when the output is closed.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any, NoReturn

import click


class Trouble(click.ClickException):
    """The command cannot be executed."""

    exit_code = 2


class Commands(click.Group):
    """A group of commands that reports errors in one sentence."""

    def main(self, *arguments: Any, **extra: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            # A name that the terminal cannot display must not end the program.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            status = super().main(*arguments, **{**extra, "standalone_mode": False})
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "mqbind"
            sentence = _sentence(error)
            see = " See" if sentence.endswith("?") else "; see"
            _end(2, f"{sentence}{see} `{command} --help`")
        except click.ClickException as error:
            _end(error.exit_code, _sentence(error))
        except OSError as error:
            _finish_output()
            _end(2, f"{error.filename or 'input or output'}: {error.strerror}")
        sys.exit(status if isinstance(status, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            _end(130)
        except BrokenPipeError:
            _finish_output()
            _end(141)
        return result


def _finish_output() -> None:
    """Write what is left; if that fails, keep the interpreter from trying again at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _sentence(error: click.ClickException) -> str:
    return " ".join(error.format_message().split()).rstrip(".")


def _end(status: int, sentence: str = "") -> NoReturn:
    if sentence:
        click.echo(f"mqbind: {sentence}", err=True)
    sys.exit(status)
