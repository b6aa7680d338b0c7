"""JSON Schema to types."""

from __future__ import annotations

import itertools
import random
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from mqbind.load.jsonschema.integer_pattern import NotIntegersError, range_of
from mqbind.model.constraints import Bound
from mqbind.model.types import (
    Array,
    Boolean,
    ChoiceValue,
    Integer,
    Interval,
    Json,
    Map,
    Named,
    NeedsOneOf,
    Number,
    Text,
    Type,
    Wire,
)
from tests.codegen.loading import choice, document, payload, payload_of, struct, tried
from tests.codegen.verdicts import Verdicts


def intervals(*pairs: tuple[int | None, int | None]) -> tuple[Interval, ...]:
    return tuple(Interval(low=low, high=high) for low, high in pairs)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("type: boolean", Boolean()),
        ("enum: [false, true]", Boolean()),
        ("{}", Json()),
        ("true", Json()),
        ("{title: x, description: y, default: 3, x-other: 1}", Json()),
        ("type: object", Map()),
        ("{type: object, properties: {}, additionalProperties: {}}", Map()),
        ("type: string", Text()),
        ("type: [string]", Text()),
        ("{type: string, minLength: 2, maxLength: 3.0}", Text(min_length=2, max_length=3)),
        ("{type: string, format: date-time, minLength: 0}", Text()),
        ("type: number", Number()),
        ("type: [integer, number]", Number()),
        (
            "{type: number, minimum: 0.1, exclusiveMinimum: 0.1, maximum: 2}",
            Number(
                low=Bound(value=Decimal("0.1"), exclusive=True),
                high=Bound(value=Decimal(2), exclusive=False),
            ),
        ),
        ("type: array", Array(item=Json())),
        (
            "{type: array, items: {type: string}, minItems: 1, maxItems: 4, uniqueItems: false}",
            Array(item=Text(), min_items=1, max_items=4),
        ),
        ("type: integer", Integer(intervals=intervals((None, None)))),
        ("{type: integer, minimum: 0.5, maximum: 9.5}", Integer(intervals=intervals((1, 9)))),
        (
            "{type: integer, exclusiveMinimum: 0, exclusiveMaximum: 2.5}",
            Integer(intervals=intervals((1, 2))),
        ),
        (
            "{type: integer, anyOf: [{const: 0}, {minimum: 30}]}",
            Integer(intervals=intervals((0, 0), (30, None))),
        ),
        (
            "{type: integer, oneOf: [{minimum: 0}, {maximum: 5}]}",
            Integer(intervals=intervals((None, -1), (6, None))),
        ),
        (
            "{type: integer, x-mqbind-type: int64}",
            Integer(intervals=intervals((None, None)), storage="int64"),
        ),
        ("const: 5000000000", Integer(intervals=intervals((5000000000, 5000000000)))),
        ("allOf: [{type: string, maxLength: 3}]", Text(max_length=3)),
        (
            "{allOf: [{type: integer, minimum: 0, maximum: 9}], x-mqbind-type: uint8}",
            Integer(intervals=intervals((0, 9)), storage="uint8"),
        ),
        (
            "{schemaFormat: 'application/schema+yaml;version=draft-07', schema: {type: string}}",
            Text(),
        ),
    ],
)
def test_inline_types(tmp_path: Path, schema: str, expected: Type) -> None:
    assert payload(tmp_path, schema)[0] == expected


def test_integer_that_arrives_as_number_or_text(tmp_path: Path) -> None:
    its, _ = payload(
        tmp_path, "{type: [string, integer], pattern: '^[0-9]{1,9}$', minimum: 0, maximum: 7}"
    )
    assert isinstance(its, Integer)
    assert its.wires == (Wire.STRING, Wire.NUMBER)
    assert its.intervals == intervals((0, 7))
    assert its.storage == "int64"
    assert its.pattern is not None
    assert its.pattern.regex == "^[0-9]{1,9}$"


def test_integer_in_a_text(tmp_path: Path) -> None:
    its, _ = payload(
        tmp_path,
        "{type: string, pattern: '^(100|[1-9][0-9]?|-[1-4])$', x-mqbind-type: int8}",
    )
    assert isinstance(its, Integer)
    assert its.wires == (Wire.STRING,)
    assert its.intervals == intervals((-4, 100))
    assert its.storage == "int8"


def test_choice_with_several_spellings(tmp_path: Path) -> None:
    found = choice(
        tmp_path,
        """
        description: How it is signed.
        type: string
        enum: [MD5, Md5, SHA256]
        x-enum-varnames: [MD5, MD5, SHA256]
        x-enum-descriptions: ['', short, long]
        """,
    )
    assert found.description == "How it is signed."
    assert found.hint == "Top"
    assert found.values == (
        ChoiceValue(name="MD5", spellings=("MD5", "Md5"), description="short"),
        ChoiceValue(name="SHA256", spellings=("SHA256",), description="long"),
    )


def test_choice_of_integers_counts_integral_numbers(tmp_path: Path) -> None:
    found = choice(tmp_path, "{type: integer, enum: [1, 2.0, 3], maximum: 3}")
    assert [value.spellings for value in found.values] == [(1,), (2,), (3,)]


def test_constant_is_a_choice_of_one(tmp_path: Path) -> None:
    found = choice(tmp_path, "const: iwantplay")
    assert found.values == (ChoiceValue(name=None, spellings=("iwantplay",), description=None),)


def test_struct(tmp_path: Path) -> None:
    found, protocol = struct(
        tmp_path,
        """
        title: The top
        description: All of it.
        type: object
        required: [b, z]
        additionalProperties: true
        properties:
          a: {type: integer, title: A, description: An a., default: 3, x-mqbind-unit: s}
          b: {$ref: '#/components/schemas/B'}
          c: {type: object, x-mqbind-name: sea, properties: {d: {const: 1}}}
          e: {description: Mine., deprecated: true, allOf: [{$ref: '#/components/schemas/B'}]}
          f: {type: array, items: {type: object, properties: {g: true}}}
        anyOf:
          - required: [a]
          - required: [c, y]
        x-mqbind-send: {required: [e]}
        """,
        """
        components:
          schemas:
            B: {type: object, description: Of B., x-mqbind-name: bee, properties: {n: {}}}
        """,
    )
    assert found.key == "t.yaml#/channels/c/messages/Top/payload"
    assert (found.hint, found.title, found.description) == ("Top", "The top", "All of it.")
    assert not found.closed
    assert [member.json_name for member in found.members] == ["a", "b", "c", "e", "f", "z", "y"]
    a, b, c, e, f, z, y = found.members
    assert (a.title, a.description, a.unit, a.required) == ("A", "An a.", "s", False)
    assert a.default is not None and a.default.value == 3
    assert b.type == Named(key="t.yaml#/components/schemas/B")
    assert (b.description, b.required) == (None, True)
    assert (c.name, c.type) == ("sea", Named(key=f"{found.key}/properties/c"))
    assert (e.type, e.description, e.deprecated) == (b.type, "Mine.", True)
    assert f.type == Array(item=Named(key=f"{found.key}/properties/f/items"))
    assert (y.type, y.required, z.type, z.required) == (Json(), False, Json(), True)
    assert found.rules == (
        NeedsOneOf(groups=(("a",), ("c", "y")), when_sending_only=False),
        NeedsOneOf(groups=(("e",),), when_sending_only=True),
    )
    its = protocol.definitions
    assert list(its) == sorted(its, key=lambda key: its[key].location)
    assert its["t.yaml#/components/schemas/B"].name == "bee"
    assert its["t.yaml#/components/schemas/B"].hint == "B"
    assert its[f"{found.key}/properties/c"].name is None
    assert its[f"{found.key}/properties/c"].hint == "Top c"
    assert its[f"{found.key}/properties/c/properties/d"].hint == "Top c d"
    assert its[f"{found.key}/properties/f/items"].hint == "Top f item"


def test_struct_of_several_parts(tmp_path: Path) -> None:
    found, _ = struct(
        tmp_path,
        """
        allOf:
          - $ref: '#/components/schemas/Base'
          - required: [b]
        properties:
          b: {type: string}
          a: true
        """,
        """
        components:
          schemas:
            Base: {type: object, required: [a], properties: {a: {type: boolean}}}
        """,
    )
    assert [(each.json_name, each.type, each.required) for each in found.members] == [
        ("a", Boolean(), True),
        ("b", Text(), True),
    ]


def test_struct_inside_itself(tmp_path: Path) -> None:
    found, protocol = struct(
        tmp_path,
        "$ref: '#/components/schemas/Tree'",
        """
        components:
          schemas:
            Tree:
              type: object
              additionalProperties: false
              properties:
                children: {type: array, items: {$ref: '#/components/schemas/Tree'}}
        """,
    )
    assert found.closed
    assert found.members[0].type == Array(item=Named(key=found.key))
    assert list(protocol.definitions) == [found.key]


def test_one_definition_for_each_target(tmp_path: Path) -> None:
    _, protocol = struct(
        tmp_path,
        """
        type: object
        properties:
          a: {$ref: '#/components/schemas/C'}
          b: {$ref: '#/components/schemas/D'}
        """,
        "components: {schemas: {C: {enum: [x]}, D: {$ref: '#/components/schemas/C'}}}",
    )
    assert list(protocol.definitions)[1:] == ["t.yaml#/components/schemas/C"]


def random_schema(chance: random.Random, depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for key in chance.sample(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], 1):
        schema[key] = chance.choice([-3, -1, 0, 0.5, 2, 4])
    if chance.random() < 0.2:
        schema["enum"] = chance.sample(range(-6, 7), 4)
    if depth and chance.random() < 0.8:
        combiner = chance.choice(["allOf", "anyOf", "oneOf", "not"])
        branches = [random_schema(chance, depth - 1) for _ in range(chance.randint(1, 3))]
        schema[combiner] = branches[0] if combiner == "not" else branches
    return schema


def test_integer_sets_agree_with_a_validator(tmp_path: Path) -> None:
    """Every combination of bounds accepts the integers that a draft-07 validator accepts."""
    chance = random.Random(7)
    compared = 0
    for _ in range(150):
        schema = {"type": "integer", **random_schema(chance, 3)}
        accepted = [value for value in range(-9, 10) if Draft7Validator(schema).is_valid(value)]
        its, protocol = payload_of(tried(tmp_path, document(repr(schema)))[0])
        verdicts = Verdicts(protocol=protocol)
        assert [value for value in range(-9, 10) if verdicts.accepts(its, value)] == accepted
        compared += isinstance(its, Integer) and bool(accepted)
    assert compared > 60


@pytest.mark.parametrize(
    "pattern",
    [
        "^(100|[1-9][0-9]?|-[1-4])$",
        "^-?(0|[1-9][0-9]{0,2})$",
        "^(?:-1|-?2[05-7]?|0{1,3})$",
        r"^\d{2}-?$",
        "^[-0-9]{1,2}$",
        "^(|-)(3|4)?5$",
        "^0*7$",
        "^(-|)$",
        "^-?[0-9]{1,3}|-$",
    ],
)
def test_ranges_of_patterns_by_listing_their_texts(pattern: str) -> None:
    """What a pattern admits, tried on every text of up to four digits and signs."""
    texts = [
        text
        for length in range(5)
        for letters in itertools.product("-0123456789", repeat=length)
        if re.search(pattern.replace("$", r"\Z"), text := "".join(letters))
    ]
    if all(re.fullmatch("-?[0-9]+", text) for text in texts) and "|-$" not in pattern:
        found = range_of(pattern)
        numbers = [int(text) for text in texts]
        if found is not None:
            assert (found.low, found.high) == (min(numbers), max(numbers))
    else:
        with pytest.raises(NotIntegersError):
            range_of(pattern)


@pytest.mark.parametrize("pattern", ["^-?[0-9]+$", "^[0-9]{30}$", "^1[0-9]{22,}$"])
def test_patterns_beyond_every_c_type(pattern: str) -> None:
    assert range_of(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]",
        "^[0-9]",
        "^[^a]$",
        "^(1$",
        "^1)$",
        "^*$",
        "^1{2$",
        "^1{3,2}$",
        "^(" * 90 + "$",
        "^" + "((((1{9}){9}){9}){9}){9}" * 30 + "$",
        "^[9-0]$",
        "^.$",
        "^[]$",
        "^1{99999}$",
    ],
)
def test_patterns_that_are_no_whole_numbers(pattern: str) -> None:
    with pytest.raises(NotIntegersError):
        range_of(pattern)
