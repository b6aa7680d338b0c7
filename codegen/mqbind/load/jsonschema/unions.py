"""`oneOf` and `anyOf`: values with several forms, or values that may be null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from mqbind.load.document.nodes import Node, ObjectNode, ScalarNode, exact, json_text, key_of
from mqbind.load.jsonschema.common import TypeOf, constrained, is_any_json
from mqbind.load.jsonschema.conjunctions import Conjunctions
from mqbind.load.jsonschema.constraints import Constraints
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.coverage import Coverage
from mqbind.load.jsonschema.json_types import ALL, JsonTypes, declared, listed
from mqbind.load.jsonschema.merged import Assertion, MergedSchema, merge
from mqbind.load.jsonschema.type_hint import TypeHint, is_reference, referenced
from mqbind.model.evaluate import Canonical, Evaluator, canonical
from mqbind.model.types import Branch, Json, Named, Null, Nullable, Type, Union

_NULL = frozenset(("null",))
_COMPARED_MAX = 40
_FORMS_WORK = 120
_TELLING = ("properties", "items", "enum", "const", "oneOf", "anyOf")


class Unions:
    """Reads the schemas of values that have several forms."""

    def __init__(
        self,
        type_of: TypeOf,
        constraints: Constraints,
        conjunctions: Conjunctions,
        kinds: JsonTypes,
        context: Context,
    ) -> None:
        self._type_of = type_of
        self._constraints = constraints
        self._conjunctions = conjunctions
        self._json_types = kinds
        self._context = context
        self._evaluator = Evaluator(shared=constraints.shared)
        self.found: list[Union] = []

    def combiner(self, merged: MergedSchema, kinds: frozenset[str]) -> Assertion | None:
        """The keyword with the forms of a value of these kinds."""
        for assertion in merged.all("oneOf", "anyOf"):
            if any(self._is_form(branch, kinds) for branch in _branches(assertion)):
                return assertion
        return None

    def _is_form(self, node: Node, kinds: frozenset[str]) -> bool:
        if frozenset() < self._json_types.of(node) < kinds:
            return True
        merged = merge(node, self._context)
        return kinds != ALL and merged is not None and merged.first(*_TELLING) is not None

    def null_and(self, assertion: Assertion) -> Node | None:
        """The only form of `assertion` other than null."""
        kinds = [self._json_types.of(branch) for branch in _branches(assertion)]
        others = [
            branch
            for branch, its in zip(_branches(assertion), kinds, strict=True)
            if its and its != _NULL
        ]
        return others[0] if len(others) == 1 and _NULL in kinds else None

    def read(self, merged: MergedSchema, assertion: Assertion, type_hint: TypeHint) -> Type | None:
        self._context.diagnostics.spend(_FORMS_WORK, merged.owner.location)
        form = self.null_and(assertion)
        if form is not None:
            return self._nullable(merged, assertion, form, type_hint)
        return self._union(merged, assertion, type_hint)

    def _nullable(
        self, merged: MergedSchema, assertion: Assertion, form: Node, type_hint: TypeHint
    ) -> Type | None:
        """The type of `form`, or null."""
        its = self._type_of(form, type_hint)
        if its is None:
            return None
        if is_any_json(its):
            return self._constraints.constrain(Json(), merged, Coverage())
        is_all = self._takes_null(assertion, form)
        left = self._constraints.left_over(merged, Coverage([assertion] if is_all else []))
        return constrained(its if isinstance(its, Nullable) else Nullable(type=its), left)

    def _takes_null(self, assertion: Assertion, form: Node) -> bool:
        """Whether `assertion` accepts null, and whatever `form` accepts."""
        verdicts = [self._verdict_of_null(branch) for branch in _branches(assertion)]
        if assertion.key == "anyOf":
            return True in verdicts
        once = verdicts.count(True) == 1 and None not in verdicts
        return once and self._verdict_of_null(form) is False

    def _verdict_of_null(self, node: Node) -> bool | None:
        return self._evaluator.verdict(self._constraints.of(node), None)

    def _union(
        self, merged: MergedSchema, assertion: Assertion, type_hint: TypeHint
    ) -> Type | None:
        """Several forms, of which the first that fits decides."""
        nodes = [node for node in _branches(assertion) if self._json_types.of(node)]
        typed = [self._typed(node, number, merged) for number, node in enumerate(nodes)]
        branches = [
            self._branch(node, whole, type_hint) for node, whole in zip(nodes, typed, strict=True)
        ]
        found = [branch for branch in branches if branch is not None]
        if len(found) < len(branches):
            return None
        self.found.append(
            Union(
                key=key_of(merged.owner),
                name=type_hint.name(merged.owner),
                hint=type_hint.hint,
                description=merged.owner.text("description"),
                branches=_with_distinct_hints(found),
                location=merged.owner.location,
                constraint=self._constraints.left_over(
                    merged, self._covered(merged, assertion, typed)
                ),
            )
        )
        return Named(key=key_of(merged.owner))

    def _typed(self, node: Node, number: int, merged: MergedSchema) -> Node:
        """A form together with the `type` next to the keyword, unless it has its own."""
        kinds = self._json_types.of(node)
        missing = [each for each in merged.all("type") if not kinds <= declared(each.part)]
        if not missing:
            return node
        types = [self._conjunctions.only(each.part, each.key) for each in missing]
        return self._conjunctions.join((*types, node), merged.owner, f"forms/{number}") or node

    def _covered(
        self, merged: MergedSchema, assertion: Assertion, nodes: Sequence[Node]
    ) -> Coverage:
        """The schemas of the branches alone."""
        kinds = frozenset[str]().union(*map(self._json_types.of, nodes))
        found = Coverage(each for each in merged.all("type") if kinds <= declared(each.part))
        if assertion.key == "anyOf" or self._are_apart(nodes):
            found.add(assertion)
        return found

    def _branch(self, branch: Node, typed: Node, type_hint: TypeHint) -> Branch | None:
        target = self._context.schema(branch) or branch
        title = target.text("title") if isinstance(target, ObjectNode) else None
        hint = title or (referenced(target).hint if is_reference(branch) else _kind_word(target))
        its = self._form_type(typed, type_hint.inner(hint))
        if its is None:
            return None
        about = target.text("description") if isinstance(target, ObjectNode) else None
        return Branch(hint=hint, type=its, description=about, location=branch.location)

    def _form_type(self, node: Node, type_hint: TypeHint) -> Type | None:
        if self._json_types.of(node) != _NULL:
            return self._type_of(node, type_hint)
        return Null() if self._verdict_of_null(node) else self._type_of(node, type_hint)

    def _are_apart(self, nodes: Sequence[Node]) -> bool:
        """Whether no value has two of these forms."""
        if len(nodes) > _COMPARED_MAX:
            return False
        profiles = [(self._json_types.of(node), self._constants(node)) for node in nodes]
        return all(
            _differ(one_kinds & other_kinds, one, other)
            for (one_kinds, one), (other_kinds, other) in combinations(profiles, 2)
        )

    def _constants(self, node: Node) -> dict[str, frozenset[Canonical]]:
        """The values of required members that list them."""
        merged = merge(node, self._context)
        if merged is None:
            return {}
        required = {
            name
            for assertion in merged.all("required")
            for name in assertion.part.texts("required")
        }
        found: dict[str, frozenset[Canonical]] = {}
        for assertion in merged.all("properties"):
            for name, entry in assertion.part.members("properties"):
                inner = merge(entry.value, self._context) if name in required else None
                lists = None if inner is None else inner.first("const", "enum")
                if lists is not None:
                    found[name] = frozenset(canonical(exact(each)) for each in listed(lists))
        return found


def _branches(assertion: Assertion) -> tuple[Node, ...]:
    return assertion.part.items(assertion.key)


def _differ(
    common: frozenset[str],
    one: Mapping[str, frozenset[Canonical]],
    other: Mapping[str, frozenset[Canonical]],
) -> bool:
    """Whether no value fits both; `common` are the JSON types of both."""
    if common - {"object"}:
        return False
    return not common or any(
        not values & other[name] for name, values in one.items() if name in other
    )


def _with_distinct_hints(branches: list[Branch]) -> tuple[Branch, ...]:
    """The branches, each with a name of its own."""
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    found = []
    for branch in branches:
        hint, number = branch.hint, numbers.get(branch.hint, 1)
        while hint in taken:
            number += 1
            hint = f"{branch.hint} {number}"
        numbers[branch.hint] = number
        taken.add(hint)
        found.append(replace(branch, hint=hint))
    return tuple(found)


def _kind_word(node: Node) -> str:
    """The name of a form without one: its only value, or else its JSON type."""
    if not isinstance(node, ObjectNode):
        return "value"
    constant = node.get("const")
    values = node.items("enum") if constant is None else (constant,)
    if len(values) == 1 and isinstance(values[0], ScalarNode) and values[0].value is not None:
        return json_text(values[0]).strip('"')
    return node.text("type") or "value"
