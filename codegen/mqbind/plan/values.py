"""Values: which runtime call, or which function of its own, reads and writes a type."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import assert_never

from mqbind.diagnostics import Diagnostics
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
from mqbind.model.values import Pattern
from mqbind.plan import ctypes, docs, integers, literals, nodes, table_nodes, words
from mqbind.plan.atlas import Atlas
from mqbind.plan.pattern import PatternError, compile_pattern
from mqbind.plan.value_code import ValueCode, function_names, length_condition

_PLAIN = {
    Boolean: ("bool", "bool"),
    Scalar: ("struct mqb_scalar", "scalar"),
    Json: ("struct mqb_json", "json"),
    Bytes: ("struct mqb_str", "bytes"),
}
"""Types without rules: the C type, and the verb of the runtime calls."""


@dataclass
class Values:
    """The values of one C file; collects the tables and functions that they need."""

    atlas: Atlas
    diagnostics: Diagnostics
    patterns: list[table_nodes.PatternTable] = field(default_factory=list)
    choice_tables: list[table_nodes.ChoiceTable] = field(default_factory=list)
    ruled_values: list[nodes.RuledValue] = field(default_factory=list)
    ruled_maps: list[nodes.RuledMap] = field(default_factory=list)
    lists: list[nodes.ItemList] = field(default_factory=list)

    def code(self, kind: Type, local_name: str, *, exported: bool = False) -> ValueCode:
        """The code of a type. `local_name` names what has to be defined for it here."""
        match kind:
            case Boolean() | Scalar() | Json() | Bytes():
                return _plain(*_PLAIN[type(kind)])
            case Integer():
                return self._integer(kind, local_name)
            case Number():
                return self._number(kind, local_name)
            case Text():
                return self._text(kind, local_name)
            case Map():
                return ValueCode(
                    c_type="struct mqb_map",
                    read_function="mqb_read_map",
                    write_function=self._map_writer(kind, local_name),
                    write_pointer=True,
                )
            case Array():
                return self._list(kind, local_name, exported)
            case Named(key=key):
                return self._named(key)
            case _:
                assert_never(kind)

    def _map_writer(self, kind: Map, local_name: str) -> str:
        if not kind.never_together:
            return "mqb_write_map"
        checks = tuple(
            table_nodes.Check(
                condition="!(" + " && ".join(_has_entry(name) for name in group) + ")",
                rule=literals.string(f"must not have {words.either(group, 'and')} together"),
            )
            for group in kind.never_together
        )
        ruled = nodes.RuledMap(write_name=f"write_{local_name}", checks=checks)
        if ruled not in self.ruled_maps:
            self.ruled_maps.append(ruled)
        return ruled.write_name

    def _named(self, key: str) -> ValueCode:
        definition = self.atlas.definition(key)
        place = self.atlas.place(key)
        match definition:
            case Struct() | Union():
                exported = self.atlas.is_exported(key)
                read, write = function_names(
                    place.c_name if exported else place.local_name, exported
                )
                return ValueCode(
                    c_type=f"struct {place.c_name}",
                    read_function=read,
                    write_function=write,
                    pointer=True,
                )
            case Choice():
                return self._choice(definition)
            case _:
                assert_never(definition)

    def _choice(self, choice: Choice) -> ValueCode:
        place = self.atlas.place(choice.key)
        constant = len(choice.values) == 1
        if isinstance(choice.values[0].spellings[0], str):
            table = self._choice_table(choice, constant)
            return ValueCode(
                c_type=f"enum {place.c_name}",
                read_function="mqb_read_choice",
                read_arguments=(f"&{table}",),
                cast=f"enum {place.c_name}",
                write_function="mqb_write_choice",
                write_arguments=(f"&{table}",),
                write_cast="int",
            )
        rule = words.choice_spellings([choice])
        enum = None if constant or not ctypes.fits_enum(choice) else f"enum {place.c_name}"
        return self._integer(ctypes.choice_integer(choice), place.local_name, rule, enum)

    def _choice_table(self, choice: Choice, constant: bool) -> str:
        place = self.atlas.place(choice.key)
        name = f"{place.local_name}_choices"
        rows = tuple(
            table_nodes.TextChoice(
                literal=literals.string(str(spelling)),
                length=literals.size(str(spelling)),
                constant="1"
                if constant
                else self.atlas.constant_name(choice, value.name or str(value.spellings[0])),
            )
            for value in choice.values
            for spelling in value.spellings
        )
        rule = literals.string(f"must be {words.choice_spellings([choice])}")
        table = table_nodes.ChoiceTable(c_name=name, rows=rows, rule=rule)
        if table not in self.choice_tables:
            self.choice_tables.append(table)
        return name

    def _integer(
        self,
        integer: Integer,
        local_name: str,
        allowed: str | None = None,
        enum: str | None = None,
    ) -> ValueCode:
        """`allowed` is the rule in words, `enum` the C type, where it is not the integer's own."""
        c_integer = ctypes.integer_type(integer)
        wide = ctypes.wide(c_integer)
        suffix = "int" if wide.signed else "uint"
        rule = literals.string(f"must be {allowed or integers.rule(integer)}")
        bounds = (*integers.bounds(integer, wide), rule)
        c_type = enum or c_integer.c_name
        cast = None if c_type == wide.c_name else c_type
        if integer.wires == (Wire.NUMBER,) and len(integer.intervals) == 1:
            return ValueCode(
                c_type=c_type,
                read_function=f"mqb_read_{suffix}",
                read_arguments=bounds,
                cast=cast,
                write_function=f"mqb_write_{suffix}",
                write_arguments=bounds,
            )
        pattern = self.pattern(integer.pattern, local_name) if integer.pattern else None
        limits = (c_integer.literal(c_integer.low), c_integer.literal(c_integer.high))
        plain = table_nodes.Call(function=f"mqb_read_{suffix}", arguments=("r", *bounds), cast=cast)
        text = table_nodes.Call(
            function=f"mqb_read_text_{suffix}", arguments=("r", *limits, rule, "&text"), cast=cast
        )
        if integer.wires[0] is Wire.STRING:
            table = f"&{pattern}" if pattern else "NULL"
            write = table_nodes.Call(
                function=f"mqb_write_text_{suffix}", arguments=("w", "value", table, rule)
            )
        else:
            write = table_nodes.Call(
                function=f"mqb_write_{suffix}", arguments=("w", "value", *bounds)
            )
        matches = f"mqb_pattern_matches(&{pattern}, text)"
        return self._ruled(
            nodes.RuledValue(
                c_type=c_type,
                read_name=f"read_{local_name}",
                write_name=f"write_{local_name}",
                plain=plain if Wire.NUMBER in integer.wires else None,
                text=text if Wire.STRING in integer.wires else None,
                text_pattern=table_nodes.Check(condition=matches, rule=rule) if pattern else None,
                write=write,
                checks=integers.gap_checks(integer, c_integer, rule)
                if Wire.NUMBER in integer.wires
                else (),
                checks_when_writing=integer.wires[0] is Wire.NUMBER,
            )
        )

    def _number(self, number: Number, local_name: str) -> ValueCode:
        bounds = words.number_range(number)
        if not bounds:
            return _plain("double", "double")
        low, high = number.low, number.high
        conditions = []
        if low:
            operator = ">" if low.exclusive else ">="
            conditions.append(f"value {operator} {literals.floating(float(low.value))}")
        if high:
            operator = "<" if high.exclusive else "<="
            conditions.append(f"value {operator} {literals.floating(float(high.value))}")
        check = table_nodes.Check(
            condition=" && ".join(conditions), rule=literals.string(f"must be {bounds}")
        )
        return self._checks("double", "double", local_name, (check,))

    def _text(self, text: Text, local_name: str) -> ValueCode:
        checks = []
        if lengths := words.text_lengths(text):
            checks.append(
                table_nodes.Check(
                    condition=length_condition(
                        "mqb_utf8_length(value)", text.min_length, text.max_length
                    ),
                    rule=literals.string(f"must have {lengths}"),
                )
            )
        if text.pattern:
            table = self.pattern(text.pattern, local_name)
            checks.append(
                table_nodes.Check(
                    condition=f"mqb_pattern_matches(&{table}, value)",
                    rule=literals.string(f"must match {text.pattern.regex}"),
                )
            )
        if not checks:
            return _plain("struct mqb_str", "string")
        return self._checks("struct mqb_str", "string", local_name, tuple(checks))

    def _checks(
        self, c_type: str, verb: str, local_name: str, checks: tuple[table_nodes.Check, ...]
    ) -> ValueCode:
        return self._ruled(
            nodes.RuledValue(
                c_type=c_type,
                read_name=f"read_{local_name}",
                write_name=f"write_{local_name}",
                plain=table_nodes.Call(function=f"mqb_read_{verb}", arguments=("r",)),
                text=None,
                text_pattern=None,
                write=table_nodes.Call(function=f"mqb_write_{verb}", arguments=("w", "value")),
                checks=checks,
                checks_when_writing=True,
            )
        )

    def _ruled(self, ruled: nodes.RuledValue) -> ValueCode:
        """Add the functions once; a name that is taken by others gets a number."""
        base_read, base_write, number = ruled.read_name, ruled.write_name, 1
        taken = {other.read_name: other for other in self.ruled_values}
        while taken.get(ruled.read_name, ruled) != ruled:
            number += 1
            ruled = replace(
                ruled, read_name=f"{base_read}_{number}", write_name=f"{base_write}_{number}"
            )
        if ruled.read_name not in taken:
            self.ruled_values.append(ruled)
        return ValueCode(
            c_type=ruled.c_type, read_function=ruled.read_name, write_function=ruled.write_name
        )

    def _list(self, array: Array, local_name: str, exported: bool) -> ValueCode:
        c_name = f"{self.atlas.prefix}_{local_name}"
        item = self.code(array.item, f"{local_name}_item")
        read, write = function_names(c_name if exported else local_name, exported)
        counted = words.counted(array.min_items, array.max_items, "item")
        self.lists.append(
            nodes.ItemList(
                c_type=f"struct {c_name}",
                item_c_type=item.c_type,
                comment=docs.paragraphs(f"Items in the memory of the caller{_counted(counted)}."),
                read_name=read,
                write_name=write,
                read_checks=_count_checks(array, "list.count"),
                write_checks=_count_checks(array, "in->count"),
                read_item=item.read("items[list.item]"),
                write_item=item.write("in->items[i]"),
                exported=exported,
            )
        )
        return ValueCode(
            c_type=f"struct {c_name}", read_function=read, write_function=write, pointer=True
        )

    def pattern(self, pattern: Pattern, local_name: str) -> str:
        """The C name of the table of a regular expression."""
        for table in self.patterns:
            if table.regex == pattern.regex:
                return table.c_name
        name = f"{local_name}_pattern"
        try:
            automaton = compile_pattern(pattern.regex)
        except PatternError as error:
            self.diagnostics.error(pattern.location, error.message, error.remedy)
            return name
        accepting = _bits(automaton.accepting)
        self.patterns.append(
            table_nodes.PatternTable(
                c_name=name,
                regex=pattern.regex,
                classes=automaton.classes,
                next=tuple(state for row in automaton.next for state in row),
                accepting=accepting,
                class_count=len(automaton.next[0]),
                dead="UINT16_MAX" if automaton.dead is None else str(automaton.dead),
            )
        )
        return name


def _has_entry(name: str) -> str:
    return f"mqb_map_find(value, MQB_STR({literals.string(name)}))"


def _count_checks(array: Array, expression: str) -> tuple[table_nodes.Check, ...]:
    counted = words.counted(array.min_items, array.max_items, "item")
    if not counted:
        return ()
    condition = length_condition(expression, array.min_items, array.max_items)
    return (table_nodes.Check(condition=condition, rule=literals.string(f"must have {counted}")),)


def _plain(c_type: str, verb: str) -> ValueCode:
    return ValueCode(
        c_type=c_type, read_function=f"mqb_read_{verb}", write_function=f"mqb_write_{verb}"
    )


def _counted(counted: str | None) -> str:
    return f": {counted}" if counted else ""


def _bits(flags: tuple[bool, ...]) -> tuple[int, ...]:
    octets = [0] * ((len(flags) + 7) // 8)
    for index, flag in enumerate(flags):
        octets[index // 8] |= flag << (index % 8)
    return tuple(octets)
