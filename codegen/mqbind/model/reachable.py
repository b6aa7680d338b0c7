"""Which of a protocol's definitions and shared constraints are used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import assert_never

from mqbind.model.constraints import Constraint, Shared, inner
from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Constrained,
    Definition,
    Integer,
    Json,
    Map,
    Named,
    NamedContainer,
    Null,
    Nullable,
    Number,
    Scalar,
    Struct,
    Text,
    Type,
    Union,
)


def used(
    roots: Iterable[Type],
    definitions: Mapping[str, Definition],
    shared: Callable[[str], Constraint],
) -> tuple[dict[str, Definition], dict[str, Constraint]]:
    """Those of `definitions` that `roots` lead to, in their order, and the constraints that
    `Shared` names there."""
    keys: set[str] = set()
    constraints: list[Constraint] = []
    types = list(roots)
    while types:
        its = types.pop()
        if isinstance(its, Constrained):
            constraints.append(its.constraint)
        if isinstance(its, Named) and its.key in definitions and its.key not in keys:
            keys.add(its.key)
            types += _types_in(definitions[its.key])
        types += _types_inside(its)
    found = {key: definition for key, definition in definitions.items() if key in keys}
    constraints += (
        definition.constraint
        for definition in found.values()
        if isinstance(definition, Struct | Union) and definition.constraint is not None
    )
    return found, _shared_in(constraints, shared)


def _types_in(definition: Definition) -> tuple[Type, ...]:
    match definition:
        case Struct():
            others = (definition.others.type,) if definition.others else ()
            return (*(member.type for member in definition.members), *others)
        case Union():
            return tuple(branch.type for branch in definition.branches)
        case NamedContainer():
            return (definition.type,)
        case Choice():
            return ()
        case _:
            assert_never(definition)


def _types_inside(its: Type) -> Iterator[Type]:
    match its:
        case Array():
            yield its.item
        case Map():
            yield its.value
        case Nullable() | Constrained():
            yield its.type
        case Boolean() | Integer() | Number() | Text() | Scalar() | Json() | Null() | Bytes():
            return
        case Named():
            return
        case _:
            assert_never(its)


def _shared_in(
    constraints: list[Constraint], shared: Callable[[str], Constraint]
) -> dict[str, Constraint]:
    found: dict[str, Constraint] = {}
    pending = list(reversed(constraints))
    while pending:
        constraint = pending.pop()
        if isinstance(constraint, Shared) and constraint.key not in found:
            found[constraint.key] = shared(constraint.key)
            pending.append(found[constraint.key])
        pending.extend(reversed(list(inner(constraint))))
    return found
