"""Which keywords of a schema a type checks by itself."""

from __future__ import annotations

from collections.abc import Iterable

from mqbind.load.document.nodes import ObjectNode
from mqbind.load.jsonschema.merged import Rule


class Coverage:
    """Keywords for which no constraint is left over, as a type checks them.

    Of `properties` and `patternProperties`, members can be covered one by one.
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._keywords: set[tuple[ObjectNode, str]] = set()
        self._members: set[tuple[ObjectNode, str, str]] = set()
        self.add(*rules)

    def add(self, *rules: Rule) -> None:
        self._keywords.update((rule.part, rule.key) for rule in rules)

    def add_keyword(self, part: ObjectNode, key: str) -> None:
        self._keywords.add((part, key))

    def add_member(self, part: ObjectNode, key: str, name: str) -> None:
        """`name` is the member, or the pattern, under `key`."""
        self._members.add((part, key, name))

    def holds(self, part: ObjectNode, key: str) -> bool:
        return (part, key) in self._keywords

    def holds_member(self, part: ObjectNode, key: str, name: str) -> bool:
        return self.holds(part, key) or (part, key, name) in self._members
