"""The value of a plain scalar in YAML: the core schema of YAML 1.2, numbers exactly as written.

(YAML 1.1 would read `on` as true, `012` as ten and `1:30` as ninety.)
"""

from __future__ import annotations

import re
from decimal import Decimal

from mqbind.load.document.nodes import Value
from mqbind.rules import Rule

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_OCTAL = re.compile(r"0o[0-7]+", re.ASCII)
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DIGITS_MAX = 1000
_EXPONENT_MAX = 308


class BadScalarError(ValueError):
    """A number that neither JSON nor C can represent."""

    def __init__(self, rule: Rule, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def resolve(text: str) -> Value:
    """The value of a plain scalar. Raises BadScalarError."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text[0] not in "+-.0123456789":
        return text
    return _number(text)


def _number(text: str) -> Value:
    if _NOT_FINITE.fullmatch(text):
        raise BadScalarError(Rule.NOT_A_JSON_NUMBER, f"`{text}` is not a JSON number")
    based = _OCTAL.fullmatch(text) or _HEXADECIMAL.fullmatch(text)
    if not based and not _DECIMAL.fullmatch(text):
        return text
    if len(text) > _DIGITS_MAX:
        raise BadScalarError(
            Rule.NUMBER_OUT_OF_RANGE, f"a number with {len(text)} digits does not fit any C type"
        )
    if based:
        return int(text, 0)
    if _INTEGER.fullmatch(text):
        return int(text)
    return _decimal(text)


def _decimal(text: str) -> Decimal:
    exponent = text.lower().partition("e")[2].lstrip("+-").lstrip("0")
    number = Decimal(text) if len(exponent) <= len(str(_EXPONENT_MAX)) else None
    if number is None or (number and abs(number.adjusted()) > _EXPONENT_MAX):
        raise _out_of_range(text)
    if float(number) in (float("inf"), float("-inf")):
        raise _out_of_range(text)
    return number


def _out_of_range(text: str) -> BadScalarError:
    return BadScalarError(Rule.NUMBER_OUT_OF_RANGE, f"`{text}` is outside the range of a C double")
