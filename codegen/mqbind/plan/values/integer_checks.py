"""Integers: their rule in words, and the C checks for several intervals."""

from __future__ import annotations

from mqbind.model.types import Integer, Interval, Wire
from mqbind.plan.nodes.code import Check
from mqbind.plan.text import rules
from mqbind.plan.values.integer_types import IntegerType


def rule(integer: Integer) -> str:
    """The rule after "must be"."""
    if integer.wires == (Wire.NUMBER,):
        return rules.integer_range(integer)
    forms = []
    if Wire.NUMBER in integer.wires:
        forms.append(rules.integer_range(integer))
    if Wire.STRING in integer.wires:
        matching = f" that matches {integer.pattern.regex}" if integer.pattern else " of digits"
        forms.append(f"a string{matching}")
    return rules.either(forms)


def bounds(integer: Integer, wide: IntegerType) -> tuple[str, str]:
    """The outermost bounds in C; the C type excludes values beyond it anyway."""
    low = _clip(integer.low, wide.low, wide)
    high = _clip(integer.high, wide.high, wide)
    return wide.literal(low), wide.literal(high)


def _clip(bound: int | None, otherwise: int, kind: IntegerType) -> int:
    return otherwise if bound is None else min(max(bound, kind.low), kind.high)


def gap_checks(integer: Integer, kind: IntegerType, rule: str) -> tuple[Check, ...]:
    """The check that the value is in one of the intervals; the outermost bounds are already
    checked."""
    spans = [span for span in integer.intervals if _reaches(span, kind)]
    if len(spans) <= 1:
        return ()
    first, *inner, last = spans
    parts = [
        _single(first, kind) or f"value <= {_end(first.high, kind)}",
        *(_single(span, kind) or _between(span, kind) for span in inner),
        _single(last, kind) or f"value >= {_end(last.low, kind)}",
    ]
    return (Check(condition=" || ".join(parts), rule=rule),)


def _reaches(span: Interval, kind: IntegerType) -> bool:
    """True if the C type holds a part of the interval."""
    above = span.high is None or span.high >= kind.low
    below = span.low is None or span.low <= kind.high
    return above and below


def _single(span: Interval, kind: IntegerType) -> str | None:
    if span.low is None or span.low != span.high:
        return None
    return f"value == {kind.operand(span.low)}"


def _between(span: Interval, kind: IntegerType) -> str:
    return f"(value >= {_end(span.low, kind)} && value <= {_end(span.high, kind)})"


def _end(bound: int | None, kind: IntegerType) -> str:
    assert bound is not None, "only the outer ends of the intervals are open"
    return kind.operand(_clip(bound, bound, kind))
