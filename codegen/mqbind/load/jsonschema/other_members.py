"""The members of an object that its struct has no field for: those that match a schema under
`additionalProperties` or `patternProperties`, and loose ones whose values do not fit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mqbind.load.document.nodes import Node, ObjectNode
from mqbind.load.jsonschema.common import TypeOf, is_any_json
from mqbind.load.jsonschema.conjunctions import Conjunctions
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.coverage import Coverage
from mqbind.load.jsonschema.keywords import is_open
from mqbind.load.jsonschema.merged import MergedSchema
from mqbind.load.jsonschema.type_hint import TypeHint
from mqbind.model.constraints import Pattern
from mqbind.model.types import Map, OtherMembers, Type

_ALL_NAMES = ("", "^", "$", ".*", "^.*")
"""Patterns that match every name."""


@dataclass(frozen=True, kw_only=True)
class _Described:
    """What the schemas say about members that they do not list: nothing (`schemas` is empty and
    `mixed` is not set), one schema for all of them or for those that match `pattern`, or several
    different things."""

    schemas: tuple[Node, ...] = ()
    parts: tuple[ObjectNode, ...] = ()
    pattern: Pattern | None = None
    mixed: bool = False


class OtherMembersReader:
    """Reads what the schemas of an object say about them."""

    def __init__(self, type_of: TypeOf, conjunctions: Conjunctions, context: Context) -> None:
        self._type_of = type_of
        self._conjunctions = conjunctions
        self._context = context

    def read(
        self,
        merged: MergedSchema,
        fields: Collection[str],
        type_hint: TypeHint,
        covered: Coverage,
        *,
        loose: bool,
    ) -> OtherMembers | None:
        """The map beside the `fields`, if there is one; `loose`: some of these are."""
        described = self._described(merged)
        unknown = described.mixed or bool(described.schemas)
        if not unknown and not loose:
            return None
        value = None if loose or described.mixed else self._value(described, merged, type_hint)
        if value is None or is_any_json(value):
            pattern = None if loose else described.pattern
            return OtherMembers(type=Map(), unknown=unknown, pattern=pattern)
        for part in described.parts:
            if not set(fields) - {name for name, _ in part.members("properties")}:
                covered.add_keyword(part, "additionalProperties")
        return OtherMembers(type=Map(value=value), unknown=True, pattern=described.pattern)

    def _value(
        self, described: _Described, merged: MergedSchema, type_hint: TypeHint
    ) -> Type | None:
        whole = self._conjunctions.join(described.schemas, merged.owner, "additionalProperties")
        return None if whole is None else self._type_of(whole, type_hint.inner("others"))

    def _described(self, merged: MergedSchema) -> _Described:
        found = [each for part in merged.parts if (each := self._by_part(part)) is not None]
        closed = any(self._is_closed(part) for part in merged.parts)
        if closed or not found:
            return _Described()
        if any(each.mixed for each in found):
            return _Described(mixed=True)
        if any(each.pattern for each in found):
            return found[0] if len(found) == 1 else _Described(mixed=True)
        return _Described(
            schemas=tuple(schema for each in found for schema in each.schemas),
            parts=tuple(part for each in found for part in each.parts),
        )

    def _by_part(self, part: ObjectNode) -> _Described | None:
        more = part.get("additionalProperties")
        patterns = list(part.members("patternProperties"))
        if not patterns:
            if more is None and self._describes(part.get("unevaluatedProperties")):
                return _Described(mixed=True)
            is_told = more is not None and self._describes(more)
            return _Described(schemas=(more,), parts=(part,)) if more and is_told else None
        if len(patterns) > 1 or self._describes(more):
            return _Described(mixed=True)
        [(regex, entry)] = patterns
        if self._context.is_false(entry.value):
            return None
        if regex in _ALL_NAMES or (more is not None and self._context.is_false(more)):
            return _Described(schemas=(entry.value,))
        pattern = Pattern(regex=regex, location=entry.location)
        return _Described(schemas=(entry.value,), pattern=pattern)

    def _describes(self, node: Node | None) -> bool:
        """Whether a schema accepts some values and refuses others."""
        return not (node is None or is_open(node) or self._context.is_false(node))

    def _is_closed(self, part: ObjectNode) -> bool:
        """No members but those under `properties`."""
        more = part.get("additionalProperties")
        return (
            more is not None
            and self._context.is_false(more)
            and not any(part.members("patternProperties"))
        )
