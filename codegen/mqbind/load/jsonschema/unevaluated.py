"""`unevaluatedItems` and `unevaluatedProperties`: what the schemas that apply to the same value say
about its content, and on what condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mqbind.load.document.nodes import ArrayNode, Node, ObjectNode
from mqbind.load.jsonschema.context import Context
from mqbind.model.constraints import (
    ANYTHING,
    AllOf,
    Constraint,
    Evaluated,
    Items,
    JsonType,
    Members,
    Not,
    Pattern,
    Requires,
    Unevaluated,
)
from mqbind.rules import Rule

_BRANCHES_MAX = 64
"""The runtime remembers in a word of 64 bits which conditions are met."""
_BRANCH_WORK = 60

Of = Callable[[Node], Constraint]


class Coverings:
    """Reads both keywords. `of` reads the constraint of a schema."""

    def __init__(self, of: Of, context: Context) -> None:
        self._of = of
        self._context = context

    def rest(self, node: ObjectNode, its: JsonType) -> Constraint:
        """What the content must satisfy that nothing else in `node` evaluates."""
        key = "unevaluatedItems" if its is JsonType.ARRAY else "unevaluatedProperties"
        other = self._of(node.entries[key].value)
        found: dict[Evaluated, None] = {}
        for each in self._inside(node, (), its, key):
            if each.condition is None and each.covers is None:
                return ANYTHING
            found[each] = None
            if len(found) > _BRANCHES_MAX:
                self._report(node, key)
                return ANYTHING
        return (
            ANYTHING
            if other == ANYTHING
            else Unevaluated(its=its, evaluated=tuple(found), other=other)
        )

    def _report(self, node: ObjectNode, key: str) -> None:
        self._context.diagnostics.error(
            Rule.TOO_MANY_BRANCHES,
            node.key_location(key),
            f"`{key}` depends on more than {_BRANCHES_MAX} schemas",
            "use fewer branches in `anyOf`, `oneOf`, `if` and `dependentSchemas` next to it",
        )

    def _inside(
        self, node: Node, conditions: tuple[Constraint, ...], its: JsonType, beside: str = ""
    ) -> Iterator[Evaluated]:
        """What a schema evaluates, and those in it that apply to the same value. `beside`: without
        this keyword."""
        target = self._context.schema(node)
        if not isinstance(target, ObjectNode):
            return
        self._context.diagnostics.spend(_BRANCH_WORK, target.location)
        own = self._items if its is JsonType.ARRAY else _members
        for covers in own(target, beside):
            yield Evaluated(condition=_together(conditions), covers=covers)
        for branch, condition in self._branches(target, its):
            inner = conditions if condition is None else (*conditions, condition)
            yield from self._inside(branch, inner, its)

    def _branches(
        self, node: ObjectNode, its: JsonType
    ) -> Iterator[tuple[Node, Constraint | None]]:
        """The schemas in `node` for the same value, and what says that they are satisfied. Those
        that must be satisfied are, if anything depends on it."""
        for branch in node.items("allOf"):
            yield branch, None
        for branch in (*node.items("anyOf"), *node.items("oneOf")):
            yield branch, self._of(branch)
        for name, entry in node.members("dependencies"):
            if its is JsonType.OBJECT and not isinstance(entry.value, ArrayNode):
                yield entry.value, Requires(names=(name,))
        question = node.get("if")
        if question is None:
            return
        condition = self._of(question)
        yield question, condition
        for key, met in (("then", condition), ("else", Not(part=condition))):
            found = node.get(key)
            if found is not None:
                yield found, met

    def _items(self, node: ObjectNode, beside: str) -> Iterator[Items | None]:
        items = node.get("items")
        everything = "additionalItems" in node or (
            "unevaluatedItems" in node and beside != "unevaluatedItems"
        )
        if isinstance(items, ArrayNode):
            yield None if everything else Items(first=(ANYTHING,) * len(items.items), rest=None)
        elif items is not None or (everything and "additionalItems" not in node):
            yield None
        contained = node.get("contains")
        if contained is not None and self._context.translation.dialect(node).contains_evaluates:
            yield Items(first=(), rest=self._of(contained))


def _members(node: ObjectNode, beside: str) -> Iterator[Members | None]:
    if "additionalProperties" in node or (
        "unevaluatedProperties" in node and beside != "unevaluatedProperties"
    ):
        yield None
        return
    named = tuple((name, None) for name, _ in node.members("properties"))
    matching = tuple(
        (Pattern(regex=regex, location=entry.location), None)
        for regex, entry in node.members("patternProperties")
    )
    if named or matching:
        yield Members(named=named, matching=matching)


def _together(conditions: tuple[Constraint, ...]) -> Constraint | None:
    """All of `conditions`; None for no condition."""
    found = [each for each in conditions if each != ANYTHING]
    if not found:
        return None
    return found[0] if len(found) == 1 else AllOf(parts=tuple(found))
