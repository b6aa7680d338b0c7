"""Joins schemas in different places that apply to the same member or item, or of which one does."""

from __future__ import annotations

from collections.abc import Iterable

from mqbind.load.document.nodes import Node, ObjectNode
from mqbind.load.document.rewriting import with_entries, with_list
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.keywords import is_open

_NESTED_MAX = 1000


class Conjunctions:
    """Joins schemas by an artificial `allOf`, each combination once. Members of joined schemas are
    joined again, and recursive schemas in more and more combinations, so there is a limit."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: dict[frozenset[Node], ObjectNode] = {}
        self._conjunctions: set[Node] = set()
        self._nested = 0
        self._single: dict[tuple[ObjectNode, str], ObjectNode] = {}

    def join(self, nodes: Iterable[Node], owner: Node, place: str) -> Node | None:
        """A schema for values that satisfy all of `nodes`, in the `place` of `owner`; None if there
        are too many of them."""
        distinct: dict[Node, Node] = {}
        first: Node | None = None
        for node in nodes:
            first = first or node
            target = self._context.schema(node)
            if target is not None and not is_open(target):
                distinct.setdefault(target, node)
        if len(distinct) < 2:
            return next(iter(distinct.values()), first)
        key = frozenset(distinct)
        if key in self._found:
            return self._found[key]
        self._nested += owner in self._conjunctions
        if owner in self._conjunctions and self._nested > _NESTED_MAX:
            return None
        found = _combined("allOf", tuple(distinct.values()), owner, place)
        self._context.translation.adopt(found)
        self._found[key] = found
        self._conjunctions.add(found)
        return found

    def either(self, nodes: tuple[Node, ...], owner: Node, place: str) -> Node:
        """A schema for values that satisfy one of `nodes`, in the `place` of `owner`."""
        if len(nodes) == 1:
            return nodes[0]
        return self._context.translation.adopt(_combined("anyOf", nodes, owner, place))

    def only(self, node: ObjectNode, key: str) -> ObjectNode:
        """The schema `node` with only one of its keywords."""
        if (node, key) not in self._single:
            only = with_entries(node, {key: node.entries[key]}, f"/{key}")
            self._single[node, key] = self._context.translation.adopt(only)
        return self._single[node, key]


def _combined(key: str, nodes: tuple[Node, ...], owner: Node, place: str) -> ObjectNode:
    """The pointer may only be that of a list in a file: there is no schema there."""
    return with_list(key, nodes, owner, f"/{place}/{key}", nodes[0].location)
