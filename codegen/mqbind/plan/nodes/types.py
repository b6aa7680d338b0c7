"""The part of the plan that tells of values and types: C structs, and the functions that read
and write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from mqbind.plan.nodes.code import Call, Check, Field, Function
from mqbind.plan.nodes.member_hash import MemberHash


@dataclass(frozen=True, kw_only=True)
class RuledValue:
    """A value by itself whose rules need more than one call: it gets functions of its own.

    `text` reads the form that a string carries, `plain` the form that stands by itself; a value
    that allows both has both. The checks are those of the plain form. `constraint` points to the
    table of what else the value must satisfy, `range` to one that the text of a number must: a
    double may have lost what lies beyond a bound. Its checks are for writing then. A value without
    rules for reading has no `read_name`; one that is written by its address has its rules checked
    before.
    """

    form: ClassVar[str] = "ruled"
    c_type: str
    write_name: str
    write: Call
    read_name: str | None = None
    plain: Call | None = None
    text: Call | None = None
    text_pattern: Check | None = None
    checks: tuple[Check, ...] = ()
    checks_when_writing: bool = False
    constraint: str | None = None
    range: str | None = None
    by_address: bool = False

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(call for call in (self.plain, self.text, self.write) if call)


@dataclass(frozen=True, kw_only=True)
class BoxedValue:
    """A value that may contain itself: a pointer to memory that reading takes."""

    form: ClassVar[str] = "boxed"
    c_type: str
    target_c_type: str
    read_name: str
    write_name: str
    read: Call
    write: Call

    @property
    def calls(self) -> tuple[Call, ...]:
        return (self.read, self.write)


@dataclass(frozen=True, kw_only=True)
class _Type:
    """What all C structs have. `constraint` points to the table of what else a value must satisfy.

    `is_payload`: the runtime calls the functions, for a message of any type, and so they take a
    `void *`. `needs` are the C types that C must know whole before, `points_to` those that it must
    have heard of, `calls` what the functions of the struct call, `functions` their names.
    """

    c_type: str
    read_name: str
    write_name: str
    exported: bool
    constraint: str | None
    is_payload: bool = False

    @property
    def reader(self) -> Function:
        """The head of the function that reads a value."""
        out = "void *message" if self.is_payload else f"{self.c_type} *out"
        return self._function(self.read_name, "struct mqb_reader *r", out)

    @property
    def writer(self) -> Function:
        """The head of the function that validates and writes a value."""
        value = "const void *message" if self.is_payload else f"const {self.c_type} *in"
        return self._function(self.write_name, "struct mqb_writer *w", value)

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

    @property
    def functions(self) -> tuple[str, ...]:
        return (self.read_name, self.write_name)


@dataclass(frozen=True, kw_only=True)
class ItemList(_Type):
    """A C struct of items and count, at `most` so many. `capacity`: the items lie in the struct
    itself, and there is room for so many. `write_draft` writes an item that must be unique to be
    compared."""

    form: ClassVar[str] = "list"
    item_c_type: str
    comment: tuple[str, ...]
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
    """A C struct of entries and count."""

    form: ClassVar[str] = "map"
    entry: MapEntry
    comment: tuple[str, ...]
    send_checks: tuple[Check, ...]
    read_value: Call
    write_value: Call

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
    """A C struct of a length and as many bytes as the text may have."""

    form: ClassVar[str] = "text"
    comment: tuple[str, ...]
    bytes: int
    checks: tuple[Check, ...]
    size_rule: str


Container: TypeAlias = ItemList | EntryMap | NullableValue | InlineText


@dataclass(frozen=True, kw_only=True)
class MemberCode:
    """How one JSON member is read and written.

    `has` is the presence flag, or None when the member is always there; `is_null` the flag of one
    that may be null. A constant has no field: it is read to be checked and, unless it may be null,
    written as text. `start` writes the text before the value; None if the next member's does.
    """

    index: int
    json_comment: str
    name_literal: str
    name_length: int
    start: str | None
    chunk: str
    has: str | None
    is_null: str | None
    read: Call
    write: Call | None


@dataclass(frozen=True, kw_only=True)
class Default:
    """An assignment that gives a field its default."""

    field: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Structure(_Type):
    """A C struct with the functions that fill, check and print it."""

    form: ClassVar[str] = "struct"
    comment: tuple[str, ...]
    fields: tuple[Field, ...]
    has: tuple[str, ...]
    is_null: tuple[str, ...]
    defaults: tuple[Default, ...]
    inits: tuple[Call, ...]
    members: tuple[MemberCode, ...]
    slots: MemberHash | None
    """Where each member is found by its name; None if there are few."""
    seen_words: int
    required: tuple[str, ...]
    closed: bool
    escaped: bool
    """Whether a member's name needs an escape in JSON."""
    receive_checks: tuple[Check, ...]
    send_checks: tuple[Check, ...]
    init_name: str

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(field.c_type for field in self.fields)

    @property
    def calls(self) -> tuple[Call, ...]:
        return (*self.inits, *_there(c for each in self.members for c in (each.read, each.write)))

    @property
    def functions(self) -> tuple[str, ...]:
        return (self.init_name, self.read_name, self.write_name)


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """One form of a union. A constant, or null, has no field; null has nothing to `read`.

    `fits` is the condition on the JSON type of the value; None if it need not be asked.
    """

    constant: str
    fits: str | None
    field: Field | None
    read: Call | None
    write: Call


@dataclass(frozen=True, kw_only=True)
class Discriminator:
    """The member whose text tells which form a value has, and the table that knows."""

    member: str
    table: str


@dataclass(frozen=True, kw_only=True)
class Alternatives(_Type):
    """A C struct of a kind and a C union, with the functions that fill, check and print it.

    Without a discriminator the forms are tried one after the other.
    """

    form: ClassVar[str] = "union"
    discriminator: Discriminator | None
    kind_c_type: str
    comment: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    rule: str
    type_rule: str
    init_name: str

    @property
    def told_by_type(self) -> bool:
        """True if the JSON type of a value tells that some forms need not be tried."""
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

    @property
    def functions(self) -> tuple[str, ...]:
        return (self.init_name, self.read_name, self.write_name)


TypeCode: TypeAlias = Structure | Alternatives | Container
Declaration: TypeAlias = TypeCode | MapEntry


def _there(calls: Iterable[Call | None]) -> tuple[Call, ...]:
    return tuple(call for call in calls if call)
