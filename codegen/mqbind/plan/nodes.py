"""The plan: everything that the templates print, decided and spelled out.

Every C identifier, type, literal, bound and order is a finished string or number here. A template
loops, tests a flag and prints. Nothing in the plan refers back to the model.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Call:
    """A function call: `function(arguments)`, its result cast to `cast` and put into `target`."""

    function: str
    arguments: tuple[str, ...]
    target: str | None = None
    cast: str | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """A condition on `value` that must hold, and the rule in words (a C string literal)."""

    condition: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class PatternTable:
    """An automaton as three C arrays."""

    c_name: str
    regex: str
    classes: tuple[int, ...]
    next: tuple[int, ...]
    accepting: tuple[int, ...]
    class_count: int
    dead: str


@dataclass(frozen=True, kw_only=True)
class TextChoice:
    """One row of a `struct mqb_choices` table."""

    literal: str
    length: int
    constant: str


@dataclass(frozen=True, kw_only=True)
class ChoiceTable:
    """The spellings of an enumerated string."""

    c_name: str
    rows: tuple[TextChoice, ...]
    rule: str


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
class ItemList:
    """A C struct of items and count, with its read and write functions."""

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
class Field:
    """A member of a C struct."""

    c_type: str
    c_name: str
    comment: tuple[str, ...]


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
    receive_checks: tuple[Check, ...]
    send_checks: tuple[Check, ...]
    init_name: str
    read_name: str
    write_name: str
    exported: bool


@dataclass(frozen=True, kw_only=True)
class Definitions:
    """What a file defines, each list in an order that C accepts."""

    enumerations: tuple[Enumeration, ...] = ()
    patterns: tuple[PatternTable, ...] = ()
    choice_tables: tuple[ChoiceTable, ...] = ()
    ruled_values: tuple[RuledValue, ...] = ()
    types: tuple[Structure | ItemList, ...] = ()

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
    """One message: its own types and its public functions.

    A payload that is a type of the message's own brings init, read and write functions with the
    right names. Otherwise the message's are printed: `read` and `write` call what does the work,
    `init` too, or the payload is just cleared.
    """

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
class AddressCode:
    """A `struct mqb_address` and the parameters in it."""

    c_name: str
    literal: str
    parameters: tuple[ParameterCode, ...]


@dataclass(frozen=True, kw_only=True)
class ParameterCode:
    """A `struct mqb_parameter`; `c_name` is its C variable."""

    c_name: str
    literal: str
    pattern: str
    max_length: int
    rule: str


@dataclass(frozen=True, kw_only=True)
class Handler:
    """A message that a side receives."""

    c_name: str
    comment: tuple[str, ...]
    deliver_name: str
    parameters: tuple[ParameterCode, ...]
    message_c_type: str
    read_name: str
    is_json: bool


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """How messages of one address are told apart: the text of `member` is looked up in `choices`.

    The table gives each spelling the place of its message in the route's handlers.
    """

    member: str
    choices: ChoiceTable


@dataclass(frozen=True, kw_only=True)
class Route:
    """An address that a side receives from, with the messages that it may carry."""

    receive_name: str
    wanted_name: str
    address: AddressCode
    values_name: str
    values: tuple[int, ...]
    qos: int
    handlers: tuple[Handler, ...]
    dispatch: Dispatch | None


@dataclass(frozen=True, kw_only=True)
class Sender:
    """A function that sends a message."""

    c_name: str
    comment: tuple[str, ...]
    address: AddressCode
    message_c_type: str
    write_name: str
    is_json: bool
    qos: int
    retain: str


@dataclass(frozen=True, kw_only=True)
class SideFile:
    """One role: what it receives and what it sends.

    `routes` are in the order of the document, `route_order` in the order in which they are tried.
    """

    file_stem: str
    guard: str
    role: str
    c_name: str
    variable: str
    heading: tuple[str, ...]
    includes: tuple[str, ...]
    filters: tuple[Field, ...]
    patterns: tuple[PatternTable, ...]
    addresses: tuple[AddressCode, ...]
    routes: tuple[Route, ...]
    route_order: tuple[Route, ...]
    senders: tuple[Sender, ...]


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
