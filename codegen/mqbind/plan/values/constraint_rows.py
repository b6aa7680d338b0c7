"""Rows and designators of the tables of constraints, as C."""

from __future__ import annotations

from collections.abc import Sequence

from mqbind.model.constraints import InRange
from mqbind.plan.nodes.tables import ConstraintArray
from mqbind.plan.text import literals, rules


def array(
    suffix: str, c_type: str, rows: Sequence[str], pointer: str, count: str
) -> tuple[ConstraintArray, ...]:
    """An array of a constraint; none if it would be empty."""
    if not rows:
        return ()
    return (
        ConstraintArray(
            suffix=suffix, c_type=c_type, rows=tuple(rows), pointer=pointer, count=count
        ),
    )


def texts(name: str, texts: tuple[str, ...]) -> tuple[ConstraintArray, ...]:
    rows = [literal(text) for text in texts]
    return array(name, "const struct mqb_str", rows, f"{name}.items", f"{name}.count")


def literal(text: str) -> str:
    return f"{{{literals.string(text)}, {literals.size(text)}}}"


def count(low: int, high: int | None) -> tuple[str, ...]:
    return (
        f"count.low = {min(low, literals.COUNT_MAX)}",
        f"count.high = {'SIZE_MAX' if high is None or high >= literals.COUNT_MAX else high}",
    )


def number_range(bounds: InRange) -> tuple[str, ...]:
    values = []
    for name, bound in (("low", bounds.low), ("high", bounds.high)):
        if bound is None:
            continue
        values.append(f"range.{name} = {literal(rules.decimal(bound.value))}")
        if bound.exclusive:
            values.append(f"range.{name}_exclusive = true")
    return tuple(values)
