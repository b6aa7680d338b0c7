"""Defaults as C data: the initializer of a value, and the static arrays that it points to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import assert_never, cast

from mqbind.diagnostics import Location
from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Constrained,
    Integer,
    Json,
    Map,
    Member,
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
)
from mqbind.plan.symbols.reachability import Spot, member_spots, spots
from mqbind.plan.symbols.table import SymbolTable, same_scalar
from mqbind.plan.text import comments, literals
from mqbind.plan.values.constant_data import ConstantData
from mqbind.plan.values.fit import Fit, Fitting, integer_of
from mqbind.plan.values.integer_types import integer_type
from mqbind.plan.values.notation import Notation, notation_of
from mqbind.rules import Rule

_VALUE_WORK = 2


@dataclass(frozen=True, kw_only=True)
class AbsentValue:
    """What an absent member holds: an expression for its field, or zero without a `value`, or null.
    `ignored` says why its default is not used."""

    value: str | None = None
    is_null: bool = False
    ignored: Fit | None = None


@dataclass(frozen=True, kw_only=True)
class DefaultData:
    """The defaults of one C file. `tables` collects the arrays."""

    symbols: SymbolTable
    tables: ConstantData
    _fitting: Fitting = field(init=False)
    _underway: set[str] = field(default_factory=set)
    """The members whose defaults are being written: one that contains itself ends there."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_fitting", Fitting(symbols=self.symbols))

    def of(self, member: Member, spot: Spot) -> AbsentValue:
        """What a member of a struct holds while it is absent."""
        if member.default is None:
            return AbsentValue()
        fit = self._fitting.of(member.type, member.default.value)
        if fit is not Fit.VALID:
            return AbsentValue(ignored=fit)
        if member.default.value is None and isinstance(member.type, Nullable):
            return AbsentValue(is_null=True)
        if self.symbols.constant(spot.type) is not None:
            return AbsentValue()
        if member.default.value == {} and self.symbols.struct_at(spot) is not None:
            # The struct's own `init` function does that.
            return AbsentValue()
        text = self._of_member(member, spot, member.default.location)
        cast_to = f"({self._c_type(spot)})" if text and text.startswith("{") else ""
        return AbsentValue(value=text and f"{cast_to}{text}")

    def check(self, member: Member, absent: AbsentValue) -> None:
        """Report a default that C cannot hold."""
        if absent.ignored is Fit.OUTSIDE and member.default is not None:
            self.tables.diagnostics.error(
                Rule.DEFAULT_OUTSIDE_TYPE,
                member.default.location,
                f"the C type of `{comments.comment_text(member.json_name)}` cannot hold this "
                f"default, {comments.brief(json_text(member.default.value))}",
                "correct the default, or the `type` and the limits of the schema",
            )

    def _is_filled(self, member: Member) -> bool:
        default = member.default
        return default is not None and self._fitting.of(member.type, default.value) is Fit.VALID

    def _of_member(self, member: Member, spot: Spot, location: Location) -> str | None:
        """The initializer of an absent member; None for zero."""
        if spot.path in self._underway:
            return None
        text: str | None
        struct = self.symbols.struct_at(spot)
        self._underway.add(spot.path)
        if member.default is not None and self._is_filled(member):
            text = self._initializer(spot, member.default.value, location)
        else:
            text = self._struct(struct, {}, location) if struct else None
        self._underway.discard(spot.path)
        return None if text == (self._zero(struct) if struct else "{0}") else text

    def _initializer(self, spot: Spot, value: object, location: Location) -> str:
        """The initializer of a valid value."""
        self.tables.diagnostics.spend(_VALUE_WORK, location)
        match kind := spot.type:
            case Constrained():
                [inner] = spot.parts()
                return self._initializer(inner, value, location)
            case Nullable():
                [inner] = spot.parts()
                if value is None:
                    return "{.is_null = true}"
                return f"{{.value = {self._initializer(inner, value, location)}}}"
            case Array(inline=inline):
                return self._list(spot, cast(list[object], value), inline, location)
            case Map():
                return self._map(spot, cast(Mapping[str, object], value), location)
            case Named():
                return self._named(spot, kind, value, location)
            case _:
                return _scalar(kind, value)

    def _list(self, spot: Spot, values: list[object], inline: bool, location: Location) -> str:
        [item] = spot.parts()
        items = [self._initializer(item, each, location) for each in values]
        if not items:
            return "{0}"
        stored = f"{{{', '.join(items)}}}" if inline else self._array(item, items, spot)
        return f"{{.items = {stored}, .count = {len(items)}}}"

    def _map(self, spot: Spot, values: Mapping[str, object], location: Location) -> str:
        [part] = spot.parts()
        entries = [
            f"{{.key = {literals.text_initializer(name)}, "
            f".value = {self._initializer(part, each, location)}}}"
            for name, each in values.items()
        ]
        if not entries:
            return "{0}"
        c_type = f"{self._c_type(spot)}_entry"
        name = self.tables.static(c_type, entries, self.symbols.stem(spot))
        return f"{{.entries = {name}, .count = {len(entries)}}}"

    def _array(self, item: Spot, rows: list[str], spot: Spot) -> str:
        return self.tables.static(self._c_type(item), rows, self.symbols.stem(spot))

    def _named(self, spot: Spot, kind: Named, value: object, location: Location) -> str:
        match definition := self.symbols.definition(kind.key):
            case NamedContainer():
                [inner] = spots(definition)
                return self._initializer(inner, value, location)
            case Choice():
                return self._constant(definition, value)
            case Union():
                text = self._union(definition, value, location)
            case Struct():
                text = self._struct(definition, cast(Mapping[str, object], value), location)
            case _:
                assert_never(definition)
        if spot.path not in self.symbols.boxed:
            return text
        place = self.symbols.place(kind.key)
        return self.tables.static(f"struct {place.c_name}", [text], place.stem)

    def _constant(self, choice: Choice, value: object) -> str:
        index = next(
            index
            for index, each in enumerate(choice.values)
            if any(same_scalar(value, spelling) for spelling in each.spellings)
        )
        return self.symbols.constant_name(choice.key, index)

    def _union(self, union: Union, value: object, location: Location) -> str:
        """The branch that the reader takes: the first that accepts the value, or of a number the
        first with its notation."""
        fits = [
            index
            for index, branch in enumerate(union.branches)
            if self._fitting.of(branch.type, value) is Fit.VALID
        ]
        written = Notation.DECIMAL if isinstance(value, Decimal) else Notation.INTEGER
        notations = [notation_of(union.branches[index].type, self.symbols) for index in fits]
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        preferred = is_number and written in notations
        index = fits[notations.index(written)] if preferred else fits[0]
        form = spots(union)[index]
        kind = f".kind = {self.symbols.constant_name(union.key, index)}"
        if isinstance(form.type, Null) or self.symbols.constant(form.type):
            return f"{{{kind}}}"
        text = self._initializer(form, value, location)
        parts = [kind, f".as = {{.{self.symbols.fields[form.path]} = {text}}}"]
        names = union.kept_beside(union.branches[index])
        beside = {name: value[name] for name in names if isinstance(value, dict) and name in value}
        if beside:
            others = self._map(replace(form, type=Map()), beside, location)
            parts.append(f".others = {others}")
        return f"{{{', '.join(parts)}}}"

    def _struct(self, struct: Struct, value: Mapping[str, object], location: Location) -> str:
        self.tables.diagnostics.spend(_VALUE_WORK * (1 + len(struct.members)), location)
        parts = list(self._fields(struct, value, location))
        return f"{{{', '.join(parts)}}}" if parts else self._zero(struct)

    def _zero(self, struct: Struct) -> str:
        """Zero. Where a struct begins with an aggregate, gcc warns about `{0}` within braces."""
        flags = [
            self.symbols.fields[spot.path]
            for member, spot in zip(struct.members, member_spots(struct), strict=True)
            if member.has_flag
        ]
        return f"{{.has = {{.{flags[0]} = false}}}}" if flags else "{0}"

    def _fields(
        self, struct: Struct, value: Mapping[str, object], location: Location
    ) -> Iterator[str]:
        flags: dict[str, list[str]] = {"is_null": [], "has": []}
        others = self._fitting.others_of(struct, value)
        for member, spot in zip(struct.members, member_spots(struct), strict=True):
            name = self.symbols.fields[spot.path]
            present = member.json_name in value and member.json_name not in others
            its = value[member.json_name] if present else member.default and member.default.value
            if present and member.has_flag:
                flags["has"].append(f".{name} = true")
            if isinstance(member.type, Nullable) and its is None:
                flags["is_null"] += [f".{name} = true"] * (present or self._is_filled(member))
            elif self.symbols.constant(spot.type) is None:
                text = (
                    self._initializer(spot, its, location)
                    if present
                    else self._of_member(member, spot, location)
                )
                if text is not None:
                    yield f".{name} = {text}"
        if others:
            spot = spots(struct)[-1]
            yield f".{self.symbols.fields[spot.path]} = {self._map(spot, others, location)}"
        for flag, names in flags.items():
            if names:
                yield f".{flag} = {{{', '.join(names)}}}"

    def _c_type(self, spot: Spot) -> str:
        """The C type of what is stored at a spot."""
        symbols = self.symbols
        own = f"struct {symbols.prefix}_{symbols.stem(spot)}"
        match kind := spot.type:
            case Constrained():
                [inner] = spot.parts()
                return self._c_type(inner)
            case Named(key=key):
                word = "enum" if isinstance(symbols.definition(key), Choice) else "struct"
                named = f"{word} {symbols.place(key).c_name}"
                return f"const {named} *" if spot.path in symbols.boxed else named
            case Integer():
                return integer_type(kind).c_name
            case Text(inline=inline):
                return own if inline else "struct mqb_str"
            case Map(value=Json()):
                return "struct mqb_map"
            case Array() | Map() | Nullable():
                return own
            case Boolean() | Number() | Scalar() | Json() | Bytes() | Null():
                return _C_TYPES[type(kind)]
            case _:
                assert_never(kind)


_C_TYPES: dict[type[Type], str] = {
    Boolean: "bool",
    Number: "double",
    Scalar: "struct mqb_scalar",
    Json: "struct mqb_json",
    Bytes: "struct mqb_str",
}


def _scalar(kind: Type, value: object) -> str:
    match kind:
        case Boolean():
            return literals.flag(bool(value))
        case Integer():
            number = integer_of(kind, value)
            assert number is not None, "the value is valid"
            return integer_type(kind).literal(number)
        case Number():
            return literals.floating(float(cast(Decimal, value)))
        case Text(inline=True):
            text = str(value)
            return f"{{.len = {literals.size(text)}, .data = {literals.string(text)}}}"
        case Text():
            return literals.text_initializer(str(value))
        case Scalar() if isinstance(value, str):
            return f"{{.is_string = true, .string = {literals.text_initializer(value)}}}"
        case Scalar():
            return f"{{.integer = {literals.signed(int(cast(Decimal, value)))}}}"
        case Json():
            return literals.text_initializer(json_text(value))
        case _:
            raise AssertionError(f"{kind} has no default")


def json_text(value: object) -> str:
    """Compact JSON of plain data, numbers as they were written."""
    match value:
        case Decimal():
            return str(value)
        case list():
            return f"[{','.join(map(json_text, value))}]"
        case dict():
            members = (f"{json_text(name)}:{json_text(each)}" for name, each in value.items())
            return f"{{{','.join(members)}}}"
        case _:
            return json.dumps(value, ensure_ascii=False)
