"""Schemas of numbers: integers as sets, also in the form of strings, and numbers with a
fraction."""

from __future__ import annotations

import math
from fractions import Fraction

from mqbind.diagnostics import Location
from mqbind.load.document.nodes import Node, ObjectNode, ScalarNode, integral
from mqbind.load.jsonschema import bounds, translation
from mqbind.load.jsonschema.constraints import Constraints, pattern_of
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.coverage import Coverage
from mqbind.load.jsonschema.integer_pattern import NotIntegersError, range_of
from mqbind.load.jsonschema.integer_set import IntegerSet
from mqbind.load.jsonschema.json_types import declared, listed
from mqbind.load.jsonschema.keywords import BOUNDS, is_about
from mqbind.load.jsonschema.merged import Assertion, MergedSchema, merge
from mqbind.model.integer_ranges import INTEGER_RANGES, LARGEST, SMALLEST
from mqbind.model.types import Integer, Number, Scalar, Type, Wire
from mqbind.rules import Rule

_DEPTH_MAX = 20
_WIRES = {"integer": Wire.NUMBER, "string": Wire.STRING}
_MACHINE = IntegerSet.between(SMALLEST, LARGEST)


class Numbers:
    """Reads the schemas of numbers."""

    def __init__(self, constraints: Constraints, context: Context) -> None:
        self._constraints = constraints
        self._context = context
        self._sets: dict[Node, IntegerSet | None] = {}
        self._depth = 0

    def integer(self, merged: MergedSchema) -> Type | None:
        """An integer sent as a JSON number."""
        found, rules = self._integers(merged)
        known = Coverage(rules)
        storage = _text(merged, "x-mqbind-type")
        if storage is not None and not found <= _held_by(storage):
            self._report_too_small(merged, storage, "every valid value")
            return None
        if not found & _MACHINE:
            self._warn_empty(merged)
            found, known = IntegerSet.everything(), Coverage(merged.all("type"))
        its = Integer(intervals=found.as_model(), storage=storage)
        return self._constraints.constrain(its, merged, known)

    def number(self, merged: MergedSchema) -> Type:
        """A number that may have a fraction."""
        low, high = bounds.lower(merged.parts), bounds.upper(merged.parts)
        if bounds.is_range(low, high):
            known = Coverage(merged.all("type", *BOUNDS))
            return self._constraints.constrain(Number(low=low, high=high), merged, known)
        self._warn_empty(merged)
        return self._constraints.constrain(Number(), merged, Coverage(merged.all("type")))

    def scalar(self, merged: MergedSchema) -> Type | None:
        """An integer or a string: an integer in both forms if all strings are integers."""
        storage = _text(merged, "x-mqbind-type")
        pattern = _text(merged, "pattern")
        if storage is None and (pattern is None or not _is_of_integers(pattern)):
            return self._constraints.constrain(Scalar(), merged, Coverage(merged.all("type")))
        assertion = merged.first("type")
        names = () if assertion is None else assertion.part.texts("type")
        return self.text(merged, tuple(_WIRES[name] for name in names if name in _WIRES))

    def text(self, merged: MergedSchema, wires: tuple[Wire, ...]) -> Type | None:
        """An integer sent as a string, or accepted as either; the first of `wires` is sent."""
        storage = _text(merged, "x-mqbind-type") or "int64"
        assertion = merged.first("pattern")
        texts = self._texts(merged, assertion, storage)
        if texts is None or assertion is None:
            return None
        known = Coverage([*merged.all("type"), assertion])
        numbers = texts
        if Wire.NUMBER in wires:
            numbers, in_numbers = self._integers(merged)
            known.add(*(each for each in in_numbers if is_about(each.key, "integer")))
            held = IntegerSet.between(*INTEGER_RANGES[storage])
            pair = (numbers & held, texts) if wires[0] is Wire.STRING else (texts, numbers)
            if Wire.STRING in wires and not pair[0] <= pair[1]:
                self._warn_unsent(assertion)
        if not numbers <= _held_by(storage):
            self._report_too_small(merged, storage, "every valid number")
            return None
        its = Integer(
            intervals=numbers.as_model(),
            wires=wires,
            pattern=pattern_of(assertion.value),
            storage=storage,
        )
        return self._constraints.constrain(its, merged, known)

    def _warn_unsent(self, assertion: Assertion) -> None:
        self._context.diagnostics.warning(
            Rule.UNSENDABLE_VALUE,
            assertion.entry.location,
            "some values are accepted in one form, number or string, but cannot be sent in the "
            "other",
            "make `minimum` and `maximum` allow the same values as `pattern`",
        )

    def _warn_empty(self, merged: MergedSchema) -> None:
        low, high = bounds.lower(merged.parts), bounds.upper(merged.parts)
        lower, upper = merged.first(*bounds.LOWER), merged.first(*bounds.UPPER)
        if low and high and lower and upper and low.value >= high.value:
            self._context.diagnostics.warning(
                Rule.EMPTY_RANGE,
                lower.entry.location,
                f"`{lower.key}` {low.value} is greater than `{upper.key}` {high.value}"
                if low.value > high.value
                else f"no value lies between `{lower.key}` {low.value} and `{upper.key}` "
                f"{high.value}",
                "swap or fix them",
            )
            return
        self._context.diagnostics.warning(
            Rule.UNSATISFIABLE_SCHEMA,
            merged.owner.location,
            "no number that fits a C type satisfies this schema",
            "fix its bounds",
        )

    def _report_too_small(self, merged: MergedSchema, storage: str, what: str) -> None:
        low, high = INTEGER_RANGES[storage]
        self._context.diagnostics.error(
            Rule.TYPE_TOO_SMALL,
            _location(merged, "x-mqbind-type"),
            f"{storage} ({low} to {high}) cannot hold {what}",
            "choose a larger type, or narrow the schema with `minimum`, `maximum` or `pattern`",
        )

    def _texts(
        self, merged: MergedSchema, assertion: Assertion | None, storage: str
    ) -> IntegerSet | None:
        """The integers of the string form, within the range of the C type."""
        if assertion is None:
            self._context.diagnostics.error(
                Rule.MISSING_INTEGER_PATTERN,
                merged.owner.location,
                "a string that carries an integer requires a `pattern`",
                "add one that matches only integers: `pattern: '^[0-9]{1,9}$'`",
            )
            return None
        try:
            found = range_of(pattern_of(assertion.value).regex)
        except NotIntegersError as reason:
            self._context.diagnostics.error(
                Rule.INVALID_INTEGER_PATTERN,
                assertion.value.location,
                "the pattern of a string that carries an integer must match only integers: "
                f"{reason}",
                "write one such as `^[0-9]{1,9}$`, or remove `x-mqbind-type` to keep the string",
            )
            return None
        low, high = INTEGER_RANGES[storage]
        if found is not None and low <= found.low and found.high <= high:
            return IntegerSet.between(found.low, found.high)
        if not storage.endswith("64") or (found is not None and found.low < low == 0):
            self._report_too_small(merged, storage, "every string that `pattern` matches")
            return None
        return IntegerSet.between(low, high)

    def _integers(self, merged: MergedSchema) -> tuple[IntegerSet, list[Assertion]]:
        """A set with every valid integer, and the keywords that it expresses completely."""
        found, known = IntegerSet.everything(), []
        for assertion in merged.assertions:
            part = self._part(assertion)
            if part is not None:
                found &= part
                known.append(assertion)
        return found, known

    def _part(self, assertion: Assertion) -> IntegerSet | None:
        """The integers that one keyword allows; None if that is not a set of intervals."""
        match assertion.key:
            case "anyOf" | "oneOf" | "not":
                return self._combined(assertion)
            case "if" | "then" | "else":
                return self._branched(assertion.part)
            case "type":
                everything = "integer" in declared(assertion.part)
                return IntegerSet.everything() if everything else IntegerSet(())
            case "const" | "enum":
                scalars = [each for each in listed(assertion) if isinstance(each, ScalarNode)]
                values = [integral(each.value) for each in scalars]
                return IntegerSet.of(value for value in values if value is not None)
            case translation.PLAIN_INTEGER:
                return None  # about the spelling
            case _:
                return _bounded(assertion)

    def _combined(self, assertion: Assertion) -> IntegerSet | None:
        branches = assertion.part.items(assertion.key) or (assertion.value,)
        sets = []
        for branch in branches:
            found = self._set(branch)
            if found is None:
                return None
            sets.append(found)
        match assertion.key:
            case "anyOf":
                return _any_of(sets)
            case "oneOf":
                return _one_of(sets)
            case _:
                return ~sets[0]

    def _branched(self, node: ObjectNode) -> IntegerSet | None:
        """The integers that `if`, `then` and `else` allow together."""
        branches = [node.get(key) for key in ("if", "then", "else")]
        if branches[0] is None:
            return IntegerSet.everything()
        sets = [IntegerSet.everything() if each is None else self._set(each) for each in branches]
        condition, then, otherwise = sets
        if condition is None or then is None or otherwise is None:
            return None
        return (~condition | then) & (condition | otherwise)

    def _set(self, node: Node) -> IntegerSet | None:
        """The integers that a schema accepts, if that is a set of intervals."""
        target = self._context.schema(node)
        if isinstance(target, ScalarNode):
            return IntegerSet.everything() if target.value else IntegerSet(())
        if target is None or self._depth > _DEPTH_MAX:
            return None
        if target not in self._sets:
            self._depth += 1
            self._sets[target] = self._intersection(target)
            self._depth -= 1
        return self._sets[target]

    def _intersection(self, node: ObjectNode) -> IntegerSet | None:
        merged = merge(node, self._context)
        if merged is None or merged.refused:
            return None if merged is None else IntegerSet(())
        parts = [self._part(assertion) for assertion in merged.assertions]
        known = [part for part in parts if part is not None]
        return _all_of(known) if len(known) == len(parts) else None


def _is_of_integers(pattern: str) -> bool:
    try:
        range_of(pattern)
    except NotIntegersError:
        return False
    return True


def _held_by(storage: str) -> IntegerSet:
    """Whether a C type can hold the integers, ignoring everything beyond 64 bits."""
    low, high = INTEGER_RANGES[storage]
    return IntegerSet.between(
        -math.inf if storage == "int64" else low, math.inf if storage.endswith("64") else high
    )


def _all_of(sets: list[IntegerSet]) -> IntegerSet:
    found = IntegerSet.everything()
    for each in sets:
        found &= each
    return found


def _any_of(sets: list[IntegerSet]) -> IntegerSet:
    found = IntegerSet(())
    for each in sets:
        found |= each
    return found


def _one_of(sets: list[IntegerSet]) -> IntegerSet:
    once, twice = IntegerSet(()), IntegerSet(())
    for each in sets:
        twice |= once & each
        once |= each
    return once & ~twice


def _bounded(assertion: Assertion) -> IntegerSet | None:
    """The integers allowed by a keyword about numbers; other keywords allow all."""
    if assertion.key == "multipleOf":
        divisor = bounds.number(assertion.part, assertion.key)
        is_of_all = divisor is None or (1 / Fraction(divisor)).denominator == 1
        return IntegerSet.everything() if is_of_all else None
    bound = bounds.bound(assertion.part, assertion.key) if assertion.key in BOUNDS else None
    if bound is None:
        return IntegerSet.everything()
    return IntegerSet.above(bound) if assertion.key in bounds.LOWER else IntegerSet.below(bound)


def _text(merged: MergedSchema, key: str) -> str | None:
    found = merged.own(key)
    return None if found is None else found[0].text(key)


def _location(merged: MergedSchema, key: str) -> Location:
    found = merged.own(key)
    return merged.owner.location if found is None else found[1].location
