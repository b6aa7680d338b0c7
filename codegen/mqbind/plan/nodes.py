"""The plan: everything that the templates print, decided and spelled out.

Every C identifier, type, literal, bound and order is a finished string or number here. A template
loops, tests a flag and prints. Nothing in the plan refers back to the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from mqbind.plan.side_nodes import SideFile
from mqbind.plan.table_nodes import Call, Check, ChoiceTable, Field, PatternTable


@dataclass(frozen=True, kw_only=True)
class RuledValue:
    """A value by itself whose rules need more than one call: it gets two functions of its own.

    `text` reads the form that a string carries, `plain` the form that stands by itself; a value
    that allows both has both. The checks are those of the plain form.
    """

    c_type: str
    read_name: str
    write_name: str
    plain: Call | None
    text: Call | None
    text_pattern: Check | None
    write: Call
    checks: tuple[Check, ...]
    checks_when_writing: bool


@dataclass(frozen=True, kw_only=True)
class RuledMap:
    """A function that checks rules on the members of an open object and writes it."""

    write_name: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, kw_only=True)
class ItemList:
    """A C struct of items and count, with its read and write functions."""

    form: ClassVar[str] = "list"
    c_type: str
    item_c_type: str
    comment: tuple[str, ...]
    read_name: str
    write_name: str
    read_checks: tuple[Check, ...]
    write_checks: tuple[Check, ...]
    read_item: Call
    write_item: Call
    exported: bool


@dataclass(frozen=True, kw_only=True)
class Constant:
    """One constant of a C enum."""

    c_name: str
    value: int
    comment: str | None


@dataclass(frozen=True, kw_only=True)
class Enumeration:
    """A C enum."""

    c_type: str
    comment: tuple[str, ...]
    constants: tuple[Constant, ...]


@dataclass(frozen=True, kw_only=True)
class MemberCode:
    """How one JSON member is read and written.

    `has` is the presence flag, or None when the member is always there. A constant has no field:
    it is read to be checked and written as text, within `chunk`.
    """

    index: int
    json_comment: str
    name_literal: str
    name_length: int
    chunk: str
    has: str | None
    read: Call
    write: Call | None


@dataclass(frozen=True, kw_only=True)
class Default:
    """An assignment that gives a field its default."""

    field: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Structure:
    """A C struct with the functions that fill, check and print it."""

    form: ClassVar[str] = "struct"
    c_type: str
    comment: tuple[str, ...]
    fields: tuple[Field, ...]
    has: tuple[str, ...]
    defaults: tuple[Default, ...]
    inits: tuple[Call, ...]
    members: tuple[MemberCode, ...]
    seen_words: int
    required: tuple[str, ...]
    closed: bool
    escaped: bool
    """Whether a member's name needs an escape in JSON."""
    receive_checks: tuple[Check, ...]
    send_checks: tuple[Check, ...]
    init_name: str
    read_name: str
    write_name: str
    exported: bool


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """One form of a union."""

    constant: str
    field: Field
    read: Call
    write: Call


@dataclass(frozen=True, kw_only=True)
class Alternatives:
    """A C struct of a kind and a C union, with the functions that fill, check and print it."""

    form: ClassVar[str] = "union"
    c_type: str
    kind_c_type: str
    comment: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    rule: str
    type_rule: str
    init_name: str
    read_name: str
    write_name: str
    exported: bool


TypeCode: TypeAlias = Structure | Alternatives | ItemList


@dataclass(frozen=True, kw_only=True)
class Definitions:
    """What a file defines, each list in an order that C accepts."""

    enumerations: tuple[Enumeration, ...] = ()
    patterns: tuple[PatternTable, ...] = ()
    choice_tables: tuple[ChoiceTable, ...] = ()
    ruled_values: tuple[RuledValue, ...] = ()
    ruled_maps: tuple[RuledMap, ...] = ()
    types: tuple[TypeCode, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.enumerations or self.types)


@dataclass(frozen=True, kw_only=True)
class TypesFile:
    """The types that several messages use."""

    file_stem: str
    guard: str
    heading: tuple[str, ...]
    definitions: Definitions


@dataclass(frozen=True, kw_only=True)
class MessageFile:
    """One message: its own types and its public functions. `key` is that of the model.

    A payload that is a type of the message's own brings init, read and write functions with the
    right names. Otherwise the message's are printed: `read` and `write` call what does the work,
    `init` too, or the payload is just cleared.
    """

    key: str
    file_stem: str
    guard: str
    heading: tuple[str, ...]
    includes: tuple[str, ...]
    definitions: Definitions
    c_type: str
    c_name: str
    macro: str
    own_init: bool
    own_read: bool
    init: Call | None
    read: Call
    write: Call
    is_json: bool
    max_bytes: int | None
    scratch: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TopicRow:
    """A row of the table in the generated README."""

    address: str
    sender: str
    receiver: str
    message: str
    header: str
    summary: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All files of one protocol."""

    prefix: str
    macro: str
    title: str
    version: str
    description: str
    source: str
    types: TypesFile | None
    messages: tuple[MessageFile, ...]
    sides: tuple[SideFile, ...]
    topics: tuple[TopicRow, ...]
