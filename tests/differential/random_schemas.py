"""Schemas that nobody would write, from a seed: any keyword beside any other."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

DEPTH = 3
_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
_NAMES = ("a", "b", "kind", "int", "a-b", "A", "é", "", "x_1", 'quo"te', "value")
_TEXTS = ("", "a", "ab", "abc", "x", "é😀", "a/b", "1", 'quo"te')
_NUMBERS = (-2, -1, 0, 1, 2, 3, 10, 255, 2**31, 2**53, -0.5, 0.1, 1.5, 1e20)
_DIVISORS = (1, 2, 3, 7, 0.1, 0.5, 0.25, 1e-3, 10)
_PATTERNS = ("^a", "b$", "^[a-z]{1,3}$", "^(a|bc)*$", "é", "^x_", "\\d", "^$", "^[^a]+$")
_CONSTANTS: tuple[Any, ...] = (None, True, False, [], {}, [1], {"a": 1}, "a", "1", 1, 0, 1.5)
_DEFINITIONS = ("one", "two", "three")


def random_schema(seed: int) -> dict[str, Any]:
    """A schema of draft-07 with definitions that refer to each other."""
    maker = SchemaMaker(random.Random(seed), [f"#/definitions/{name}" for name in _DEFINITIONS])
    definitions = {name: maker.schema(DEPTH - 1, refers=False) for name in _DEFINITIONS}
    root = maker.typed(DEPTH)
    return {**root, "definitions": definitions}


class SchemaMaker:
    """`refers`: a reference may stand here; elsewhere it might lead to itself and nowhere else."""

    def __init__(self, generator: random.Random, references: Sequence[str]) -> None:
        self._random = generator
        self._references = references

    def schema(self, depth: int, *, refers: bool) -> Any:
        chance = self._random.random()
        if chance < 0.03:
            return chance < 0.02
        if refers and chance < 0.15:
            return {"$ref": self._random.choice(self._references)}
        if depth <= 0 or chance < 0.25:
            return self._leaf()
        found = self.typed(depth)
        if self._random.random() < 0.4:
            found |= self._combined(depth, refers=refers)
        if self._random.random() < 0.1:
            found["title"] = self._random.choice(("Thing", "a thing", "value"))
        return found

    def _some(self, *makers: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """A few of these keywords."""
        found: dict[str, Any] = {}
        for maker in makers:
            if self._random.random() < 0.35:
                found |= maker()
        return found

    def _leaf(self) -> dict[str, Any]:
        chance = self._random.random()
        if chance < 0.15:
            return {"const": self._random.choice(_CONSTANTS)}
        if chance < 0.3:
            return {"enum": self._distinct(_CONSTANTS, 4)}
        if chance < 0.4:
            return {"enum": self._distinct(_TEXTS, 4)}
        return self.typed(0)

    def _distinct(self, pool: tuple[Any, ...], most: int) -> list[Any]:
        return self._random.sample(pool, self._random.randint(1, most))

    def typed(self, depth: int) -> dict[str, Any]:
        """A type, or several, or none, and rules: mostly of the type."""
        kinds = [kind for kind in _TYPES if depth > 0 or kind not in ("object", "array")]
        kind = self._random.choice(kinds[:2] if depth > 1 else kinds)
        found: dict[str, Any] = {}
        chance = self._random.random()
        if chance < 0.75:
            found["type"] = kind
        elif chance < 0.9:
            found["type"] = list({kind: 0, self._random.choice(_TYPES): 0})
        found |= self._rules(kind, depth)
        if self._random.random() < 0.15:
            found |= self._rules(self._random.choice(kinds), depth)
        return found

    def _rules(self, kind: str, depth: int) -> dict[str, Any]:
        match kind:
            case "object":
                return self._object(depth)
            case "array":
                return self._array(depth)
            case "string":
                return self._some(self._shortest, self._longest, self._pattern)
            case "integer" | "number":
                return self._number()
            case _:
                return {}

    def _shortest(self) -> dict[str, Any]:
        return {"minLength": self._random.randint(0, 2)}

    def _longest(self) -> dict[str, Any]:
        return {"maxLength": self._random.randint(1, 6)}

    def _pattern(self) -> dict[str, Any]:
        return {"pattern": self._random.choice(_PATTERNS)}

    def _number(self) -> dict[str, Any]:
        bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        found: dict[str, Any] = {
            key: self._random.choice(_NUMBERS) for key in bounds if self._random.random() < 0.25
        }
        return found | self._some(lambda: {"multipleOf": self._random.choice(_DIVISORS)})

    def _object(self, depth: int) -> dict[str, Any]:
        names = self._distinct(_NAMES, 4)
        found: dict[str, Any] = {}
        if self._random.random() < 0.85:
            found["properties"] = {name: self._inner(depth) for name in names}
        return found | self._some(
            lambda: {"required": self._distinct((*names, "other"), 2)},
            lambda: {"additionalProperties": self._inner(depth)},
            lambda: {"additionalProperties": False},
            lambda: {"patternProperties": {self._random.choice(_PATTERNS): self._inner(depth)}},
            lambda: self._rarely({"propertyNames": self._leaf()}),
            lambda: self._rarely({"minProperties": self._random.randint(0, 2)}),
            lambda: {"maxProperties": self._random.randint(1, 5)},
            lambda: {"dependencies": {names[0]: self._distinct(_NAMES, 2)}},
            lambda: self._rarely({"dependencies": {names[0]: self._in_place(depth)}}),
        )

    def _array(self, depth: int) -> dict[str, Any]:
        return self._some(
            lambda: {"items": self._inner(depth)},
            lambda: {"items": self._inner(depth)},
            lambda: self._tuple(depth),
            lambda: {"contains": self._inner(depth)},
            lambda: {"uniqueItems": True},
            lambda: {"minItems": self._random.randint(0, 2)},
            lambda: {"maxItems": self._random.randint(1, 4)},
        )

    def _tuple(self, depth: int) -> dict[str, Any]:
        items = [self._inner(depth) for _ in range(self._random.randint(1, 3))]
        return {"items": items, "additionalItems": self._inner(depth)}

    def _inner(self, depth: int) -> Any:
        """The schema of a member or an item: references end there."""
        return self.schema(depth - 1, refers=True)

    def _in_place(self, depth: int) -> Any:
        """A schema of the value itself: references would lead back to where they are."""
        return self.schema(depth - 1, refers=False)

    def _rarely(self, keywords: dict[str, Any]) -> dict[str, Any]:
        return keywords if self._random.random() < 0.5 else {}

    def _combined(self, depth: int, *, refers: bool) -> dict[str, Any]:
        def one() -> Any:
            return self.schema(depth - 1, refers=refers)

        def several() -> list[Any]:
            return [one() for _ in range(self._random.randint(1, 3))]

        return self._some(
            lambda: {"allOf": several()},
            lambda: {"anyOf": several()},
            lambda: {"oneOf": several()},
            lambda: self._rarely({"not": one()}),
            lambda: {"if": one(), "then": one(), "else": one()},
            lambda: self._rarely({"if": one(), "then": one()}),
        )
