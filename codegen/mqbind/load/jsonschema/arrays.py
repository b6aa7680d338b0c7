"""Schemas of arrays."""

from __future__ import annotations

import operator

from mqbind.load.document.nodes import ArrayNode, Node, ScalarNode
from mqbind.load.jsonschema.common import TypeOf
from mqbind.load.jsonschema.conjunctions import Conjunctions
from mqbind.load.jsonschema.constraints import Constraints
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.lengths import Lengths
from mqbind.load.jsonschema.merged import Assertion, MergedSchema
from mqbind.load.jsonschema.named_containers import NamedContainers
from mqbind.load.jsonschema.type_hint import TypeHint
from mqbind.model.types import Array, Constrained, Integer, Interval, Json, Number, Text, Type


class Arrays:
    """Reads the schemas of arrays."""

    def __init__(
        self,
        type_of: TypeOf,
        constraints: Constraints,
        conjunctions: Conjunctions,
        lengths: Lengths,
        containers: NamedContainers,
        context: Context,
    ) -> None:
        self._type_of = type_of
        self._constraints = constraints
        self._conjunctions = conjunctions
        self._lengths = lengths
        self._containers = containers
        self._context = context

    def read(self, merged: MergedSchema, type_hint: TypeHint) -> Type | None:
        low, high, known = self._lengths.range(merged, "minItems", "maxItems")
        tuples = [
            assertion for assertion in merged.all("items") if isinstance(assertion.value, ArrayNode)
        ]
        singles = [assertion for assertion in merged.all("items") if assertion not in tuples]
        item: Type | None = Json()
        if singles:
            whole = self._conjunctions.join(
                (assertion.value for assertion in singles), merged.owner, "items"
            )
            known.add(*(singles if whole else singles[:1]))
            item = self._type_of(whole or singles[0].value, type_hint.inner("item"))
        elif tuples:
            item = self._tuple(tuples[0], high, type_hint)
        if item is None:
            return None
        listed = {assertion.part for assertion in tuples}
        known.add(
            *(
                assertion
                for assertion in merged.all("additionalItems")
                if assertion.part not in listed
            )
        )
        inline = self._lengths.is_inline(merged, "maxItems", high)
        its = Array(item=item, min_items=low, max_items=high, inline=inline)
        return self._constraints.constrain(its, merged, known)

    def _tuple(self, assertion: Assertion, high: int | None, type_hint: TypeHint) -> Type | None:
        """The common type of items with individual schemas."""
        assert isinstance(assertion.value, ArrayNode)
        nodes = [*assertion.value.items]
        more = assertion.part.get("additionalItems")
        if high is None or high > len(nodes):
            if more is None:
                return Json()
            nodes.append(more)
        types = [
            self._type_of(node, type_hint.inner("item")) for node in nodes if self._may_be(node)
        ]
        found = [its for its in types if its is not None]
        return self._common(found) if len(found) == len(types) else None

    def _common(self, types: list[Type]) -> Type:
        """A type that holds the values of all `types`; a constraint checks the rest."""
        plain = [its.type if isinstance(its, Constrained) else its for its in types]
        if not plain or all(its == plain[0] for its in plain):
            return plain[0] if plain else Json()
        return _wider([self._containers.content(its) for its in plain])

    def _may_be(self, node: Node) -> bool:
        target = self._context.schema(node)
        return not isinstance(target, ScalarNode) or target.value is True


def _wider(types: list[Type]) -> Type:
    """A type that holds the values of different types."""
    if all(its == types[0] for its in types):
        return types[0]
    if all(isinstance(its, Text) for its in types):
        return Text()
    integers = [isinstance(its, Integer) and its.pattern is None for its in types]
    if all(integers):
        return Integer(intervals=(Interval(low=None, high=None),))
    if all(map(operator.or_, integers, (isinstance(its, Number) for its in types))):
        return Number()
    return Json()
