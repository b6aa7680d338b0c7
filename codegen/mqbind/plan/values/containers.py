"""Types that get a C struct in their place: lists, maps, nullable values, inline strings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeGuard, assert_never

from mqbind.model import types
from mqbind.model.types import (
    Array,
    Constrained,
    Map,
    NamedContainer,
    NeverTogether,
    Nullable,
    Text,
    Type,
    bare,
)
from mqbind.plan.nodes.code import Check
from mqbind.plan.nodes.containers import (
    Container,
    EntryMap,
    InlineText,
    ItemList,
    MapEntry,
    NullableValue,
)
from mqbind.plan.nodes.values import RuledValue
from mqbind.plan.symbols.uses import Use
from mqbind.plan.text import comments, constraint_rules, literals, rules
from mqbind.plan.values.value_code import ValueCode, length_condition

_POINTS = "Points into caller memory."


@dataclass(frozen=True, kw_only=True)
class Head:
    """The common part of containers: a C type, functions to read and write it, and comments.
    `comment` says where the type is used as well."""

    c_type: str
    read_name: str
    write_name: str
    exported: bool
    constraint: str | None
    comment: tuple[str, ...]
    own_comment: tuple[str, ...]
    has_first_pass: bool


def remarks(kind: Array | Map | Nullable | Text, use: Use) -> tuple[str, str]:
    """What the comments of a container say: with where it is used, and without."""
    value = use.sentence.removesuffix(".")
    match kind:
        case Array():
            counted = rules.counted(kind.min_items, kind.max_items, "item")
            points = "" if kind.inline else _POINTS
            own = f"{comments.sentence(counted or '').capitalize()} {points}"
            return f"Items of {use.words}{f': {counted}' if counted else ''}. {points}", own
        case Map():
            keys = "with distinct keys"
            return f"Entries of {use.words} {keys}. {_POINTS}", f"Entries {keys}. {_POINTS}"
        case Nullable():
            return f"{value}, or null.", "May be null."
        case Text():
            what = f"string that ends in NUL, {rules.text_lengths(kind)}."
            return f"{value}: a {what}", f"A {what}"
        case _:
            assert_never(kind)


def named_remarks(named: NamedContainer, use: Use) -> tuple[str, str]:
    """The same for a container whose schema has a name: its description, and all rules."""
    kind = bare(named.type)
    assert types.is_container(kind), "a named container holds something"
    with_use, own = remarks(kind, use)
    demands = []
    if isinstance(kind, Text) and kind.pattern:
        demands.append(f"Matches {kind.pattern.regex}.")
    if isinstance(kind, Map):
        demands += rules.apart(kind)
    if isinstance(named.type, Constrained):
        demands += constraint_rules.sentences(named.type.constraint)
    about = comments.sentence(named.description or "")
    first = f"{about} {own}" if about else with_use
    return " ".join((first, *demands)), " ".join((about, own, *demands))


def needs_struct(kind: Type) -> TypeGuard[Array | Map | Nullable | Text]:
    """True for types that get a C struct in their place."""
    return isinstance(kind, Nullable) or types.is_container(kind)


def container(
    kind: Array | Map | Nullable, head: Head, inner: ValueCode, use: Use, *, unique: bool
) -> Container:
    """The C struct of a type that holds `inner`. `unique`: its items must be."""
    match kind:
        case Array():
            return _list(kind, head, inner, unique=unique)
        case Map():
            return _map(kind, head, inner, use)
        case Nullable():
            return _nullable(head, inner)
        case _:
            assert_never(kind)


def _list(array: Array, head: Head, item: ValueCode, *, unique: bool) -> ItemList:
    return ItemList(
        **vars(head),
        item_c_type=item.c_type,
        most=_most(array),
        read_checks=_count_checks(array, "list.count"),
        write_checks=_count_checks(array, "in->count"),
        read_item=item.read("out->items[list.item]" if array.inline else "items[list.item]"),
        write_item=item.write("in->items[i]"),
        write_draft=item.write("in->items[drafts.item]") if unique else None,
        capacity=max(1, array.max_items or 0) if array.inline else None,
    )


def _most(array: Array) -> str:
    """The maximum number of items read, in C."""
    high = array.max_items
    return "SIZE_MAX" if high is None or high >= literals.COUNT_MAX else str(high)


def _count_checks(array: Array, expression: str) -> tuple[Check, ...]:
    counted = rules.counted(array.min_items, array.max_items, "item")
    if not counted:
        return ()
    condition = length_condition(expression, array.min_items, array.max_items)
    if condition is None:
        return ()
    return (Check(condition=condition, rule=literals.rule(f"must have {counted}")),)


def _map(kind: Map, head: Head, value: ValueCode, use: Use) -> EntryMap:
    return EntryMap(
        **vars(head),
        entry=MapEntry(
            comment=comments.paragraphs(f"One entry of {use.words}."),
            c_type=f"{head.c_type}_entry",
            value_c_type=value.c_type,
        ),
        read_checks=_reading(kind, "*out"),
        write_checks=_writing(kind, "*in"),
        read_value=value.read("entries[list.item].value"),
        write_value=value.write("in->entries[i].value"),
    )


def map_of_any(kind: Map, stem: str) -> ValueCode | RuledValue:
    """The code of a map of any JSON values."""
    code = ValueCode(
        c_type="struct mqb_map",
        read_function="mqb_reader_map",
        write_function="mqb_writer_map",
        write_pointer=True,
    )
    if not kind.never_together:
        return code
    read_checks = _reading(kind, "value")
    return RuledValue(
        c_type=code.c_type,
        read_name=f"read_{stem}" if read_checks else None,
        plain=code.result() if read_checks else None,
        read_checks=read_checks,
        write_name=f"write_{stem}",
        write=code.write("*value"),
        write_checks=_writing(kind, "*value"),
        by_address=True,
    )


def _reading(kind: Map, value: str) -> tuple[Check, ...]:
    """The checks of a map that was read."""
    has = f"MQB_READER_HAS(r, {value}, "
    return tuple(_apart(rule, has) for rule in kind.never_together if not rule.when_sending_only)


def _writing(kind: Map, value: str) -> tuple[Check, ...]:
    """The checks of a map to be sent."""
    return tuple(_apart(rule, f"MQB_WRITER_HAS(w, {value}, ") for rule in kind.never_together)


def _apart(rule: NeverTogether, has: str) -> Check:
    """The check that members are not present together; `has` begins the test for a key."""
    found = " && ".join(f"{has}{literals.string(name)})" for name in rule.names)
    return Check(condition=f"!({found})", rule=literals.rule(rules.never_together(rule)))


def _nullable(head: Head, value: ValueCode) -> NullableValue:
    return NullableValue(
        **vars(head),
        value_c_type=value.c_type,
        read=value.read("out->value"),
        write=value.write("in->value"),
    )


def inline_bytes(text: Text) -> int:
    """What an inline string takes in C, with the NUL at its end."""
    assert text.max_bytes is not None, "inline text has a length"
    return text.max_bytes + 1


def inline_text(text: Text, checks: tuple[Check, ...], head: Head) -> InlineText:
    lengths = rules.text_lengths(text)
    return InlineText(
        **vars(head),
        bytes=inline_bytes(text),
        checks=checks,
        size_rule=literals.rule(f"must have {lengths}"),
    )
