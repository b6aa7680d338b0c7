"""The common base of the readers of one kind of value."""

from __future__ import annotations

from collections.abc import Callable

from mqbind.load.document.nodes import Node
from mqbind.load.jsonschema.type_hint import TypeHint
from mqbind.model.constraints import AllOf, Constraint, Never
from mqbind.model.types import Constrained, Json, Type

TypeOf = Callable[[Node, TypeHint], Type | None]
"""Reads a schema inside another."""

NOTHING = Constrained(type=Json(), constraint=Never())
"""The type of a schema that no value satisfies."""


def is_any_json(its: Type) -> bool:
    """Whether the type holds every JSON value."""
    return isinstance(its, Json) or (isinstance(its, Constrained) and isinstance(its.type, Json))


def constrained(its: Type, constraint: Constraint | None) -> Type:
    """The type `its` with `constraint`, if there is one."""
    if constraint is None:
        return its
    if isinstance(its, Constrained):
        return Constrained(type=its.type, constraint=AllOf(parts=(its.constraint, constraint)))
    return Constrained(type=its, constraint=constraint)
