"""Whether a value of the document can be stored in C, and whether it is valid."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import assert_never

from mqbind.model.evaluate import Evaluator
from mqbind.model.integer_ranges import INTEGER_RANGES
from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Constrained,
    Definition,
    Integer,
    Json,
    Map,
    Member,
    Named,
    NamedContainer,
    NeverTogether,
    Null,
    Nullable,
    Number,
    Scalar,
    Struct,
    Text,
    Type,
    Union,
    Wire,
)
from mqbind.plan.patterns.compiler import accepts
from mqbind.plan.symbols.table import SymbolTable, same_scalar
from mqbind.plan.values.containers import inline_bytes
from mqbind.plan.values.integer_types import integer_type


class Fit(IntEnum):
    """How well a value fits a type; the worst part of a value counts."""

    OUTSIDE = 0
    """The C type cannot hold it."""
    INVALID = 1
    """The C type holds it, or it is null; the schema refuses it."""
    VALID = 2


@dataclass(frozen=True, kw_only=True)
class Fitting:
    """Compares values, which are plain data with exact numbers, with types."""

    symbols: SymbolTable
    _evaluator: Evaluator = field(init=False)
    _found: dict[tuple[str, int], tuple[object, Fit]] = field(default_factory=dict)
    """By the key of a definition and the identity of a value, which is kept for that."""

    def __post_init__(self) -> None:
        shared = self.symbols.constraints.__getitem__
        object.__setattr__(self, "_evaluator", Evaluator(shared=shared, matches=accepts))

    def of(self, its: Type, value: object) -> Fit:
        """How well the value fits."""
        match its:
            case Constrained(type=inner, constraint=constraint):
                return self._satisfies(constraint, value, self.of(inner, value))
            case Nullable(type=inner):
                return Fit.VALID if value is None else self.of(inner, value)
            case Null():
                return Fit.VALID if value is None else Fit.OUTSIDE
            case _ if value is None and its != Json():
                return self._of_null(its)
            case Array() | Map():
                return self._of_container(its, value)
            case Named(key=key):
                return self._of_named(key, value)
            case Boolean() | Integer() | Number() | Text() | Scalar() | Json() | Bytes():
                return _of_scalar(its, value)
            case _:
                assert_never(its)

    def _of_named(self, key: str, value: object) -> Fit:
        place = key, id(value)
        if place not in self._found:
            fit = self._of_definition(self.symbols.definition(key), value)
            self._found[place] = value, fit
        return self._found[place][1]

    def _satisfies(self, constraint: object, value: object, found: Fit) -> Fit:
        if found is not Fit.VALID or constraint is None:
            return found
        holds = self._evaluator.verdict(constraint, held(value))  # type: ignore[arg-type]
        return Fit.VALID if holds else Fit.INVALID

    def _of_null(self, its: Type) -> Fit:
        named = self.symbols.definition(its.key) if isinstance(its, Named) else None
        if isinstance(named, Union | NamedContainer):
            return max(Fit.INVALID, self._of_definition(named, None))
        return Fit.INVALID

    def _of_container(self, its: Array | Map, value: object) -> Fit:
        if isinstance(its, Map):
            if not isinstance(value, dict):
                return Fit.OUTSIDE
            found = _worst(self.of(its.value, each) for each in value.values())
            return found if _obeys(value, its.never_together) else min(found, Fit.INVALID)
        if not isinstance(value, list) or (its.inline and len(value) > max(1, its.max_items or 0)):
            return Fit.OUTSIDE
        within = its.min_items <= len(value) and (
            its.max_items is None or len(value) <= its.max_items
        )
        items = _worst(self.of(its.item, each) for each in value)
        return items if within else min(items, Fit.INVALID)

    def _of_definition(self, its: Definition, value: object) -> Fit:
        match its:
            case NamedContainer(type=inner):
                return self.of(inner, value)
            case Choice():
                return _of_choice(its, value)
            case Union():
                branches = [self.of(branch.type, value) for branch in its.branches]
                return self._satisfies(its.constraint, value, max(branches))
            case Struct():
                return self._satisfies(its.constraint, value, self._of_struct(its, value))
            case _:
                assert_never(its)

    def _of_struct(self, struct: Struct, value: object) -> Fit:
        if not isinstance(value, dict):
            return Fit.OUTSIDE
        present = [each for each in struct.members if each.json_name in value]
        complete = all(each.json_name in value for each in struct.members if each.required)
        ruled = all(
            any(all(name in value for name in group) for group in rule.groups)
            for rule in struct.rules
            if not rule.when_sending_only
        ) and _obeys(value, struct.never_together)
        listed = not struct.closed or len(present) == len(value)
        others = self.others_of(struct, value)
        members = _worst(
            self.of(each.type, value[each.json_name])
            for each in present
            if each.json_name not in others
        )
        if struct.others:
            members = min(members, self.of(struct.others.type, others))
        return members if complete and ruled and listed else min(members, Fit.INVALID)

    def others_of(self, struct: Struct, value: Mapping[str, object]) -> dict[str, object]:
        """The members of a value that are in the map beside the fields."""
        members = {each.json_name: each for each in struct.members}
        return {
            name: each
            for name, each in value.items()
            if self._is_other(struct, members.get(name), name, each)
        }

    def _is_other(self, struct: Struct, member: Member | None, name: str, value: object) -> bool:
        if member is not None:
            return member.loose and self.of(member.type, value) is not Fit.VALID
        if struct.others is None or not struct.others.unknown:
            return False
        return struct.others.pattern is None or accepts(struct.others.pattern.regex, name) is True


def held(value: object) -> object:
    """The value with each fraction as the double that holds it, in its shortest form."""
    match value:
        case Decimal() if value != value.to_integral_value() and math.isfinite(float(value)):
            return Decimal(repr(float(value)))
        case list():
            return [held(each) for each in value]
        case dict():
            return {name: held(each) for name, each in value.items()}
        case _:
            return value


def _obeys(value: Mapping[str, object], rules: Iterable[NeverTogether]) -> bool:
    return not any(
        all(name in value for name in rule.names) for rule in rules if not rule.when_sending_only
    )


def _worst(fits: Iterable[Fit]) -> Fit:
    return min(fits, default=Fit.VALID)


def _number(value: object) -> Decimal | None:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return Decimal(value) if is_number else None  # type: ignore[arg-type]


def _of_scalar(
    its: Boolean | Integer | Number | Text | Scalar | Json | Bytes, value: object
) -> Fit:
    match its:
        case Boolean():
            return Fit.VALID if isinstance(value, bool) else Fit.OUTSIDE
        case Integer():
            return _of_integer(its, value)
        case Number():
            return _of_number(its, value)
        case Text():
            return _of_text(its, value) if isinstance(value, str) else Fit.OUTSIDE
        case Scalar():
            low, high = INTEGER_RANGES["int64"]
            number = integral(value)
            fits = isinstance(value, str) or (number is not None and low <= number <= high)
            return Fit.VALID if fits else Fit.OUTSIDE
        case Json() | Bytes():
            return Fit.VALID
        case _:
            assert_never(its)


def integral(value: object) -> int | None:
    """A number whose value is an integer, also if written as 1.0."""
    number = _number(value)
    if number is None or number.adjusted() > len(str(INTEGER_RANGES["uint64"][1])):
        return None
    return int(number) if number == number.to_integral_value() else None


def integer_of(its: Integer, value: object) -> int | None:
    """The integer that a number or a string carries."""
    if isinstance(value, str) and Wire.STRING in its.wires:
        digits = value.removeprefix("-")
        return int(value) if digits.isascii() and digits.isdigit() and len(digits) <= 20 else None
    return integral(value)


def _of_integer(its: Integer, value: object) -> Fit:
    number, kind = integer_of(its, value), integer_type(its)
    if number is None or not kind.low <= number <= kind.high:
        return Fit.OUTSIDE
    if isinstance(value, str):
        allowed = its.pattern is None or accepts(its.pattern.regex, value) is True
    else:
        allowed = Wire.NUMBER in its.wires and any(
            (span.low is None or span.low <= number) and (span.high is None or number <= span.high)
            for span in its.intervals
        )
    return Fit.VALID if allowed else Fit.INVALID


def _of_number(its: Number, value: object) -> Fit:
    number = _number(value)
    if number is None or math.isinf(float(number)):
        return Fit.OUTSIDE
    printed = Decimal(repr(float(number)))
    if number == number.to_integral_value() and number not in (printed, Decimal(float(number))):
        return Fit.OUTSIDE
    low, high = its.low, its.high
    above = low is None or printed > low.value or (printed == low.value and not low.exclusive)
    below = high is None or printed < high.value or (printed == high.value and not high.exclusive)
    return Fit.VALID if above and below else Fit.INVALID


def _of_text(its: Text, value: str) -> Fit:
    if its.inline and ("\0" in value or len(value.encode()) >= inline_bytes(its)):
        return Fit.OUTSIDE
    short = its.max_length is None or len(value) <= its.max_length
    fits = short and len(value) >= its.min_length
    if fits and its.pattern is not None:
        fits = accepts(its.pattern.regex, value) is True
    return Fit.VALID if fits else Fit.INVALID


def _of_choice(choice: Choice, value: object) -> Fit:
    if any(same_scalar(value, spelling) for spelling in choice.spellings):
        return Fit.VALID
    words = isinstance(choice.spellings[0], str)
    same_type = isinstance(value, str) if words else integral(value) is not None
    return Fit.INVALID if same_type else Fit.OUTSIDE
