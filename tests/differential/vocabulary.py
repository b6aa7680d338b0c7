"""What a schema mentions, with its neighbours and with what hurts any schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import Phase, given, seed, settings, strategies

from tests.differential.spelling import Number

_SMALL = (0, 1, -1, 2, 3, 7, 10, 100, 255, 256, 65535, 2**31 - 1, -(2**31), 2**32, 2**53)
_NUMBERS = (
    *_SMALL,
    *(2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64 - 1, 2**64, 10**30),
    *map(Number, ("-0", "1.0", "1e0", "10e-1", "100E-2", "0.1", "2.50", "-0.0", "1e-7", "1.5")),
    *map(Number, ("1e22", "1.7976931348623157e308", "1e400", "4.9e-324", "0.30000000000000004")),
    *map(Number, ("9007199254740993.0", "0.1000000000000000055511151231257827", "123456.789")),
)
_TEXTS = '|a|ab|abc|é|e\u0301|😀|😀😁😂|中文|\0|\n|a\n|"\\/|\u2028|\u00a0|\ud7ff\ue000| '.split("|")
_TEXTS += ["0", "1", "-1", "1.0", "01", "true", "null", "x" * 40]
_OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"": None}, {"a": {"a": 1}})


@dataclass(kw_only=True)
class Vocabulary:
    """What a schema mentions."""

    names: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)


def vocabulary_of(schema: Mapping[str, Any]) -> Vocabulary:
    found = Vocabulary(names=["a", "x_1", "zz", ""], values=[*_NUMBERS, *_TEXTS, *_OTHERS])
    _collect(schema, found)
    # What the schema says counts more than what everybody knows.
    mentioned = found.values[len(_NUMBERS) + len(_TEXTS) + len(_OTHERS) :]
    found.values += mentioned * (1 + 2 * len(_NUMBERS) // (1 + len(mentioned)))
    return found


def _collect(node: Any, found: Vocabulary) -> None:
    match node:
        case dict():
            for key, value in node.items():
                _collect_keyword(key, value, found)
        case list():
            for item in node:
                _collect(item, found)


def _collect_keyword(key: str, value: Any, found: Vocabulary) -> None:
    match key, value:
        case ("const", _):
            found.values.append(value)
        case ("enum" | "examples", list()):
            found.values += value
        case ("required", list()):
            found.names += value
        case ("pattern", str()):
            found.values += _matches(value)
        case (_, bool()):
            pass
        case ("minLength" | "maxLength", int()):
            lengths = (value - 1, value, value + 1)
            found.values += [letter * length for letter in "a😀" for length in lengths]
        case (_, int() | float()):
            found.values += _around(value)
        case ("patternProperties", dict()):
            found.names += [name for pattern in value for name in _matches(pattern)]
            _collect(list(value.values()), found)
        case ("properties" | "dependencies", dict()):
            found.names += value
            _collect(list(value.values()), found)
        case _:
            _collect(value, found)


def _around(value: Any) -> list[Any]:
    if isinstance(value, float):
        return [value, -value, value + 1, value - 1, value * 2, value * 3, value / 2]
    return [value, value + 1, value - 1, Number(f"{value}.0"), Number(f"{value}.5"), value * 2]


def _matches(pattern: str) -> list[str]:
    """Some strings that match, more or less."""
    found: list[str] = []

    @seed(1)
    @settings(max_examples=12, database=None, deadline=None, phases=[Phase.generate])
    @given(strategies.from_regex(pattern))
    def draw(text: str) -> None:
        found.append(text[:60])

    draw()
    return found
