"""What a member holds while it is absent: its default, or zero."""

from __future__ import annotations

from collections.abc import Iterator

from mqbind.model.types import (
    Array,
    Boolean,
    Choice,
    Constrained,
    Definition,
    Integer,
    Json,
    Map,
    Member,
    Named,
    NamedContainer,
    Nullable,
    Number,
    Scalar,
    Text,
    Type,
    Union,
)
from mqbind.plan.nodes.code import Call
from mqbind.plan.symbols.reachability import Spot, spots
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import literals
from mqbind.plan.values.containers import inline_bytes
from mqbind.plan.values.integer_types import integer_type

_ZERO: dict[type[Type | Definition], str] = {
    Array: "{0}.count == 0",
    Boolean: "!mqb_flag_is_set(&{0})",
    Choice: "{0} == 0",
    Integer: "{0} == 0",
    Json: "{0}.len == 0",
    Map: "{0}.count == 0",
    Nullable: "!mqb_flag_is_set(&{0}.is_null)",
    Number: "{0} == 0",
    Scalar: "({0}.integer == 0 && {0}.string.len == 0)",
    Text: "{0}.len == 0",
    Union: "{0}.kind == 0",
}
"""The condition that a field is zero, by the type of its value."""


def default_of(member: Member, spot: Spot, symbols: SymbolTable) -> str | None:
    """The default as a C expression, if C has one."""
    kind = spot.type
    if isinstance(kind, Named) and isinstance(symbols.definition(kind.key), NamedContainer):
        [inner] = spots(symbols.definition(kind.key))
        return default_of(member, inner, symbols)
    if not isinstance(kind, Constrained | Nullable):
        return _expression(kind, member, spot, symbols)
    [inner] = spot.parts()
    found = default_of(member, inner, symbols)
    if found is None or isinstance(kind, Constrained):
        return found
    return f"({_struct_name(spot, symbols)}){{.value = {found}}}"


def _struct_name(spot: Spot, symbols: SymbolTable) -> str:
    return f"struct {symbols.prefix}_{symbols.stem(spot)}"


def _expression(kind: Type, member: Member, spot: Spot, symbols: SymbolTable) -> str | None:
    value = member.default
    match kind:
        case Boolean() if isinstance(value, bool):
            return literals.flag(value)
        case Integer() if isinstance(value, int) and not isinstance(value, bool):
            return integer_type(kind).literal(value)
        case Number() if value is not None and not isinstance(value, bool):
            return literals.floating(float(value))  # type: ignore[arg-type]
        case Text(inline=True) if isinstance(value, str):
            text, size = literals.string(value), literals.size(value)
            if size >= inline_bytes(kind):
                return None
            return f"({_struct_name(spot, symbols)}){{.len = {size}, .data = {text}}}"
        case Text() if isinstance(value, str):
            return f"(struct mqb_str){literals.text_initializer(value)}"
        case Named() if value is not None:
            return symbols.default_constant(member)
        case _:
            return None


def absence_checks(member: Member, spot: Spot, symbols: SymbolTable) -> Iterator[Call]:
    """The checks of a checked build that a member without its presence flag has not been set. Of
    a struct they look at the flags and the required members, and no deeper."""
    has = symbols.fields[spot.path]
    for unset in _unset_conditions(member, spot, f"in->{has}", symbols):
        yield Call(function="MQB_WRITER_ABSENT", arguments=("w", "in", has, unset))
    if isinstance(member.type, Nullable):
        yield Call(function="MQB_WRITER_ABSENT", arguments=("w", "in", has, f"!in->is_null.{has}"))


def _unset_conditions(
    member: Member, spot: Spot, field: str, symbols: SymbolTable
) -> Iterator[str]:
    struct = symbols.struct_at(spot)
    if struct is None:
        yield from _unset(member, spot, field, symbols)
        return
    for inner, place in zip(struct.members, spots(struct), strict=True):
        name = symbols.fields[place.path]
        if not inner.required:
            yield f"!{field}.has.{name}"
        elif symbols.struct_at(place) is None:
            yield from _unset(inner, place, f"{field}.{name}", symbols)


def _unset(member: Member, spot: Spot, field: str, symbols: SymbolTable) -> Iterator[str]:
    """The condition that a field is zero or holds its default; none for a constant, which has no
    field, and where both bools are allowed."""
    if symbols.constant(spot.type) is not None or member.default is True:
        return
    zero, default = _zero(spot, field, symbols), default_of(member, spot, symbols)
    kind = symbols.resolved(spot.type)
    is_zero = not member.default and not isinstance(member.default, str)
    if default is None or is_zero or isinstance(kind, Nullable):
        yield zero
    else:
        yield f"{zero} || {_equals(member, kind, field, default)}"


def _zero(spot: Spot, field: str, symbols: SymbolTable) -> str:
    """The condition that a field is zero."""
    if spot.path in symbols.boxed:
        return f"{field} == NULL"
    kind = symbols.resolved(spot.type)
    if isinstance(kind, Named):
        return _ZERO[type(symbols.definition(kind.key))].format(field)
    return _ZERO[type(kind)].format(field)


def _equals(member: Member, kind: Type, field: str, default: str) -> str:
    """The condition that a field of the type holds its default."""
    if not isinstance(kind, Text):
        return f"{field} == {default}"
    view = f"(struct mqb_str){{{field}.data, {field}.len}}" if kind.inline else field
    return f"mqb_str_equal({view}, MQB_STR({literals.string(str(member.default))}))"
