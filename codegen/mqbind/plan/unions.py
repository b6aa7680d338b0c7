"""Unions: a C struct of a kind and a C union, and functions that try one form after the other."""

from __future__ import annotations

from typing import assert_never

from mqbind.diagnostics import Diagnostics
from mqbind.model.types import (
    Array,
    Boolean,
    Branch,
    Bytes,
    Choice,
    Definition,
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
from mqbind.plan import docs, literals, names, nodes, table_nodes, words
from mqbind.plan.atlas import Atlas
from mqbind.plan.value_code import function_names
from mqbind.plan.values import Values

_TYPE_WORDS = {
    Boolean: "a boolean",
    Number: "a number",
    Text: "a string",
    Map: "an object",
    Array: "an array",
}


def plan_union(
    union: Union, atlas: Atlas, values: Values, diagnostics: Diagnostics
) -> tuple[nodes.TypeCode, ...]:
    """A union, behind the lists that its forms need."""
    place = atlas.place(union.key)
    exported = atlas.is_exported(union.key)
    read, write = function_names(place.c_name if exported else place.local_name, exported)
    lists_before = len(values.lists)
    scope = names.Scope(
        f"forms of {place.local_name}", diagnostics, "give one of them another `title`"
    )
    alternatives = tuple(
        _alternative(branch, scope, union, atlas, values) for branch in union.branches
    )
    forms = words.either([names.snake(branch.hint).replace("_", " ") for branch in union.branches])
    planned = nodes.Alternatives(
        c_type=f"struct {place.c_name}",
        kind_c_type=_kind(place.c_name),
        comment=docs.paragraphs(union.description),
        alternatives=alternatives,
        rule=literals.string(f"must be {forms}"),
        type_rule=literals.string(f"must be {words.either(_json_types(union, atlas))}"),
        init_name=atlas.init_name(union.key),
        read_name=read,
        write_name=write,
        exported=exported,
    )
    return (*values.lists[lists_before:], planned)


def union_kinds(union: Union, atlas: Atlas) -> nodes.Enumeration:
    """The C enum that tells which form a value has."""
    place = atlas.place(union.key)
    return nodes.Enumeration(
        c_type=_kind(place.c_name),
        comment=(),
        constants=tuple(
            nodes.Constant(
                c_name=_constant(place.c_name, branch),
                value=number,
                comment=docs.comment_text(branch.description) if branch.description else None,
            )
            for number, branch in enumerate(union.branches, start=1)
        ),
    )


def _alternative(
    branch: Branch, scope: names.Scope, union: Union, atlas: Atlas, values: Values
) -> nodes.Alternative:
    place = atlas.place(union.key)
    c_name = scope.claim(names.identifier(branch.hint), branch.hint, branch.location)
    code = values.code(branch.type, f"{place.local_name}_{c_name.strip('_')}")
    return nodes.Alternative(
        constant=_constant(place.c_name, branch),
        field=table_nodes.Field(c_type=code.c_type, c_name=c_name, comment=()),
        read=code.read(f"out->as.{c_name}"),
        write=code.write(f"in->as.{c_name}"),
    )


def _json_types(union: Union, atlas: Atlas) -> list[str]:
    """The JSON types of the forms, each once."""
    found = (word for branch in union.branches for word in _type_words(branch.type, atlas))
    return list(dict.fromkeys(found))


def _type_words(kind: Type, atlas: Atlas) -> list[str]:
    match kind:
        case Named(key=key):
            return _definition_words(atlas.definition(key), atlas)
        case Integer(wires=wires):
            return ["an integer" if wire is Wire.NUMBER else "a string" for wire in wires]
        case Scalar():
            return ["an integer", "a string"]
        case Json() | Bytes():
            return ["any value"]
        case Boolean() | Number() | Text() | Map() | Array():
            return [_TYPE_WORDS[type(kind)]]
        case _:
            assert_never(kind)


def _definition_words(definition: Definition, atlas: Atlas) -> list[str]:
    match definition:
        case Struct():
            return ["an object"]
        case Choice(values=values):
            return ["a string" if isinstance(values[0].spellings[0], str) else "an integer"]
        case Union():
            return _json_types(definition, atlas)
        case _:
            assert_never(definition)


def _kind(c_name: str) -> str:
    return f"enum {c_name}_kind"


def _constant(c_name: str, branch: Branch) -> str:
    return f"{c_name}_{names.snake(branch.hint)}".upper()
