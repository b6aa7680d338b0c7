"""Unions: a C struct of a kind and a C union, and functions that try one form after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mqbind.model.constraints import JsonType
from mqbind.model.discriminator import discriminator_of
from mqbind.model.json_types import ANY
from mqbind.model.types import Named, Null, Type, Union
from mqbind.plan.messages.others import beside_of
from mqbind.plan.nodes.code import Call, Check, Field
from mqbind.plan.nodes.files import Constant, Enumeration
from mqbind.plan.nodes.types import Alternative, Alternatives
from mqbind.plan.symbols import identifiers
from mqbind.plan.symbols.reachability import Spot, spots
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import comments, literals, rules
from mqbind.plan.values.codec import Codec
from mqbind.plan.values.notation import Notation, notation_of
from mqbind.plan.values.value_code import function_names


def plan_union(union: Union, symbols: SymbolTable, values: Codec) -> Alternatives:
    """A union; afterwards `values` has the containers that its forms need."""
    place = symbols.place(union.key)
    exported = symbols.is_exported(union.key)
    read, write = function_names(place.c_name if exported else place.stem, exported)
    forms = rules.either(
        [identifiers.snake(branch.hint).replace("_", " ") for branch in union.branches]
    )
    groups = [_type_constants(branch.type, symbols) for branch in union.branches]
    same = all(group == groups[0] for group in groups)
    alternatives = [
        _alternative(index, spot, union, symbols, values, group or (), is_alike=same)
        for index, (spot, group) in enumerate(zip(spots(union), groups, strict=True))
    ]
    return Alternatives(
        c_type=f"struct {place.c_name}",
        kind_c_type=f"enum {place.c_name}_kind",
        comment=comments.type_comment(union.description or symbols.use(union.key).sentence, union),
        own_comment=comments.type_comment(union.description or "", union),
        kind_comment=_kind_comment(alternatives),
        peek=_peek(union, symbols, values),
        alternatives=tuple(alternatives),
        preferred=tuple(_preferred(union, alternatives, symbols)),
        refuse=_refuse(union, symbols),
        unknown=Check(condition="false", rule=literals.rule(f"must be {forms}")),
        init_name=symbols.init_name(union.key),
        beside=beside_of(union, symbols),
        read_name=read,
        write_name=write,
        exported=exported,
        has_first_pass=values.first_pass.has_union(union),
        constraint=None
        if union.constraint is None
        else values.tables.constraint(union.constraint, place.stem, union.location),
    )


def _kind_comment(alternatives: Sequence[Alternative]) -> str:
    if all(each.field for each in alternatives):
        return "Which member of `as` it is."
    return "Which member of `as` it is, if it has one."


def _refuse(union: Union, symbols: SymbolTable) -> Call:
    """The call that reports that no form fits."""
    rule = literals.rule(f"must be {rules.either(_type_words(union, symbols))}")
    return Call(function="mqb_reader_refuse_alternatives", arguments=("r", "&alternatives", rule))


def _peek(union: Union, symbols: SymbolTable, values: Codec) -> Call | None:
    """The call that returns the form that the first member says which distinguishes all forms."""
    types = [branch.type for branch in union.branches]
    found = discriminator_of(symbols.definitions, types)
    if found is None:
        return None
    rows = [
        (text, symbols.constant_name(union.key, index))
        for index, group in enumerate(found.spellings)
        for text in group
    ]
    table = values.tables.forms(symbols.place(union.key).stem, rows)
    name = f"MQB_STR({literals.string(found.member)})"
    return Call(function="mqb_reader_peek_choice", arguments=("r", name, f"&{table}"))


def union_kinds(union: Union, symbols: SymbolTable) -> Enumeration:
    """The C enum for the form of a value."""
    return Enumeration(
        c_type=f"enum {symbols.place(union.key).c_name}_kind",
        comment=(f"Which form a struct {symbols.place(union.key).c_name} has.",),
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
    index: int,
    spot: Spot,
    union: Union,
    symbols: SymbolTable,
    values: Codec,
    types: tuple[str, ...],
    *,
    is_alike: bool,
) -> Alternative:
    """One form; `types` are its JSON types, none if it may have any. `is_alike`: they do not
    distinguish it from any other."""
    fits = None if is_alike or not types else _condition(types)
    c_name = symbols.fields[spot.path]
    kind = symbols.constant_name(union.key, index)
    if isinstance(spot.type, Null):
        null = Call(function="mqb_writer_null", arguments=("w",))
        return Alternative(constant=kind, fits=None, types=types, field=None, read=None, write=null)
    code = values.code(spot, union.location)
    if symbols.constant(spot.type):
        return Alternative(
            constant=kind,
            fits=fits,
            types=types,
            field=None,
            read=code.check(),
            write=code.write_constant(),
        )
    return Alternative(
        constant=kind,
        fits=fits,
        types=types,
        field=Field(c_type=code.c_type, c_name=c_name, comment=()),
        read=code.read(f"out->as.{c_name}"),
        write=code.write(f"in->as.{c_name}"),
    )


def _preferred(
    union: Union, alternatives: Sequence[Alternative], symbols: SymbolTable
) -> Iterator[Alternative]:
    """The forms to try first: the notation tells an integer from a number of the same value, so
    that each arrives as the form that it was sent as."""
    notations = [notation_of(branch.type, symbols) for branch in union.branches]
    for index, (notation, alternative) in enumerate(zip(notations, alternatives, strict=True)):
        others = set(notations[:index]) - {notation, None}
        if notation is not None and others:
            fits = f"mqb_reader_peek_number(r, {literals.flag(notation is Notation.DECIMAL)})"
            yield replace(alternative, fits=fits)


def _condition(constants: tuple[str, ...]) -> str:
    """Checks that a value has one of the JSON types."""
    return " || ".join(f"type == {each}" for each in constants)


def _type_constants(kind: Type, symbols: SymbolTable) -> tuple[str, ...] | None:
    """The JSON types that a value of this kind has, as C; None if it may have any."""
    found = symbols.json_types.of(kind)
    if found == ANY:
        return None
    return tuple(dict.fromkeys(_constant(each) for each in found))


def _constant(json_type: JsonType) -> str:
    """In C, an integer is a number."""
    its = JsonType.NUMBER if json_type is JsonType.INTEGER else json_type
    return f"MQB_JSON_{its.name}"


def _type_words(union: Union, symbols: SymbolTable) -> list[str]:
    """The JSON types of the forms."""
    found = symbols.json_types.of(Named(key=union.key))
    return ["any value"] if found == ANY else [rules.JSON_TYPES[each] for each in found]
