"""Random schemas of text payloads, and texts that they may accept."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

_WORDS = (
    "ON",
    "OFF",
    "",
    "a",
    "ab",
    'a"b',
    "a\\b",
    "7 days",
    "é",
    "\t",
    "true",
    "null",
    "12",
    "-0.5",
)
_NUMBERS = (0, 1, -1, 7, 12, 100, 255, 0.5, -2.25, 1e3)
_PATTERNS = (
    "^[A-Z]+$",
    "^[a-z ]*$",
    "b",
    "^.{1,3}$",
    "[0-9]",
    "^-?[0-9.]+$",
    "^[^0-9tfn]*$",
    '["\\\\]',
)
_OTHERS = (
    *(
        "0",
        "-0",
        "00",
        "+1",
        "1.",
        ".5",
        "1.0",
        "10e-1",
        "1e2",
        "1E2",
        "0x1",
        "Infinity",
        "NaN",
        "nul",
    ),
    *(
        "True",
        "FALSE",
        "[]",
        "{}",
        "[1]",
        '{"a":1}',
        '""',
        '"ON"',
        "'ON'",
        "1 2",
        "1,",
        "ON,OFF",
        "a b",
    ),
    *("9223372036854775807", "18446744073709551616", "0.1", "0.30000000000000004", "1e-7", "1e400"),
    *(
        "\ufeff1",
        "\u00a01",
        "1\u0000",
        "\u0000",
        "\n",
        "\\u0041",
        "\\",
        '"',
        "💡",
        "日本語",
        "a\u0301",
    ),
)
_NOT_UTF8 = (
    b"\xff",
    b"ON\xc0",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"1\x80",
    b"\xf4\x90\x80\x80",
    b"\xe2\x82",
)


class Maker:
    """Makes schemas and texts, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def schema(self) -> dict[str, Any]:
        kinds: Sequence[Callable[[], dict[str, Any]]] = (
            *(self._string, self._string, self._integer, self._number, self._number),
            *(self._listing, self._listing, self._union, self._several, self._combined),
            lambda: {"type": "boolean"},
            lambda: {"const": self._random.choice([*_WORDS, *_NUMBERS, True, False])},
        )
        return self._random.choice(kinds)()

    def texts(self, schema: Any) -> list[bytes]:
        """Each of a fixed set, and what is near the values in the schema."""
        named = [each if isinstance(each, str) else json.dumps(each) for each in _scalars(schema)]
        near = [self._change(text) for text in named for _ in range(3)]
        quoted = [json.dumps(text) for text in named]
        found = [*_WORDS, *map(str, _NUMBERS), *_OTHERS, *named, *quoted, *near]
        return list(dict.fromkeys([*(text.encode() for text in found), *_NOT_UTF8]))

    def _change(self, text: str) -> str:
        at = self._random.randint(0, len(text))
        ways = (
            lambda: f" {text}",
            lambda: f"{text}\n",
            lambda: text[:at] + self._random.choice("0159 .-eaAé\\") + text[at:],
            lambda: text[:at] + text[at + 1 :],
            lambda: text.swapcase(),
        )
        return self._random.choice(ways)()

    def _some(self, *rules: tuple[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in rules if self._random.random() < 0.4}

    def _string(self) -> dict[str, Any]:
        pick = self._random.choice
        rules = (
            ("minLength", self._random.randint(0, 3)),
            ("maxLength", self._random.randint(3, 6)),
            ("pattern", pick(_PATTERNS)),
            (
                "not",
                pick([{"const": pick(_WORDS)}, {"pattern": pick(_PATTERNS)}, {"maxLength": 1}]),
            ),
            ("if", {"pattern": pick(_PATTERNS)}),
            ("then", {"minLength": 2}),
            ("format", "email"),
        )
        return {"type": "string", **self._some(*rules)}

    def _integer(self) -> dict[str, Any]:
        low = self._random.choice([-300, -1, 0, 5])
        rules = (
            ("minimum", low),
            ("maximum", low + self._random.choice([3, 300, 70000])),
            ("multipleOf", self._random.choice([1, 2, 5])),
            ("not", {"const": self._random.choice(_NUMBERS)}),
        )
        return {"type": "integer", **self._some(*rules)}

    def _number(self) -> dict[str, Any]:
        rules = (
            ("minimum", self._random.choice([-5, 0, 0.5])),
            ("exclusiveMaximum", self._random.choice([1, 100.5, 1e3])),
            ("multipleOf", self._random.choice([0.1, 0.25, 2])),
            ("enum", self._random.sample(_NUMBERS, 4)),
        )
        return {"type": "number", **self._some(*rules)}

    def _listing(self) -> dict[str, Any]:
        pool = self._random.choice([_WORDS, _WORDS, _NUMBERS[:7], (*_WORDS[:6], *_NUMBERS, True)])
        return {"enum": self._random.sample(pool, self._random.randint(1, 5))}

    def _union(self) -> dict[str, Any]:
        forms = [self._integer, self._number, self._string, self._listing]
        chosen = [form() for form in self._random.sample(forms, self._random.randint(2, 3))]
        return {self._random.choice(["anyOf", "oneOf"]): chosen}

    def _several(self) -> dict[str, Any]:
        names = self._random.sample(["integer", "number", "boolean", "string", "null"], 2)
        return {"type": names, **self._some(("pattern", self._random.choice(_PATTERNS)))}

    def _combined(self) -> dict[str, Any]:
        return {"allOf": [self.schema(), self._some(("maximum", 50), ("minLength", 1))]}


def _scalars(node: Any) -> list[Any]:
    """The values in a schema: bounds and constants."""
    if isinstance(node, dict):
        return [each for key, value in node.items() if key != "pattern" for each in _scalars(value)]
    if isinstance(node, list):
        return [each for value in node for each in _scalars(value)]
    return [node]
