"""The part of the plan about types: C structs, and the functions that read and write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, TypeAlias

from mqbind.plan.nodes.c_type import CType
from mqbind.plan.nodes.code import Call, Check, Field, FirstPass, Function, Guard
from mqbind.plan.nodes.containers import Container, MapEntry
from mqbind.plan.nodes.member_hash import MemberHash
from mqbind.plan.nodes.others import BesideCode, OthersCode


class PrefixKind(StrEnum):
    """What is known of the members before one that is written: that there are none, that there is
    one, or neither. The values are functions of the runtime."""

    FIRST = "mqb_writer_first_name"
    NEXT = "mqb_writer_next_name"
    ANY = "mqb_writer_name"


@dataclass(frozen=True, kw_only=True)
class Prefix:
    """The JSON text before a value, a C literal: its name, and constant members before it."""

    kind: PrefixKind
    text: str

    @property
    def write(self) -> Call:
        return Call(function=self.kind, arguments=("w", f"MQB_STR({self.text})"))


@dataclass(frozen=True, kw_only=True)
class MemberCode:
    """How one JSON member is read and written. `name` is the initializer of a `struct mqb_str`.

    `literal` is the name as a C string. `has` is the presence flag, or None when the
    member is always there; `is_null` the flag of one that may be null. A constant has no field: it
    is read to be checked and, unless it may be null, written as text. `prefix` is None where the
    text of the next member includes it. If the value of a `loose` member does not fit its field,
    `clear` undoes what was read of it.
    """

    index: int
    json_comment: str
    name: str
    literal: str
    prefix: Prefix | None
    has: str | None
    is_null: str | None
    read: Call
    write: Call | None
    required: bool = False
    loose: bool = False
    clear: tuple[str, ...] = ()

    @property
    def null_flag(self) -> str | None:
        """The field that says that the member is null, if it may be."""
        return f"is_null.{self.is_null}" if self.is_null else None


@dataclass(frozen=True, kw_only=True)
class Setter:
    """An inline function that sets an optional member and its presence flag. `refusal` returns
    before that if a string that is to be copied is too long."""

    head: Function
    refusal: Guard | None
    statements: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Default:
    """An assignment that gives a field its default."""

    field: str
    value: str

    @property
    def assignment(self) -> str:
        return f"message->{self.field} = {self.value};"


@dataclass(frozen=True, kw_only=True)
class Structure(CType):
    """A C struct with the functions that fill, check and print it."""

    form: ClassVar[str] = "struct"
    fields: tuple[Field, ...]
    has: tuple[str, ...]
    is_null: tuple[str, ...]
    setters: tuple[Setter, ...]
    defaults: tuple[Default, ...]
    inits: tuple[Call, ...]
    members: tuple[MemberCode, ...]
    slots: MemberHash | None
    """The table for finding members by name; None if there are few."""
    seen_words: int
    required: str | None
    """The initializer of an array of bits, one for each required member."""
    closed: str
    escaped: bool
    """Whether a member's name needs an escape in JSON."""
    receive_checks: tuple[Check, ...]
    send_checks: tuple[Check, ...]
    """Before the object is written; `write_checks` are those after that."""
    write_checks: tuple[Check, ...]
    absence_checks: tuple[Call, ...]
    """Of members that are set without their presence flag, in a checked build."""
    init_name: str
    known: str
    """The C function that returns the members that have a field."""
    others: OthersCode | None = None

    @property
    def initializer(self) -> Function:
        return self._function(self.init_name, f"{self.c_type} *message")

    @property
    def required_mask(self) -> str:
        """The bits of the members that must be present, in C."""
        bits = sum(1 << member.index for member in self.members if member.required)
        return f"UINT64_C(0x{bits:x})"

    @property
    def is_empty(self) -> bool:
        """True if C would have no member at all."""
        return not (self.fields or self.has or self.is_null)

    @property
    def opens(self) -> bool:
        """True if the brace is to be written for itself, not with the first name."""
        prefixes = [member.prefix for member in self.members if member.prefix]
        return not prefixes or prefixes[0].kind is not PrefixKind.FIRST

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(field.c_type for field in self.fields)

    @property
    def calls(self) -> tuple[Call, ...]:
        members = _there(c for each in self.members for c in (each.read, each.write))
        return (
            *self.inits,
            *members,
            *((self.others.read, self.others.write) if self.others else ()),
        )


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """One form of a union. A constant, or null, has no field; null has nothing to `read`.

    `fits` is the condition on the JSON type of the value; None if no check is needed. `types` are
    its JSON types, in C.
    """

    constant: str
    fits: str | None
    types: tuple[str, ...]
    field: Field | None
    read: Call | None
    write: Call


@dataclass(frozen=True, kw_only=True)
class Alternatives(CType):
    """A C struct of a kind and a C union, with the functions that fill, check and print it.

    `peek` returns the kind that a discriminator says. Without one the forms are tried one after the
    other, some of them first for the notation of a number (`preferred`), and `refuse` reports that
    none fits. `unknown` is the check that no kind passes.
    """

    form: ClassVar[str] = "union"
    defaults: ClassVar[tuple[Default, ...]] = ()
    inits: ClassVar[tuple[Call, ...]] = ()
    peek: Call | None
    refuse: Call
    unknown: Check
    kind_c_type: str
    kind_comment: str
    alternatives: tuple[Alternative, ...]
    preferred: tuple[Alternative, ...]
    init_name: str
    beside: BesideCode | None = None

    @property
    def initializer(self) -> Function | None:
        head = self._function(self.init_name, f"{self.c_type} *message")
        return head if self.exported else None

    @property
    def first_peek(self) -> Call | None:
        """The call of `peek` in the first pass of the profile `speed`."""
        if self.peek is None:
            return None
        return replace(self.peek, arguments=(FirstPass.READER, *self.peek.arguments[1:]))

    @property
    def attempts(self) -> tuple[Alternative, ...]:
        return (*self.preferred, *self.alternatives)

    @property
    def depends_on_type(self) -> bool:
        """True if the JSON type of a value says that some forms need not be tried."""
        return any(each.fits for each in self.alternatives)

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(each.field for each in self.alternatives if each.field)

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(field.c_type for field in self.fields)

    @property
    def calls(self) -> tuple[Call, ...]:
        return _there(call for each in self.alternatives for call in (each.read, each.write))


TypeCode: TypeAlias = Structure | Alternatives | Container
Declaration: TypeAlias = TypeCode | MapEntry


def _there(calls: Iterable[Call | None]) -> tuple[Call, ...]:
    return tuple(call for call in calls if call)
