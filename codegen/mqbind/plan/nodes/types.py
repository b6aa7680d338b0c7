"""The part of the plan about types: C structs, and the functions that read and write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from mqbind.plan.nodes.code import Call, Check, Field, Function, Guard
from mqbind.plan.nodes.member_hash import MemberHash
from mqbind.plan.nodes.others import BesideCode, OthersCode
from mqbind.plan.nodes.values import READER, WRITER


@dataclass(frozen=True, kw_only=True)
class _Type:
    """The common part of C structs. `constraint` points to the table of further constraints.
    `own_comment` is the part of the comment that is not derived from where the type is used.

    `is_payload`: the runtime calls the functions, for a message of any type, and so they take a
    `void *`. `needs` are the C types that C must know whole before, `points_to` those that it must
    have heard of, `calls` what the functions of the struct call.
    """

    c_type: str
    read_name: str
    write_name: str
    exported: bool
    constraint: str | None
    comment: tuple[str, ...]
    own_comment: tuple[str, ...] = ()
    is_payload: bool = False

    @property
    def reader(self) -> Function:
        """The head of the function that reads a value."""
        out = "void *message" if self.is_payload else f"{self.c_type} *out"
        return self._function(self.read_name, READER, out)

    @property
    def writer(self) -> Function:
        """The head of the function that validates and writes a value."""
        value = "const void *message" if self.is_payload else f"const {self.c_type} *in"
        return self._function(self.write_name, WRITER, value)

    @property
    def initializer(self) -> Function | None:
        """The head of the function that sets defaults, if there is one."""
        return None

    @property
    def heads(self) -> tuple[Function, ...]:
        """The heads of all functions."""
        first = (self.initializer,) if self.initializer else ()
        return (*first, self.reader, self.writer)

    def _function(self, name: str, *parameters: str) -> Function:
        return Function(name=name, parameters=parameters, exported=self.exported)

    @property
    def needs(self) -> tuple[str, ...]:
        return ()

    @property
    def points_to(self) -> tuple[str, ...]:
        return self.needs

    @property
    def calls(self) -> tuple[Call, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class ItemList(_Type):
    """A C struct of items and count, of at most `most` items. `capacity`: the items are stored
    in the struct itself, with room for this many. `write_draft` writes a unique item for
    comparison."""

    form: ClassVar[str] = "list"
    item_c_type: str
    most: str
    read_checks: tuple[Check, ...]
    write_checks: tuple[Check, ...]
    read_item: Call
    write_item: Call
    write_draft: Call | None
    capacity: int | None

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.item_c_type,) if self.capacity else ()

    @property
    def points_to(self) -> tuple[str, ...]:
        return (self.item_c_type,)

    @property
    def calls(self) -> tuple[Call, ...]:
        return (self.read_item, self.write_item)


@dataclass(frozen=True, kw_only=True)
class MapEntry:
    """A C struct of a key and a value."""

    form: ClassVar[str] = "entry"
    comment: tuple[str, ...]
    c_type: str
    value_c_type: str

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.value_c_type,)

    @property
    def points_to(self) -> tuple[str, ...]:
        return self.needs


@dataclass(frozen=True, kw_only=True)
class EntryMap(_Type):
    """A C struct of entries and count. `beside`: they are the members of an object that have no
    field, beside the fields of a struct."""

    form: ClassVar[str] = "map"
    entry: MapEntry
    read_checks: tuple[Check, ...]
    write_checks: tuple[Check, ...]
    read_value: Call
    write_value: Call
    beside: bool = False

    @property
    def reader(self) -> Function:
        if not self.beside:
            return super().reader
        others = "const struct mqb_others *others"
        return self._function(self.read_name, READER, others, f"{self.c_type} *out")

    @property
    def writer(self) -> Function:
        if not self.beside:
            return super().writer
        fields = ("const struct mqb_members *members", "const uint32_t *fields")
        return self._function(self.write_name, WRITER, *fields, f"const {self.c_type} *in")

    @property
    def points_to(self) -> tuple[str, ...]:
        return (self.entry.c_type,)

    @property
    def calls(self) -> tuple[Call, ...]:
        return (self.read_value, self.write_value)


@dataclass(frozen=True, kw_only=True)
class NullableValue(_Type):
    """A C struct of a flag for null and a value."""

    form: ClassVar[str] = "nullable"
    value_c_type: str
    read: Call
    write: Call

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.value_c_type,)

    @property
    def calls(self) -> tuple[Call, ...]:
        return (self.read, self.write)


@dataclass(frozen=True, kw_only=True)
class InlineText(_Type):
    """A C struct of a length and as many bytes as the string may have."""

    form: ClassVar[str] = "text"
    bytes: int
    checks: tuple[Check, ...]
    size_rule: str

    @property
    def setter(self) -> Function:
        """The head of the inline function that copies a string into it."""
        return Function(
            name=string_setter(self.c_type),
            parameters=(f"{self.c_type} *text", "struct mqb_str value"),
            result="inline bool",
        )


def string_setter(c_type: str) -> str:
    """The name of the function that copies a string into a C struct."""
    return f"{c_type.removeprefix('struct ')}_set"


Container: TypeAlias = ItemList | EntryMap | NullableValue | InlineText


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

    `has` is the presence flag, or None when the member is always there; `is_null` the flag of one
    that may be null. A constant has no field: it is read to be checked and, unless it may be null,
    written as text. `prefix` is None where the text of the next member includes it. If the value of
    a `loose` member does not fit its field, `clear` undoes what was read of it.
    """

    index: int
    json_comment: str
    name: str
    prefix: Prefix | None
    has: str | None
    is_null: str | None
    read: Call
    write: Call | None
    loose: bool = False
    clear: tuple[str, ...] = ()


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
class Structure(_Type):
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
    others: OthersCode | None = None

    @property
    def initializer(self) -> Function:
        return self._function(self.init_name, f"{self.c_type} *message")

    @property
    def known(self) -> str:
        """A pointer to the names of the members."""
        return f"{self.others.known}()" if self.others else "&members"

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

    `fits` is the condition on the JSON type of the value; None if no check is needed.
    """

    constant: str
    fits: str | None
    field: Field | None
    read: Call | None
    write: Call


@dataclass(frozen=True, kw_only=True)
class Alternatives(_Type):
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
