"""Which type a schema becomes when it says more than that type can."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from mqbind.model.constraints import (
    AllOf,
    AnyOf,
    HasLength,
    HasMembers,
    HasType,
    IsOneOf,
    Items,
    JsonType,
    Members,
    MultipleOf,
    Never,
    Not,
    OneOf,
    Requires,
    Shared,
)
from mqbind.model.protocol import Protocol
from mqbind.model.types import (
    Array,
    Boolean,
    Choice,
    Constrained,
    Integer,
    Interval,
    Json,
    Map,
    Named,
    NamedContainer,
    Null,
    Nullable,
    Number,
    OtherMembers,
    Scalar,
    Struct,
    Text,
    Type,
    Union,
)
from tests.codegen.loading import document, loaded, payload, payload_of, struct, tried

STRING = HasType(types=(JsonType.STRING,))
INTEGER = HasType(types=(JsonType.INTEGER,))
NUMBER = HasType(types=(JsonType.NUMBER,))
ANY_INTEGER = Integer(intervals=(Interval(low=None, high=None),))
KEY = "t.yaml#/channels/c/messages/Top/payload"


def read(folder: Path, schema: str, components: str = "") -> tuple[Type, Protocol]:
    """The type of a payload about which there may be warnings."""
    return payload_of(tried(folder, document(schema, components))[0])


def union(folder: Path, schema: str) -> Union:
    its, protocol = read(folder, schema)
    assert isinstance(its, Named)
    found = protocol.definitions[its.key]
    assert isinstance(found, Union)
    return found


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: [string, 'null'], maxLength: 4}", Nullable(type=Text(max_length=4))),
        (
            "{oneOf: [{type: string, maxLength: 4}, {type: 'null'}]}",
            Nullable(type=Text(max_length=4)),
        ),
        ("{anyOf: [{type: 'null'}, {type: boolean}]}", Nullable(type=Boolean())),
        (
            "{oneOf: [{type: ['null', integer]}, {type: 'null'}]}",
            Constrained(
                type=Nullable(type=ANY_INTEGER),
                constraint=OneOf(
                    parts=(
                        HasType(types=(JsonType.NULL, JsonType.INTEGER)),
                        HasType(types=(JsonType.NULL,)),
                    )
                ),
            ),
        ),
        ("{type: [integer, string, 'null']}", Nullable(type=Scalar())),
        (
            "{type: ['null', integer], minimum: 1, not: {type: 'null'}}",
            Integer(intervals=(Interval(low=1, high=None),)),
        ),
        (
            "{oneOf: [{}, {type: 'null'}]}",
            Constrained(type=Json(), constraint=Not(part=HasType(types=(JsonType.NULL,)))),
        ),
        ("{enum: [1.5, 2]}", Constrained(type=Number(), constraint=IsOneOf(texts=("1.5", "2")))),
        ("{enum: [a, 1]}", Constrained(type=Scalar(), constraint=IsOneOf(texts=('"a"', "1")))),
        (
            "{type: boolean, const: true}",
            Constrained(type=Boolean(), constraint=IsOneOf(texts=("true",))),
        ),
        ("{type: object, additionalProperties: {type: boolean}}", Map(value=Boolean())),
        (
            "{type: object, minProperties: 2}",
            Constrained(type=Map(), constraint=HasMembers(low=2, high=None)),
        ),
        (
            "{type: object, required: [a], additionalProperties: {type: string}}",
            Constrained(type=Map(value=Text()), constraint=Requires(names=("a",))),
        ),
        (
            "{type: object, additionalProperties: false}",
            Constrained(type=Map(), constraint=Members(other=Never())),
        ),
        (
            "{type: number, multipleOf: 2}",
            Constrained(type=Number(), constraint=MultipleOf(divisor=Decimal(2))),
        ),
        ("{type: integer, multipleOf: 1}", ANY_INTEGER),
        (
            "{type: string, maxLength: 8, x-mqbind-storage: inline}",
            Text(max_length=8, inline=True),
        ),
        (
            "{type: array, items: {type: boolean}, maxItems: 8, x-mqbind-storage: inline}",
            Array(item=Boolean(), max_items=8, inline=True),
        ),
        (
            "{allOf: [{type: string, maxLength: 8}, {minLength: 2}]}",
            Text(min_length=2, max_length=8),
        ),
        (
            "{anyOf: [{type: string, minLength: 8}, {type: string, const: ''}]}",
            Constrained(
                type=Text(),
                constraint=AnyOf(
                    parts=(
                        AllOf(parts=(STRING, HasLength(low=8, high=None))),
                        AllOf(parts=(STRING, IsOneOf(texts=('""',)))),
                    )
                ),
            ),
        ),
        (
            "{type: array, items: [{type: number}, {type: integer}], maxItems: 2}",
            Constrained(
                type=Array(item=Number(), max_items=2),
                constraint=Items(first=(NUMBER, INTEGER), rest=None),
            ),
        ),
        (
            "{type: array, items: [{type: string}], additionalItems: {type: string, minLength: 1}}",
            Constrained(
                type=Array(item=Text()),
                constraint=Items(
                    first=(STRING,), rest=AllOf(parts=(STRING, HasLength(low=1, high=None)))
                ),
            ),
        ),
        (
            "{type: array, items: [{type: string}]}",
            Constrained(type=Array(item=Json()), constraint=Items(first=(STRING,), rest=None)),
        ),
        ("{oneOf: [{type: number}]}", Number()),
        ("{allOf: [{}, true, {type: number}]}", Number()),
        ("{type: 'null'}", Constrained(type=Json(), constraint=HasType(types=(JsonType.NULL,)))),
    ],
)
def test_types(tmp_path: Path, schema: str, expected: Type) -> None:
    assert read(tmp_path, schema)[0] == expected


def test_members_whose_names_match_one_pattern_are_a_map(tmp_path: Path) -> None:
    its, _ = read(
        tmp_path,
        "{type: object, patternProperties: {^a: {type: boolean}}, additionalProperties: false}",
    )
    assert isinstance(its, Constrained)
    assert its.type == Map(value=Boolean())
    assert isinstance(its.constraint, Members)
    [(pattern, part)] = its.constraint.matching
    assert (pattern.regex, part, its.constraint.other) == ("^a", None, Never())


def test_struct_keeps_what_its_members_do_not_say(tmp_path: Path) -> None:
    found, _ = struct(
        tmp_path,
        """
        type: object
        required: [a]
        properties: {a: {type: integer}, b: false}
        additionalProperties: {type: string}
        not: {required: [c]}
        """,
    )
    assert [member.json_name for member in found.members] == ["a"]
    assert not found.closed
    assert found.others == OtherMembers(type=Map(value=Text()), unknown=True)
    assert found.constraint == AllOf(
        parts=(
            Members(named=(("b", Never()),), other=None),
            Not(part=Requires(names=("c",))),
        )
    )


def test_member_described_twice_satisfies_both(tmp_path: Path) -> None:
    """Also when the two are objects themselves."""
    found, protocol = struct(
        tmp_path,
        """
        allOf:
          - type: object
            properties:
              kind: {type: string, title: What it is}
              inner: {type: object, properties: {x: {type: integer}}}
          - properties:
              kind: {const: lamp}
              inner: {required: [x], properties: {y: {type: boolean}}}
        """,
    )
    assert found.constraint is None
    kind, inner = found.members
    assert kind.title == "What it is"
    assert isinstance(kind.type, Named)
    assert isinstance(inner.type, Named)
    choice, both = protocol.definitions[kind.type.key], protocol.definitions[inner.type.key]
    assert isinstance(choice, Choice)
    assert [value.spellings for value in choice.values] == [("lamp",)]
    assert isinstance(both, Struct)
    assert [(each.json_name, each.required) for each in both.members] == [("x", True), ("y", False)]


def test_closed_branch_that_refuses_members_of_another(tmp_path: Path) -> None:
    its, protocol = read(
        tmp_path,
        """
        type: object
        properties: {a: {type: integer}}
        allOf: [{properties: {b: {type: integer}}, additionalProperties: false}]
        """,
    )
    assert isinstance(its, Named)
    found = protocol.definitions[its.key]
    assert isinstance(found, Struct)
    assert [member.json_name for member in found.members] == ["b", "a"]
    assert not found.closed
    assert found.constraint == Members(named=(("b", None),), other=Never())


def test_constants_with_titles_are_a_choice(tmp_path: Path) -> None:
    its, protocol = payload(
        tmp_path, "{oneOf: [{const: n, title: North}, {const: s, description: South.}, {const: n}]}"
    )
    assert isinstance(its, Named)
    found = protocol.definitions[its.key]
    assert isinstance(found, Choice)
    assert [(value.spellings, value.description) for value in found.values] == [(("s",), "South.")]


def test_enum_with_null(tmp_path: Path) -> None:
    its, protocol = payload(tmp_path, "{type: [string, 'null'], enum: [a, null], title: x}")
    assert its == Nullable(type=Named(key=KEY))
    assert isinstance(protocol.definitions[KEY], Choice)


def test_values_that_a_pattern_may_refuse_stay(tmp_path: Path) -> None:
    its, _ = payload(tmp_path, "{enum: [ab, b], pattern: a, minLength: 1}")
    assert isinstance(its, Constrained)
    assert its.type == Named(key=KEY)
    assert isinstance(its.constraint, AllOf)
    assert len(its.constraint.parts) == 2


def test_forms_that_exclude_each_other_leave_nothing(tmp_path: Path) -> None:
    found = union(
        tmp_path,
        """
        oneOf:
          - {type: object, title: A, required: [k], properties: {k: {const: 1}}}
          - {type: object, title: A, required: [k], properties: {k: {enum: [2, 3]}}}
          - {type: integer}
          - {type: 'null'}
        """,
    )
    assert found.constraint is None
    assert [branch.hint for branch in found.branches] == ["A", "A 2", "integer", "null"]
    assert found.branches[-1].type == Null()


def test_forms_that_may_both_fit_stay_exactly_one(tmp_path: Path) -> None:
    found = union(
        tmp_path,
        """
        oneOf:
          - {type: object, required: [k], properties: {k: {const: 1}}}
          - {type: object, properties: {k: {const: 2}}}
        """,
    )
    assert isinstance(found.constraint, OneOf)


def test_forms_have_the_type_that_stands_beside_them(tmp_path: Path) -> None:
    its, protocol = payload(
        tmp_path,
        """
        type: object
        required: [b]
        anyOf:
          - {properties: {a: {type: integer}}}
          - {type: object, properties: {b: {type: integer}}}
        """,
    )
    assert isinstance(its, Named)
    found = protocol.definitions[its.key]
    assert isinstance(found, Union)
    assert found.constraint == Requires(names=("b",))
    kinds = [
        type(protocol.definitions[branch.type.key])
        for branch in found.branches
        if isinstance(branch.type, Named)
    ]
    assert kinds == [Struct, Struct]


@pytest.mark.parametrize(
    ("schema", "outer"),
    [
        ("{type: array, items: {$ref: '#/components/schemas/S'}}", Array),
        ("{type: object, additionalProperties: {$ref: '#/components/schemas/S'}}", Map),
        (
            "{oneOf: [{type: array, items: {$ref: '#/components/schemas/S'}}, {type: 'null'}]}",
            Array,
        ),
    ],
)
def test_what_is_inside_itself_is_json_there(
    tmp_path: Path, schema: str, outer: type[Type]
) -> None:
    protocol = loaded(
        tmp_path,
        document("{$ref: '#/components/schemas/S'}", f"components: {{schemas: {{S: {schema}}}}}"),
    )
    key = "t.yaml#/components/schemas/S"
    named = protocol.definitions[key]
    assert isinstance(named, NamedContainer)
    assert isinstance(named.type, outer)
    assert "Constrained(type=Json(), constraint=Shared(key=" in repr(named.type)
    assert list(protocol.constraints) == [key]
    assert Shared(key=key) != protocol.constraints[key]


def test_unused_definitions_are_dropped(tmp_path: Path) -> None:
    """Tuple items are read for what they have in common, which may be nothing."""
    _, protocol = payload(
        tmp_path, "{type: array, items: [{enum: [a]}, {type: object, properties: {a: {}}}]}"
    )
    assert protocol.definitions == {}


def test_format_of_an_inner_schema(tmp_path: Path) -> None:
    found, _ = struct(
        tmp_path,
        """
        type: object
        properties:
          a: {schemaFormat: application/schema+json;version=draft-07, schema: {type: boolean}}
        """,
    )
    assert found.members[0].type == Boolean()


@pytest.mark.parametrize(
    "schema",
    [
        "{allOf: [{$ref: '#/components/schemas/S'}], description: More words.}",
        "{type: object, allOf: [{$ref: '#/components/schemas/S'}, {description: More words.}]}",
        "{type: [object, string], oneOf: [{$ref: '#/components/schemas/S'}]}",
    ],
)
def test_reference_with_words_beside_it_is_the_same_struct(tmp_path: Path, schema: str) -> None:
    components = "components: {schemas: {S: {type: object, properties: {a: {type: integer}}}}}"
    its, protocol = payload(tmp_path, schema, components)
    assert its == Named(key="t.yaml#/components/schemas/S")
    assert len(protocol.definitions) == 1


def test_a_form_of_one_value_is_called_by_it(tmp_path: Path) -> None:
    schema = "{oneOf: [{const: auto}, {enum: [10]}, {type: array, items: {}}, {enum: [a, b]}]}"
    _, protocol = payload(tmp_path, schema)
    [union] = [each for each in protocol.definitions.values() if isinstance(each, Union)]
    assert [branch.hint for branch in union.branches] == ["auto", "10", "array", "value"]
