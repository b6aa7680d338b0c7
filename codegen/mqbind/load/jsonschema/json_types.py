"""Which JSON types a schema allows, as far as its keywords show directly."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from mqbind.load.document.nodes import ArrayNode, Node, ObjectNode, ScalarNode, integral
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.merged import Assertion, MergedSchema, merge

ALL = frozenset(("null", "boolean", "integer", "number", "string", "array", "object"))
"""Types of values. An integer is a "number", too, so a schema of numbers allows both."""

_DEPTH_MAX = 20


class JsonTypes:
    """Determines the types, once for each schema. Every value of a schema has one of these
    types."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: dict[Node, frozenset[str]] = {}
        self._depth = 0

    def of(self, node: Node) -> frozenset[str]:
        target = self._context.schema(node)
        if isinstance(target, ScalarNode):
            return ALL if target.value else frozenset()
        if target is None or self._depth > _DEPTH_MAX:
            return ALL
        if target not in self._found:
            merged = merge(target, self._context)
            self._found[target] = ALL if merged is None else self.of_merged(merged)
        return self._found[target]

    def of_merged(self, merged: MergedSchema) -> frozenset[str]:
        if merged.refused:
            return frozenset()
        self._depth += 1
        found = reduce(frozenset.__and__, map(self._left_by, merged.assertions), ALL)
        self._depth -= 1
        return found

    def _left_by(self, assertion: Assertion) -> frozenset[str]:
        match assertion.key:
            case "type":
                return declared(assertion.part)
            case "enum" | "const":
                return frozenset[str]().union(*map(_kinds_of, listed(assertion)))
            case "anyOf" | "oneOf":
                return frozenset[str]().union(*map(self.of, assertion.part.items(assertion.key)))
            case _:
                return ALL


def declared(node: ObjectNode) -> frozenset[str]:
    """The types in `type`."""
    names = frozenset(node.words("type"))
    if not names:
        return ALL
    return names | {"integer"} if "number" in names else names


def is_of_objects(assertion: Assertion) -> bool:
    """`type: object`, and nothing else."""
    return assertion.key == "type" and declared(assertion.part) == {"object"}


def plainly(kinds: Iterable[str]) -> tuple[str, ...]:
    """The kinds without null, each once: numbers are either integers or any numbers."""
    found = set(kinds) - {"null"}
    if "number" in found:
        found.discard("integer")
    return tuple(sorted(found))


def listed(assertion: Assertion) -> tuple[Node, ...]:
    """The values of `enum`, or the one of `const`."""
    return assertion.part.items("enum") if assertion.key == "enum" else (assertion.value,)


def _kinds_of(node: Node) -> frozenset[str]:
    match node:
        case ObjectNode():
            return frozenset(("object",))
        case ArrayNode():
            return frozenset(("array",))
        case ScalarNode(value=None):
            return frozenset(("null",))
        case ScalarNode(value=bool()):
            return frozenset(("boolean",))
        case ScalarNode(value=str()):
            return frozenset(("string",))
        case ScalarNode():
            whole = integral(node.value) is not None
            return frozenset(("number", "integer") if not whole else ("integer",))
