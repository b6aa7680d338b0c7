"""Schemas of every draft, changed at random, end in C or in errors, never in a traceback."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

from mqbind.diagnostics import Diagnostics
from mqbind.load import load
from mqbind.load.document.dialects import DIALECTS
from mqbind.plan.build import build_plan
from tests.support.documents import write_around

CHANGED = 250
KEYWORDS = sorted(
    {
        "$id", "id", "$schema", "$ref", "default", "examples", "schemaFormat", "plainInteger",
        *(keyword for dialect in DIALECTS for keyword in dialect.keywords),
    }
)  # fmt: skip
TEXTS = (
    *(dialect.uri for dialect in DIALECTS), "http://json-schema.org/schema#", "x", "#", "#a",
    "#/$defs/a", "#/properties/a", "http://[", "string", "integer",
)  # fmt: skip
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://example.com/a",
    "type": "object",
    "properties": {"a": {"$ref": "#/$defs/a", "minimum": 3}, "b": {"$dynamicRef": "#n"}},
    "anyOf": [{"required": ["a"], "properties": {"c": {"prefixItems": [True], "items": False}}}],
    "dependentSchemas": {"a": {"if": {"minProperties": 2}, "then": {"propertyNames": {}}}},
    "unevaluatedProperties": {"contains": {"const": 1}, "minContains": 0, "unevaluatedItems": {}},
    "$defs": {"a": {"type": ["integer", "null"]}, "n": {"$dynamicAnchor": "n", "not": {}}},
}


def _random_value(generator: random.Random, depth: int) -> Any:
    kind = generator.randrange(6 if depth < 3 else 3)
    if kind == 0:
        return generator.choice([None, True, False, 0, -1, 1.0, 2.5, "", [], {}])
    if kind < 3:
        return generator.choice(TEXTS)
    if kind == 3:
        return [_random_value(generator, depth + 1) for _ in range(generator.randrange(3))]
    keys = generator.choices([*KEYWORDS, "a", "b"], k=generator.randrange(4))
    return {key: _random_value(generator, depth + 1) for key in keys}


def _containers(value: Any) -> list[Any]:
    inner = list(value.values() if isinstance(value, dict) else value)
    nested = (_containers(each) for each in inner if isinstance(each, dict | list))
    return [value, *(each for found in nested for each in found)]


def _changed(schema: Any, generator: random.Random) -> Any:
    found = copy.deepcopy(schema)
    for _ in range(generator.randint(1, 4)):
        place = generator.choice(_containers(found))
        value = _random_value(generator, 0)
        if isinstance(place, list):
            place.append(value)
        elif place and generator.random() < 0.2:
            del place[generator.choice(sorted(place))]
        else:
            place[generator.choice([*KEYWORDS, *place])] = value
    return found


def test_changed_schemas_end_in_c_or_in_errors(tmp_path: Path) -> None:
    generator = random.Random(20261128)
    compiled = 0
    for _ in range(CHANGED):
        schema = _changed(SCHEMA, generator)
        declared = generator.choice(DIALECTS)
        if generator.random() < 0.5:
            schema["$schema"] = declared.uri
        stated = f"application/schema+json;version={declared.name}"
        document = write_around(schema, "s", tmp_path, generator.choice([None, stated]))
        diagnostics = Diagnostics()
        try:
            protocol = load(document, diagnostics)
            if protocol is not None:
                build_plan(protocol, Diagnostics())
        except Exception as error:
            raise AssertionError(json.dumps(schema)) from error
        compiled += protocol is not None
        assert protocol is not None or diagnostics.failed
    assert CHANGED / 20 < compiled < CHANGED
