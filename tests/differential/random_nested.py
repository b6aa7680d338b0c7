"""Random schemas whose forms and branches say different things about the same nested objects, and
payloads with members that any of them names."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from typing import Any

_NAMES = ("a", "b", "c", 'd"', "e\n")
_UNKNOWN = "zz"
_SCALARS: tuple[Any, ...] = (
    {"type": "integer", "maximum": 5},
    {"type": "string", "maxLength": 3},
    {"type": "number"},
    {"type": ["boolean", "null"]},
    {"enum": ["x", 1]},
    *({"type": "number"}, {}) * 3,
)
_VALUES = (1, 2, 7, -1.5, "", "x", "long text", None, True)
_SHARED = 3
_LENGTH_MAX = 1 << 14
"""Of payloads, in bytes: what is sent goes into a buffer of a fixed size."""


def random_nested_schema(seed: int) -> dict[str, Any]:
    """Objects may contain themselves by way of `definitions`."""
    maker = _Maker(random.Random(seed))
    shared = {f"S{number}": maker.branched(2) for number in range(_SHARED)}
    return {"type": "object", **maker.branched(3), "definitions": shared}


def random_payloads(schema: Mapping[str, Any], seed: int, count: int) -> Iterator[str]:
    """Objects with members of several forms, mostly with values that some of these allow."""
    sampler = _Sampler(schema["definitions"], random.Random(seed))
    for _ in range(count):
        text = json.dumps(sampler.value([schema], 6))
        if len(text) <= _LENGTH_MAX:
            yield text


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self._random = chance

    def value(self, depth: int) -> Any:
        if depth == 0:
            return self._random.choice(_SCALARS)
        kinds = (self._scalar, self._shared, self._object, self._object, self.branched, self._inner)
        return self._random.choice(kinds)(depth)

    def branched(self, depth: int) -> dict[str, Any]:
        """Forms or branches that each say something about some of the same members."""
        found = self._object(depth) if self._often(0.5) else {}
        several = [self._object(depth) for _ in range(self._random.randint(2, 3))]
        match self._random.choice(("anyOf", "anyOf", "oneOf", "allOf", "if", "dependencies")):
            case "if":
                keys = ("if", "then", "else")
                return {**found, **dict(zip(keys, several, strict=False))}
            case "dependencies":
                names = self._random.sample(_NAMES, len(several))
                return {**found, "dependencies": dict(zip(names, several, strict=True))}
            case "allOf":
                unions = [{"anyOf": [each, self._object(depth)]} for each in several]
                return {**found, "allOf": unions}
            case "oneOf":
                return {**found, "oneOf": [_told_apart(each, n) for n, each in enumerate(several)]}
            case key:
                return {**found, key: several}

    def _often(self, share: float) -> bool:
        return self._random.random() < share

    def _scalar(self, _depth: int) -> Any:
        return self._random.choice(_SCALARS)

    def _shared(self, _depth: int) -> Any:
        return {"$ref": f"#/definitions/S{self._random.randrange(_SHARED)}"}

    def _object(self, depth: int) -> dict[str, Any]:
        names = self._random.sample(_NAMES, self._random.randint(1, 3))
        properties = {each: self.value(depth - 1) for each in names}
        found: dict[str, Any] = {"type": "object", "properties": properties}
        if self._often(0.4):
            found["required"] = names[:1]
        if self._often(0.1):
            found["additionalProperties"] = self._often(0.5) and self.value(depth - 1)
        if self._often(0.1):
            found["patternProperties"] = {"^[ab]$": self.value(depth - 1)}
        return found

    def _inner(self, depth: int) -> dict[str, Any]:
        """Arrays and maps."""
        inner = self.value(depth - 1)
        return self._random.choice(
            (
                {"type": "array", "items": inner},
                {"type": "array", "items": [inner, inner], "additionalItems": inner},
                {"type": "object", "additionalProperties": inner},
                {"anyOf": [inner, {"type": "null"}]},
            )
        )


def _told_apart(form: dict[str, Any], number: int) -> dict[str, Any]:
    properties = {**form["properties"], "k": {"enum": [number]}}
    return {**form, "properties": properties, "required": [*form.get("required", ()), "k"]}


class _Sampler:
    """Follows all schemas that may apply to a value."""

    def __init__(self, definitions: dict[str, Any], chance: random.Random) -> None:
        self._definitions = definitions
        self._random = chance

    def value(self, schemas: list[Any], depth: int) -> Any:
        found = [part for schema in schemas for part in self._parts(schema)]
        kinds = {json.dumps(each.get("type")): each for each in found if "properties" not in each}
        if any("properties" in each for each in found) and self._random.random() < 0.95:
            return self._object(found, depth)
        if not kinds or self._random.random() < 0.05:
            return self._random.choice(_VALUES)
        return self._plain(self._random.choice([*kinds.values()]), found, depth)

    def _plain(self, schema: Any, found: list[Any], depth: int) -> Any:
        match schema:
            case {"type": "array", "items": items}:
                inner = items[:1] if isinstance(items, list) else [items]
                return [self.value(inner, depth - 1) for _ in range(self._random.randint(0, 2))]
            case {"type": "object"} | {"dependencies": _} | {"if": _}:
                return self._object(found, depth)
            case {"type": "integer" | "number"}:
                return self._random.choice((1, 2, -3))
            case {"type": "string"}:
                return self._random.choice(("", "x"))
            case {"type": list()}:
                return self._random.choice((None, True))
            case {"enum": values}:
                return self._random.choice(values)
            case _:
                return self._random.choice(_VALUES)

    def _object(self, found: list[Any], depth: int) -> dict[str, Any]:
        named: dict[str, list[Any]] = {}
        for part in found:
            for name, inner in part.get("properties", {}).items():
                named.setdefault(name, []).append(inner)
        others = [
            each["additionalProperties"] for each in found if each.get("additionalProperties")
        ]
        if self._random.random() < 0.05 or not named:
            named |= dict.fromkeys(self._random.sample((*_NAMES, _UNKNOWN), 2), others)
        share = self._random.choice((0.3, 0.6, 0.9)) if depth > 0 else 0
        required = {name for part in found for name in part.get("required", ()) if depth > -4}
        chosen = [each for each in named if self._random.random() < share or each in required]
        return {name: self.value(named[name], depth - 1) for name in chosen}

    def _parts(self, schema: Any) -> Iterator[dict[str, Any]]:
        """The schema, and those in it that may apply to the same value."""
        if isinstance(schema, dict) and "$ref" in schema:
            schema = self._definitions[schema["$ref"].rpartition("/")[2]]
        if not isinstance(schema, dict):
            return
        yield schema
        inner = [each for key in ("anyOf", "oneOf", "allOf") for each in schema.get(key, ())]
        inner += [schema[key] for key in ("if", "then", "else") if key in schema]
        inner += schema.get("dependencies", {}).values()
        for each in inner:
            yield from self._parts(each)
