"""Containers whose schemas have a name: each is a definition, the same wherever it is used."""

from __future__ import annotations

from mqbind.load.document.nodes import Node, ObjectNode, key_of
from mqbind.load.jsonschema.keywords import lone_branch
from mqbind.load.jsonschema.type_hint import is_named, referenced
from mqbind.model.types import (
    Constrained,
    Named,
    NamedContainer,
    Nullable,
    Type,
    bare,
    is_container,
)


class NamedContainers:
    """Makes them of the types of schemas."""

    def __init__(self) -> None:
        self.found: dict[str, NamedContainer] = {}

    def named(self, its: Type, schema: ObjectNode) -> Type:
        """The type `its` of a schema that was referred to, its container named if the schema is."""
        if not is_container(bare(its)) or not is_named(schema):
            return its
        return self._named(its, schema)

    def _named(self, its: Type, schema: ObjectNode) -> Type:
        match its:
            case Nullable(type=inner):
                return Nullable(type=self._named(inner, schema))
            case Constrained(type=Nullable() as inner, constraint=constraint):
                return Constrained(type=self._named(inner, schema), constraint=constraint)
            case _:
                return self._define(its, schema)

    def _define(self, its: Type, schema: ObjectNode) -> Named:
        key = key_of(schema)
        if key not in self.found:
            hint = referenced(schema)
            self.found[key] = NamedContainer(
                key=key,
                name=hint.name(schema),
                hint=hint.hint,
                description=_description(schema),
                type=its,
                location=schema.location,
            )
        return Named(key=key)

    def content(self, its: Type) -> Type:
        """The type without the names of containers, and without constraints."""
        match its:
            case Constrained(type=inner):
                return self.content(inner)
            case Nullable(type=inner):
                return Nullable(type=self.content(inner))
            case Named(key=key) if key in self.found:
                return self.content(self.found[key].type)
            case _:
                return its


def _description(schema: ObjectNode) -> str | None:
    """Its own, or that of the schema that it wraps."""
    step: Node | None = schema
    while isinstance(step, ObjectNode):
        found = step.text("description") or step.text("title")
        if found:
            return found
        step = lone_branch(step)
    return None
