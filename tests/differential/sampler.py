"""Values in the shape of a schema, which are often valid and often not."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from tests.differential.spelling import Number
from tests.differential.vocabulary import Vocabulary


class Sampler:
    """Follows a schema and takes each value from its vocabulary."""

    def __init__(
        self, root: Mapping[str, Any], vocabulary: Vocabulary, generator: random.Random
    ) -> None:
        self._root = root
        self._vocabulary = vocabulary
        self._generator = generator
        self._joins = "/draft/" in root.get("$schema", "")
        """Whether keywords next to a `$ref` apply."""

    def sample(self, schema: Any, depth: int) -> Any:
        schema = self._resolved(schema)
        if not isinstance(schema, dict) or depth < 0 or self._generator.random() < 0.04:
            return self._any()
        for key in ("const", "enum"):
            if key in schema and self._generator.random() < 0.9:
                return schema[key] if key == "const" else self._generator.choice(schema[key])
        return self._merged([*self._parts(schema, depth), self._own(schema, depth)])

    def _any(self) -> Any:
        return self._generator.choice(self._vocabulary.values)

    def _resolved(self, schema: Any) -> Any:
        for _ in range(8):
            if not (isinstance(schema, dict) and isinstance(schema.get("$ref"), str)):
                return schema
            if self._joins and len(schema) > 1:
                return {**schema, "allOf": [*schema.get("allOf", []), {"$ref": schema["$ref"]}]}
            schema = self._target(schema["$ref"])
        return True

    def _target(self, reference: str) -> Any:
        node: Any = self._root
        if not reference.startswith("#"):
            return True
        for step in reference[1:].split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~").replace("%25", "%")
            node = node.get(step, True) if isinstance(node, dict) else True
        return node

    def _parts(self, schema: dict[str, Any], depth: int) -> Iterator[Any]:
        for part in schema.get("allOf", []):
            yield self.sample(part, depth)
        for key in ("anyOf", "oneOf"):
            if key in schema:
                yield self.sample(self._generator.choice(schema[key]), depth)
        yield from (
            self.sample(part, depth) for part in schema.get("dependentSchemas", {}).values()
        )
        if "if" in schema:
            yield self.sample(schema["if"], depth)
            yield self.sample(schema.get(self._generator.choice(("then", "else")), True), depth)

    def _merged(self, values: list[Any]) -> Any:
        """The members of all, if all are objects; else one of them."""
        if all(isinstance(value, dict) for value in values):
            return {name: item for value in values for name, item in value.items()}
        return self._generator.choice(values)

    def _own(self, schema: dict[str, Any], depth: int) -> Any:
        types = schema.get("type") or _types_of_keywords(schema)
        kind = types if isinstance(types, str) else self._generator.choice(types)
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, depth)
            case "boolean":
                return self._generator.random() < 0.5
            case "null":
                return None
            case "string":
                return self._of_kind(str, "")
            case _:
                return self._of_kind((int, float, Number), 0)

    def _of_kind(self, kind: type | tuple[type, ...], otherwise: Any) -> Any:
        for _ in range(8):
            value = self._any()
            if isinstance(value, kind) and not isinstance(value, bool):
                return value
        return otherwise

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        required = schema.get("required", [])
        share = self._generator.random()
        found = {
            name: self.sample(properties.get(name, True), depth - 1)
            for name in dict.fromkeys([*required, *properties])
            if self._generator.random() < (0.97 if name in required else share)
        }
        more = schema.get("unevaluatedProperties", True)
        inner = schema.get("additionalProperties", more)
        patterned = list(schema.get("patternProperties", {}).values())
        for _ in range(self._generator.choice((0, 0, 0, 1, 2, 3)) if depth > 0 else 0):
            if inner is False and not patterned:
                break
            name = self._generator.choice(self._vocabulary.names)
            allowed = self._generator.choice([inner, *patterned])
            found.setdefault(name, self.sample(allowed, depth - 1))
        return found

    def _array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        items = schema.get("prefixItems", schema.get("items", True))
        size = self._generator.randint(0, 4) if depth > 0 else 0
        size = max(size, min(8, schema.get("minItems", 0)))
        if isinstance(items, list):
            after = "items" if "prefixItems" in schema else "additionalItems"
            rest = schema.get(after, schema.get("unevaluatedItems", True))
            inner = [*items, *[rest] * size][: size + 1]
        else:
            inner = [items] * size
        found = [self.sample(each, depth - 1) for each in inner]
        if "contains" in schema and self._generator.random() < 0.6:
            found.insert(0, self.sample(schema["contains"], depth - 1))
        return found


_KEYWORDS = {
    "object": {"properties", "required", "minProperties", "maxProperties", "patternProperties"}
    | {"additionalProperties", "propertyNames", "dependencies"},
    "array": {"items", "minItems", "maxItems", "contains", "uniqueItems", "additionalItems"},
    "string": {"minLength", "maxLength", "pattern"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
}


def _types_of_keywords(schema: dict[str, Any]) -> list[str]:
    """The types that the rules of a schema without `type` are about."""
    found = [kind for kind, keywords in _KEYWORDS.items() if keywords & schema.keys()]
    return found or ["object", "array", "string", "number", "boolean", "null"]
