"""Sizes: the maximum length of a payload, and the memory for decoding one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Self, assert_never

from mqbind.model.protocol import Message
from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Constrained,
    Definition,
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
)
from mqbind.plan.symbols.reachability import Spot, payload_spot, spots, walk
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import comments, literals
from mqbind.plan.values.constraint_uses import UniqueArrays
from mqbind.plan.values.containers import needs_struct
from mqbind.plan.values.integer_types import integer_type

_DOUBLE_BYTES = 24
"""The longest double that the runtime prints: "-2.2250738585072014e-308"."""

ESCAPED_BYTES = 6
"""The longest that a code point gets in JSON text: "\\u001f"."""

_AS_MANY_AS_FIT = "((payload_bytes) / 2 + 1)"
"""Number of values, or items, that fit in a payload: each takes a byte and a comma."""

_ENTRY_SIZE = "sizeof(struct mqb_map_entry)"

_VISITS_MAX = 200
"""With more definitions than this, lists are not distinguished."""


@dataclass(frozen=True, kw_only=True)
class Outline:
    """Results that require visiting a whole payload."""

    uses_shared: bool
    has_text_rules: bool
    has_open_objects: bool
    has_others_in_unions: bool
    longest: int | None
    scratch: tuple[str, ...]


@dataclass(frozen=True)
class Sizes:
    """The sizes of messages. All definitions are measured once."""

    symbols: SymbolTable

    @cached_property
    def lengths(self) -> Longest:
        """Of each type."""
        return Longest.of_all(self.symbols)

    @cached_property
    def _unique(self) -> UniqueArrays:
        return UniqueArrays(self.symbols)

    @cached_property
    def _tokens(self) -> _Tokens:
        return _Tokens.of_all(self.symbols)

    @cached_property
    def outlines(self) -> dict[str, Outline]:
        """Results by the definition of the payload: messages with the same payload share them."""
        return {}

    def longest(self, message: Message) -> int | None:
        """Bytes of the longest payload of a message, or None if there is no bound."""
        size = self.lengths.of(message.payload)
        return None if size is None or size > literals.COUNT_MAX else size

    def scratch(self, message: Message) -> tuple[str, ...]:
        """Terms over `payload_bytes`: scratch memory that is enough for a valid payload.

        They count the schema's members. Unknown members take additional tokens.
        """
        spot = payload_spot(message)
        count = self._tokens.of(spot.type)
        tokens = _AS_MANY_AS_FIT if count is None else str(count)
        terms = _Lists(self.symbols).terms(spot)
        if self._unique.within(spot):
            terms.append(f"{_AS_MANY_AS_FIT} * MQB_UNIQUE_BYTES + MQB_SCRATCH_ALIGN")
        return (f"{tokens} * MQB_TOKEN_BYTES", *terms, "(payload_bytes)", "MQB_SCRATCH_ALIGN")


@dataclass
class Longest:
    """The longest JSON of each type. A definition that is not known yet is recursive: it has no
    bound."""

    symbols: SymbolTable
    known: dict[str, int | None] = field(default_factory=dict)

    @classmethod
    def of_all(cls, symbols: SymbolTable) -> Self:
        """Each definition comes after those that it is made of."""
        sizes = cls(symbols)
        for key in symbols.order:
            sizes.known[key] = sizes.of_definition(symbols.definition(key))
        return sizes

    def of(self, kind: Type) -> int | None:
        """Bytes of its longest JSON, or None if there is no bound."""
        match kind:
            case Array(item=item, max_items=count):
                each = self.of(item)
                return None if each is None or count is None else 2 + count * (each + 1)
            case Nullable(type=inner):
                size = self.of(inner)
                return None if size is None else max(size, len("null"))
            case Constrained(type=inner):
                return self.of(inner)
            case Named(key=key):
                return self.known.get(key)
            case _:
                return longest_scalar(kind)

    def of_definition(self, definition: Definition) -> int | None:
        """Bytes of its longest JSON."""
        match definition:
            case Choice(values=values):
                return max(literals.size(comments.json_text(each.spellings[0])) for each in values)
            case Struct(others=others) if others:
                return None
            case Struct(members=members):
                sizes = [self.of(member.type) for member in members]
                names = [literals.size(comments.json_text(member.json_name)) for member in members]
                if None in sizes:
                    return None
                return 2 + sum(names) + len(names) * len(":,") + sum(filter(None, sizes))
            case Union(branches=branches):
                sizes = [self.of(branch.type) for branch in branches]
                return None if None in sizes else max(filter(None, sizes), default=0)
            case NamedContainer(type=its):
                return self.of(its)
            case _:
                assert_never(definition)


def longest_scalar(
    kind: Boolean | Null | Integer | Number | Text | Scalar | Json | Map | Bytes,
) -> int | None:
    """Bytes of its longest JSON."""
    match kind:
        case Boolean():
            return len("false")
        case Null():
            return len("null")
        case Integer():
            return longest_integer(kind)
        case Number():
            return _DOUBLE_BYTES
        case Text(max_length=length):
            return None if length is None else 2 + ESCAPED_BYTES * length
        case Scalar() | Json() | Map() | Bytes():
            return None
        case _:
            assert_never(kind)


def longest_integer(integer: Integer) -> int:
    """Bytes of its longest JSON."""
    kind = integer_type(integer)
    ends = (
        kind.low if integer.low is None else integer.low,
        kind.high if integer.high is None else integer.high,
    )
    quotes = 2 if integer.wires[0] is Wire.STRING else 0
    if quotes:
        ends = (kind.low, kind.high)
    return quotes + max(len(str(end)) for end in ends)


@dataclass
class _Tokens:
    """Parser tokens of a value; None means as many as fit in the payload. A definition that is not
    known yet is recursive."""

    known: dict[str, int | None] = field(default_factory=dict)

    @classmethod
    def of_all(cls, symbols: SymbolTable) -> _Tokens:
        counts = cls()
        for key in symbols.order:
            counts.known[key] = counts._sum(symbols.definition(key))
        return counts

    def of(self, kind: Type) -> int | None:
        match kind:
            case Boolean() | Integer() | Number() | Text() | Scalar() | Null():
                return 1
            case Bytes():
                return 0
            case Json() | Map():
                return None
            case Array(item=item, max_items=count):
                each = self.of(item)
                return None if each is None or count is None else 1 + count * each
            case Nullable(type=inner) | Constrained(type=inner):
                return self.of(inner)
            case Named(key=key):
                return self.known.get(key)
            case _:
                assert_never(kind)

    def _sum(self, definition: Definition) -> int | None:
        match definition:
            case Choice():
                return 1
            case Struct(others=others) if others:
                return None
            case Struct(members=members):
                counts = [self.of(member.type) for member in members]
                return None if None in counts else 1 + len(counts) + sum(filter(None, counts))
            case Union(branches=branches):
                counts = [self.of(branch.type) for branch in branches]
                return None if None in counts else max(filter(None, counts), default=1)
            case NamedContainer(type=its):
                return self.of(its)
            case _:
                assert_never(definition)


class _TooMany(Exception):
    """Whether there are too many lists to distinguish them, or a type is recursive."""


@dataclass(frozen=True)
class _Term:
    """The memory of one list, or of all nested ones that have one C type."""

    size: str
    count: int | None
    nested: bool

    @property
    def text(self) -> str:
        if self.nested:
            return f"{_AS_MANY_AS_FIT} * ({self.size} + MQB_SCRATCH_ALIGN)"
        number = _AS_MANY_AS_FIT if self.count is None else str(self.count)
        return f"{number} * {self.size} + MQB_SCRATCH_ALIGN"


@dataclass
class _Lists:
    """The memory for lists, maps and boxed values: a term for each list.

    Nested lists are at most as many as their items, which the payload bounds: there is one term for
    all of the same C type.
    """

    symbols: SymbolTable
    found: list[_Term] = field(default_factory=list)
    nested: set[_Term] = field(default_factory=set)
    inside: set[str] = field(default_factory=set)
    """The definitions that were visited as if they were inside a list."""
    underway: list[str] = field(default_factory=list)
    visits: int = 0

    def terms(self, payload: Spot) -> list[str]:
        try:
            self._visit(payload, nested=False)
        except _TooMany:
            self.found.clear()
            self.nested.clear()
            self.inside.clear()
            self._visit_inside(payload)
        nested = {term.size for term in self.found if term.nested}
        return [term.text for term in self.found if term.nested or term.size not in nested]

    def _visit_inside(self, spot: Spot) -> None:
        """Everything that a value is made of, as if it were inside a list."""
        self._visit(spot, nested=True)
        for key in walk((key for _, key in spot.named()), self._not_inside)[0]:
            if key not in self.inside:
                self.inside.add(key)
                self._visit_others(key, nested=True)
                for part in spots(self.symbols.definition(key)):
                    self._visit(part, nested=True)

    def _not_inside(self, key: str) -> list[tuple[str, str]]:
        """The definitions used by one, unless everything in it has been visited."""
        if key in self.inside:
            return []
        return [edge for part in spots(self.symbols.definition(key)) for edge in part.named()]

    def _visit(self, spot: Spot, *, nested: bool) -> None:
        if spot.path in self.symbols.boxed:
            self._add(self._size_of(spot), None, nested=True)
        match spot.type:
            case Named(key=key):
                if not nested:
                    self._visit_definition(key)
            case Array(max_items=count, inline=inline):
                for part in spot.parts():
                    self._visit_items(part, nested=nested)
                    if not inline:
                        self._add(self._size_of(part), count, nested=nested)
            case Map():
                for part in spot.parts():
                    self._visit_items(part, nested=nested)
                self._add(self._entry_size(spot), None, nested=nested)
            case _:
                for part in spot.parts():
                    self._visit(part, nested=nested)

    def _visit_items(self, item: Spot, *, nested: bool) -> None:
        if nested:
            self._visit(item, nested=True)
        else:
            self._visit_inside(item)

    def _visit_definition(self, key: str) -> None:
        self.visits += 1
        if self.visits > _VISITS_MAX or key in self.underway:
            raise _TooMany
        self.underway.append(key)
        self._visit_others(key, nested=False)
        for spot in spots(self.symbols.definition(key)):
            self._visit(spot, nested=False)
        self.underway.pop()

    def _visit_others(self, key: str, *, nested: bool) -> None:
        """The members of a union's objects that only other forms name."""
        definition = self.symbols.definition(key)
        if isinstance(definition, Union) and definition.beside:
            self._add(_ENTRY_SIZE, len(definition.beside), nested=nested)

    def _add(self, size: str, count: int | None, *, nested: bool) -> None:
        term = _Term(size, None if nested else count, nested)
        if term not in self.nested:
            self.found.append(term)
        if nested:
            self.nested.add(term)

    def _entry_size(self, spot: Spot) -> str:
        if not needs_struct(spot.type):
            return _ENTRY_SIZE
        return f"sizeof(struct {self.symbols.prefix}_{self.symbols.stem(spot)}_entry)"

    def _size_of(self, spot: Spot) -> str:
        """The C size of an item."""
        kind = spot.type
        while isinstance(kind, Constrained):
            kind = kind.type
        if needs_struct(kind):
            return f"sizeof(struct {self.symbols.prefix}_{self.symbols.stem(spot)})"
        match kind:
            case Boolean():
                return "sizeof(bool)"
            case Integer():
                return f"sizeof({integer_type(kind).c_name})"
            case Number():
                return "sizeof(double)"
            case Scalar():
                return "sizeof(struct mqb_scalar)"
            case Json():
                return "sizeof(struct mqb_json)"
            case Map():
                return "sizeof(struct mqb_map)"
            case Named(key=key):
                return f"sizeof({self._definition_type(key)})"
            case _:
                return "sizeof(struct mqb_str)"

    def _definition_type(self, key: str) -> str:
        kind = "enum" if isinstance(self.symbols.definition(key), Choice) else "struct"
        return f"{kind} {self.symbols.place(key).c_name}"
