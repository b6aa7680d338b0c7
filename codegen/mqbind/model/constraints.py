"""Constraints on a JSON value beyond its type: the rules of a schema as a tree.

Each constraint is about one JSON value. A constraint on one kind of value (a range, a length, the
members of an object) accepts values of all other kinds. Numbers are exact, as written; strings are
compared unescaped, lengths count code points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from mqbind.diagnostics import Location


class JsonType(StrEnum):
    """The type of a JSON value. An integer is a number without a fraction: 1.0 is one. A plain
    integer is written without a point or an exponent."""

    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    PLAIN_INTEGER = "plain integer"
    NUMBER = "number"
    STRING = "string"
    ARRAY = "array"
    OBJECT = "object"


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A regular expression (ECMA-262) that a string must match somewhere."""

    regex: str
    location: Location


@dataclass(frozen=True, kw_only=True)
class Bound:
    """An end of a range of numbers, exact as written."""

    value: Decimal
    exclusive: bool


@dataclass(frozen=True, kw_only=True)
class Never:
    """No value is valid."""


@dataclass(frozen=True, kw_only=True)
class HasType:
    """The value has one of the `types`."""

    types: tuple[JsonType, ...]


@dataclass(frozen=True, kw_only=True)
class IsOneOf:
    """The value equals one of `texts`, each compact JSON; 1 equals 1.0, and the order of members
    does not matter."""

    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InRange:
    """A number is within bounds."""

    low: Bound | None
    high: Bound | None


@dataclass(frozen=True, kw_only=True)
class MultipleOf:
    """A number is a multiple of `divisor`, which is above zero."""

    divisor: Decimal


@dataclass(frozen=True, kw_only=True)
class HasLength:
    """A string has from `low` to `high` code points."""

    low: int
    high: int | None


@dataclass(frozen=True, kw_only=True)
class Matches:
    """A string matches a pattern somewhere."""

    pattern: Pattern


@dataclass(frozen=True, kw_only=True)
class HasItems:
    """An array has from `low` to `high` items."""

    low: int
    high: int | None


@dataclass(frozen=True, kw_only=True)
class Items:
    """The items of an array: the first ones each satisfy their own of `first`, all others `rest`
    (None: anything)."""

    first: tuple[Constraint, ...]
    rest: Constraint | None


@dataclass(frozen=True, kw_only=True)
class Contains:
    """From `low` to `high` items of an array satisfy `item`."""

    item: Constraint
    low: int = 1
    high: int | None = None


@dataclass(frozen=True, kw_only=True)
class UniqueItems:
    """No two items of an array are equal."""


@dataclass(frozen=True, kw_only=True)
class HasMembers:
    """An object has from `low` to `high` members."""

    low: int
    high: int | None


@dataclass(frozen=True, kw_only=True)
class Requires:
    """An object has all members of these names."""

    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Members:
    """The members of an object: one whose name is in `named` satisfies the constraint there (None:
    anything), and one whose name matches patterns satisfies those of the patterns. Any other member
    satisfies `other` (None: anything)."""

    named: tuple[tuple[str, Constraint | None], ...] = ()
    matching: tuple[tuple[Pattern, Constraint | None], ...] = ()
    other: Constraint | None = None


@dataclass(frozen=True, kw_only=True)
class MemberNames:
    """The name of each member of an object, as a string, satisfies `name`."""

    name: Constraint


@dataclass(frozen=True, kw_only=True)
class IfMember:
    """An object that has the member `name` satisfies `then`."""

    name: str
    then: Constraint


@dataclass(frozen=True, kw_only=True)
class AllOf:
    """The value satisfies all `parts`; none of them means any value."""

    parts: tuple[Constraint, ...]


@dataclass(frozen=True, kw_only=True)
class AnyOf:
    """The value satisfies at least one of `parts`."""

    parts: tuple[Constraint, ...]


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """The value satisfies exactly one of `parts`."""

    parts: tuple[Constraint, ...]


@dataclass(frozen=True, kw_only=True)
class Not:
    """The value does not satisfy `part`."""

    part: Constraint


@dataclass(frozen=True, kw_only=True)
class If:
    """A value that satisfies `condition` satisfies `then`, another `otherwise` (None: anything)."""

    condition: Constraint
    then: Constraint | None
    otherwise: Constraint | None


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """What the schemas that apply to a container say about its content, if it satisfies `condition`
    (None: always). `covers`: `Items` for the first items, and for those that satisfy `rest`;
    `Members` for those that are named or match; None for everything."""

    condition: Constraint | None
    covers: Items | Members | None


@dataclass(frozen=True, kw_only=True)
class Unevaluated:
    """Of a container, `its` items or members that nothing in `evaluated` covers satisfy `other`."""

    its: JsonType
    evaluated: tuple[Evaluated, ...]
    other: Constraint


@dataclass(frozen=True, kw_only=True)
class Shared:
    """The constraint in `Protocol.constraints` under this key. It may be recursive, but only for
    values inside the value."""

    key: str


Constraint: TypeAlias = (
    Never
    | HasType
    | IsOneOf
    | InRange
    | MultipleOf
    | HasLength
    | Matches
    | HasItems
    | Items
    | Contains
    | UniqueItems
    | HasMembers
    | Requires
    | Members
    | MemberNames
    | IfMember
    | AllOf
    | AnyOf
    | OneOf
    | Not
    | If
    | Unevaluated
    | Shared
)

Leaf: TypeAlias = (
    Never
    | HasType
    | IsOneOf
    | InRange
    | MultipleOf
    | HasLength
    | Matches
    | HasItems
    | UniqueItems
    | HasMembers
    | Requires
    | Shared
)
"""The constraints without parts."""

ANYTHING = AllOf(parts=())


def inner(constraint: Constraint) -> Iterator[Constraint]:
    """The parts of a constraint; `Shared` has none."""
    match constraint:
        case AllOf() | AnyOf() | OneOf():
            yield from constraint.parts
        case Items():
            yield from constraint.first
            yield from _present(constraint.rest)
        case Members():
            yield from _present(*(part for _, part in constraint.named))
            yield from _present(*(part for _, part in constraint.matching), constraint.other)
        case If():
            yield from _present(constraint.condition, constraint.then, constraint.otherwise)
        case Unevaluated():
            for each in constraint.evaluated:
                yield from _present(each.condition, each.covers)
            yield constraint.other
        case Contains(item=part) | MemberNames(name=part) | IfMember(then=part) | Not(part=part):
            yield part
        case _:
            _assert_leaf(constraint)


def _present(*parts: Constraint | None) -> Iterator[Constraint]:
    yield from (part for part in parts if part is not None)


def _assert_leaf(constraint: Leaf) -> None:
    """The type checker reports a kind of constraint that is missing above."""
