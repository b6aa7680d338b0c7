"""Values: which runtime call, or which function of its own, reads and writes a type."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from mqbind.diagnostics import Diagnostics, Location
from mqbind.model.constraints import InRange, Pattern
from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Constrained,
    Integer,
    Json,
    Map,
    Named,
    NamedContainer,
    Null,
    Nullable,
    Number,
    Scalar,
    Struct,
    Text,
    Type,
    Union,
    Wire,
    bare,
)
from mqbind.plan.nodes.code import Call, Check, FirstPass
from mqbind.plan.nodes.containers import Container, EntryMap
from mqbind.plan.nodes.tables import PatternTable
from mqbind.plan.nodes.values import BoxedValue, RuledValue
from mqbind.plan.symbols.reachability import Spot, spots
from mqbind.plan.symbols.table import SymbolTable, is_constant
from mqbind.plan.text import comments, literals, rules
from mqbind.plan.values import containers, integer_checks, integer_types, number_bounds
from mqbind.plan.values.constant_data import ConstantData
from mqbind.plan.values.constraint_uses import must_be_unique
from mqbind.plan.values.first_pass import FirstPassTypes
from mqbind.plan.values.value_code import ValueCode, function_names, length_condition

_PLAIN = {
    Boolean: ("bool", "bool"),
    Scalar: ("struct mqb_scalar", "scalar"),
    Json: ("struct mqb_json", "json"),
    Bytes: ("struct mqb_str", "bytes"),
}
"""Types without rules: the C type, and the verb of the runtime calls."""

_Code: TypeAlias = ValueCode | RuledValue


@dataclass
class Codec:
    """The values of one C file; collects the tables, functions and types that they need."""

    symbols: SymbolTable
    diagnostics: Diagnostics
    tables: ConstantData = field(init=False)
    first_pass: FirstPassTypes = field(init=False)
    ruled_values: dict[RuledValue | BoxedValue, None] = field(default_factory=dict)
    containers: dict[Container, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tables = ConstantData(symbols=self.symbols, diagnostics=self.diagnostics)
        self.first_pass = FirstPassTypes(symbols=self.symbols)

    @property
    def patterns(self) -> list[PatternTable]:
        return self.tables.patterns

    def pattern(self, pattern: Pattern, stem: str) -> str:
        """The C name of the table of a regular expression."""
        return self.tables.pattern(pattern, stem)

    def code(self, spot: Spot, location: Location, *, exported: bool = False) -> ValueCode:
        """The code for the value of a spot. `exported`: other files call its functions."""
        kind = spot.type.type if isinstance(spot.type, Constrained) else spot.type
        if containers.needs_struct(kind):
            remarks = containers.remarks(kind, self.symbols.spot_use(spot))
            container = self._container(kind, spot, location, exported, remarks)
            self.containers.setdefault(container)
            return ValueCode(
                c_type=container.c_type,
                read_function=container.read_name,
                write_function=container.write_name,
                pointer=True,
                first_pass=FirstPass.READER if container.has_first_pass else None,
            )
        constraint = self._constraint(spot, location)
        code = self._scalar(kind, spot, location)
        return self._add(code if constraint is None else self._bound(code, spot, constraint))

    def others(self, spot: Spot, location: Location) -> ValueCode:
        """The code for a map of members without a field; its functions take more than a value."""
        if not containers.needs_struct(spot.type):
            return ValueCode(
                c_type="struct mqb_map",
                read_function="mqb_reader_other_map",
                write_function="mqb_writer_other_map",
                write_pointer=True,
            )
        remarks = containers.remarks(spot.type, self.symbols.spot_use(spot))
        container = self._container(spot.type, spot, location, False, remarks)
        assert isinstance(container, EntryMap), "the members without a field are a map"
        self.containers.setdefault(replace(container, beside=True))
        return ValueCode(
            c_type=container.c_type,
            read_function=container.read_name,
            write_function=container.write_name,
            pointer=True,
        )

    def define(self, named: NamedContainer) -> None:
        """Add the C struct of a container whose schema has a name."""
        [spot] = spots(named)
        kind = bare(spot.type)
        assert containers.needs_struct(kind), "a named container gets a C struct"
        remarks = containers.named_remarks(named, self.symbols.spot_use(spot))
        exported = self.symbols.is_exported(named.key)
        self.containers.setdefault(self._container(kind, spot, named.location, exported, remarks))

    def _constraint(self, spot: Spot, location: Location) -> str | None:
        """The table of the constraint of a spot, if it has one."""
        if not isinstance(spot.type, Constrained):
            return None
        return self.tables.constraint(spot.type.constraint, self.symbols.stem(spot), location)

    def _container(
        self,
        kind: Array | Map | Nullable | Text,
        spot: Spot,
        location: Location,
        exported: bool,
        remarks: tuple[str, str],
    ) -> Container:
        """The C struct of a container, around the code of its part."""
        constraint = self._constraint(spot, location)
        stem = self.symbols.stem(spot)
        c_name = f"{self.symbols.prefix}_{stem}"
        read, write = function_names(c_name if exported else stem, exported)
        use = self.symbols.spot_use(spot)
        comment, own_comment = map(comments.paragraphs, remarks)
        head = containers.Head(
            c_type=f"struct {c_name}",
            read_name=read,
            write_name=write,
            exported=exported,
            constraint=constraint,
            comment=comment,
            own_comment=own_comment,
            has_first_pass=constraint is None and self.first_pass.has_container(kind),
        )
        if isinstance(kind, Text):
            return containers.inline_text(kind, self.text_checks(kind, stem), head)
        [part] = replace(spot, type=kind).parts()
        unique = must_be_unique(spot, self.symbols)
        return containers.container(kind, head, self.code(part, location), use, unique=unique)

    def _bound(self, code: _Code, spot: Spot, constraint: str) -> RuledValue:
        """A value with a constraint: functions of its own, if it has none yet."""
        stem = self.symbols.stem(spot)
        if isinstance(code, RuledValue) and code.read_name == f"read_{stem}":
            return replace(code, constraint=constraint)
        if isinstance(code, RuledValue) and code.read_name is None:
            read = Call(function="mqb_reader_map", arguments=("r",))
            return replace(code, read_name=f"read_{stem}", plain=read, constraint=constraint)
        inner = self._add(code)
        by_address = inner.write_pointer
        return RuledValue(
            c_type=inner.c_type,
            read_name=f"read_{stem}",
            write_name=f"write_{stem}",
            plain=inner.result(),
            write=inner.write("*value" if by_address else "value"),
            constraint=constraint,
            by_address=by_address,
        )

    def _add(self, code: _Code | BoxedValue) -> ValueCode:
        """Add the functions of a value, if it needs any, without duplicates."""
        if isinstance(code, ValueCode):
            return code
        self.ruled_values.setdefault(code)
        return ValueCode(
            c_type=code.c_type,
            read_function=code.read_name or "mqb_reader_map",
            write_function=code.write_name,
            write_pointer=isinstance(code, RuledValue) and code.by_address,
            first_pass=FirstPass.PASS if code.has_first_pass else None,
        )

    def _scalar(self, kind: Type, spot: Spot, location: Location) -> _Code:
        """The code of a type that is not a container, without adding its functions."""
        match kind:
            case Boolean() | Scalar() | Json() | Bytes():
                return _plain(*_PLAIN[type(kind)])
            case Integer():
                return self._integer(kind, self.symbols.stem(spot))
            case Number():
                return self._number(kind, self.symbols.stem(spot), location)
            case Text():
                return self._text(kind, self.symbols.stem(spot))
            case Map():
                return containers.map_of_any(kind, self.symbols.stem(spot))
            case Named(key=key):
                return self._named(key, spot)
            case Array() | Nullable() | Constrained() | Null():
                raise AssertionError(f"{kind} has no value of its own")
            case _:
                assert_never(kind)

    def _named(self, key: str, spot: Spot) -> _Code:
        place = self.symbols.place(key)
        match definition := self.symbols.definition(key):
            case Struct() | Union() | NamedContainer():
                exported = self.symbols.is_exported(key)
                read, write = function_names(place.c_name if exported else place.stem, exported)
                code = ValueCode(
                    c_type=f"struct {place.c_name}",
                    read_function=read,
                    write_function=write,
                    pointer=True,
                    first_pass=FirstPass.READER if self.first_pass.has(key) else None,
                )
                return self._boxed(code, place.stem) if spot.path in self.symbols.boxed else code
            case Choice():
                return self._choice(definition)
            case _:
                assert_never(definition)

    def _boxed(self, code: ValueCode, stem: str) -> ValueCode:
        """A pointer to a recursive value."""
        return self._add(
            BoxedValue(
                c_type=f"const {code.c_type} *",
                target_c_type=code.c_type,
                read_name=f"read_{stem}_pointer",
                write_name=f"write_{stem}_pointer",
                read=code.read("*value"),
                write=code.write("*value"),
            )
        )

    def _choice(self, choice: Choice) -> _Code:
        place = self.symbols.place(choice.key)
        bare = is_constant(choice) and choice.key not in self.symbols.held
        if isinstance(choice.values[0].spellings[0], str):
            table = self.tables.choice(choice)
            return ValueCode(
                c_type=f"enum {place.c_name}",
                read_function="mqb_reader_choice",
                read_arguments=(f"&{table}",),
                cast=f"enum {place.c_name}",
                write_function="mqb_writer_choice",
                write_arguments=(f"&{table}",),
                write_cast="int",
                constant="1" if bare else self.symbols.constant_name(choice.key, 0),
                only=_only(choice),
            )
        rule = rules.choice_spellings([choice])
        enum = None if bare else f"enum {place.c_name}"
        code = self._integer(integer_types.choice_integer(choice), place.stem, rule, enum)
        if isinstance(code, ValueCode):
            code = replace(code, constant=code.write_arguments[0])
        return code

    def _integer(
        self,
        integer: Integer,
        stem: str,
        allowed: str | None = None,
        enum: str | None = None,
    ) -> _Code:
        """`allowed` is the rule in words, `enum` the C type, if it is not the integer's own."""
        c_integer = integer_types.integer_type(integer)
        wide = integer_types.wide(c_integer)
        suffix = "int" if wide.signed else "uint"
        rule = literals.rule(f"must be {allowed or integer_checks.rule(integer)}")
        bounds = (*integer_checks.bounds(integer, wide), rule)
        c_type = enum or c_integer.c_name
        cast = None if c_type == wide.c_name else c_type
        if integer.wires == (Wire.NUMBER,) and len(integer.intervals) == 1:
            return ValueCode(
                c_type=c_type,
                read_function=f"mqb_reader_{suffix}",
                read_arguments=bounds,
                cast=cast,
                write_function=f"mqb_writer_{suffix}",
                write_arguments=bounds,
            )
        pattern = self.pattern(integer.pattern, stem) if integer.pattern else None
        limits = (c_integer.literal(c_integer.low), c_integer.literal(c_integer.high))
        plain = Call(function=f"mqb_reader_{suffix}", arguments=("r", *bounds), cast=cast)
        text = Call(
            function=f"mqb_reader_quoted_{suffix}",
            arguments=("r", *limits, rule, "&text"),
            cast=cast,
        )
        if integer.wires[0] is Wire.STRING:
            table = f"&{pattern}" if pattern else "NULL"
            write = Call(
                function=f"mqb_writer_quoted_{suffix}", arguments=("w", "value", table, rule)
            )
        else:
            write = Call(function=f"mqb_writer_{suffix}", arguments=("w", "value", *bounds))
        matches = f"mqb_pattern_matches(&{pattern}, text)"
        is_number = Wire.NUMBER in integer.wires
        gaps = integer_checks.gap_checks(integer, c_integer, rule) if is_number else ()
        return RuledValue(
            c_type=c_type,
            read_name=f"read_{stem}",
            write_name=f"write_{stem}",
            plain=plain if is_number else None,
            text=text if Wire.STRING in integer.wires else None,
            text_pattern=Check(condition=matches, rule=rule) if pattern else None,
            write=write,
            read_checks=gaps,
            write_checks=gaps if integer.wires[0] is Wire.NUMBER else (),
        )

    def _number(self, number: Number, stem: str, location: Location) -> _Code:
        words = rules.number_range(number.low, number.high)
        if not words:
            return _plain("double", "double")
        conditions = [
            number_bounds.condition(">", number.low),
            number_bounds.condition("<", number.high),
        ]
        check = Check(
            condition=" && ".join(filter(None, conditions)) or "true",
            rule=literals.rule(f"must be {words}"),
        )
        within = InRange(low=number.low, high=number.high)
        ruled = _checked("double", "double", stem, (check,))
        table = self.tables.constraint(within, stem, location)
        return replace(
            ruled,
            range=table,
            read_checks=(),
            short_range=number_bounds.is_short(number.low, number.high),
        )

    def _text(self, text: Text, stem: str) -> _Code:
        checks = self.text_checks(text, stem)
        if not checks:
            return _plain("struct mqb_str", "string")
        return _checked("struct mqb_str", "string", stem, checks)

    def text_checks(self, text: Text, stem: str) -> tuple[Check, ...]:
        """The checks of a string `value`."""
        checks = []
        condition = length_condition("mqb_utf8_length(value)", text.min_length, text.max_length)
        if condition and (lengths := rules.text_lengths(text)):
            rule = literals.rule(f"must have {lengths}")
            checks.append(Check(condition=condition, rule=rule))
        if text.pattern:
            table = self.pattern(text.pattern, stem)
            condition = f"mqb_pattern_matches(&{table}, value)"
            rule = literals.rule(f"must match {text.pattern.regex}")
            checks.append(Check(condition=condition, rule=rule))
        return tuple(checks)


def _only(choice: Choice) -> str | None:
    """The literal of the only string of a choice, if it is written in one way."""
    spellings = [each for value in choice.values for each in value.spellings]
    first = str(spellings[0])
    return (
        literals.string(first) if len(spellings) == 1 and not literals.needs_escape(first) else None
    )


def _plain(c_type: str, verb: str) -> ValueCode:
    return ValueCode(
        c_type=c_type, read_function=f"mqb_reader_{verb}", write_function=f"mqb_writer_{verb}"
    )


def _checked(c_type: str, verb: str, stem: str, checks: tuple[Check, ...]) -> RuledValue:
    return RuledValue(
        c_type=c_type,
        read_name=f"read_{stem}",
        write_name=f"write_{stem}",
        plain=Call(function=f"mqb_reader_{verb}", arguments=("r",)),
        write=Call(function=f"mqb_writer_{verb}", arguments=("w", "value")),
        read_checks=checks,
        write_checks=checks,
    )
