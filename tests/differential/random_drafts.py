"""Random schemas in every draft: those of draft-07, in the words of another one, with what only
that one has."""

from __future__ import annotations

import random
from typing import Any

from tests.differential.random_schemas import SchemaMaker, random_schema

DRAFTS = {
    "04": "http://json-schema.org/draft-04/schema#",
    "06": "http://json-schema.org/draft-06/schema#",
    "07": "http://json-schema.org/draft-07/schema#",
    "2019": "https://json-schema.org/draft/2019-09/schema",
    "2020": "https://json-schema.org/draft/2020-12/schema",
}
_ONE = ("additionalProperties", "additionalItems", "contains", "propertyNames", "not")
_ONE_SINCE_7 = ("if", "then", "else")
_SEVERAL = ("allOf", "anyOf", "oneOf")
_NAMED = ("properties", "patternProperties", "definitions")


def random_schema_in(draft: str, seed: int) -> dict[str, Any]:
    found = _Translator(draft, random.Random(seed)).schema(random_schema(seed))
    assert isinstance(found, dict)
    return {"$schema": DRAFTS[draft], **found}


class _Translator:
    def __init__(self, draft: str, generator: random.Random) -> None:
        self._draft = draft
        self._random = generator
        self._maker = SchemaMaker(generator, ["#"])
        self._is_new = draft in ("2019", "2020")

    def _often(self, share: float) -> bool:
        return self._random.random() < share

    def schema(self, node: Any) -> Any:
        if isinstance(node, bool):
            return node if self._draft != "04" else {} if node else {"not": {}}
        if "$ref" in node:
            return self._reference(node["$ref"])
        found: dict[str, Any] = {}
        for key, value in node.items():
            found |= self._keyword(key, value, node)
        return self._extended(found)

    def _reference(self, reference: str) -> dict[str, Any]:
        renamed = reference.replace("definitions", "$defs") if self._is_new else reference
        # In the old drafts nothing next to a reference counts.
        beside = self._maker.typed(0) if self._often(0.3) else {}
        return {**beside, "$ref": renamed}

    def _keyword(self, key: str, value: Any, node: dict[str, Any]) -> dict[str, Any]:
        if key in _NAMED:
            name = "$defs" if key == "definitions" and self._is_new else key
            return {name: {each: self.schema(inner) for each, inner in value.items()}}
        if key in _SEVERAL:
            return {key: [self.schema(inner) for inner in value]}
        if key in ("items", "additionalItems"):
            return self._items(key, value, node)
        if key in _ONE and not (self._draft == "04" and isinstance(value, bool)):
            return {key: self.schema(value)}
        if key in _ONE_SINCE_7:
            return {key: self.schema(value)}
        if key == "dependencies":
            return self._dependencies(value)
        if key.startswith("exclusive") and self._draft == "04":
            return {key: True, key.replace("exclusiveM", "m"): value}
        return {key: value}

    def _items(self, key: str, value: Any, node: dict[str, Any]) -> dict[str, Any]:
        is_tuple = isinstance(node.get("items"), list)
        name = key
        if self._draft == "2020" and is_tuple:
            name = {"items": "prefixItems", "additionalItems": "items"}[key]
        if isinstance(value, list):
            return {name: [self.schema(inner) for inner in value]}
        return {name: self.schema(value)}

    def _dependencies(self, rules: dict[str, Any]) -> dict[str, Any]:
        found = {name: self._dependency(rule) for name, rule in rules.items()}
        if not self._is_new:
            return {"dependencies": found}
        names = {name: rule for name, rule in found.items() if isinstance(rule, list)}
        schemas = {name: rule for name, rule in found.items() if not isinstance(rule, list)}
        return {"dependentRequired": names, "dependentSchemas": schemas}

    def _dependency(self, rule: Any) -> Any:
        return rule if isinstance(rule, list) else self.schema(rule)

    def _extended(self, found: dict[str, Any]) -> dict[str, Any]:
        """With keywords that the old drafts lack."""
        if not self._is_new:
            return found
        if "contains" in found and self._often(0.5):
            found["minContains"] = self._random.randint(0, 2)
        if "contains" in found and self._often(0.3):
            found["maxContains"] = self._random.randint(0, 2)
        if "properties" in found and self._often(0.25):
            found["unevaluatedProperties"] = self._rest()
        if {"items", "prefixItems", "contains"} & found.keys() and self._often(0.25):
            found["unevaluatedItems"] = self._rest()
        return found

    def _rest(self) -> Any:
        return False if self._often(0.6) else self._maker.typed(0)
