"""The whole pipeline: from a schema file to a plan, to generated files, or to diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mqbind.diagnostics import Diagnostics, Failed, GivenUp, Location, Severity
from mqbind.load import BYTES_MAX, Options, load_sound
from mqbind.model.address import Parameter
from mqbind.model.check import check
from mqbind.model.dropped_members import report_dropped_members
from mqbind.model.protocol import Protocol
from mqbind.plan.build import View, build_plan
from mqbind.plan.fuzz_target import plan_fuzz
from mqbind.plan.nodes.files import Plan
from mqbind.rules import Rule

__all__ = [
    "BYTES_MAX",
    "Options",
    "Output",
    "Planned",
    "compile_schema",
    "plan_schema",
    "read",
    "render_fuzz_target",
    "render_plan",
    "report_dropped_members",
]

_Result = TypeVar("_Result")


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The protocol of a schema, and the plan of its C."""

    protocol: Protocol
    plan: Plan

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every parameter of a topic, by its name."""
        channels = self.protocol.channels.values()
        return {item.name: item for channel in channels for item in channel.parameters}


@dataclass(frozen=True, kw_only=True)
class Output:
    """What a schema compiles to, and the files that it was read from."""

    files: Mapping[str, str]
    sources: tuple[str, ...]


def read(
    schema: Path,
    diagnostics: Diagnostics,
    options: Options | None = None,
    *,
    operations: Sequence[str] = (),
) -> Protocol:
    """Load and check a schema; raises Failed if it has errors, with those that later stages find in
    the `operations` (keys; empty means all)."""
    protocol = _bounded(lambda: load_sound(schema, diagnostics, options), schema, diagnostics)
    if diagnostics.failed or protocol is None:
        if protocol is not None:
            _find_later_errors(protocol, schema, diagnostics, operations)
        raise Failed(diagnostics)
    _bounded(lambda: check(protocol, diagnostics), schema, diagnostics)
    if diagnostics.failed:
        raise Failed(diagnostics)
    return protocol


def plan_schema(
    schema: Path,
    diagnostics: Diagnostics,
    *,
    options: Options | None = None,
    view: View = View.BOTH,
    operations: Sequence[str] = (),
) -> Planned:
    """Find every error that a schema has; raises Failed if there is one."""
    protocol = read(schema, diagnostics, options, operations=operations)
    plan = _bounded(
        lambda: build_plan(protocol, diagnostics, view=view, operations=operations),
        schema,
        diagnostics,
    )
    if diagnostics.failed:
        raise Failed(diagnostics)
    return Planned(protocol=protocol, plan=plan)


def _find_later_errors(
    protocol: Protocol,
    schema: Path,
    diagnostics: Diagnostics,
    operations: Sequence[str],
) -> None:
    """Add the errors that the other stages find in the part of a protocol that has none so far.
    Their warnings may be due to what is left out."""
    known = {operation.key for operation in protocol.operations}
    chosen = [key for key in operations if key in known]
    later = Diagnostics()
    later.add_work(diagnostics)

    def look() -> None:
        check(protocol, later)
        if not later.failed and bool(chosen) == bool(operations):
            build_plan(protocol, later, operations=chosen)

    with suppress(Failed, GivenUp):
        _bounded(look, schema, later)
    with suppress(GivenUp):
        for each in later:
            if each.severity is Severity.ERROR:
                diagnostics.error(each.rule, each.location, each.message, each.remedy)


def _bounded(work: Callable[[], _Result], schema: Path, diagnostics: Diagnostics) -> _Result:
    """The result of a stage; raises Failed if the stage gave up."""
    try:
        return work()
    except GivenUp:
        raise Failed(diagnostics) from None
    except (RecursionError, MemoryError):
        diagnostics.error(
            Rule.DOCUMENT_TOO_LARGE,
            Location(file=str(schema), line=1, column=1),
            "too large: the document is nested too deeply or needs too much memory",
            "split it, or nest fewer references",
        )
        raise Failed(diagnostics) from None


def render_plan(plan: Plan) -> Mapping[str, str]:
    """The text of every file, by its name."""
    # Imported here, because the template engine is slow to import and `check` does not need it.
    from mqbind.emit.render import render

    return render(plan)


def compile_schema(
    schema: Path,
    diagnostics: Diagnostics,
    *,
    options: Options | None = None,
    view: View = View.BOTH,
    operations: Sequence[str] = (),
    fuzz: bool = False,
) -> Output:
    """Compile a schema; raises Failed if it has errors. Warnings are left in `diagnostics`.

    `fuzz`: with a libFuzzer target for the messages.
    """
    planned = plan_schema(schema, diagnostics, options=options, view=view, operations=operations)
    files = _bounded(lambda: render_plan(planned.plan), schema, diagnostics)
    if fuzz:
        files = {**files, **render_fuzz_target(planned)}
    return Output(files=files, sources=planned.protocol.files)


def render_fuzz_target(planned: Planned) -> Mapping[str, str]:
    """The text of every file of a fuzz target, by its name, without those of the plan."""
    from mqbind.emit.render import render_fuzz

    return render_fuzz(planned.plan, plan_fuzz(planned.protocol, planned.plan))
