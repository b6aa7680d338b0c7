"""All schemas that may apply to one value: its own and those in branches, wherever they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from mqbind.load.document.nodes import ArrayNode, Node, ObjectNode
from mqbind.load.jsonschema.branches import at_the_object, named
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.pattern_match import matches_alike

_SCHEMA_WORK = 5
_INSIDE = (
    "properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "required",
    "dependencies", "propertyNames", "items", "contains", "unevaluatedItems",
)  # fmt: skip
"""What says something about members and items. `additionalItems` needs `items`."""


@dataclass(frozen=True, kw_only=True)
class Applicable:
    """Such schemas; the same ones have the same `number`."""

    number: int
    parts: tuple[ObjectNode, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The members that some of them name."""
        return tuple(dict.fromkeys(name for part in self.parts for name, _ in named(part)))

    def of_member(self, name: str) -> Iterator[Node]:
        """The schemas of a member."""
        yield from self._listed.get(name, ())
        for part in self.open_parts:
            for regex, entry in part.members("patternProperties"):
                if matches_alike(regex, name) is not False:
                    yield entry.value
            if not _lists(part, name):
                yield from _of_others(part)

    def of_entries(self, fields: Collection[str]) -> Iterator[Node]:
        """The schemas of all members but these."""
        for name, nodes in self._listed.items():
            if name not in fields:
                yield from nodes
        for part in self.open_parts:
            yield from (entry.value for _, entry in part.members("patternProperties"))
            yield from _of_others(part)

    def of_any_item(self) -> Iterator[Node]:
        """The schemas of all items."""
        for part in self.parts:
            items = part.get("items")
            several = isinstance(items, ArrayNode)
            yield from part.items("items") if several else _present(part, "items")
            yield from _present(part, *(("additionalItems",) if several else ()))
            yield from _present(part, "contains", "unevaluatedItems")

    @cached_property
    def _listed(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for part in self.parts:
            for name, entry in part.members("properties"):
                found.setdefault(name, []).append(entry.value)
        return found

    @cached_property
    def open_parts(self) -> tuple[ObjectNode, ...]:
        """Those that describe members which they do not list."""
        return tuple(
            part
            for part in self.parts
            if "patternProperties" in part or any(True for _ in _of_others(part))
        )


class ApplicableSchemas:
    """Finds them, each combination once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: dict[frozenset[ObjectNode], Applicable] = {}
        self._members: dict[tuple[int, str], Applicable] = {}
        self._entries: dict[tuple[int, frozenset[str]], Applicable] = {}
        self._any_item: dict[int, Applicable] = {}

    def of(self, nodes: Iterable[Node]) -> Applicable:
        """Those of a value to which `nodes` may apply."""
        parts = tuple(part for part in self._reached(nodes) if any(key in part for key in _INSIDE))
        new = Applicable(number=len(self._found), parts=parts)
        return self._found.setdefault(frozenset(parts), new)

    def member(self, whole: Applicable, name: str) -> Applicable:
        """Those of a member of the objects."""
        key = (whole.number, name)
        if key not in self._members:
            for part in whole.open_parts:
                self._context.diagnostics.spend(_SCHEMA_WORK, part.location)
            self._members[key] = self.of(whole.of_member(name))
        return self._members[key]

    def entries(self, whole: Applicable, fields: Collection[str] = ()) -> Applicable:
        """Those of all members of the objects but these."""
        key = (whole.number, frozenset(fields))
        if key not in self._entries:
            self._entries[key] = self.of(whole.of_entries(key[1]))
        return self._entries[key]

    def any_item(self, whole: Applicable) -> Applicable:
        """Those of all items of the arrays."""
        if whole.number not in self._any_item:
            self._any_item[whole.number] = self.of(whole.of_any_item())
        return self._any_item[whole.number]

    def _reached(self, nodes: Iterable[Node]) -> dict[ObjectNode, None]:
        found: dict[ObjectNode, None] = {}
        pending = [*nodes]
        while pending:
            node = pending.pop()
            target = self._context.schema(node)
            self._context.diagnostics.spend(_SCHEMA_WORK, node.location)
            if isinstance(target, ObjectNode) and target not in found:
                found[target] = None
                pending += at_the_object(target)
        return found


def _present(part: ObjectNode, *keys: str) -> Iterator[Node]:
    for key in keys:
        found = part.get(key)
        if found is not None:
            yield found


def _lists(part: ObjectNode, name: str) -> bool:
    listed = part.get("properties")
    return isinstance(listed, ObjectNode) and name in listed


def _of_others(part: ObjectNode) -> Iterator[Node]:
    return _present(part, "additionalProperties", "unevaluatedProperties")
