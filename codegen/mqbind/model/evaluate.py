"""Whether a JSON value satisfies a constraint, as far as can be decided without the C code.

Values are plain data with exact numbers: None, bool, int, Decimal, str, list and dict.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import chain, repeat
from typing import Any, assert_never

from mqbind.model.constraints import (
    ANYTHING,
    AllOf,
    AnyOf,
    Bound,
    Constraint,
    Contains,
    Evaluated,
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
    Requires,
    Shared,
    Unevaluated,
    UniqueItems,
)

_DEPTH_MAX = 60
_STEPS_MAX = 2_000

Canonical = tuple[object, ...]


@dataclass(kw_only=True)
class Evaluator:
    """Evaluates constraints. None means unknown: a pattern is not supported, or it takes too long.

    `shared` finds the constraint that `Shared` names, `matches` whether a string matches a
    regular expression.
    """

    shared: Callable[[str], Constraint]
    matches: Callable[[str, str], bool | None] = lambda _regex, _text: None
    _known: dict[int, tuple[Constraint, Any]] = field(default_factory=dict)
    """Results by constraint, each with the constraint itself, because hashing one is slow."""
    _steps: int = 0
    _depth: int = 0

    def verdict(self, constraint: Constraint, value: object) -> bool | None:
        self._steps = self._depth = 0
        return self._holds(constraint, value)

    def _holds(self, constraint: Constraint, value: object) -> bool | None:
        self._steps += 1
        if self._steps > _STEPS_MAX or self._depth > _DEPTH_MAX:
            return None
        self._depth += 1
        found = self._evaluator(constraint, value)
        self._depth -= 1
        return found

    def _evaluator(self, constraint: Constraint, value: object) -> bool | None:
        match constraint:
            case Never():
                return False
            case HasType():
                return any(_is(value, its) for its in constraint.types)
            case IsOneOf():
                return canonical(value) in self._values(constraint)
            case InRange() | MultipleOf():
                return not _is(value, JsonType.NUMBER) or _fits(constraint, _exact(value))
            case HasLength() | Matches():
                return not isinstance(value, str) or self._fits_text(constraint, value)
            case HasItems() | Items() | Contains() | UniqueItems():
                return not isinstance(value, list) or self._fits_items(constraint, value)
            case HasMembers() | Requires() | Members() | MemberNames() | IfMember():
                return not isinstance(value, dict) or self._fits_members(constraint, value)
            case AllOf() | AnyOf() | OneOf() | Not() | If() | Shared():
                return self._combined(constraint, value)
            case Unevaluated():
                return not _is(value, constraint.its) or self._fits_rest(constraint, value)
            case _:
                assert_never(constraint)

    def _values(self, constraint: IsOneOf) -> frozenset[Canonical]:
        if id(constraint) not in self._known:
            self._known[id(constraint)] = (constraint, _listed(constraint.texts))
        found: frozenset[Canonical] = self._known[id(constraint)][1]
        return found

    def _named(self, constraint: Members) -> Mapping[str, Constraint | None]:
        if id(constraint) not in self._known:
            self._known[id(constraint)] = (constraint, dict(constraint.named))
        found: Mapping[str, Constraint | None] = self._known[id(constraint)][1]
        return found

    def _fits_text(self, constraint: HasLength | Matches, text: str) -> bool | None:
        if isinstance(constraint, Matches):
            return self.matches(constraint.pattern.regex, text)
        return _within(len(text), constraint.low, constraint.high)

    def _fits_items(
        self, constraint: HasItems | Items | Contains | UniqueItems, items: list[object]
    ) -> bool | None:
        match constraint:
            case HasItems():
                return _within(len(items), constraint.low, constraint.high)
            case UniqueItems():
                return len({canonical(item) for item in items}) == len(items)
            case Contains():
                return self._contains(constraint, items)
            case Items():
                rest = ANYTHING if constraint.rest is None else constraint.rest
                parts = chain(constraint.first, repeat(rest))
                return _all(map(self._holds, parts, items))

    def _contains(self, constraint: Contains, items: list[object]) -> bool | None:
        verdicts = [self._holds(constraint.item, item) for item in items]
        sure = verdicts.count(True)
        counts = range(sure, sure + verdicts.count(None) + 1)
        found = {_within(count, constraint.low, constraint.high) for count in counts}
        return found.pop() if len(found) == 1 else None

    def _fits_rest(self, constraint: Unevaluated, value: Any) -> bool | None:
        """Whether whatever is not evaluated may be there."""
        met = [
            (each, each.condition is None or self._holds(each.condition, value))
            for each in constraint.evaluated
        ]
        content = value.items() if isinstance(value, dict) else enumerate(value)
        return _all(
            _any(
                [
                    *(_all([is_met, self._covers(each, key, inner)]) for each, is_met in met),
                    self._holds(constraint.other, inner),
                ]
            )
            for key, inner in content
        )

    def _covers(self, each: Evaluated, key: Any, value: object) -> bool | None:
        match each.covers:
            case Items(first=first, rest=rest):
                return key < len(first) or (rest is not None and self._holds(rest, value))
            case Members(named=named, matching=matching):
                known = any(key == name for name, _ in named)
                return known or _any(self.matches(pattern.regex, key) for pattern, _ in matching)
            case None:
                return True

    def _fits_members(
        self,
        constraint: HasMembers | Requires | Members | MemberNames | IfMember,
        members: Mapping[str, object],
    ) -> bool | None:
        match constraint:
            case HasMembers():
                return _within(len(members), constraint.low, constraint.high)
            case Requires():
                return all(name in members for name in constraint.names)
            case MemberNames():
                return _all(self._holds(constraint.name, name) for name in members)
            case IfMember():
                return constraint.name not in members or self._holds(constraint.then, members)
            case Members():
                named = self._named(constraint)
                return _all(
                    self._fits_member(constraint, named, name, value)
                    for name, value in members.items()
                )

    def _fits_member(
        self,
        constraint: Members,
        named: Mapping[str, Constraint | None],
        name: str,
        value: object,
    ) -> bool | None:
        matched = [
            (self.matches(pattern.regex, name), part) for pattern, part in constraint.matching
        ]
        doubtful = [part for matches, part in matched if matches is None]
        parts = [named[name]] if name in named else []
        parts += [part for matches, part in matched if matches]
        verdicts = [part is None or self._holds(part, value) for part in parts]
        if name not in named and not any(matches for matches, _ in matched):
            other = constraint.other is None or self._holds(constraint.other, value)
            verdicts.append(other or (None if doubtful else other))
        verdicts += [part is None or self._holds(part, value) or None for part in doubtful]
        return _all(verdicts)

    def _combined(
        self, constraint: AllOf | AnyOf | OneOf | Not | If | Shared, value: object
    ) -> bool | None:
        match constraint:
            case AllOf():
                return _all(self._holds(part, value) for part in constraint.parts)
            case AnyOf():
                return _any(self._holds(part, value) for part in constraint.parts)
            case OneOf():
                return _one([self._holds(part, value) for part in constraint.parts])
            case Not():
                found = self._holds(constraint.part, value)
                return None if found is None else not found
            case If():
                condition = self._holds(constraint.condition, value)
                if condition is None:
                    return None
                part = constraint.then if condition else constraint.otherwise
                return part is None or self._holds(part, value)
            case Shared():
                return self._holds(self.shared(constraint.key), value)


def canonical(value: object) -> Canonical:
    """A hashable key, the same for equal values: 1 equals 1.0, the order of members does not
    matter."""
    match value:
        case list():
            return ("array", *(canonical(item) for item in value))
        case dict():
            return ("object", frozenset((name, canonical(its)) for name, its in value.items()))
        case bool() | None:
            return (value,)
        case int() | Decimal():
            return ("number", Decimal(value))
        case _:
            return ("string", value)


def _listed(texts: tuple[str, ...]) -> frozenset[Canonical]:
    return frozenset(canonical(json.loads(text, parse_float=Decimal)) for text in texts)


def _is(value: object, its: JsonType) -> bool:
    match its:
        case JsonType.NULL:
            return value is None
        case JsonType.BOOLEAN:
            return isinstance(value, bool)
        case JsonType.STRING:
            return isinstance(value, str)
        case JsonType.ARRAY:
            return isinstance(value, list)
        case JsonType.OBJECT:
            return isinstance(value, dict)
        case JsonType.NUMBER:
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case JsonType.INTEGER:
            return _is(value, JsonType.NUMBER) and _exact(value).denominator == 1
        case JsonType.PLAIN_INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)


def _exact(value: object) -> Fraction:
    assert isinstance(value, int | Decimal)
    return Fraction(value)


def _fits(constraint: InRange | MultipleOf, number: Fraction) -> bool:
    if isinstance(constraint, MultipleOf):
        return (number / Fraction(constraint.divisor)).denominator == 1
    low, high = constraint.low, constraint.high
    above = low is None or number > Fraction(low.value) or _is_at(low, number)
    return above and (high is None or number < Fraction(high.value) or _is_at(high, number))


def _is_at(bound: Bound, number: Fraction) -> bool:
    return not bound.exclusive and number == Fraction(bound.value)


def _within(count: int, low: int, high: int | None) -> bool:
    return low <= count and (high is None or count <= high)


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    found: bool | None = True
    for verdict in verdicts:
        if verdict is False:
            return False
        found = None if verdict is None else found
    return found


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    found: bool | None = False
    for verdict in verdicts:
        if verdict is True:
            return True
        found = None if verdict is None else found
    return found


def _one(verdicts: list[bool | None]) -> bool | None:
    if verdicts.count(True) > 1:
        return False
    return None if None in verdicts else True in verdicts
