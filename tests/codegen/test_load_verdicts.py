"""The types that a schema becomes accept what a draft-07 validator accepts, and nothing else."""

from __future__ import annotations

import json
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from mqbind.diagnostics import Diagnostics, Severity
from mqbind.load import load
from mqbind.model.types import Bytes, Constrained, Named, Nullable, Type
from tests.codegen.loading import document, payload_of, tried
from tests.codegen.random_schemas import VALUES, Schemas
from tests.codegen.verdicts import Verdicts

SCHEMAS = Path(__file__).resolve().parents[2] / "schema"
ROUNDS = 400
SAMPLES = [
    "{type: integer, minimum: 1}",
    "{type: number, exclusiveMinimum: 0, maximum: 12}",
    "{type: integer, anyOf: [{const: 0}, {minimum: 30}]}",
    "{type: [integer, string], pattern: '^[0-9]{1,3}$', maximum: 12}",
    "{type: string, pattern: '^(100|[1-9][0-9]?|-[1-4])$', x-mqbind-type: int8}",
    "{type: string, minLength: 1, maxLength: 2}",
    "{type: string, pattern: b}",
    "{enum: [a, ab, '7']}",
    "{enum: [1, 2.0, 12]}",
    "{type: string, enum: [a, abc], maxLength: 3}",
    "{type: array, items: {type: integer}, minItems: 1, maxItems: 2}",
    "{type: array, items: {type: [string]}}",
    "{type: object}",
    "{type: object, required: [a]}",
    "{type: object, properties: {a: {type: integer}, b: true}}",
    "{type: object, properties: {a: true, b: {type: object}}, additionalProperties: false}",
    "{type: object, anyOf: [{required: [a, b]}, {required: [kind]}]}",
    "{type: object, properties: {a: {type: integer}}, x-mqbind-send: {required: [a]}}",
    "{type: object, required: [kind], properties: {kind: {const: x}}}",
    "{allOf: [{type: object, required: [a]}, {properties: {a: {type: integer}}}]}",
    "{enum: [true, false]}",
    "{type: [integer, string]}",
    "{type: array, items: {type: [string, integer]}}",
    "{anyOf: [{type: object, required: [a]}, {type: array, maxItems: 1}, {type: boolean}]}",
    "{anyOf: [{type: integer, minimum: 2}, {type: number}, {type: string, pattern: b}]}",
    "{anyOf: [{type: string}, {title: other, anyOf: [{type: object}, {type: integer}]}]}",
    "{type: object, properties: {a: {anyOf: [{type: integer}, {enum: [b]}]}}}",
    "{}",
    "{type: [string, 'null'], maxLength: 2}",
    "{type: [object, 'null'], properties: {a: {type: integer}}, not: {required: [b]}}",
    "{enum: [a, ab, null]}",
    "{enum: [1, a, 2.5, [], {a: 1}]}",
    "{const: null}",
    "{const: 2.5}",
    "{const: [1]}",
    "{enum: [true]}",
    "{oneOf: [{type: integer}, {type: 'null'}]}",
    "{oneOf: [{}, {type: 'null'}]}",
    "{oneOf: [{type: [string, 'null']}, {type: 'null'}]}",
    "{anyOf: [{type: object, properties: {a: {type: integer}}}, {type: 'null'}]}",
    "{oneOf: [{const: a}, {const: ab}, {enum: [a, x]}]}",
    "{oneOf: [{type: integer}, {type: number, minimum: 2}, {type: string}]}",
    "{type: object, oneOf: [{required: [a]}, {required: [b]}]}",
    "{type: object, oneOf: [{properties: {a: {type: integer}}}, {properties: {b: true}}]}",
    "{type: object, properties: {a: {}}, additionalProperties: {type: integer}}",
    "{type: object, additionalProperties: {type: integer}}",
    "{type: object, patternProperties: {^a: {type: integer}}, additionalProperties: false}",
    "{type: object, additionalProperties: false}",
    "{type: object, properties: {a: false, b: {}}}",
    "{type: object, properties: {a: false}, required: [a]}",
    "{type: object, propertyNames: {maxLength: 1}, minProperties: 1}",
    "{type: object, dependencies: {a: [b], kind: {required: [z]}}}",
    "{type: array, items: [{type: string}, {type: integer}], additionalItems: false}",
    "{type: array, items: {type: integer}, uniqueItems: true, contains: {minimum: 2}}",
    "{type: number, multipleOf: 0.5}",
    "{type: integer, if: {minimum: 2}, then: {multipleOf: 2}, else: {const: 1}}",
    "{properties: {a: {type: integer}}}",
    "{minimum: 2}",
    "{not: {type: string}}",
    "{allOf: [{type: object, properties: {a: {type: integer}}}, {properties: {a: {minimum: 2}}}]}",
    "{required: [b], allOf: [{type: object, properties: {a: {}}, additionalProperties: false}]}",
    "{allOf: [{type: string}, {type: integer}]}",
    "{type: string, minLength: 3, maxLength: 2}",
    "{enum: []}",
    "false",
]


def exact(value: Any) -> Any:
    """`value` as written in JSON, with exact numbers."""
    return json.loads(json.dumps(value), parse_float=Decimal)


@pytest.mark.parametrize("schema", SAMPLES)
def test_samples(tmp_path: Path, schema: str) -> None:
    its, protocol = payload_of(tried(tmp_path, document(schema))[0])
    validator = Draft7Validator(yaml.safe_load(schema))
    verdicts = Verdicts(protocol=protocol)
    wanted = {json.dumps(value): validator.is_valid(value) for value in VALUES}
    found = {json.dumps(value): verdicts.accepts(its, exact(value)) for value in VALUES}
    assert found == wanted


def errors_of(folder: Path) -> list[str]:
    """What is wrong with the last document."""
    diagnostics = Diagnostics()
    load(folder / "t.yaml", diagnostics)
    return [str(each) for each in diagnostics if each.severity is Severity.ERROR]


def bare(its: Type) -> Type:
    while isinstance(its, Constrained | Nullable):
        its = its.type
    return its


@pytest.mark.parametrize("seed", range(8))
def test_random_schemas(tmp_path: Path, seed: int) -> None:
    """Whatever the keywords and however they are combined."""
    schemas = Schemas(random.Random(seed))
    seen: Counter[str] = Counter()
    for _ in range(120):
        schema = schemas.whole()
        (tmp_path / "schema.json").write_text(json.dumps(schema))
        protocol, _ = tried(tmp_path, document("{$ref: schema.json}"))
        if protocol is None:
            assert all("circular" in each for each in errors_of(tmp_path)), schema
            continue
        its, _ = payload_of(protocol)
        verdicts, validator = Verdicts(protocol=protocol), Draft7Validator(schema)
        for value in [*VALUES, *(schemas.value() for _ in range(10))]:
            verdict = validator.is_valid(value)
            assert verdicts.accepts(its, exact(value)) == verdict, (schema, value)
            seen[str(verdict)] += 1
        inner = bare(its)
        named = protocol.definitions[inner.key] if isinstance(inner, Named) else inner
        seen[type(named).__name__] += 1
    assert all(seen[kind] for kind in ("True", "False", "Json", "Struct", "Integer", "Text"))


def mutate(value: Any, chance: random.Random) -> Any:
    """A payload with one thing changed somewhere."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(list(value))
        changed = dict(value)
        if chance.random() < 0.2:
            del changed[key]
        else:
            changed[key] = mutate(value[key], chance)
        return changed
    return chance.choice(VALUES)


@pytest.mark.parametrize("name", sorted(path.name for path in SCHEMAS.glob("*.yaml")))
def test_our_schemas(name: str) -> None:
    protocol = load(SCHEMAS / name, Diagnostics())
    assert protocol is not None
    document = yaml.safe_load((SCHEMAS / name).read_text(encoding="utf-8"))
    chance = random.Random(name)
    seen = set()
    verdicts = Verdicts(protocol=protocol)
    for key, message in protocol.messages.items():
        if isinstance(message.payload, Bytes):
            continue
        pointer = f"#{key.partition('#')[2]}/payload"
        validator = Draft7Validator({**document, "$ref": pointer})
        for example in message.examples:
            assert validator.is_valid(example.value)
            for _ in range(ROUNDS // 4):
                value = mutate(example.value, chance)
                verdict = validator.is_valid(value)
                found = verdicts.accepts(message.payload, exact(value))
                assert found == verdict, (key, value)
                seen.add(verdict)
    assert seen == {True, False}
