"""Definitions of one C file: enums, and structs with the functions that fill and print them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from mqbind.model.types import (
    Choice,
    Member,
    Named,
    NeedsOneOf,
    Nullable,
    Struct,
    Text,
)
from mqbind.plan.messages.absence import absence_checks
from mqbind.plan.messages.others import others_of
from mqbind.plan.nodes.code import Call, Check, Field, Function, Guard, declared
from mqbind.plan.nodes.containers import string_setter
from mqbind.plan.nodes.files import Constant, Enumeration
from mqbind.plan.nodes.member_hash import name_slots
from mqbind.plan.nodes.types import (
    Default,
    MemberCode,
    Prefix,
    PrefixKind,
    Setter,
    Structure,
)
from mqbind.plan.symbols.reachability import Spot, member_spots
from mqbind.plan.symbols.table import SymbolTable, is_constant, same_scalar
from mqbind.plan.text import comments, literals, rules
from mqbind.plan.values.codec import Codec
from mqbind.plan.values.default_data import AbsentValue, DefaultData
from mqbind.plan.values.value_code import ValueCode, function_names


@dataclass(frozen=True, kw_only=True)
class Structs:
    """Plans the structs of one file; `values` collects what their values need."""

    symbols: SymbolTable
    values: Codec
    defaults: DefaultData

    def plan(self, struct: Struct) -> Structure:
        """A struct; afterwards `values` has the containers that its members need."""
        place = self.symbols.place(struct.key)
        exported = self.symbols.is_exported(struct.key)
        own = struct.description or struct.title or ""
        read, write = function_names(place.c_name if exported else place.stem, exported)
        planned = [
            self._member(index, member, spot, struct)
            for index, (member, spot) in enumerate(
                zip(struct.members, member_spots(struct), strict=True)
            )
        ]
        codes = [member.code for member in planned]
        map_field, others = others_of(struct, codes, self.symbols, self.values)
        return Structure(
            c_type=f"struct {place.c_name}",
            comment=comments.type_comment(own or self.symbols.use(struct.key).sentence, struct),
            own_comment=comments.type_comment(own, struct),
            fields=(
                *(member.field for member in planned if member.field),
                *((map_field,) if map_field else ()),
            ),
            has=tuple(member.code.has for member in planned if member.code.has),
            is_null=tuple(member.code.is_null for member in planned if member.code.is_null),
            setters=tuple(member.setter for member in planned if member.setter),
            defaults=self._defaults(planned),
            inits=tuple(member.init for member in planned if member.init),
            members=tuple(
                replace(member.code, prefix=prefix)
                for member, prefix in zip(planned, _prefixes(planned), strict=True)
            ),
            slots=name_slots([member.json_name for member in struct.members]),
            seen_words=max(1, (len(planned) + 31) // 32),
            required=_required(struct),
            closed=literals.flag(struct.closed),
            escaped=any(literals.needs_escape(member.json_name) for member in struct.members),
            receive_checks=(
                *_presence(struct, planned, sending=False),
                *_apart(struct, planned, "out"),
            ),
            send_checks=_presence(struct, planned, sending=True),
            write_checks=_apart(struct, planned, "in"),
            absence_checks=tuple(check for member in planned for check in member.absence_checks),
            init_name=self.symbols.init_name(struct.key),
            known=self.symbols.known_name(struct.key),
            read_name=read,
            write_name=write,
            exported=exported,
            has_first_pass=self.values.first_pass.has_struct(struct),
            constraint=self._constraint(struct),
            others=others,
        )

    def _constraint(self, struct: Struct) -> str | None:
        if struct.constraint is None:
            return None
        stem = self.symbols.place(struct.key).stem
        return self.values.tables.constraint(struct.constraint, stem, struct.location)

    def _member(self, index: int, member: Member, spot: Spot, struct: Struct) -> _Planned:
        c_name = self.symbols.fields[spot.path]
        c_type = f"struct {self.symbols.place(struct.key).c_name}"
        code = self.values.code(spot, struct.location)
        constant = self.symbols.constant(spot.type)
        is_null = c_name if isinstance(member.type, Nullable) else None
        absent = self.defaults.of(member, spot)
        self.defaults.check(member, absent)
        text = f"{comments.json_text(member.json_name)}:"
        write: Call | None = code.write(f"in->{c_name}") if constant is None else None
        if constant is not None and is_null:
            write = code.write_constant()
        elif constant is not None:
            text += comments.json_text(constant.values[0].spellings[0])
        return _Planned(
            member=member,
            text=text,
            field=None
            if constant
            else Field(
                c_type=code.c_type,
                c_name=c_name,
                comment=comments.member_comment(
                    member,
                    c_name,
                    self.symbols,
                    boxed=spot.path in self.symbols.boxed,
                    is_filled=absent.ignored is None,
                ),
            ),
            code=MemberCode(
                index=index,
                json_comment=comments.brief(member.json_name),
                name=literals.text_initializer(member.json_name),
                literal=literals.string(member.json_name),
                prefix=None,
                has=c_name if member.has_flag else None,
                is_null=is_null,
                read=code.check() if constant else code.read(f"out->{c_name}"),
                write=write,
                required=member.required,
                loose=member.loose,
                clear=tuple(self._clear(member, spot, None if constant else code, absent)),
            ),
            setter=self._setter(c_type, member, spot, None if constant else code)
            if member.has_flag
            else None,
            absent=absent,
            absence_checks=()
            if constant or not member.has_flag
            else tuple(absence_checks(member, spot, absent, self.defaults)),
            init=None if absent.value else self._init(spot, c_name),
        )

    def _clear(
        self, member: Member, spot: Spot, code: ValueCode | None, absent: AbsentValue
    ) -> Iterator[str]:
        """The statements that give a loose member what an absent one holds."""
        c_name = self.symbols.fields[spot.path]
        if not member.loose:
            return
        if isinstance(member.type, Nullable):
            yield f"out->is_null.{c_name} = {literals.flag(absent.is_null)};"
        if absent.value is None and self._init(spot, c_name):
            assert isinstance(spot.type, Named), "a struct has a name"
            yield f"{self.symbols.init_name(spot.type.key)}(&out->{c_name});"
        elif code:
            yield f"out->{c_name} = {absent.value or f'({code.c_type}){{0}}'};"

    def _setter(self, c_type: str, member: Member, spot: Spot, code: ValueCode | None) -> Setter:
        """The setter of an optional member; `code` is None for a constant, which has no field."""
        c_name = self.symbols.fields[spot.path]
        parameters = [f"{c_type} *message"]
        statements = []
        refusal = None
        if code and code.pointer and isinstance(self.symbols.resolved(spot.type), Text):
            parameters.append("struct mqb_str value")
            copy = Call(
                function=string_setter(code.c_type), arguments=(f"&message->{c_name}", "value")
            )
            refusal = Guard(call=copy, unless="!", result="false")
        elif code and code.pointer:
            parameters.append(f"const {code.c_type} *value")
            statements.append(f"message->{c_name} = *value;")
        elif code:
            parameters.append(declared(code.c_type, "value"))
            statements.append(f"message->{c_name} = value;")
        if isinstance(member.type, Nullable):
            statements.append(f"message->is_null.{c_name} = false;")
        statements.append(f"message->has.{c_name} = true;")
        if refusal:
            statements.append("return true;")
        head = Function(
            name=self.symbols.setters[spot.path],
            parameters=tuple(parameters),
            result="inline bool" if refusal else "inline void",
        )
        return Setter(head=head, refusal=refusal, statements=tuple(statements))

    def _init(self, spot: Spot, c_name: str) -> Call | None:
        """The call that sets the defaults inside a member."""
        struct = self.symbols.struct_at(spot)
        if struct is None:
            return None
        return Call(function=self.symbols.init_name(struct.key), arguments=(f"&message->{c_name}",))

    @staticmethod
    def _defaults(planned: list[_Planned]) -> tuple[Default, ...]:
        return tuple(each for member in planned for each in member.defaults)


@dataclass(frozen=True, kw_only=True)
class _Planned:
    """A member; `text` is its name in JSON, with the value if that is constant."""

    member: Member
    text: str
    field: Field | None
    code: MemberCode
    setter: Setter | None
    absent: AbsentValue
    absence_checks: tuple[Call, ...]
    init: Call | None

    @property
    def defaults(self) -> Iterator[Default]:
        """What the member is given while it is absent."""
        if self.field and self.absent.value is not None:
            yield Default(field=self.field.c_name, value=self.absent.value)
        if self.absent.is_null:
            yield Default(field=f"is_null.{self.code.is_null}", value="true")


def _prefixes(members: Sequence[_Planned]) -> Iterator[Prefix | None]:
    """What is written before each value: as one text where nothing is decided in between."""
    constants: list[str] = []
    kind = PrefixKind.FIRST
    for member, follower in zip_longest(members, members[1:]):
        code = member.code
        constants.append(member.text)
        if not code.has and not code.write and follower and not follower.code.has:
            yield None
            continue
        if code.has and kind is PrefixKind.FIRST:
            kind = PrefixKind.ANY
        start = "{" if kind is PrefixKind.FIRST else ","
        yield Prefix(kind=kind, text=literals.string(start + ",".join(constants)))
        constants.clear()
        kind = kind if code.has else PrefixKind.NEXT


def _required(struct: Struct) -> str | None:
    """The bits of the required members, 32 to a word; None if nothing is required."""
    bits = sum(member.required << index for index, member in enumerate(struct.members))
    count = (len(struct.members) + 31) // 32
    words = [f"0x{bits >> 32 * word & 0xFFFFFFFF:x}" for word in range(count)]
    return f"{{{', '.join(words)}}}" if bits else None


def _presence(struct: Struct, planned: list[_Planned], *, sending: bool) -> tuple[Check, ...]:
    """The rules about the presence of members, checked with the `has` flags."""
    variable = "in" if sending else "out"
    by_name = {member.member.json_name: member for member in planned}
    return tuple(
        Check(
            condition=" || ".join(_group(group, by_name, variable) for group in rule.groups),
            rule=literals.string(f"must have {rules.presence(rule)}"),
        )
        for rule in struct.rules
        if (sending or not rule.when_sending_only) and not _always(rule, by_name)
    )


def _apart(struct: Struct, planned: list[_Planned], variable: str) -> tuple[Check, ...]:
    """The rules about members that are never together, checked in the same way."""
    by_name = {member.member.json_name: member for member in planned}
    return tuple(
        Check(
            condition=f"!({_flags(rule.names, by_name, variable)})",
            rule=literals.rule(rules.never_together(rule)),
        )
        for rule in struct.never_together
    )


def _always(rule: NeedsOneOf, by_name: dict[str, _Planned]) -> bool:
    return any(all(not by_name[name].member.has_flag for name in group) for group in rule.groups)


def _group(group: tuple[str, ...], by_name: dict[str, _Planned], variable: str) -> str:
    flags = _flags(group, by_name, variable)
    return f"({flags})" if " && " in flags else flags


def _flags(group: tuple[str, ...], by_name: dict[str, _Planned], variable: str) -> str:
    """Whether all of these members are present."""
    flags = (f"{variable}->has.{has}" for name in group if (has := by_name[name].code.has))
    return " && ".join(flags)


def enumeration(choice: Choice, symbols: SymbolTable, *, is_text: bool) -> Enumeration | None:
    """The C enum of a choice, in JSON or in text; None if it carries no information."""
    if is_constant(choice) and choice.key not in symbols.held:
        return None
    return Enumeration(
        c_type=f"enum {symbols.place(choice.key).c_name}",
        comment=comments.paragraphs(choice.description or symbols.use(choice.key).sentence),
        constants=tuple(
            Constant(
                c_name=symbols.constant_name(choice.key, index),
                value=first if isinstance(first := value.spellings[0], int) else index + 1,
                comment=_constant_comment(
                    value.description,
                    "" if same_scalar(first, value.name) else _sent(first, is_text=is_text),
                ),
            )
            for index, value in enumerate(choice.values)
        ),
    )


def _constant_comment(description: str | None, sent: str) -> str | None:
    """The meaning of the constant, and the string that is sent if its name does not show it."""
    text = " ".join(
        filter(None, (comments.sentence(description or ""), f"Sent as {sent}." if sent else ""))
    )
    return comments.comment_text(text) if text else None


def _sent(first: str | int, *, is_text: bool) -> str:
    """A string as it is sent; nothing for an integer, which the constant has."""
    if isinstance(first, int):
        return ""
    return first if is_text else comments.json_text(first)
