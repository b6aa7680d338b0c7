"""Which constraints the values of a message must satisfy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mqbind.model.constraints import (
    AllOf,
    AnyOf,
    Constraint,
    If,
    Not,
    OneOf,
    Shared,
    UniqueItems,
    inner,
)
from mqbind.model.types import Constrained, Definition, Struct, Union
from mqbind.plan.symbols.reachability import Spot, reached, spots
from mqbind.plan.symbols.table import SymbolTable


def constraints_of(spot: Spot) -> Iterator[Constraint]:
    """The constraints of a value, and of the values in it that are part of no definition."""
    for part in spot.all():
        if isinstance(part.type, Constrained):
            yield part.type.constraint


def constraints_in(definition: Definition) -> Iterator[Constraint]:
    """The constraint of a definition, and those of what it is made of."""
    if isinstance(definition, Struct | Union) and definition.constraint is not None:
        yield definition.constraint
    for spot in spots(definition):
        yield from constraints_of(spot)


def constraints_within(spot: Spot, symbols: SymbolTable) -> Iterator[Constraint]:
    """The constraints of a value and of everything in it."""
    yield from constraints_of(spot)
    for key in reached(spot, symbols.definitions):
        yield from constraints_in(symbols.definition(key))


def every(constraint: Constraint, shared: Mapping[str, Constraint]) -> Iterator[Constraint]:
    """A constraint and all its parts, each shared one once."""
    seen: set[str] = set()
    left = [constraint]
    while left:
        part = left.pop()
        if not isinstance(part, Shared):
            yield part
            left.extend(inner(part))
        elif part.key not in seen:
            seen.add(part.key)
            left.append(shared[part.key])


def must_be_unique(spot: Spot, symbols: SymbolTable) -> bool:
    """True if a constraint of a value, an array, requires unique items."""
    if not isinstance(spot.type, Constrained):
        return False
    of_value = (AllOf, AnyOf, OneOf, Not, If, Shared)
    left = [spot.type.constraint]
    while left:
        part = left.pop()
        if isinstance(part, UniqueItems):
            return True
        if isinstance(part, Shared):
            left.append(symbols.constraints[part.key])
        elif isinstance(part, of_value):
            left.extend(inner(part))
    return False


@dataclass(frozen=True)
class UniqueArrays:
    """Which values have arrays with unique items, unless a C type says so."""

    symbols: SymbolTable

    @cached_property
    def _definitions(self) -> frozenset[str]:
        return frozenset(
            key
            for key in self.symbols.order
            if any(map(self._demands, constraints_in(self.symbols.definition(key))))
        )

    def within(self, spot: Spot) -> bool:
        """True if there are any in a value."""
        if any(map(self._demands, constraints_of(spot))):
            return True
        if not self._definitions:
            return False
        return not self._definitions.isdisjoint(reached(spot, self.symbols.definitions))

    def _demands(self, constraint: Constraint) -> bool:
        return any(
            isinstance(part, UniqueItems) for part in every(constraint, self.symbols.constraints)
        )
