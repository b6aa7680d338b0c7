"""Constraints in words: "must be a multiple of 0.01"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from mqbind.model.constraints import (
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
from mqbind.plan.text import rules

_VERBS = {
    "be": ("is", "are"),
    "have": ("has", "have"),
    "match": ("matches", "match"),
}
"""A verb after "must", and its singular and plural."""

_LONG = 100
"""Maximum number of characters for listing the rules of all parts."""

_DEPTH_MAX = 6
"""Maximum depth of nested constraints that are put in words."""


def rule(constraint: Constraint) -> str | None:
    """The whole rule; None if the parts of a constraint have their own. That of `Requires` is for
    each member."""
    match constraint:
        case Requires():
            return "is required"
        case AllOf() | Items() | Members() | IfMember() | If() | Unevaluated() | Shared():
            return None
        case _:
            wanted = demand(constraint)
            return f"must {wanted}" if wanted else None


def sentences(constraint: Constraint) -> list[str]:
    """The rules for a reader of the header, as far as they are short."""
    match constraint:
        case AllOf(parts=parts):
            return [text for part in parts for text in sentences(part)]
        case Requires(names=names):
            return [f"Must have {rules.either(names, 'and')}."]
        case IfMember(name=name, then=Requires(names=names)):
            return [f"With {name} there must be {rules.either(names, 'and')}."]
        case _:
            text = rule(constraint)
            return [f"{text[0].upper()}{text[1:]}."] if text else []


def demand(constraint: Constraint, depth: int = 0) -> str | None:
    """The words after "must"; None if there would be too many. `depth` is the number of enclosing
    constraints."""
    if depth > _DEPTH_MAX:
        return None
    match constraint:
        case AllOf() | AnyOf() | OneOf() | Not() | If() | Shared():
            return _of_parts(constraint, depth + 1)
        case Unevaluated():
            return None
        case HasItems() | Items() | Contains() | UniqueItems():
            return _of_array(constraint, depth + 1)
        case HasMembers() | Requires() | Members() | MemberNames() | IfMember():
            return _of_object(constraint, depth + 1)
        case _:
            return _of_value(constraint)


def _of_value(
    constraint: Never | HasType | IsOneOf | InRange | MultipleOf | HasLength | Matches,
) -> str | None:
    match constraint:
        case Never():
            return "be absent"
        case HasType(types=types):
            return f"be {rules.either([rules.JSON_TYPES[each] for each in types])}"
        case IsOneOf(texts=texts):
            return f"be {rules.either(texts)}" if texts else "be absent"
        case InRange(low=low, high=high):
            bounds = rules.number_range(low, high)
            return f"be {bounds}" if bounds else None
        case MultipleOf(divisor=divisor):
            return f"be a multiple of {rules.decimal(divisor)}"
        case HasLength(low=low, high=high):
            return _counted(low, high, "character")
        case Matches(pattern=pattern):
            return f"match {pattern.regex}"
        case _:
            assert_never(constraint)


def _of_array(constraint: HasItems | Items | Contains | UniqueItems, depth: int) -> str | None:
    match constraint:
        case HasItems(low=low, high=high):
            return _counted(low, high, "item")
        case Items():
            return None
        case Contains(item=item, low=1, high=None):
            return f"have an item that {_does(item, 0, depth) or 'matches'}"
        case Contains(item=item, low=low, high=high):
            counted = rules.counted(low, high, "item") or "items"
            return f"have {counted} that {_does(item, 1, depth) or 'match'}"
        case UniqueItems():
            return "have unique items"
        case _:
            assert_never(constraint)


def _of_object(
    constraint: HasMembers | Requires | Members | MemberNames | IfMember, depth: int
) -> str | None:
    match constraint:
        case HasMembers(low=low, high=high):
            return _counted(low, high, "member")
        case Requires(names=names):
            return f"have {rules.either(names, 'and')}" if names else None
        case MemberNames(name=name):
            return f"have members whose names {_does(name, 1, depth) or 'match'}"
        case Members() | IfMember():
            return None
        case _:
            assert_never(constraint)


def _of_parts(constraint: AllOf | AnyOf | OneOf | Not | If | Shared, depth: int) -> str | None:
    match constraint:
        case AllOf(parts=parts):
            return _together(parts, "and", depth)
        case AnyOf(parts=parts):
            return _together(parts, "or", depth) or f"match at least one of {_schemas(parts)}"
        case OneOf(parts=parts):
            return _exactly_one(parts, depth)
        case Not(part=part):
            wanted = None if isinstance(part, AllOf) else demand(part, depth)
            return (
                f"not {wanted}"
                if wanted and not wanted.startswith("not ")
                else "not match the excluded schema"
            )
        case If() | Shared():
            return None
        case _:
            assert_never(constraint)


def _counted(low: int, high: int | None, noun: str) -> str | None:
    counted = rules.counted(low, high, noun)
    return f"have {counted}" if counted else None


def _does(constraint: Constraint, number: int, depth: int) -> str | None:
    """ "is a string", "has 2 items"; "are strings" with `number` 1."""
    if isinstance(constraint, AllOf):
        parts = [_does(part, number, depth) for part in constraint.parts]
        known = [part for part in parts if part]
        return rules.either(known, "and") if known and len(known) == len(parts) else None
    wanted = demand(constraint, depth)
    verb, _, rest = (wanted or "").partition(" ")
    return f"{_VERBS[verb][number]} {rest}" if verb in _VERBS else None


def _together(parts: Sequence[Constraint], word: str, depth: int) -> str | None:
    """The rules of all parts, if they are short."""
    demands = [demand(part, depth) for part in parts]
    short = [each for each in demands if each and " or " not in each and " and " not in each]
    if not short or len(short) < len(parts) or sum(map(len, short)) > _LONG:
        return None
    return rules.either(short, word)


def _schemas(parts: Sequence[Constraint]) -> str:
    return rules.counted(len(parts), len(parts), "schema") or "no schema"


def _exactly_one(parts: Sequence[Constraint], depth: int) -> str:
    demands = _together(parts, "or", depth)
    count = f"exactly one of {_schemas(parts)}"
    return f"match {count}: {demands}" if demands else f"match {count}"
