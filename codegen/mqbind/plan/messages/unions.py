"""Unions: a C struct of a kind and a C union, and functions that try one form after the other."""

from __future__ import annotations

from typing import assert_never

from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Constrained,
    Definition,
    Integer,
    Json,
    Map,
    Named,
    Null,
    Nullable,
    Number,
    Scalar,
    Struct,
    Text,
    Type,
    Union,
    Wire,
)
from mqbind.plan.nodes.code import Call, Field
from mqbind.plan.nodes.files import Constant, Enumeration
from mqbind.plan.nodes.types import Alternative, Alternatives, Discriminator
from mqbind.plan.symbols import identifiers
from mqbind.plan.symbols.reachability import Spot, spots
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import comments, literals, rules
from mqbind.plan.values.codec import Codec
from mqbind.plan.values.value_code import function_names

_ANY = "any value"
_JSON_TYPES = {
    "null": "MQB_JSON_NULL",
    "a boolean": "MQB_JSON_BOOLEAN",
    "an integer": "MQB_JSON_NUMBER",
    "a number": "MQB_JSON_NUMBER",
    "a string": "MQB_JSON_STRING",
    "an array": "MQB_JSON_ARRAY",
    "an object": "MQB_JSON_OBJECT",
}
_TYPE_WORDS = {
    Boolean: "a boolean",
    Number: "a number",
    Text: "a string",
    Map: "an object",
    Array: "an array",
}


def plan_union(union: Union, symbols: SymbolTable, values: Codec) -> Alternatives:
    """A union; the containers that its forms need are in `values` then."""
    place = symbols.place(union.key)
    exported = symbols.is_exported(union.key)
    read, write = function_names(place.c_name if exported else place.stem, exported)
    forms = rules.either(
        [identifiers.snake(branch.hint).replace("_", " ") for branch in union.branches]
    )
    groups = [_type_constants(branch.type, symbols) for branch in union.branches]
    same = all(group == groups[0] for group in groups)
    alternatives = [
        _alternative(index, spot, union, symbols, values, None if same else _condition(group))
        for index, (spot, group) in enumerate(zip(spots(union), groups, strict=True))
    ]
    return Alternatives(
        c_type=f"struct {place.c_name}",
        kind_c_type=f"enum {place.c_name}_kind",
        comment=comments.type_comment(union.description, union.constraint),
        discriminator=_discriminator(union, symbols, values),
        alternatives=tuple(alternatives),
        rule=literals.rule(f"must be {forms}"),
        type_rule=literals.rule(f"must be {rules.either(_json_types(union, symbols))}"),
        init_name=symbols.init_name(union.key),
        read_name=read,
        write_name=write,
        exported=exported,
        constraint=None
        if union.constraint is None
        else values.tables.constraint(union.constraint, place.stem, union.location),
    )


def _discriminator(union: Union, symbols: SymbolTable, values: Codec) -> Discriminator | None:
    """The first member that tells all forms apart: required, and with texts of its own in each."""
    texts = [_constants(branch.type, symbols) for branch in union.branches]
    for member in texts[0]:
        groups = [each.get(member, ()) for each in texts]
        spread = [text for group in groups for text in group]
        if all(groups) and len(set(spread)) == len(spread):
            rows = [
                (text, symbols.constant_name(union.key, index))
                for index, group in enumerate(groups)
                for text in group
            ]
            table = values.tables.forms(symbols.place(union.key).stem, rows)
            return Discriminator(member=literals.string(member), table=table)
    return None


def _constants(kind: Type, symbols: SymbolTable) -> dict[str, tuple[str, ...]]:
    """The required members of an object that are a choice of texts, and those texts."""
    struct = symbols.definition(kind.key) if isinstance(kind, Named) else None
    found: dict[str, tuple[str, ...]] = {}
    for member in struct.members if isinstance(struct, Struct) else ():
        choice = symbols.definition(member.type.key) if isinstance(member.type, Named) else None
        if not member.required or not isinstance(choice, Choice):
            continue
        spellings = [spelling for value in choice.values for spelling in value.spellings]
        if all(isinstance(spelling, str) for spelling in spellings):
            found[member.json_name] = tuple(map(str, spellings))
    return found


def union_kinds(union: Union, symbols: SymbolTable) -> Enumeration:
    """The C enum that tells which form a value has."""
    return Enumeration(
        c_type=f"enum {symbols.place(union.key).c_name}_kind",
        comment=(),
        constants=tuple(
            Constant(
                c_name=symbols.constant_name(union.key, index),
                value=index + 1,
                comment=comments.comment_text(branch.description) if branch.description else None,
            )
            for index, branch in enumerate(union.branches)
        ),
    )


def _alternative(
    index: int, spot: Spot, union: Union, symbols: SymbolTable, values: Codec, fits: str | None
) -> Alternative:
    c_name = symbols.fields[spot.path]
    kind = symbols.constant_name(union.key, index)
    if isinstance(spot.type, Null):
        null = Call(function="mqb_write_null", arguments=("w",))
        return Alternative(constant=kind, fits=None, field=None, read=None, write=null)
    code = values.code(spot, union.location)
    if symbols.constant(spot.type):
        return Alternative(
            constant=kind,
            fits=fits,
            field=None,
            read=code.check(),
            write=code.write_constant(),
        )
    return Alternative(
        constant=kind,
        fits=fits,
        field=Field(c_type=code.c_type, c_name=c_name, comment=()),
        read=code.read(f"out->as.{c_name}"),
        write=code.write(f"in->as.{c_name}"),
    )


def _condition(constants: tuple[str, ...] | None) -> str | None:
    """That a value has one of the JSON types."""
    return None if constants is None else " || ".join(f"type == {each}" for each in constants)


def _type_constants(kind: Type, symbols: SymbolTable) -> tuple[str, ...] | None:
    """The JSON types that a value of this kind has; None if it may have any."""
    found = _type_words(kind, symbols)
    if _ANY in found:
        return None
    return tuple(dict.fromkeys(_JSON_TYPES[word] for word in found))


def _json_types(union: Union, symbols: SymbolTable) -> list[str]:
    """The JSON types of the forms, each once."""
    found = (word for branch in union.branches for word in _type_words(branch.type, symbols))
    return list(dict.fromkeys(found))


def _type_words(kind: Type, symbols: SymbolTable) -> list[str]:
    match kind:
        case Named(key=key):
            return _definition_words(symbols.definition(key), symbols)
        case Integer(wires=wires):
            return ["an integer" if wire is Wire.NUMBER else "a string" for wire in wires]
        case Scalar():
            return ["an integer", "a string"]
        case Json() | Bytes():
            return [_ANY]
        case Null():
            return ["null"]
        case Nullable(type=inner):
            return [*_type_words(inner, symbols), "null"]
        case Constrained(type=inner):
            return _type_words(inner, symbols)
        case Boolean() | Number() | Text() | Map() | Array():
            return [_TYPE_WORDS[type(kind)]]
        case _:
            assert_never(kind)


def _definition_words(definition: Definition, symbols: SymbolTable) -> list[str]:
    match definition:
        case Struct():
            return ["an object"]
        case Choice(values=values):
            return ["a string" if isinstance(values[0].spellings[0], str) else "an integer"]
        case Union(key=key):
            known = symbols.json_types
            if key not in known:
                known[key] = _json_types(definition, symbols)
            return known[key]
        case _:
            assert_never(definition)
