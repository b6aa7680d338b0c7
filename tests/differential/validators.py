"""Two independent opinions on a payload: Python's jsonschema, made exact, and ajv.

jsonschema gets its numbers as decimals, so its verdicts are those of the text; integers, multiples
and equality are decided here by exact value. Patterns are spelled so that Python's `re` takes them
for what they mean in ECMA-262. `format` is an annotation to both.

ajv computes with doubles. Its opinion counts where doubles are exact enough: see `suits_ajv`.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, Draft7Validator, ValidationError, validators
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for

JUDGE = Path(__file__).parent / "ajv" / "judge.mjs"
_SPACES = "\\t\\n\\v\\f\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_DATA = {"const", "enum", "default", "examples"}
"""Values below these are data, not schemas."""
_EXACT_DIGITS = 15
_EXACT_INTEGER = 2**53
_EXPONENT_MAX = 300


def exact(text: str) -> Any:
    """The value of a JSON text, to the last digit."""
    return json.loads(text, parse_float=Decimal)


def rounded(text: str) -> Any:
    """The value as doubles hold it; integers, and what no double holds, stay what they are."""
    return json.loads(text, parse_float=_nearest_double)


def rounds(text: str) -> bool:
    """Whether it has a number that is neither equal to its double nor the shortest form of it."""
    found: list[str] = []
    json.loads(text, parse_float=found.append, parse_int=found.append)
    return any(
        math.isfinite(float(each))
        and Decimal(each) not in (Decimal(float(each)), Decimal(repr(float(each))))
        for each in found
    )


def has_wide_integer(text: str) -> bool:
    """Whether it has an integer that a double does not hold exactly."""
    integers: list[int] = []
    json.loads(text, parse_int=lambda digits: integers.append(int(digits)))
    return any(abs(each) > 2**53 for each in integers)


def _nearest_double(number: str) -> Decimal:
    double = float(number)
    return Decimal(number) if math.isinf(double) else Decimal(repr(double))


def exact_schema(schema: Any) -> Any:
    """The schema with its fractions as decimals, and patterns in the dialect of Python."""
    match schema:
        case dict():
            return {key: _exact_keyword(key, value) for key, value in schema.items()}
        case list():
            return [exact_schema(item) for item in schema]
        case float():
            return Decimal(repr(schema))
        case _:
            return schema


def _exact_keyword(key: str, value: Any) -> Any:
    if key in _DATA:
        return json.loads(json.dumps(value), parse_float=Decimal)
    if key == "pattern" and isinstance(value, str):
        return python_pattern(value)
    if key == "patternProperties" and isinstance(value, dict):
        return {python_pattern(name): exact_schema(inner) for name, inner in value.items()}
    return exact_schema(value)


def python_pattern(ecma: str) -> str:
    """An expression of ECMA-262, in the dialect of `re`."""
    return f"(?a:{''.join(_python_pieces(ecma))})"


def _python_pieces(ecma: str) -> Iterator[str]:
    in_class = False
    for piece in re.findall(r"\\.|.", ecma, re.DOTALL):
        match piece:
            case "$" if not in_class:
                yield "\\Z"
            case "." if not in_class:
                yield "[^\\n\\r\u2028\u2029]"
            case "\\s":
                yield _SPACES if in_class else f"[{_SPACES}]"
            case "\\S":
                assert not in_class, f"{ecma} has no counterpart"
                yield f"[^{_SPACES}]"
            case _:
                yield piece
        in_class = piece == "[" or (in_class and piece != "]")


def same(one: Any, other: Any) -> bool:
    """JSON values that are equal: 1 is 1.0, true is not 1, members have no order."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _is_number(_: Any, value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_integer(checker: Any, value: Any) -> bool:
    return _is_number(checker, value) and (
        isinstance(value, int) or value == value.to_integral_value()
    )


def _is_plain_integer(_: Any, value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


Errors = Iterator[ValidationError]


def _multiple_of(validator: Any, divisor: Any, value: Any, _: Any) -> Errors:
    if not validator.is_type(value, "number"):
        return
    if (Fraction(value) / Fraction(divisor)).denominator != 1:
        yield ValidationError("no multiple")


def _unique_items(validator: Any, wanted: bool, value: Any, _: Any) -> Errors:
    if wanted and validator.is_type(value, "array"):
        pairs = ((one, value[at]) for at in range(len(value)) for one in value[:at])
        if any(same(one, other) for one, other in pairs):
            yield ValidationError("not unique")


def _const(_: Any, constant: Any, value: Any, __: Any) -> Errors:
    if not same(constant, value):
        yield ValidationError("another value")


def _enum(_: Any, constants: Any, value: Any, __: Any) -> Errors:
    if not any(same(constant, value) for constant in constants):
        yield ValidationError("none of the values")


_EXACT = {"multipleOf": _multiple_of, "uniqueItems": _unique_items, "const": _const, "enum": _enum}


@cache
def exact_class(draft: Any) -> Any:
    """The validator of a draft. In draft-04 an integer has neither a point nor an exponent."""
    is_integer = _is_plain_integer if draft is Draft4Validator else _is_integer
    checker = draft.TYPE_CHECKER.redefine_many({"number": _is_number, "integer": is_integer})
    changes = {key: check for key, check in _EXACT.items() if key in draft.VALIDATORS}
    return validators.extend(draft, changes, type_checker=checker)  # type: ignore[no-untyped-call]


def validator(schema: Any) -> Validator:
    """What the draft says that the schema declares."""
    draft = validator_for(schema, default=Draft7Validator)
    made: Validator = exact_class(draft)(exact_schema(schema))
    return made


def ask_ajv(questions: Sequence[tuple[Any, Sequence[str]]]) -> list[list[bool]]:
    """For each schema with its payloads, which are valid."""
    lines = [
        json.dumps({"schema": _for_ajv(schema), "texts": texts}) for schema, texts in questions
    ]
    done = subprocess.run(
        ["node", str(JUDGE)], input="\n".join(lines), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return [[mark == "1" for mark in line] for line in done.stdout.splitlines()]


def _for_ajv(schema: Any) -> Any:
    """Up to draft-07, ajv ignores keys next to `$ref`, as configured, except for `type`."""
    match schema:
        case {"$schema": str(draft)} if "/draft/" in draft:
            return schema
        case {"$schema": str()} if misleads_ajv(schema):
            return True
        case dict():
            hidden = {"type"} if isinstance(schema.get("$ref"), str) else set()
            return {key: _for_ajv(value) for key, value in schema.items() if key not in hidden}
        case list():
            return [_for_ajv(item) for item in schema]
        case _:
            return schema


def suits_ajv(text: str) -> bool:
    """Whether the numbers of the text are short enough for doubles to tell them apart."""
    suited = True

    def note(number: str) -> None:
        nonlocal suited
        suited = suited and _is_short(Decimal(number))

    json.loads(text, parse_int=note, parse_float=note)
    return suited


def _is_short(number: Decimal) -> bool:
    if number == number.to_integral_value():
        return abs(number) <= _EXACT_INTEGER
    _, digits, exponent = number.as_tuple()
    return len(digits) <= _EXACT_DIGITS and int(exponent) > -_EXPONENT_MAX


def misleads_ajv(schema: Any) -> bool:
    """Whether the schema asks for multiples of a fraction, on which doubles fail; for `contains`
    beside a tuple, with which ajv takes an empty array; or for a member `""`, which it forgets. It
    does not know older drafts."""
    match schema:
        case {"$schema": str(draft)} if "/draft-0" in draft and "/draft-07" not in draft:
            return True
        case {"multipleOf": float()} | {"items": list(), "contains": _}:
            return True
        case {"required": list(names)} if "" in names:
            return True
        case {"dependencies": dict(rules)} if any(
            isinstance(names, list) and "" in names for names in rules.values()
        ):
            return True
        case Mapping():
            return any(misleads_ajv(value) for value in schema.values())
        case list():
            return any(misleads_ajv(item) for item in schema)
        case _:
            return False
