"""Checks that an absent member holds what it is given: its default, or zero."""

from __future__ import annotations

from collections.abc import Iterator

from mqbind.model.types import (
    Array,
    Boolean,
    Choice,
    Definition,
    Integer,
    Json,
    Map,
    Member,
    Named,
    Nullable,
    Number,
    Scalar,
    Text,
    Type,
    Union,
)
from mqbind.plan.nodes.code import Call
from mqbind.plan.symbols.reachability import Spot, member_spots
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.values.default_data import AbsentValue, DefaultData

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


_COMPARED = (Choice, Integer, Number, Text)
"""Types whose values C compares with a default."""


def absence_checks(
    member: Member, spot: Spot, absent: AbsentValue, defaults: DefaultData
) -> Iterator[Call]:
    """The checks of a checked build that a member without its presence flag has not been set. Of
    a struct they look at the flags and the required members, and no deeper."""
    has = defaults.symbols.fields[spot.path]
    for condition in _unset_conditions(spot, f"in->{has}", absent, defaults):
        yield Call(function="MQB_WRITER_ABSENT", arguments=("w", "in", has, condition))
    if isinstance(member.type, Nullable) and not absent.is_null:
        yield Call(function="MQB_WRITER_ABSENT", arguments=("w", "in", has, f"!in->is_null.{has}"))


def _unset_conditions(
    spot: Spot, field: str, absent: AbsentValue, defaults: DefaultData
) -> Iterator[str]:
    symbols = defaults.symbols
    struct = symbols.struct_at(spot)
    if struct is None:
        yield from _unset(spot, field, absent.value, symbols)
        return
    if absent.value is not None:
        return
    for inner, place in zip(struct.members, member_spots(struct), strict=True):
        name = symbols.fields[place.path]
        if inner.has_flag:
            yield f"!{field}.has.{name}"
        elif symbols.struct_at(place) is None:
            default = None
            if inner.default is not None:
                comparable = isinstance(_kind(place, symbols), _COMPARED)
                default = defaults.of(inner, place).value if comparable else "{0}"
            yield from _unset(place, f"{field}.{name}", default, symbols)


def _unset(spot: Spot, field: str, default: str | None, symbols: SymbolTable) -> Iterator[str]:
    """The condition that a field is zero or holds its default; none for a constant, which has no
    field, and for a default that C does not compare."""
    if symbols.constant(spot.type) is not None:
        return
    zero, kind = _zero(spot, field, symbols), _kind(spot, symbols)
    if default is None or default == "0" or _is_present(kind, default):
        yield zero
    elif spot.path not in symbols.boxed and isinstance(kind, _COMPARED):
        yield f"{zero} || {_equals(kind, field, default)}"


def _is_present(kind: Type | Definition, default: str) -> bool:
    """True for a value that may be null, but is not by default."""
    return isinstance(kind, Nullable) and ".value = " in default


def _kind(spot: Spot, symbols: SymbolTable) -> Type | Definition:
    kind = symbols.resolved(spot.type)
    return symbols.definition(kind.key) if isinstance(kind, Named) else kind


def _zero(spot: Spot, field: str, symbols: SymbolTable) -> str:
    """The condition that a field is zero."""
    if spot.path in symbols.boxed:
        return f"{field} == NULL"
    return _ZERO[type(_kind(spot, symbols))].format(field)


def _equals(kind: Type | Definition, field: str, default: str) -> str:
    """The condition that a field of the type holds its default."""
    if not isinstance(kind, Text):
        return f"{field} == {default}"
    literal = default[default.index('"') : default.rindex('"') + 1]
    view = f"(struct mqb_str){{{field}.data, {field}.len}}" if kind.inline else field
    return f"mqb_str_equal({view}, MQB_STR({literal}))"
