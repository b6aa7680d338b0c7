"""Schemas that list their values: `enum`, `const`, or branches with one value each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from mqbind.load.document.nodes import (
    Node,
    ObjectNode,
    ScalarNode,
    exact,
    integral,
    json_text,
    key_of,
)
from mqbind.load.jsonschema.common import NOTHING, constrained, is_any_json
from mqbind.load.jsonschema.constraints import Constraints
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.coverage import Coverage
from mqbind.load.jsonschema.integer_set import IntegerSet
from mqbind.load.jsonschema.json_types import listed
from mqbind.load.jsonschema.merged import Assertion, MergedSchema, merge
from mqbind.load.jsonschema.translation import PLAIN_INTEGER
from mqbind.load.jsonschema.type_hint import TypeHint
from mqbind.model.constraints import Constraint, IsOneOf
from mqbind.model.evaluate import Evaluator, canonical
from mqbind.model.integer_ranges import INTEGER_RANGES, LARGEST, SMALLEST
from mqbind.model.types import (
    Boolean,
    Choice,
    ChoiceValue,
    Constrained,
    Integer,
    Json,
    Named,
    Nullable,
    Number,
    Scalar,
    Type,
)
from mqbind.rules import Rule

_INT_MIN, _INT_MAX = INTEGER_RANGES["int32"]
_MACHINE = range(SMALLEST, LARGEST + 1)


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """A value listed by a schema, with its name and description."""

    node: Node
    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """All values that `assertion` allows, as written in the document."""

    values: tuple[_Listed, ...]
    assertion: Assertion


class Enums:
    """Reads the schemas that list their values."""

    def __init__(self, constraints: Constraints, evaluator: Evaluator, context: Context) -> None:
        self._constraints = constraints
        self._evaluator = evaluator
        self._context = context
        self.found: list[Choice] = []

    def read(self, merged: MergedSchema, listing: Listing, type_hint: TypeHint) -> Type:
        """The type of a schema that lists its values."""
        left = self._constraints.left_over(merged, Coverage([listing.assertion]))
        values, certain = self._valid(listing.values, left)
        if len(values) < len(listing.values):
            self._warn(listing)
        if not values:
            self._context.diagnostics.warning(
                Rule.UNSATISFIABLE_SCHEMA,
                merged.owner.location,
                "no value satisfies this schema",
                "fix the listed values or the other keywords",
            )
            return NOTHING
        certain = certain and merged.first(PLAIN_INTEGER) is None
        return constrained(self._type(values, merged, type_hint), None if certain else left)

    def listing(self, merged: MergedSchema) -> Listing | None:
        """The values of a schema that lists them."""
        assertions = merged.all("const") or sorted(
            merged.all("enum"), key=lambda assertion: len(assertion.part.items("enum"))
        )
        if assertions:
            return Listing(values=self._described(assertions[0]), assertion=assertions[0])
        for assertion in merged.all("oneOf", "anyOf"):
            values = self._of_branches(assertion)
            if values:
                return Listing(values=values, assertion=assertion)
        return None

    def _described(self, assertion: Assertion) -> tuple[_Listed, ...]:
        nodes = listed(assertion)
        names = self._beside(assertion.part, "x-enum-varnames", len(nodes))
        descriptions = self._beside(assertion.part, "x-enum-descriptions", len(nodes))
        return tuple(
            _Listed(node=node, name=name, description=description)
            for node, name, description in zip(nodes, names, descriptions, strict=True)
        )

    def _of_branches(self, assertion: Assertion) -> tuple[_Listed, ...]:
        """The values of all branches, if each lists its own and has no other rules that mqbind
        cannot evaluate."""
        found: list[_Listed] = []
        for branch in assertion.part.items(assertion.key):
            values = self._of_branch(branch)
            if not values:
                return ()
            found += values
        counts = Counter(canonical(exact(each.node)) for each in found)
        once = assertion.key == "oneOf"
        return tuple(each for each in found if not once or counts[canonical(exact(each.node))] == 1)

    def _of_branch(self, branch: Node) -> list[_Listed]:
        merged = merge(branch, self._context)
        lists = None if merged is None else merged.first("const", "enum")
        if merged is None or lists is None:
            return []
        about = [each.text("description") or each.text("title") for each in merged.parts]
        words = next((text for text in about if text), None)
        listing = tuple(_Listed(node=node, description=words) for node in listed(lists))
        left = self._constraints.left_over(merged, Coverage([lists]))
        values, certain = self._valid(listing, left)
        return values if certain else []

    def _beside(self, node: ObjectNode, key: str, count: int) -> list[str | None]:
        """The strings under `key`, one for each value."""
        if key not in node:
            return [None] * count
        texts: list[str | None] = [text.strip() or None for text in node.texts(key)]
        if len(texts) == count:
            return texts
        self._context.diagnostics.error(
            Rule.ENUM_NAMES_MISMATCH,
            node.key_location(key),
            f"`{key}` must have one entry per value: {count}, not {len(texts)}",
            "list the entries in the order of the values",
        )
        return [None] * count

    def _valid(
        self, listing: tuple[_Listed, ...], left: Constraint | None
    ) -> tuple[list[_Listed], bool]:
        """The distinct values that no other keyword refuses; False if one cannot be decided, which
        is then kept with all that follow."""
        found: dict[object, _Listed] = {}
        verdict: bool | None = True
        for each in listing:
            value = exact(each.node)
            if left is not None and verdict is not None:
                verdict = self._evaluator.verdict(left, value)
            if verdict is not False:
                found.setdefault(canonical(value), each)
        return list(found.values()), verdict is not None

    def _warn(self, found: Listing) -> None:
        """Warn about listed values that have no effect."""
        assertion = found.assertion
        if assertion.key not in ("enum", "const"):
            return
        alone = MergedSchema(owner=assertion.part, parts=(assertion.part,), refused=False)
        left = self._constraints.left_over(alone, Coverage([assertion]))
        seen = set()
        for each in found.values:
            value = exact(each.node)
            if left is not None and self._evaluator.verdict(left, value) is False:
                self._context.diagnostics.warning(
                    Rule.INVALID_ENUM_VALUE,
                    each.node.location,
                    "this value is never valid: other keywords of this schema reject it",
                    "remove it, or fix the other keywords",
                )
            elif canonical(value) in seen:
                self._context.diagnostics.warning(
                    Rule.DUPLICATE_ENUM_VALUE,
                    each.node.location,
                    "duplicate `enum` value",
                    "remove one of them",
                )
            seen.add(canonical(value))

    def _type(self, values: list[_Listed], merged: MergedSchema, type_hint: TypeHint) -> Type:
        """The type that holds exactly `values`."""
        some = [each for each in values if exact(each.node) is not None]
        its = self._of_some(some, merged, type_hint)
        if len(some) == len(values):
            return its
        return _listing(Json(), values) if is_any_json(its) else Nullable(type=its)

    def _of_some(self, values: list[_Listed], merged: MergedSchema, type_hint: TypeHint) -> Type:
        kinds = frozenset(_kind(exact(each.node)) for each in values)
        if kinds == {"string"}:
            return self._choice(values, merged, type_hint)
        if kinds == {"integer"}:
            numbers = [_integer(each) for each in values]
            small = all(_INT_MIN <= number <= _INT_MAX for number in numbers)
            if small:
                return self._choice(values, merged, type_hint)
            return Integer(intervals=IntegerSet.of(numbers).as_model())
        if kinds == {"boolean"}:
            both = len(values) == 2
            return Boolean() if both else _listing(Boolean(), values)
        if kinds and kinds <= {"integer", "double"}:
            return _listing(Number(), values)
        return _listing(Scalar() if kinds == {"integer", "string"} else Json(), values)

    def _choice(self, values: list[_Listed], merged: MergedSchema, type_hint: TypeHint) -> Named:
        node = merged.owner
        self.found.append(
            Choice(
                key=key_of(node),
                name=type_hint.name(node),
                hint=type_hint.hint,
                description=node.text("description"),
                values=_grouped(values),
                location=node.location,
            )
        )
        return Named(key=key_of(node))


def _kind(value: object) -> str:
    """The representation of a value in C."""
    match value:
        case bool():
            return "boolean"
        case str():
            return "string"
        case int() | Decimal():
            whole = integral(value)
            if whole is not None:
                return "integer" if whole in _MACHINE else "other"
            return "double" if Decimal(repr(float(value))) == value else "other"
        case _:
            return "other"


def _integer(each: _Listed) -> int:
    assert isinstance(each.node, ScalarNode)
    found = integral(each.node.value)
    assert found is not None
    return found


def _listing(its: Type, values: list[_Listed]) -> Constrained:
    """The type `its` restricted to `values`."""
    texts = tuple(json_text(each.node) for each in values)
    return Constrained(type=its, constraint=IsOneOf(texts=texts))


def _grouped(values: list[_Listed]) -> tuple[ChoiceValue, ...]:
    """One constant for each name, and for each value without a name."""
    groups: dict[object, list[_Listed]] = {}
    for each in values:
        groups.setdefault(each.name or (canonical(exact(each.node)),), []).append(each)
    return tuple(_constant(group) for group in groups.values())


def _constant(group: list[_Listed]) -> ChoiceValue:
    plain = [exact(each.node) for each in group]
    texts = tuple(value for value in plain if isinstance(value, str))
    descriptions = [each.description for each in group if each.description is not None]
    return ChoiceValue(
        name=group[0].name,
        spellings=texts or tuple(_integer(each) for each in group),
        description=descriptions[0] if descriptions else None,
    )
