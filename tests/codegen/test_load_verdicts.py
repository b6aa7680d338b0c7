"""The types that a schema becomes accept what a draft-07 validator accepts, and nothing else."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any, assert_never

import pytest
import yaml
from jsonschema import Draft7Validator

from mqbind.diagnostics import Diagnostics
from mqbind.load import load
from mqbind.model.protocol import Protocol
from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Integer,
    Json,
    Map,
    Named,
    Number,
    Scalar,
    Struct,
    Text,
    Type,
    Union,
    Wire,
)
from tests.codegen.loading import payload

SCHEMAS = Path(__file__).resolve().parents[2] / "schema"
ROUNDS = 400
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
    [1, 2, 3],
    {},
    {"a": 1},
    {"a": "b"},
    {"a": None, "b": 2},
    {"b": {"a": 1}, "kind": "x"},
    {"kind": "x"},
    {"kind": "y", "a": 3, "z": []},
]
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
]


def accepts(its: Type, value: Any, protocol: Protocol) -> bool:
    """The verdict of a type, as its documentation says."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match its:
        case Boolean():
            return isinstance(value, bool)
        case Integer():
            return accepts_integer(its, value)
        case Number():
            low = its.low is None or value_of(number, value) > its.low.value
            high = its.high is None or value_of(number, value) < its.high.value
            at_low = its.low is not None and not its.low.exclusive and value == its.low.value
            at_high = its.high is not None and not its.high.exclusive and value == its.high.value
            return number and (low or at_low) and (high or at_high)
        case Text():
            return isinstance(value, str) and (
                its.min_length <= len(value)
                and (its.max_length is None or len(value) <= its.max_length)
                and (its.pattern is None or bool(re.search(its.pattern.regex, value)))
            )
        case Scalar():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return isinstance(value, str) or (number and value == int(value))
        case Json() | Bytes():
            return True
        case Map():
            return isinstance(value, dict)
        case Array():
            return (
                isinstance(value, list)
                and its.min_items <= len(value)
                and (its.max_items is None or len(value) <= its.max_items)
                and all(accepts(its.item, item, protocol) for item in value)
            )
        case Named():
            return accepts_named(its, value, protocol)
        case _:
            assert_never(its)


def value_of(number: bool, value: Any) -> float:
    return value if number else 0


def accepts_integer(its: Integer, value: Any) -> bool:
    if isinstance(value, str):
        assert its.pattern is not None or Wire.STRING not in its.wires
        pattern = its.pattern
        return (
            Wire.STRING in its.wires
            and pattern is not None
            and bool(re.search(pattern.regex, value))
        )
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        return False
    return Wire.NUMBER in its.wires and any(
        (each.low is None or each.low <= value) and (each.high is None or value <= each.high)
        for each in its.intervals
    )


def accepts_named(its: Named, value: Any, protocol: Protocol) -> bool:
    match protocol.definitions[its.key]:
        case Choice() as choice:
            spellings = [spelling for each in choice.values for spelling in each.spellings]
            return not isinstance(value, bool) and value in spellings
        case Struct() as struct:
            return isinstance(value, dict) and accepts_struct(struct, value, protocol)
        case Union() as union:
            return any(accepts(branch.type, value, protocol) for branch in union.branches)


def accepts_struct(struct: Struct, value: dict[str, Any], protocol: Protocol) -> bool:
    known = {member.json_name: member for member in struct.members}
    if struct.closed and not set(value) <= set(known):
        return False
    for rule in struct.rules:
        if not rule.when_sending_only and not any(
            set(group) <= set(value) for group in rule.groups
        ):
            return False
    return all(
        accepts(member.type, value[name], protocol) if name in value else not member.required
        for name, member in known.items()
    )


@pytest.mark.parametrize("schema", SAMPLES)
def test_samples(tmp_path: Path, schema: str) -> None:
    its, protocol = payload(tmp_path, schema)
    validator = Draft7Validator(yaml.safe_load(schema))
    verdicts = {json.dumps(value): validator.is_valid(value) for value in VALUES}
    assert {json.dumps(value): accepts(its, value, protocol) for value in VALUES} == verdicts
    assert any(verdicts.values())


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
                assert accepts(message.payload, value, protocol) == verdict, (key, value)
                seen.add(verdict)
    assert seen == {True, False}
