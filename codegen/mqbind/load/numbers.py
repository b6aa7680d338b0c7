"""Schemas of numbers: integers as sets, also in the form of text, and numbers with a fraction."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from mqbind.diagnostics import Location
from mqbind.load.context import Context
from mqbind.load.integer_text import NotWholeNumbersError, range_of
from mqbind.load.intervals import IntegerSet
from mqbind.load.keywords import (
    BOUNDS,
    COMBINERS,
    admit,
    assertions,
    refuse,
)
from mqbind.load.nodes import ArrayNode, Entry, Node, ObjectNode, ScalarNode, integral
from mqbind.model.types import Integer, Interval, Number, Wire
from mqbind.model.values import Bound, Pattern

_DEPTH_MAX = 32
_STORAGE = {
    f"{sign}int{bits}": (0 if sign else -(2 ** (bits - 1)), 2 ** (bits - (0 if sign else 1)) - 1)
    for bits in (8, 16, 32, 64)
    for sign in ("", "u")
}
_NOT_FOLLOWED = ("multipleOf", "if", "then", "else")


class Numbers:
    """Reads the schemas of numbers."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sets: dict[ObjectNode, IntegerSet | None] = {}
        self._underway: set[Node] = set()

    def integer(self, node: ObjectNode) -> Integer | None:
        """An integer that travels as a JSON number."""
        found = self._integers(node, (*BOUNDS, *COMBINERS, "type"), ("integer",))
        if found is None:
            return None
        storage = node.text("x-mqbind-type")
        if storage is not None and not found <= _held_by(storage):
            self._report_too_small(node, storage, "every valid value")
            return None
        return Integer(intervals=found.as_model(), storage=storage)

    def integer_text(self, node: ObjectNode, wires: tuple[Wire, ...]) -> Integer | None:
        """An integer that travels as text, or as either; the first of `wires` is sent."""
        storage = node.text("x-mqbind-type") or "int64"
        words = ("type", "pattern", *(BOUNDS if Wire.NUMBER in wires else ()))
        kinds = ("string", "integer") if Wire.NUMBER in wires else ("string",)
        if not admit(node, kinds, words, self._context.diagnostics):
            return None
        texts = self._texts(node, storage)
        numbers = self._integers(node, words, kinds) if Wire.NUMBER in wires else texts
        if texts is None or numbers is None:
            return None
        if not numbers <= _held_by(storage):
            self._report_too_small(node, storage, "every valid number")
            return None
        return Integer(
            intervals=numbers.as_model(),
            wires=wires,
            pattern=Pattern(
                regex=node.text("pattern") or "", location=_value_location(node, "pattern")
            ),
            storage=storage,
        )

    def number(self, node: ObjectNode) -> Number | None:
        """A number that may have a fraction."""
        if not admit(node, ("number",), ("type", *BOUNDS), self._context.diagnostics):
            return None
        low = _tightest(node, "minimum", "exclusiveMinimum", above=True)
        high = _tightest(node, "maximum", "exclusiveMaximum", above=False)
        if low is None or high is None or low.value < high.value:
            return Number(low=low, high=high)
        if low.value == high.value and not (low.exclusive or high.exclusive):
            return Number(low=low, high=high)
        self._report_empty(node)
        return None

    def _integers(
        self, node: ObjectNode, words: tuple[str, ...], kinds: tuple[str, ...]
    ) -> IntegerSet | None:
        if not admit(node, kinds, words, self._context.diagnostics):
            return None
        found = self._set(node)
        if found is None:
            return None
        machine = IntegerSet.between(_STORAGE["int64"][0], _STORAGE["uint64"][1])
        if not found & machine:
            self._report_empty(node)
            return None
        return found

    def _report_empty(self, node: ObjectNode) -> None:
        diagnostics = self._context.diagnostics
        low = _tightest(node, "minimum", "exclusiveMinimum", above=True)
        high = _tightest(node, "maximum", "exclusiveMaximum", above=False)
        lower = next((key for key in BOUNDS[:2] if key in node), None)
        upper = next((key for key in BOUNDS[2:] if key in node), None)
        if low and high and lower and upper and low.value >= high.value:
            diagnostics.error(
                node.key_location(lower),
                f"`{lower}` {low.value} is above `{upper}` {high.value}"
                if low.value > high.value
                else f"nothing lies between `{lower}` {low.value} and `{upper}` {high.value}",
                "exchange or correct them",
            )
            return
        diagnostics.error(
            node.location, "no number of a C type satisfies this schema", "correct its bounds"
        )

    def _report_too_small(self, node: ObjectNode, storage: str, what: str) -> None:
        low, high = _STORAGE[storage]
        self._context.diagnostics.error(
            _value_location(node, "x-mqbind-type"),
            f"{storage} ({low} to {high}) cannot hold {what}",
            "name a larger type, or narrow the schema with `minimum`, `maximum` or `pattern`",
        )

    def _texts(self, node: ObjectNode, storage: str) -> IntegerSet | None:
        """What the text form can say, as far as the C type reaches."""
        pattern = node.text("pattern")
        if pattern is None:
            self._context.diagnostics.error(
                node.location,
                "a text that carries an integer needs a `pattern`",
                "add one that admits whole numbers only: `pattern: '^[0-9]{1,9}$'`",
            )
            return None
        location = _value_location(node, "pattern")
        try:
            found = range_of(pattern)
        except NotWholeNumbersError as reason:
            self._context.diagnostics.error(
                location,
                f"the pattern of a text that carries an integer must admit whole numbers only: "
                f"{reason}",
                "write one such as `^[0-9]{1,9}$`, or drop `x-mqbind-type` to get the text",
            )
            return None
        low, high = _STORAGE[storage]
        if found is not None and low <= found.low and found.high <= high:
            return IntegerSet.between(found.low, found.high)
        if not storage.endswith("64") or (found is not None and found.low < low == 0):
            self._report_too_small(node, storage, "every text that `pattern` admits")
            return None
        return IntegerSet.between(low, high)

    def _set(self, node: Node) -> IntegerSet | None:
        """The integers that a schema accepts; None after an error."""
        target = self._context.references.follow(node)
        if target is None:
            return None
        if isinstance(target, ScalarNode) and isinstance(target.value, bool):
            return IntegerSet.everything() if target.value else IntegerSet(())
        if not isinstance(target, ObjectNode):
            self._context.diagnostics.error(
                target.location, "a schema must be an object", "write its keywords here"
            )
            return None
        if target not in self._sets:
            self._sets[target] = self._guarded(target)
        return self._sets[target]

    def _guarded(self, node: ObjectNode) -> IntegerSet | None:
        if node in self._underway or len(self._underway) > _DEPTH_MAX:
            self._context.diagnostics.error(
                node.location,
                "a schema of integers inside itself, or nested too deeply",
                "write its bounds out",
            )
            return None
        self._underway.add(node)
        found = self._intersection(node)
        self._underway.remove(node)
        return found

    def _intersection(self, node: ObjectNode) -> IntegerSet | None:
        if not self._context.schema(node):
            return None
        parts = [self._part(key, entry) for key, entry in assertions(node)]
        found = IntegerSet.everything()
        for part in parts:
            if part is None:
                return None
            found &= part
        return found

    def _part(self, key: str, entry: Entry) -> IntegerSet | None:
        """What one keyword leaves."""
        if key in _NOT_FOLLOWED:
            refuse(key, entry, self._context.diagnostics)
            return None
        if key in COMBINERS:
            return self._combined(key, entry.value)
        return _simple(key, entry.value)

    def _combined(self, key: str, node: Node) -> IntegerSet | None:
        branches = node.items if isinstance(node, ArrayNode) else (node,)
        sets = []
        for branch in branches:
            found = self._set(branch)
            if found is None:
                return None
            sets.append(found)
        match key:
            case "allOf":
                return _all_of(sets)
            case "anyOf":
                return _any_of(sets)
            case "oneOf":
                return _one_of(sets)
            case _:
                return ~sets[0]


def _held_by(storage: str) -> IntegerSet:
    """What a C type can hold, or is not asked to: beyond 64 bits the machine ends, not the type."""
    low, high = _STORAGE[storage]
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


def _simple(key: str, node: Node) -> IntegerSet:
    """What a keyword without schemas in it leaves of the integers."""
    if key == "type":
        return _of_type(node)
    if key in ("const", "enum"):
        items = node.items if key == "enum" and isinstance(node, ArrayNode) else (node,)
        values = [integral(item.value) for item in items if isinstance(item, ScalarNode)]
        return IntegerSet.of(value for value in values if value is not None)
    value = _number(node)
    if value is None:
        return IntegerSet.everything()
    match key:
        case "minimum":
            return IntegerSet.between(math.ceil(value), math.inf)
        case "exclusiveMinimum":
            return IntegerSet.between(math.floor(value) + 1, math.inf)
        case "maximum":
            return IntegerSet.between(-math.inf, math.floor(value))
        case "exclusiveMaximum":
            return IntegerSet.between(-math.inf, math.ceil(value) - 1)
        case _:
            return IntegerSet.everything()


def _of_type(node: Node) -> IntegerSet:
    items = node.items if isinstance(node, ArrayNode) else (node,)
    names = {item.value for item in items if isinstance(item, ScalarNode)}
    return IntegerSet.everything() if names & {"integer", "number"} else IntegerSet(())


def _number(node: Node | None) -> Fraction | None:
    value = node.value if isinstance(node, ScalarNode) else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Fraction(value)


def _tightest(node: ObjectNode, inclusive: str, exclusive: str, *, above: bool) -> Bound | None:
    """The narrower of the two bounds on one side."""
    bounds = []
    for key in (exclusive, inclusive):
        value = node.get(key)
        if isinstance(value, ScalarNode) and _number(value) is not None:
            bounds.append(Bound(value=Decimal(str(value.value)), exclusive=key == exclusive))
    if not bounds:
        return None
    choose = max if above else min
    return choose(bounds, key=lambda bound: bound.value)


def _value_location(node: ObjectNode, key: str) -> Location:
    value = node.get(key)
    return node.location if value is None else value.location


def singles(values: list[int]) -> tuple[Interval, ...]:
    """Just these integers."""
    return IntegerSet.of(values).as_model()
