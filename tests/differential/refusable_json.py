"""Properties of valid JSON for which the runtime may refuse it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

DEPTH_MAX = 32
_INTEGER_TEXT = re.compile('"(-?[0-9]+)"')
_INT64_MIN, _INT64_MAX = -(2**63), 2**63 - 1


class _Twice(ValueError):
    """An object has a member twice."""


def has_twice(text: bytes) -> bool:
    """Whether an object of the text, which is JSON, has a member twice."""
    try:
        json.loads(text, object_pairs_hook=_object)
    except _Twice:
        return True
    return False


def _object(members: list[tuple[str, Any]]) -> None:
    if len(dict(members)) != len(members):
        raise _Twice


def numbers(text: bytes) -> list[str]:
    """All numbers of the text, which is JSON, as they are written."""
    found: list[str] = []
    json.loads(text, parse_int=found.append, parse_float=found.append)
    return found


def has_beyond_double(text: bytes) -> bool:
    return any(abs(float(number)) == float("inf") for number in numbers(text))


def has_beyond_64_bits(text: bytes) -> bool:
    """A number, or a string that is one, beyond the integers of C that have no bounds."""
    found = numbers(text) + _INTEGER_TEXT.findall(text.decode())
    return any(not _INT64_MIN <= Decimal(number) <= _INT64_MAX for number in found)


def is_deep(text: bytes) -> bool:
    """Whether brackets nest beyond the limit, up to where the text stops being JSON or before."""
    deepest = level = 0
    in_string = escaped = False
    for byte in text:
        if in_string:
            in_string = escaped or byte != ord('"')
            escaped = not escaped and byte == ord("\\")
        elif byte == ord('"'):
            in_string = True
        elif byte in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif byte in b"]}":
            level -= 1
    return deepest > DEPTH_MAX
