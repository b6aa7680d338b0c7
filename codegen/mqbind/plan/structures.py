"""Definitions of one C file: enums, and structs with the functions that fill and print them."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.diagnostics import Diagnostics
from mqbind.model.types import (
    Boolean,
    Choice,
    Integer,
    Member,
    Named,
    NeedsOneOf,
    Number,
    Struct,
    Text,
)
from mqbind.plan import docs, literals, names, nodes, table_nodes, words
from mqbind.plan.atlas import Atlas, same_scalar
from mqbind.plan.ctypes import fits_enum, integer_type
from mqbind.plan.value_code import function_names
from mqbind.plan.values import Values


@dataclass(frozen=True, kw_only=True)
class Structures:
    """Plans the structs of one file; what their values need is collected in `values`."""

    atlas: Atlas
    values: Values
    diagnostics: Diagnostics

    def plan(self, struct: Struct) -> tuple[nodes.Structure | nodes.ItemList, ...]:
        """A struct, behind the lists that its members need."""
        place = self.atlas.place(struct.key)
        exported = self.atlas.is_exported(struct.key)
        stem = place.c_name if exported else place.local_name
        read, write = function_names(stem, exported)
        lists_before = len(self.values.lists)
        planned = self._members(struct, place.local_name)
        structure = nodes.Structure(
            c_type=f"struct {place.c_name}",
            comment=docs.paragraphs(struct.description or struct.title),
            fields=tuple(member.field for member in planned if member.field),
            has=tuple(member.code.has for member in planned if member.code.has),
            defaults=self._defaults(planned),
            inits=tuple(member.init for member in planned if member.init),
            members=tuple(member.code for member in planned),
            seen_words=max(1, (len(planned) + 31) // 32),
            required=_required_words(struct),
            closed=struct.closed,
            escaped=any(_needs_escape(member.json_name) for member in struct.members),
            receive_checks=_presence(struct, planned, sending=False),
            send_checks=_presence(struct, planned, sending=True),
            init_name=self.atlas.init_name(struct.key),
            read_name=read,
            write_name=write,
            exported=exported,
        )
        return (*self.values.lists[lists_before:], structure)

    def _members(self, struct: Struct, local_name: str) -> list[_Planned]:
        scope = names.Scope(f"members of {local_name}", self.diagnostics)
        return [
            self._member(member, index, scope, local_name)
            for index, member in enumerate(struct.members)
        ]

    def _member(self, member: Member, index: int, scope: names.Scope, local_name: str) -> _Planned:
        c_name = names.identifier(member.name or member.json_name)
        c_name = f"{c_name}_" if c_name == "has" else c_name
        scope.claim(c_name, member.json_name, member.location)
        code = self.values.code(member.type, f"{local_name}_{c_name.strip('_')}")
        constant = self.atlas.is_constant(member.type)
        chunk = f",{docs.json_text(member.json_name)}:"
        if constant:
            chunk += docs.json_text(self._constant(member))
        return _Planned(
            member=member,
            field=None
            if constant
            else table_nodes.Field(
                c_type=code.c_type,
                c_name=c_name,
                comment=docs.member_comment(member, c_name, self.atlas),
            ),
            code=nodes.MemberCode(
                index=index,
                json_comment=docs.comment_text(member.json_name),
                name_literal=literals.string(member.json_name),
                name_length=literals.size(member.json_name),
                chunk=literals.string(chunk),
                has=None if member.required else c_name,
                read=code.check() if constant else code.read(f"out->{c_name}"),
                write=None if constant else code.write(f"in->{c_name}"),
            ),
            default=self._default(member),
            init=self._init(member, c_name),
        )

    def _init(self, member: Member, c_name: str) -> table_nodes.Call | None:
        """The call that sets the defaults inside a member."""
        if not isinstance(member.type, Named):
            return None
        if not isinstance(self.atlas.definition(member.type.key), Struct):
            return None
        return table_nodes.Call(
            function=self.atlas.init_name(member.type.key), arguments=(f"&message->{c_name}",)
        )

    def _constant(self, member: Member) -> object:
        assert isinstance(member.type, Named)
        choice = self.atlas.definition(member.type.key)
        assert isinstance(choice, Choice)
        return choice.values[0].spellings[0]

    def _default(self, member: Member) -> str | None:
        """The default as a C expression, where C has one."""
        value = member.default
        match member.type:
            case Boolean() if isinstance(value, bool):
                return literals.flag(value)
            case Integer() if isinstance(value, int) and not isinstance(value, bool):
                return integer_type(member.type).literal(value)
            case Number() if value is not None and not isinstance(value, bool):
                return literals.floating(float(value))  # type: ignore[arg-type]
            case Text() if isinstance(value, str):
                return f"(struct mqb_str){{{literals.string(value)}, {literals.size(value)}}}"
            case Named() if value is not None:
                return self.atlas.default_constant(member)
            case _:
                return None

    @staticmethod
    def _defaults(planned: list[_Planned]) -> tuple[nodes.Default, ...]:
        return tuple(
            nodes.Default(field=member.field.c_name, value=member.default)
            for member in planned
            if member.field and member.default
        )


@dataclass(frozen=True, kw_only=True)
class _Planned:
    member: Member
    field: table_nodes.Field | None
    code: nodes.MemberCode
    default: str | None
    init: table_nodes.Call | None


def _needs_escape(name: str) -> bool:
    return any(char in '"\\' or char < " " for char in name)


def _required_words(struct: Struct) -> tuple[str, ...]:
    """The bits of the required members, 32 to a word; none at all if nothing is required."""
    bits = sum(member.required << index for index, member in enumerate(struct.members))
    count = (len(struct.members) + 31) // 32
    return tuple(f"0x{bits >> 32 * word & 0xFFFFFFFF:x}" for word in range(count)) if bits else ()


def _presence(
    struct: Struct, planned: list[_Planned], *, sending: bool
) -> tuple[table_nodes.Check, ...]:
    """The rules on which members are there, over the `has` flags."""
    variable = "in" if sending else "out"
    by_name = {member.member.json_name: member for member in planned}
    return tuple(
        table_nodes.Check(
            condition=" || ".join(_group(group, by_name, variable) for group in rule.groups),
            rule=literals.string(f"must have {words.presence(rule)}"),
        )
        for rule in struct.rules
        if (sending or not rule.when_sending_only) and not _always(rule, by_name)
    )


def _always(rule: NeedsOneOf, by_name: dict[str, _Planned]) -> bool:
    return any(all(by_name[name].member.required for name in group) for group in rule.groups)


def _group(group: tuple[str, ...], by_name: dict[str, _Planned], variable: str) -> str:
    flags = [f"{variable}->has.{has}" for name in group if (has := by_name[name].code.has)]
    return flags[0] if len(flags) == 1 else f"({' && '.join(flags)})"


def enumeration(choice: Choice, atlas: Atlas, diagnostics: Diagnostics) -> nodes.Enumeration | None:
    """The C enum of a choice; None for a constant and where C has no enum that wide."""
    if len(choice.values) == 1 or not fits_enum(choice):
        return None
    place = atlas.place(choice.key)
    scope = names.Scope("enum constants", diagnostics)
    constants = []
    for number, value in enumerate(choice.values, start=1):
        first = value.spellings[0]
        c_name = atlas.constant_name(choice, value.name or str(first))
        scope.claim(c_name, value.name or str(first), choice.location)
        constants.append(
            nodes.Constant(
                c_name=c_name,
                value=first if isinstance(first, int) else number,
                comment=_constant_comment(value.description, first, value.name),
            )
        )
    return nodes.Enumeration(
        c_type=f"enum {place.c_name}",
        comment=docs.paragraphs(choice.description),
        constants=tuple(constants),
    )


def _constant_comment(description: str | None, first: str | int, name: str | None) -> str | None:
    """What the constant means; the text that is sent where its name does not show it."""
    sent = docs.json_text(first) if isinstance(first, str) and not same_scalar(first, name) else ""
    text = " ".join(
        filter(None, (docs.sentence(description or ""), f"Sent as {sent}." if sent else ""))
    )
    return docs.comment_text(text) if text else None
