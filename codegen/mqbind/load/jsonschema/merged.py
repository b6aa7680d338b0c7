"""All schemas that apply to one value: a schema and those joined by `allOf` and references."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from mqbind.diagnostics import Location
from mqbind.load.document.dialects import JOINS
from mqbind.load.document.nodes import ArrayNode, Entry, Node, ObjectNode, ScalarNode
from mqbind.load.document.rewriting import with_entries
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.keywords import assertions

_PART_WORK = 25


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """A keyword of one of the parts."""

    part: ObjectNode
    key: str
    entry: Entry

    @property
    def value(self) -> Node:
        return self.entry.value


@dataclass(frozen=True, kw_only=True)
class MergedSchema:
    """The schemas that a value of `owner` satisfies, each without the branches listed here instead.
    `refused`: one of them is `false`."""

    owner: ObjectNode
    parts: tuple[ObjectNode, ...]
    refused: bool

    @cached_property
    def assertions(self) -> tuple[Assertion, ...]:
        """The keywords that can make a value invalid."""
        return tuple(
            Assertion(part=part, key=key, entry=entry)
            for part in self.parts
            for key, entry in assertions(part)
            if not is_join(key, entry)
        )

    def all(self, *keys: str) -> list[Assertion]:
        return [assertion for assertion in self.assertions if assertion.key in keys]

    def first(self, *keys: str) -> Assertion | None:
        return next((assertion for assertion in self.assertions if assertion.key in keys), None)

    def own(self, key: str) -> tuple[ObjectNode, Node] | None:
        """The first part with the annotation `key`, and its value."""
        for part in self.parts:
            found = part.get(key)
            if found is not None:
                return part, found
        return None

    def location_of(self, key: str) -> Location:
        """The node with the annotation `key`, or the owner."""
        found = self.own(key)
        return self.owner.location if found is None else found[0].key_location(key)


def merge(node: Node, context: Context) -> MergedSchema | None:
    """The schemas that apply to a value of `node`; None after an error."""
    owner = context.schema(node)
    if isinstance(owner, ObjectNode):
        return _joined(owner, context)
    if owner is None:
        return None
    return MergedSchema(owner=with_entries(owner, {}), parts=(), refused=owner.value is False)


def _joined(node: ObjectNode, context: Context) -> MergedSchema | None:
    parts: dict[ObjectNode, None] = {}
    refused = False
    pending: list[tuple[Node, bool]] = [(node, False)]
    seen: set[Node] = set()
    while pending:
        step, joined = pending.pop()
        if joined:
            assert isinstance(step, ObjectNode)
            parts[step] = None
            continue
        target = context.schema(step)
        if target is None:
            return None
        if isinstance(target, ScalarNode):
            refused = refused or target.value is False
        elif target not in seen:
            seen.add(target)
            pending.append((target, True))
            pending += [(branch, False) for branch in reversed(list(_branches(target)))]
    context.diagnostics.spend(_PART_WORK * max(0, len(parts) - 1), node.location)
    return MergedSchema(owner=node, parts=tuple(parts), refused=refused)


def is_join(key: str, entry: Entry) -> bool:
    """A combiner whose branches all hold."""
    branches = entry.value.items if isinstance(entry.value, ArrayNode) else ()
    return key == "allOf" or (key in JOINS and len(branches) == 1)


def _branches(node: ObjectNode) -> Iterator[Node]:
    for key, entry in assertions(node):
        if is_join(key, entry):
            yield from node.items(key)
