"""What types and constraints both speak of: patterns and the ends of ranges."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mqbind.diagnostics import Location


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A regular expression (ECMA-262) that a text must match somewhere."""

    regex: str
    location: Location


@dataclass(frozen=True, kw_only=True)
class Bound:
    """An end of a range of numbers, exact as written."""

    value: Decimal
    exclusive: bool
