"""The plan: everything that the templates print, decided and spelled out.

Every C identifier, type, literal, bound and order is a finished string or number here. A template
loops, tests a flag and prints. Nothing in the plan refers back to the model.
"""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.plan.nodes.code import Call, Function
from mqbind.plan.nodes.sides import Example, SideFile
from mqbind.plan.nodes.tables import ChoiceTable, ConstraintTable, PatternTable, StaticArray
from mqbind.plan.nodes.topics import TopicsFile
from mqbind.plan.nodes.types import Declaration, TypeCode
from mqbind.plan.nodes.values import BoxedValue, RuledValue


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
class Definitions:
    """What a file defines, each list in an order that C accepts.

    `declarations` are the structs, `announced` those that need a forward declaration, `types` their
    functions, and `prototypes` those functions that are called before their definition.
    `first_pass` are the values and types that the profile `speed` reads by further functions.
    """

    enumerations: tuple[Enumeration, ...] = ()
    patterns: tuple[PatternTable, ...] = ()
    choice_tables: tuple[ChoiceTable, ...] = ()
    constraints: tuple[ConstraintTable, ...] = ()
    defaults: tuple[StaticArray, ...] = ()
    ruled_values: tuple[RuledValue | BoxedValue, ...] = ()
    announced: tuple[str, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    prototypes: tuple[TypeCode, ...] = ()
    types: tuple[TypeCode, ...] = ()
    first_pass: tuple[RuledValue | TypeCode, ...] = ()

    @property
    def first_prototypes(self) -> tuple[Function, ...]:
        """The heads of functions of the first pass that are called before their definition."""
        needed = {each.read_name for each in self.prototypes}
        return tuple(
            each.first_reader
            for each in self.first_pass
            if each.first_reader and each.read_name in needed
        )

    @property
    def exported_first_pass(self) -> tuple[Function, ...]:
        """The heads of those that other files call."""
        heads = (each.first_reader for each in self.first_pass)
        return tuple(head for head in heads if head and head.exported)

    @property
    def exported_functions(self) -> tuple[Function, ...]:
        """The heads of the functions that other files call."""
        return tuple(head for each in self.types if each.exported for head in each.heads)


@dataclass(frozen=True, kw_only=True)
class TypesFile:
    """The types that several messages use."""

    file_stem: str
    guard: str
    heading: tuple[str, ...]
    source_heading: tuple[str, ...]
    definitions: Definitions


@dataclass(frozen=True, kw_only=True)
class MessageFile:
    """One message: its own types and its public functions. `key` is that of the model.

    A payload type that belongs to the message already has init, read and write functions with the
    right names. Otherwise they are printed: `read`, `write` and `init` call those of the payload,
    or the payload is just cleared. `attempt` is the call of the first pass of the profile `speed`.
    `initializer`, `reader` and `writer` are their heads; `decode`, `validate` and `encode` hand
    them to the runtime. `has_text_rules`: constraints are checked over the text, which only exists
    in a buffer. `has_open_objects`: so are names that the schema does not list, if they are many.
    `is_typed`: it is not bytes. `text_types` are the JSON types that it may spell, as C, if it is
    text. `payload` is the name of the parameter that is decoded.
    """

    key: str
    file_stem: str
    guard: str
    heading: tuple[str, ...]
    source_heading: tuple[str, ...]
    includes: tuple[str, ...]
    definitions: Definitions
    c_type: str
    c_name: str
    macro: str
    own_init: bool
    own_read: bool
    init: Call | None
    read: Call
    attempt: Call | None
    write: Call
    initializer: Function
    reader: Function
    writer: Function
    decode: Call
    validate: Call
    encode: Call
    is_typed: bool
    text_types: str | None
    payload: str
    has_text_rules: bool
    has_open_objects: bool
    has_others_in_unions: bool
    max_bytes: int | None
    scratch: tuple[str, ...]

    @property
    def prototypes(self) -> tuple[Function, ...]:
        """The heads of what only generated code calls."""
        own = () if self.own_read else (self.reader, self.writer)
        others = self.definitions.exported_functions
        return (*own, *(head for head in others if head.name != self.initializer.name))


@dataclass(frozen=True, kw_only=True)
class TopicRow:
    """A row of the table in the generated README."""

    address: str
    sender: str
    receiver: str
    delivery: str
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
    banner: tuple[str, ...]
    types: TypesFile | None
    messages: tuple[MessageFile, ...]
    sides: tuple[SideFile, ...]
    addresses: TopicsFile | None
    example: Example | None
    topics: tuple[TopicRow, ...]
