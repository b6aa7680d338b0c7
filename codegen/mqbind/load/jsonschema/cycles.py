"""Circular schemas: those that refer to themselves for the same value, which no validator can
evaluate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mqbind.diagnostics import Diagnostics
from mqbind.load.document.nodes import Node, ObjectNode
from mqbind.rules import Rule

_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLE = ("not", "if", "then", "else")

Resolve = Callable[[Node], Node | None]


class Cycles:
    """Finds cycles, visiting each schema once. `resolve` follows references."""

    def __init__(self, resolve: Resolve, diagnostics: Diagnostics) -> None:
        self._resolve = resolve
        self._diagnostics = diagnostics
        self._sound: dict[ObjectNode, bool] = {}

    def sound(self, root: ObjectNode) -> bool:
        """Whether no cycle can be reached from `root`; False after an error."""
        if root not in self._sound:
            self._walk(root)
        return self._sound[root]

    def _walk(self, root: ObjectNode) -> None:
        """Depth first, without recursion: `path` leads from `root` to where we are."""
        path: dict[ObjectNode, Iterator[Node]] = {root: _at_the_value(root)}
        while path:
            node, steps = next(reversed(path.items()))
            step = next(steps, None)
            if step is None:
                self._sound.setdefault(node, True)
                path.popitem()
                continue
            target = self._resolve(step)
            if not isinstance(target, ObjectNode):
                continue
            if target in path:
                self._report(step)
            if target in path or self._sound.get(target) is False:
                self._sound.update(dict.fromkeys(path, False))
            elif target not in self._sound:
                path[target] = _at_the_value(target)

    def _report(self, step: Node) -> None:
        location = step.key_location("$ref") if isinstance(step, ObjectNode) else step.location
        self._diagnostics.error(
            Rule.CIRCULAR_SCHEMA,
            location,
            "circular schema: it refers back to itself for the same value",
            "remove the reference, or put it under `properties` or `items`",
        )


def _at_the_value(node: ObjectNode) -> Iterator[Node]:
    """The schemas inside `node` that apply to the same value."""
    for key in _LISTS:
        yield from node.items(key)
    for key in _SINGLE:
        found = node.get(key)
        if found is not None:
            yield found
    for _, entry in node.members("dependencies"):
        yield entry.value
