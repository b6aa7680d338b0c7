"""Rules in words, as used in errors and in header comments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

from mqbind.model.constraints import Bound, JsonType
from mqbind.model.types import (
    Choice,
    Integer,
    Interval,
    Map,
    NeedsOneOf,
    NeverTogether,
    Struct,
    Text,
)

JSON_TYPES = {
    JsonType.NULL: "null",
    JsonType.BOOLEAN: "a boolean",
    JsonType.INTEGER: "an integer",
    JsonType.PLAIN_INTEGER: "an integer without a point or an exponent",
    JsonType.NUMBER: "a number",
    JsonType.STRING: "a string",
    JsonType.ARRAY: "an array",
    JsonType.OBJECT: "an object",
}
"""The JSON types as nouns."""


def either(parts: Sequence[str], word: str = "or") -> str:
    """ "a", "a or b", "a, b or c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _interval(interval: Interval) -> str:
    match interval:
        case Interval(low=None, high=None):
            return "an integer"
        case Interval(low=low, high=None):
            return f"at least {low}"
        case Interval(low=None, high=high):
            return f"at most {high}"
        case Interval(low=low, high=high) if low == high:
            return str(low)
        case Interval(low=low, high=high):
            return f"{low} to {high}"


def integer_range(integer: Integer) -> str:
    """ "0 or at least 30"."""
    return either([_interval(interval) for interval in integer.intervals])


def number_range(low: Bound | None, high: Bound | None) -> str | None:
    """ "at least 0 and below 10", or None if every number is allowed."""
    if low and high and not (low.exclusive or high.exclusive):
        return f"{decimal(low.value)} to {decimal(high.value)}"
    parts = []
    if low:
        parts.append(f"{'above' if low.exclusive else 'at least'} {decimal(low.value)}")
    if high:
        parts.append(f"{'below' if high.exclusive else 'at most'} {decimal(high.value)}")
    return " and ".join(parts) or None


def decimal(value: Decimal) -> str:
    """The number without an exponent if it is short."""
    plain = format(value.normalize(), "f")
    return plain if len(plain) <= 20 else str(value)


def text_lengths(text: Text) -> str | None:
    """ "1 to 32 characters", or None if every length is allowed."""
    return counted(text.min_length, text.max_length, "character")


def counted(low: int, high: int | None, noun: str) -> str | None:
    """ "at least 1 item", or None if every count is allowed."""
    if high is None:
        return f"at least {_plural(low, noun)}" if low else None
    if low == 0:
        return f"at most {_plural(high, noun)}"
    return _plural(low, noun) if low == high else f"{low} to {_plural(high, noun)}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def choice_spellings(choices: Iterable[Choice]) -> str:
    """The spelling that is sent of every constant, as JSON: '"MD5" or "SHA256"'."""
    sent = [value.spellings[0] for choice in choices for value in choice.values]
    return either([json.dumps(spelling, ensure_ascii=False) for spelling in sent])


def presence(rule: NeedsOneOf) -> str:
    """ "text or url"."""
    return either([" and ".join(group) for group in rule.groups])


def never_together(rule: NeverTogether) -> str:
    """ "must not have ts and values"."""
    return f"must not have {either(rule.names, 'and')}"


def apart(kind: Map | Struct) -> list[str]:
    """Which members are never together, for a reader of the header, other than when sending."""
    found = [never_together(rule) for rule in kind.never_together if not rule.when_sending_only]
    return [f"{text[0].upper()}{text[1:]}." for text in found]
