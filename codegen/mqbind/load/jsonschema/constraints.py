"""From JSON Schema to the constraints of the model: complete and exact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from mqbind.load.document.nodes import ArrayNode, Node, ObjectNode, ScalarNode, json_text, key_of
from mqbind.load.jsonschema import bounds
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.coverage import Coverage
from mqbind.load.jsonschema.keywords import assertions, is_open
from mqbind.load.jsonschema.merged import MergedSchema, is_join
from mqbind.load.jsonschema.translation import PLAIN_INTEGER
from mqbind.load.jsonschema.unevaluated import Coverings
from mqbind.model.constraints import (
    ANYTHING,
    AllOf,
    AnyOf,
    Constraint,
    Contains,
    HasItems,
    HasLength,
    HasMembers,
    HasType,
    If,
    IfMember,
    InRange,
    IsOneOf,
    Items,
    JsonType,
    Matches,
    MemberNames,
    Members,
    MultipleOf,
    Never,
    Not,
    OneOf,
    Pattern,
    Requires,
    Shared,
    UniqueItems,
)
from mqbind.model.types import Constrained, Type

_NEVER = Never()
_ALL_TYPES = frozenset(JsonType) - {JsonType.INTEGER, JsonType.PLAIN_INTEGER}
_GROUPS = {
    "minimum": "range",
    "exclusiveMinimum": "range",
    "maximum": "range",
    "exclusiveMaximum": "range",
    "minLength": "length",
    "maxLength": "length",
    "minItems": "item count",
    "maxItems": "item count",
    "minProperties": "member count",
    "maxProperties": "member count",
    "items": "items",
    "additionalItems": "items",
    "minContains": "contains",
    "maxContains": "contains",
    "properties": "members",
    "patternProperties": "members",
    "additionalProperties": "members",
    "if": "if",
    "then": "if",
    "else": "if",
}
"""Keywords that form one constraint together; all others form one each."""

_SCHEMA_WORK = 60


class Constraints:
    """Reads the constraints of schemas, each once. Targets of references are shared, so that a
    schema may be recursive."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: dict[Node, Constraint] = {}
        self._shared: dict[str, Node] = {}
        self._coverings = Coverings(self.of, context)
        self._nested: dict[str, Callable[[ObjectNode], Constraint]] = {
            "items": self._items,
            "contains": self._contains,
            "propertyNames": self._member_names,
            "dependencies": self._dependencies,
            "allOf": lambda node: all_of(map(self.of, node.items("allOf"))),
            "anyOf": lambda node: _any_of(map(self.of, node.items("anyOf"))),
            "oneOf": lambda node: _one_of(map(self.of, node.items("oneOf"))),
            "not": lambda node: _not(self._at(node, "not")),
            "if": self._if,
            "unevaluatedItems": lambda node: self._coverings.rest(node, JsonType.ARRAY),
            "unevaluatedProperties": lambda node: self._coverings.rest(node, JsonType.OBJECT),
        }

    def of(self, node: Node) -> Constraint:
        """The constraint of the schema `node`."""
        target = self._context.schema(node)
        if target is None:
            return ANYTHING
        if isinstance(target, ScalarNode):
            return ANYTHING if target.value else _NEVER
        if target is node or is_open(target):
            return self._whole(target)
        return self.reference(target)

    def shared(self, key: str) -> Constraint:
        """The constraint that `Shared` with this key refers to."""
        return self._whole(self._shared[key])

    def reference(self, node: ObjectNode) -> Shared:
        """The constraint of `node`, by its key only."""
        self._shared.setdefault(key_of(node), node)
        return Shared(key=key_of(node))

    def constrain(self, its: Type, merged: MergedSchema, covered: Coverage) -> Type:
        """`its`, which checks what is `covered`, with the rest of `merged`."""
        left = self.left_over(merged, covered)
        return its if left is None else Constrained(type=its, constraint=left)

    def left_over(self, merged: MergedSchema, covered: Coverage) -> Constraint | None:
        """What `merged` demands beside the keywords that are `covered`; None for nothing."""
        found = all_of(each for part in merged.parts for each in self._demands(part, covered, True))
        if merged.refused:
            return _NEVER
        return None if found == ANYTHING else found

    def _whole(self, node: Node) -> Constraint:
        if node not in self._found:
            assert isinstance(node, ObjectNode)
            self._context.diagnostics.spend(_SCHEMA_WORK, node.location)
            self._found[node] = all_of(self._demands(node, Coverage(), False))
        return self._found[node]

    def _demands(self, node: ObjectNode, covered: Coverage, flat: bool) -> Iterator[Constraint]:
        """The constraints of the keywords of `node`; `flat`: its mandatory branches are handled
        elsewhere."""
        done = set()
        for key, entry in assertions(node):
            group = _GROUPS.get(key, key)
            if group in done or covered.holds(node, key) or (flat and is_join(key, entry)):
                continue
            done.add(group)
            if group == "members":
                yield self._members(node, covered)
            else:
                yield (_SIMPLE.get(group) or self._nested[group])(node)

    def _items(self, node: ObjectNode) -> Constraint:
        items = node.get("items")
        if not isinstance(items, ArrayNode):
            rest = ANYTHING if items is None else self.of(items)
            return ANYTHING if rest == ANYTHING else Items(first=(), rest=rest)
        first = tuple(self.of(item) for item in items.items)
        more = node.get("additionalItems")
        rest = ANYTHING if more is None else self.of(more)
        if all(each == ANYTHING for each in (*first, rest)):
            return ANYTHING
        return Items(first=first, rest=None if rest == ANYTHING else rest)

    def _members(self, node: ObjectNode, covered: Coverage) -> Constraint:
        more = node.get("additionalProperties")
        is_checked = covered.holds(node, "additionalProperties")
        other = None if more is None or is_checked else self._unless_open(more)
        named = [
            (
                name,
                None
                if covered.holds_member(node, "properties", name)
                else self._unless_open(entry.value),
            )
            for name, entry in node.members("properties")
        ]
        matching = tuple(
            (
                Pattern(regex=regex, location=entry.location),
                None
                if covered.holds_member(node, "patternProperties", regex)
                else self._unless_open(entry.value),
            )
            for regex, entry in node.members("patternProperties")
        )
        if other is None:
            named = [(name, part) for name, part in named if part is not None]
            matching = tuple((regex, part) for regex, part in matching if part is not None)
        if other is None and not named and not matching:
            return ANYTHING
        return Members(named=tuple(named), matching=matching, other=other)

    def _unless_open(self, node: Node) -> Constraint | None:
        found = self.of(node)
        return None if found == ANYTHING else found

    def _contains(self, node: ObjectNode) -> Constraint:
        if "contains" not in node:
            return ANYTHING
        low, high = bounds.counts((node,), "minContains", "maxContains")
        low = low if "minContains" in node else 1
        if low == 0 and high is None:
            return ANYTHING
        return Contains(item=self._at(node, "contains"), low=low, high=high)

    def _member_names(self, node: ObjectNode) -> Constraint:
        found = self._at(node, "propertyNames")
        return ANYTHING if found == ANYTHING else MemberNames(name=found)

    def _at(self, node: ObjectNode, key: str) -> Constraint:
        """The constraint of the schema under `key`; accepts everything if there is none."""
        found = node.get(key)
        return ANYTHING if found is None else self.of(found)

    def _dependencies(self, node: ObjectNode) -> Constraint:
        found = []
        for name, entry in node.members("dependencies"):
            if isinstance(entry.value, ArrayNode):
                names = _texts(entry.value)
                then: Constraint = Requires(names=names) if names else ANYTHING
            else:
                then = self.of(entry.value)
            if then != ANYTHING:
                found.append(IfMember(name=name, then=then))
        return all_of(found)

    def _if(self, node: ObjectNode) -> Constraint:
        if "if" not in node:
            return ANYTHING
        condition, then, otherwise = (self._at(node, key) for key in ("if", "then", "else"))
        if condition == ANYTHING:
            return then
        if condition == _NEVER:
            return otherwise
        if then == otherwise == ANYTHING:
            return ANYTHING
        return If(
            condition=condition,
            then=None if then == ANYTHING else then,
            otherwise=None if otherwise == ANYTHING else otherwise,
        )


def all_of(parts: Iterable[Constraint]) -> Constraint:
    """All of `parts`, simplified."""
    found: list[Constraint] = []
    for part in parts:
        found.extend(part.parts if isinstance(part, AllOf) else (part,))
    if _NEVER in found:
        return _NEVER
    return found[0] if len(found) == 1 else AllOf(parts=tuple(found))


def pattern_of(node: Node) -> Pattern:
    assert isinstance(node, ScalarNode)
    return Pattern(regex=str(node.value), location=node.location)


def _texts(node: ArrayNode) -> tuple[str, ...]:
    return tuple(str(item.value) for item in node.items if isinstance(item, ScalarNode))


def _any_of(parts: Iterable[Constraint]) -> Constraint:
    found = [part for part in parts if part != _NEVER]
    if not found:
        return _NEVER
    if ANYTHING in found:
        return ANYTHING
    return found[0] if len(found) == 1 else AnyOf(parts=tuple(found))


def _one_of(parts: Iterable[Constraint]) -> Constraint:
    found = [part for part in parts if part != _NEVER]
    others = [part for part in found if part != ANYTHING]
    if not found or len(others) < len(found) - 1:
        return _NEVER
    if len(others) < len(found):
        return _not(_any_of(others))
    return found[0] if len(found) == 1 else OneOf(parts=tuple(found))


def _not(part: Constraint) -> Constraint:
    if part == ANYTHING:
        return _NEVER
    return ANYTHING if part == _NEVER else Not(part=part)


def _has_type(node: ObjectNode) -> Constraint:
    types = tuple(JsonType(name) for name in node.words("type"))
    return ANYTHING if set(types) >= _ALL_TYPES else HasType(types=types)


def _is_plain(node: ObjectNode) -> Constraint:
    types = (JsonType(name) for name in node.words("type"))
    plain = {JsonType.INTEGER: JsonType.PLAIN_INTEGER}
    return HasType(types=tuple(plain.get(each, each) for each in types))


def _is_listed(node: ObjectNode) -> Constraint:
    items = node.items("enum")
    return IsOneOf(texts=tuple(map(json_text, items))) if items else _NEVER


def _is_constant(node: ObjectNode) -> Constraint:
    return IsOneOf(texts=(json_text(node.entries["const"].value),))


def _in_range(node: ObjectNode) -> Constraint:
    low, high = bounds.lower((node,)), bounds.upper((node,))
    if bounds.is_range(low, high):
        return InRange(low=low, high=high)
    return AllOf(parts=(InRange(low=low, high=None), InRange(low=None, high=high)))


def _is_multiple(node: ObjectNode) -> Constraint:
    divisor = bounds.number(node, "multipleOf")
    return ANYTHING if divisor is None else MultipleOf(divisor=divisor)


def _has_length(node: ObjectNode) -> Constraint:
    low, high = bounds.counts((node,), "minLength", "maxLength")
    if high is None or low <= high:
        return HasLength(low=low, high=high)
    return AllOf(parts=(HasLength(low=low, high=None), HasLength(low=0, high=high)))


def _has_items(node: ObjectNode) -> Constraint:
    low, high = bounds.counts((node,), "minItems", "maxItems")
    if high is None or low <= high:
        return HasItems(low=low, high=high)
    return AllOf(parts=(HasItems(low=low, high=None), HasItems(low=0, high=high)))


def _has_members(node: ObjectNode) -> Constraint:
    low, high = bounds.counts((node,), "minProperties", "maxProperties")
    if high is None or low <= high:
        return HasMembers(low=low, high=high)
    return AllOf(parts=(HasMembers(low=low, high=None), HasMembers(low=0, high=high)))


_SIMPLE: dict[str, Callable[[ObjectNode], Constraint]] = {
    "type": _has_type,
    PLAIN_INTEGER: _is_plain,
    "enum": _is_listed,
    "const": _is_constant,
    "range": _in_range,
    "multipleOf": _is_multiple,
    "length": _has_length,
    "pattern": lambda node: Matches(pattern=pattern_of(node.entries["pattern"].value)),
    "item count": _has_items,
    "uniqueItems": lambda _: UniqueItems(),
    "member count": _has_members,
    "required": lambda node: Requires(names=node.texts("required")),
}
"""The keywords without subschemas."""
