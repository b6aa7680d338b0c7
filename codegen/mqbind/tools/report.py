"""The report of `mqbind inspect`: as tables for people, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mqbind.diagnostics import printable
from mqbind.model.protocol import Protocol
from mqbind.tools import instruction_bounds
from mqbind.tools.acl import NoRights, Right, acl
from mqbind.tools.costs import Row

_PLAIN_COLUMNS = 10_000
"""Without a terminal, lines are not wrapped."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything to report. `target` is what the sizes are for, None if they were not measured."""

    protocol: Protocol
    rows: Sequence[Row]
    rights: Mapping[str, tuple[Right, ...]]
    payload_bytes: int
    target: str | None


def as_json(report: Report) -> str:
    """One object with everything in it."""
    return json.dumps(
        {
            "title": report.protocol.title,
            "version": report.protocol.version,
            "target": report.target,
            "payload_bytes": report.payload_bytes,
            "messages": [_json_row(row) for row in report.rows],
            "acl": {
                role: [{"access": right.access.word, "topic": right.filter} for right in its]
                for role, its in report.rights.items()
            },
        },
        indent=2,
        ensure_ascii=False,
    )


def _json_row(row: Row) -> dict[str, object]:
    return {
        "topic": row.topic,
        "from": row.sender,
        "to": row.receiver,
        "message": row.message,
        "qos": row.qos,
        "retain": row.retain,
        "longest_payload_bytes": row.longest,
        "struct_bytes": row.cost and row.cost.struct,
        "scratch_bytes": row.cost and row.cost.scratch,
        "tokens": row.cost and row.cost.tokens,
        "instructions_per_byte": {
            "decode": dict(row.effort.decode),
            "validate": row.effort.validate,
            "encode": row.effort.encode,
            "fixed": instruction_bounds.FIXED
            + (instruction_bounds.LIMIT_FIXED if row.effort.limited else 0),
        },
    }


def as_text(report: Report) -> str:
    """A table, and the rights of each role."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PLAIN_COLUMNS)
    sizes = f"sizes for {report.target}; " if report.target else ""
    with console.capture() as captured:
        console.print(_table(report, lines=console.is_terminal))
    fixed = instruction_bounds.FIXED
    parts = (
        f"{printable(f'{report.protocol.title} {report.protocol.version}')}\n",
        captured.get(),
        f"{sizes}scratch and tokens are for decoding a payload of {report.payload_bytes} bytes; "
        "lengths and sizes are in bytes; - means unbounded or unknown\n"
        "direct, speed, jsmn, validate, encode: maximum instructions per byte (x86-64, gcc -O2) to "
        "decode a payload in each way, and to validate and encode a message, plus "
        f"{fixed}, or {fixed + instruction_bounds.LIMIT_FIXED} if marked with *: there, "
        "MQB_ERR_LIMIT ends what would take more\n",
        *(
            f"\n# acl_file of mosquitto: {role}\n{_acl(role, its)}"
            for role, its in report.rights.items()
        ),
    )
    return "".join(parts).rstrip("\n")


def _acl(role: str, its: tuple[Right, ...]) -> str:
    try:
        return acl(role, its)
    except NoRights as error:
        return f"# none: {error}\n"


def _table(report: Report, *, lines: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD if lines else None, pad_edge=False)
    for name in ("topic", "from", "to", "message"):
        table.add_column(name, overflow="fold")
    table.add_column("qos", justify="right")
    table.add_column("retain")
    for name in ("longest", "struct", "scratch", "tokens"):
        table.add_column(name, justify="right")
    for name in (*instruction_bounds.ENGINES, "validate", "encode"):
        table.add_column(name, justify="right")
    for row in report.rows:
        strings = (row.topic, row.sender, row.receiver, row.message, str(row.qos))
        cost = row.cost
        numbers = (
            row.longest,
            *((cost.struct, cost.scratch, cost.tokens) if cost else (None,) * 3),
        )
        cells = (*strings, "yes" if row.retain else "no", *map(_number, numbers))
        every = (*cells, *_instructions(row.effort))
        table.add_row(*(Text(printable(cell)) for cell in every))
    return table


def _instructions(found: instruction_bounds.Effort) -> tuple[str, ...]:
    mark = "*" if found.limited else ""
    decode = (f"{found.decode[engine]}{mark}" for engine in instruction_bounds.ENGINES)
    return (*decode, str(found.validate), f"{found.encode}{mark}")


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)
