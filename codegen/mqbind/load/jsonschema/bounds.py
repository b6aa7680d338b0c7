"""The bounds of ranges and counts that result from all keywords together."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from mqbind.load.document.nodes import ObjectNode, ScalarNode, integral
from mqbind.model.constraints import Bound

LOWER = ("minimum", "exclusiveMinimum")
UPPER = ("maximum", "exclusiveMaximum")


def count(node: ObjectNode, key: str) -> int | None:
    """The integer under `key`."""
    value = node.get(key)
    return integral(value.value) if isinstance(value, ScalarNode) else None


def number(node: ObjectNode, key: str) -> Decimal | None:
    """The number under `key`, exact as written."""
    found = node.get(key)
    value = found.value if isinstance(found, ScalarNode) else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)


def counts(parts: Iterable[ObjectNode], least: str, most: str) -> tuple[int, int | None]:
    """The minimum and maximum count that all `parts` accept."""
    nodes = list(parts)
    lows = [low for each in nodes if (low := count(each, least)) is not None]
    highs = [high for each in nodes if (high := count(each, most)) is not None]
    return max(lows, default=0), min(highs, default=None)


def bound(node: ObjectNode, key: str) -> Bound | None:
    """What one of the keywords of `LOWER` and `UPPER` says."""
    value = number(node, key)
    return None if value is None else Bound(value=value, exclusive=key.startswith("exclusive"))


def lower(parts: Iterable[ObjectNode]) -> Bound | None:
    """The narrowest lower bound on numbers."""
    bounds = _bounds(parts, LOWER)
    return max(bounds, key=lambda each: (each.value, each.exclusive), default=None)


def upper(parts: Iterable[ObjectNode]) -> Bound | None:
    """The narrowest upper bound on numbers."""
    bounds = _bounds(parts, UPPER)
    return min(bounds, key=lambda each: (each.value, not each.exclusive), default=None)


def is_range(low: Bound | None, high: Bound | None) -> bool:
    """Whether there is a number in between."""
    if low is None or high is None or low.value < high.value:
        return True
    return low.value == high.value and not (low.exclusive or high.exclusive)


def _bounds(parts: Iterable[ObjectNode], keys: Iterable[str]) -> list[Bound]:
    found = (bound(node, key) for node in parts for key in keys)
    return [each for each in found if each is not None]
