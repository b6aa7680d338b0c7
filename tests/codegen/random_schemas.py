"""Random schemas of draft-07, small enough that random values satisfy and break them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

NAMES = ("a", "b", "kind", "z")
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    1.0,
    2,
    2.5,
    -1,
    12,
    29,
    30,
    1e3,
    "",
    "a",
    "ab",
    "abc",
    "x",
    "😀😀",
    "7",
    "-4",
    "100",
    "101",
    "007",
    [],
    ["a"],
    ["a", 1],
    [1.0],
    [1, 1.0],
    [1, 2, 3],
    {},
    {"a": 1},
    {"a": "b"},
    {"a": None, "b": 2},
    {"b": {"a": 1}, "kind": "x"},
    {"kind": "x"},
    {"kind": "y", "a": 3, "z": []},
    {"a": {"a": {"a": "x"}}, "kind": "x"},
]
_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_TEXTS = tuple(value for value in VALUES if isinstance(value, str))
_DEFINITIONS = ("P", "Q", "R")

_ABOUT = {
    "null": (),
    "boolean": (),
    "integer": ("minimum", "exclusiveMaximum", "multipleOf", "anyOf"),
    "number": ("maximum", "exclusiveMinimum", "multipleOf"),
    "string": ("minLength", "maxLength", "pattern", "texts"),
    "array": ("items", "tuple", "minItems", "maxItems", "uniqueItems", "contains"),
    "object": (
        "properties",
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "minProperties",
        "propertyNames",
        "dependencies",
        "kinds",
        "presence",
    ),
}
_ABOUT_ALL = ("enum", "const", "allOf", "anyOf", "oneOf", "nullable", "not", "if")


class Schemas:
    """Makes schemas, the same ones from the same `chance`."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def whole(self) -> dict[str, Any]:
        """A schema with definitions, to which it refers, and these to themselves."""
        schema = self._schema(3)
        root = schema if isinstance(schema, dict) and "$ref" not in schema else {"allOf": [schema]}
        return {**root, "definitions": {name: self._schema(1) for name in _DEFINITIONS}}

    def value(self, depth: int = 2) -> Any:
        """One of `VALUES`, or made of several."""
        value = self._chance.choice(VALUES)
        if depth and isinstance(value, dict) and self._chance.random() < 0.7:
            return {**value, self._chance.choice(NAMES): self.value(depth - 1)}
        if depth and isinstance(value, list) and self._chance.random() < 0.6:
            return [*value, self.value(depth - 1)]
        return value

    def _schema(self, depth: int) -> Any:
        chance = self._chance
        if chance.random() < 0.05:
            return chance.choice((True, False, {}))
        if chance.random() < 0.08:
            return {"$ref": f"#/definitions/{chance.choice(_DEFINITIONS)}"}
        kinds = chance.sample(_TYPES, chance.choice((0, 1, 1, 1, 2)))
        if depth > 1 and chance.random() < 0.4:
            kinds = ["object"]
        schema: dict[str, Any] = {}
        if kinds:
            schema["type"] = kinds if len(kinds) > 1 else kinds[0]
        words = (*_ABOUT[kinds[0] if kinds else chance.choice(_TYPES)], *_ABOUT_ALL)
        if kinds == ["object"] and chance.random() < 0.7:
            schema["properties"] = self._properties(depth)
        for word in chance.sample(words, chance.choice((0, 0, 1, 1, 2, 3))):
            schema.update(self._rule(word, depth))
        if not isinstance(schema.get("items"), list):
            schema.pop("additionalItems", None)  # jsonschema trips over it.
        return schema

    def _inner(self, depth: int) -> Any:
        if depth > 0:
            return self._schema(depth - 1)
        chance = self._chance
        simple: tuple[Any, ...] = (
            {},
            {"type": chance.choice(_TYPES)},
            {"const": chance.choice(VALUES)},
            False,
        )
        return chance.choice(simple)

    def _properties(self, depth: int) -> dict[str, Any]:
        names = self._chance.sample(NAMES, self._chance.randint(1, 3))
        return {name: self._inner(depth) for name in names}

    def _rule(self, word: str, depth: int) -> dict[str, Any]:
        chance = self._chance
        if word in ("minLength", "maxLength", "minItems", "maxItems", "minProperties"):
            return {word: chance.randint(0, 3)}
        if word in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            return {word: chance.choice((-1, 0, 0.5, 1, 2, 12))}
        if word in ("items", "contains", "not", "propertyNames"):
            return {word: self._inner(depth)}
        if word in ("allOf", "anyOf", "oneOf"):
            return {word: [self._inner(depth) for _ in range(chance.randint(1, 3))]}
        rules: dict[str, Callable[[], dict[str, Any]]] = {
            "multipleOf": lambda: {word: chance.choice((0.5, 1, 2, 3))},
            "pattern": lambda: {word: chance.choice(("a", "^[0-9]{1,3}$", "^a"))},
            "texts": lambda: {"enum": chance.sample(_TEXTS, 2)},
            "enum": lambda: {word: chance.sample(VALUES, chance.randint(1, 5))},
            "const": lambda: {word: chance.choice(VALUES)},
            "uniqueItems": lambda: {word: True},
            "properties": lambda: {word: self._properties(depth)},
            "required": lambda: {word: chance.sample(NAMES, chance.randint(1, 2))},
            "additionalProperties": lambda: {word: chance.choice((False, self._inner(depth)))},
            "patternProperties": lambda: {word: {chance.choice(("^a", ".")): self._inner(depth)}},
            "dependencies": lambda: {
                word: {chance.choice(NAMES): chance.choice((["b"], self._inner(depth)))}
            },
            "tuple": lambda: {
                "items": [self._inner(depth) for _ in range(chance.randint(1, 3))],
                "additionalItems": self._inner(depth),
            },
            "nullable": lambda: {
                chance.choice(("oneOf", "anyOf")): [self._inner(depth), {"type": "null"}]
            },
            "kinds": lambda: {"oneOf": [self._kind(name, depth) for name in ("x", "y")]},
            "presence": lambda: {
                chance.choice(("oneOf", "anyOf")): [
                    {"required": [name]} for name in chance.sample(NAMES, 2)
                ]
            },
            "if": lambda: {
                word: self._inner(depth),
                chance.choice(("then", "else")): self._inner(depth),
            },
        }
        return rules[word]()

    def _kind(self, name: str, depth: int) -> dict[str, Any]:
        """One of several objects that a member tells apart."""
        return {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"const": name}, "a": self._inner(depth)},
        }
