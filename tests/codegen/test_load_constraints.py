"""JSON Schema to the constraints that are left over beside a type."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from mqbind.diagnostics import Location
from mqbind.model.constraints import (
    AllOf,
    AnyOf,
    Bound,
    Constraint,
    Contains,
    HasItems,
    HasLength,
    HasMembers,
    HasType,
    If,
    IfMember,
    InRange,
    IsOneOf,
    Items,
    JsonType,
    Matches,
    MemberNames,
    Members,
    MultipleOf,
    Never,
    Not,
    OneOf,
    Pattern,
    Requires,
    Shared,
    UniqueItems,
)
from mqbind.model.types import Constrained, Json, Type
from tests.codegen.loading import document, payload_of, tried

STRING = HasType(types=(JsonType.STRING,))
INTEGER = HasType(types=(JsonType.INTEGER,))
LONG = HasLength(low=2, high=None)


def pattern(regex: str, file: str, column: int) -> Pattern:
    return Pattern(regex=regex, location=Location(file=file, line=9, column=column))


def left_over(folder: Path, schema: str, components: str = "") -> tuple[Type, Constraint]:
    """The type of a payload, and what is left over."""
    its, _ = payload_of(tried(folder, document(schema, components))[0])
    assert isinstance(its, Constrained), its
    return its.type, its.constraint


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: [string, boolean]}", HasType(types=(JsonType.STRING, JsonType.BOOLEAN))),
        (
            "{enum: [{b: 1.50, a: [é, null]}, true, 1]}",
            IsOneOf(texts=('{"b":1.50,"a":["é",null]}', "true", "1")),
        ),
        ("{const: []}", IsOneOf(texts=("[]",))),
        (
            "{minimum: 0.1, exclusiveMinimum: 0.1, maximum: 9}",
            InRange(
                low=Bound(value=Decimal("0.1"), exclusive=True),
                high=Bound(value=Decimal(9), exclusive=False),
            ),
        ),
        (
            "{minimum: 2, maximum: 1}",
            AllOf(
                parts=(
                    InRange(low=Bound(value=Decimal(2), exclusive=False), high=None),
                    InRange(low=None, high=Bound(value=Decimal(1), exclusive=False)),
                )
            ),
        ),
        ("{multipleOf: 0.01}", MultipleOf(divisor=Decimal("0.01"))),
        ("{minLength: 2, maxLength: 3.0}", HasLength(low=2, high=3)),
        (
            "{minItems: 1, uniqueItems: true}",
            AllOf(parts=(HasItems(low=1, high=None), UniqueItems())),
        ),
        ("{maxProperties: 3}", HasMembers(low=0, high=3)),
        ("{items: {type: string}}", Items(first=(), rest=STRING)),
        ("{items: {type: string}, additionalItems: false}", Items(first=(), rest=STRING)),
        (
            "{items: [{type: string}, {}], additionalItems: {type: integer}}",
            Items(first=(STRING, AllOf(parts=())), rest=INTEGER),
        ),
        ("{items: [true], additionalItems: false}", Items(first=(AllOf(parts=()),), rest=Never())),
        ("{contains: {type: string}}", Contains(item=STRING)),
        ("{required: [b, a]}", Requires(names=("b", "a"))),
        (
            "{properties: {a: {type: string}, b: {}}}",
            Members(named=(("a", STRING),)),
        ),
        (
            "{properties: {a: {type: string}, b: {}}, additionalProperties: false}",
            Members(named=(("a", STRING), ("b", None)), other=Never()),
        ),
        ("{propertyNames: {minLength: 2}}", MemberNames(name=LONG)),
        (
            "{dependencies: {a: [b, c], d: {minProperties: 3}, e: []}}",
            AllOf(
                parts=(
                    IfMember(name="a", then=Requires(names=("b", "c"))),
                    IfMember(name="d", then=HasMembers(low=3, high=None)),
                )
            ),
        ),
        (
            "{allOf: [{minLength: 2}, {allOf: [{multipleOf: 2}, {}]}], not: {type: integer}}",
            AllOf(parts=(LONG, MultipleOf(divisor=Decimal(2)), Not(part=INTEGER))),
        ),
        (
            "{anyOf: [{minLength: 2}, {minItems: 1}, false]}",
            AnyOf(parts=(LONG, HasItems(low=1, high=None))),
        ),
        (
            "{oneOf: [{minLength: 2}, {minItems: 1}]}",
            OneOf(parts=(LONG, HasItems(low=1, high=None))),
        ),
        ("{not: {minLength: 2}}", Not(part=LONG)),
        (
            "{if: {type: string}, then: {minLength: 2}, else: {type: integer}}",
            If(condition=STRING, then=LONG, otherwise=INTEGER),
        ),
        ("{if: true, then: {type: string}, else: false}", STRING),
        ("{if: {type: string}, else: false}", If(condition=STRING, then=None, otherwise=Never())),
        ("{not: {}}", Never()),
        ("false", Never()),
        ("{enum: []}", Never()),
    ],
)
def test_constraints(tmp_path: Path, schema: str, expected: Constraint) -> None:
    assert left_over(tmp_path, schema) == (Json(), expected)


def test_patterns_know_their_place(tmp_path: Path) -> None:
    its, constraint = left_over(tmp_path, "{pattern: a, patternProperties: {b: {pattern: c}}}")
    place = str(tmp_path / "t.yaml")
    inner = Matches(pattern=pattern("c", place, 57))
    assert its == Json()
    assert constraint == AllOf(
        parts=(
            Matches(pattern=pattern("a", place, 21)),
            Members(matching=((pattern("b", place, 44), inner),)),
        )
    )


def test_what_a_reference_leads_to_is_shared(tmp_path: Path) -> None:
    """So that a schema may contain itself."""
    components = """
        components:
          schemas:
            Tree:
              items: {$ref: '#/components/schemas/Tree'}
              not: {$ref: '#/components/schemas/S'}
            S: {type: string}
            Unused: {not: {$ref: '#/components/schemas/S'}}
    """
    schema = "{not: {$ref: '#/components/schemas/Tree'}}"
    its, protocol = payload_of(tried(tmp_path, document(schema, components))[0])
    tree, string = "t.yaml#/components/schemas/Tree", "t.yaml#/components/schemas/S"
    assert its == Constrained(type=Json(), constraint=Not(part=Shared(key=tree)))
    assert protocol.constraints == {
        tree: AllOf(parts=(Items(first=(), rest=Shared(key=tree)), Not(part=Shared(key=string)))),
        string: STRING,
    }
