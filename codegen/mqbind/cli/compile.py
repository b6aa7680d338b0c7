"""Compiles a document for a command: prints diagnostics, and ends the program after an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import click

from mqbind.diagnostics import Diagnostic, Diagnostics, Failed
from mqbind.pipeline import Options, Planned, plan_schema
from mqbind.plan.build import UnknownOperation
from mqbind.plan.fuzz_target import NothingToFuzz

_Result = TypeVar("_Result")


def plan(schema: Path, options: Options) -> Planned:
    return reported(lambda diagnostics: plan_schema(schema, diagnostics, options=options))


def reported(work: Callable[[Diagnostics], _Result], *, strict: bool = False) -> _Result:
    """The result of the work; diagnostics are printed, and an error ends the program; so does a
    warning if `strict`."""
    diagnostics = Diagnostics(strict=strict)
    try:
        result = work(diagnostics)
        if diagnostics.refused:
            raise Failed(diagnostics)
        return result
    except (UnknownOperation, NothingToFuzz) as error:
        raise click.UsageError(str(error)) from None
    except Failed:
        raise SystemExit(1) from None
    finally:
        print_diagnostics(diagnostics)


def print_diagnostics(found: Iterable[Diagnostic]) -> None:
    for each in found:
        click.echo(str(each), err=True)
