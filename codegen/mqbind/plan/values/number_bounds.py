"""Bounds of numbers, which are doubles in C."""

from __future__ import annotations

import math
from decimal import Decimal

from mqbind.model.constraints import Bound
from mqbind.plan.text import literals

_EXACT_DIGITS = 15
"""Decimals of so many digits keep their order as doubles."""


def condition(operator: str, bound: Bound | None) -> str | None:
    """The check that a double, as printed, is within a bound."""
    if bound is None:
        return None
    limit = float(bound.value)
    if math.isinf(limit):
        return "false" if (limit > 0) == (operator == ">") else None
    printed = Decimal(repr(limit))
    inside = printed > bound.value if operator == ">" else printed < bound.value
    equals = inside or (printed == bound.value and not bound.exclusive)
    return f"value {operator}{'=' if equals else ''} {literals.floating(limit)}"


def is_short(*bounds: Bound | None) -> bool:
    """True if no number of at most 15 digits is rounded across one of the bounds."""
    return all(map(_is_exact, filter(None, bounds)))


def _is_exact(bound: Bound) -> bool:
    digits = bound.value.as_tuple().digits
    return len(digits) <= _EXACT_DIGITS and Decimal(repr(float(bound.value))) == bound.value
