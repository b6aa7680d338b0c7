"""Which keywords of a schema a type checks by itself."""

from __future__ import annotations

from collections.abc import Iterable

from mqbind.load.document.nodes import ObjectNode
from mqbind.load.jsonschema.merged import Assertion


class Coverage:
    """Keywords for which no constraint is left over, as a type checks them.

    Of `properties` and `patternProperties`, members can be covered one by one.
    """

    def __init__(self, assertions: Iterable[Assertion] = ()) -> None:
        self._keywords: set[tuple[ObjectNode, str]] = set()
        self._members: set[tuple[ObjectNode, str, str]] = set()
        self.add(*assertions)

    def copy(self) -> Coverage:
        found = Coverage()
        found._keywords = set(self._keywords)
        found._members = set(self._members)
        return found

    def add(self, *assertions: Assertion) -> None:
        self._keywords.update((assertion.part, assertion.key) for assertion in assertions)

    def add_keyword(self, part: ObjectNode, key: str) -> None:
        self._keywords.add((part, key))

    def add_member(self, part: ObjectNode, key: str, name: str) -> None:
        """`name` is the member, or the pattern, under `key`."""
        self._members.add((part, key, name))

    def holds(self, part: ObjectNode, key: str) -> bool:
        return (part, key) in self._keywords

    def holds_member(self, part: ObjectNode, key: str, name: str) -> bool:
        return self.holds(part, key) or (part, key, name) in self._members
